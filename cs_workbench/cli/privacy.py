"""`csw purge`, `csw export` and `csw audit`: erase, hand out, and say who did what."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import click

from cs_workbench.cli.completion import complete_account
from cs_workbench.cli.output import (
    Column,
    json_text,
    print_json,
    print_json_list,
    print_table,
    say,
    shortened,
)
from cs_workbench.cli.output import warn as tell
from cs_workbench.cli.saving import save_new
from cs_workbench.cli.session import Session, pass_session
from cs_workbench.core.dates import read_past_date
from cs_workbench.core.plurals import counted
from cs_workbench.errors import UsageError
from cs_workbench.store.account_names import find_account
from cs_workbench.store.audit import read_acts
from cs_workbench.store.names_in_texts import Trace
from cs_workbench.workflows.erasing import (
    Purge,
    act_record,
    everything_held,
    find_holder,
    purge,
)

SUMMARY_CELLS = 70
MOST_TRACES = 50


@click.command("purge")
@click.argument("who", shell_complete=complete_account)
@click.option("--dry-run", is_flag=True, help="Count what would be erased, and change nothing.")
@click.option("--yes", is_flag=True, help="Erase: it cannot be undone.")
@click.option("--also", multiple=True, metavar="TEXT", help="A spelling of the name; repeatable.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
@pass_session
def purge_command(
    session: Session, /, who: str, *, dry_run: bool, yes: bool, also: tuple[str, ...], as_json: bool
) -> None:
    """Erase the personal data of WHO: a contact (name, e-mail or id) or an account (id or name).

    Names, addresses and free text go, also from the log of changes and from searches; days, counts
    and scores stay. Whole names are replaced in all texts. Texts with a part of one (`L. Voss`) are
    listed, for you to look at: what means them is erased with `--also "L. Voss"`. Copies that still
    hold them are named: they are yours to delete.
    """
    if not dry_run and not yes:
        raise UsageError("This cannot be undone. Look with --dry-run, then say --yes.")
    with session.open() as db:
        account, contact = find_holder(db, who)
        done = purge(db, account, contact, also=also, dry_run=dry_run)
    if as_json:
        print_json({"schema": "csw.purge/1", "dry_run": dry_run, **_purge_record(done)})
        return
    verb = "would be erased" if dry_run else "erased"
    say(f"{done.who}: {counted(sum(done.erased.values.values()), 'value')} {verb}.")
    headings = [Column("Table"), Column("Values", "right")]
    print_table(headings, sorted(done.erased.values.items()))
    _print_traces(done.erased.traces)
    if done.erased.unclean:
        tell(
            f"The file could not be written anew ({done.erased.unclean}), so traces may be in its "
            "free space. End other programs that use it, and purge again by the id."
        )
    for path in done.backups:
        tell(f"{path} still holds them. Delete it when you no longer need it.")


@click.group("export")
def export_group() -> None:
    """Everything that is held, as one file."""


@export_group.command("account")
@click.argument("account", shell_complete=complete_account)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Else stdout.")
@pass_session
def export_account_command(session: Session, /, account: str, *, out: Path | None) -> None:
    """Everything held on ACCOUNT as JSON: all rows, and every act that touched them."""
    with session.open() as db:
        key = find_account(db, account)
        document = everything_held(db, key, session.reading_day(db))
    if out is None:
        print_json(document)
        return
    save_new(json_text(document), out)


@click.command("audit")
@click.option("--account", metavar="ACCOUNT", help="Only what touched it.")
@click.option("--actor", metavar="NAME", help="Only what this person or job did.")
@click.option("--since", metavar="DATE", help="From this day on.")
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True, help="Rows shown.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document, with every change.")
@pass_session
def audit_command(
    session: Session,
    *,
    account: str | None,
    actor: str | None,
    since: str | None,
    limit: int,
    as_json: bool,
) -> None:
    """Who changed what, and when: the log that nothing is ever deleted from."""
    with session.open() as db:
        today = session.reading_day(db)
        acts = read_acts(
            db,
            account_key=None if account is None else find_account(db, account),
            actor=actor,
            since=read_past_date(since, today).isoformat() if since else None,
            limit=-1 if as_json else limit,
        )
        if as_json:
            head = {"schema": "csw.audit/1", "today": today}
            print_json_list(head, "acts", (act_record(db, act) for act in acts))
            return
    headings = ("At", "By", "Cause", "Changes", "What")
    rows = [
        (one.at, one.actor, one.cause, one.changes, shortened(one.summary, SUMMARY_CELLS))
        for one in acts
    ]
    print_table([Column(one) for one in headings], rows)


def _purge_record(done: Purge) -> dict[str, object]:
    return {
        "who": done.who,
        "values": done.erased.values,
        "traces": [asdict(one) for one in done.erased.traces],
        "unclean": done.erased.unclean or None,
        "copies": [str(path) for path in done.backups],
    }


def _print_traces(traces: Sequence[Trace]) -> None:
    if not traces:
        return
    say("")
    say("A part of the name still stands in these texts. What means them goes with --also TEXT.")
    headings = (*map(Column, ("Table", "Row", "Part")), Column("Times", "right"), Column("Text"))
    rows = [(one.table, one.row_id, one.part, one.times, one.text) for one in traces]
    print_table(headings, rows[:MOST_TRACES])
    if len(rows) > MOST_TRACES:
        say(f"and {len(rows) - MOST_TRACES:,} more; --json has them all.")
