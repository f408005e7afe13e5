"""`csw accounts merge` and `csw accounts rekey`: accounts that turn out to be one, or renamed."""

import click

from cs_workbench.cli.completion import complete_account
from cs_workbench.cli.output import say, warn
from cs_workbench.cli.session import Session, pass_session
from cs_workbench.core.plurals import counted


@click.command("merge")
@click.argument("merged", metavar="FROM", shell_complete=complete_account)
@click.argument("into", metavar="INTO", shell_complete=complete_account)
@pass_session
def merge_command(session: Session, merged: str, into: str) -> None:
    """Make FROM a part of INTO, with its history; FROM's id means INTO from then on."""
    from cs_workbench.store.account_merge import merge_accounts

    with session.open() as db:
        report = merge_accounts(db, merged, into, actor=session.config.me)
    rows = ", ".join(_counted(count, table) for table, count in report.moved.items() if count)
    say(f"{merged} is part of {into} now: {rows or 'it had no rows of its own'}.")
    if report.days_combined:
        days = _counted(report.days_combined, "day")
        say(f"Both had usage on {days}; it was combined.")
    warn(
        "Its ARR and score are those of before until the next `csw refresh`; z takes no merge back."
    )


def _counted(count: int, table: str) -> str:
    """`1 ticket`, `1,200 churn events`."""
    return counted(count, table.replace("_", " "))


@click.command("rekey")
@click.argument("old", metavar="OLD", shell_complete=complete_account)
@click.argument("new", metavar="NEW")
@pass_session
def rekey_command(session: Session, old: str, new: str) -> None:
    """Give an account a new id; the old one goes on meaning it."""
    from cs_workbench.store.account_merge import rekey_account

    with session.open() as db:
        rekey_account(db, old, new, actor=session.config.me)
    say(f"{old} is {new} now; files that still say {old} mean the same account.")
