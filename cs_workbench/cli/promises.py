"""`csw promise` and `csw promises`: what both sides promised, and whether they keep it."""

import click

from cs_workbench.cli.completion import complete_account
from cs_workbench.cli.forms import form_options
from cs_workbench.cli.kept_lists import account_option, act_on, act_on_row, print_records
from cs_workbench.cli.output import say
from cs_workbench.cli.session import Session, pass_session
from cs_workbench.core.dates import read_date, read_past_date
from cs_workbench.core.kept_records import kept_record
from cs_workbench.core.memory import Promise
from cs_workbench.core.promises import OUTCOMES
from cs_workbench.store.account_names import find_account
from cs_workbench.store.kept import contact_names
from cs_workbench.workflows.promising import (
    break_promise,
    keep_promise,
    list_promises,
    make_promise,
    renegotiate,
)
from cs_workbench.workflows.remembering import find_contact
from cs_workbench.workflows.touching import Promised

COLUMNS = ("promise_id", "outcome", "due_on", "by", "account", "what", "owner")


@click.group()
def promise() -> None:
    """Promises of both sides: make, keep, break, renegotiate; `csw promises` lists them."""


@promise.command("add")
@click.argument("account", shell_complete=complete_account)
@click.argument("what")
@click.option("--by", type=click.Choice(("us", "customer")), default="us", show_default=True)
@click.option("--due", metavar="DATE", help="By when.")
@click.option("--contact", metavar="NAME", help="To or by whom.")
@click.option("--owner", metavar="NAME", help="Who of us keeps it; else you.")
@pass_session
def add_command(
    session: Session,
    /,
    account: str,
    what: str,
    *,
    by: str,
    due: str | None,
    contact: str | None,
    owner: str | None,
) -> None:
    """Write down that WHAT was promised to ACCOUNT, or by it."""
    with session.open() as db:
        act = act_on(session, db, account)
        given = Promised(by == "us", what, read_date(due, act.today) if due else None)
        who = find_contact(db, act.account_key, contact) if contact else None
        say(make_promise(db, act, given, contact_id=who, owner=owner))


@promise.command("keep")
@click.argument("promise_id")
@click.option("--on", metavar="DATE", help="The day it was kept; else today.")
@click.option("--evidence", metavar="TEXT", help="How one can see it.")
@pass_session
def keep_command(
    session: Session, /, promise_id: str, *, on: str | None, evidence: str | None
) -> None:
    """Say that a promise was kept."""
    with session.open() as db:
        act, row = act_on_row(session, db, Promise, promise_id)
        day = read_past_date(on, act.today) if on else None
        say(keep_promise(db, act, row.promise_id, on=day, evidence=evidence))


@promise.command("break")
@click.argument("promise_id")
@click.option("--evidence", metavar="TEXT", help="What happened.")
@pass_session
def break_command(session: Session, /, promise_id: str, *, evidence: str | None) -> None:
    """Say that a promise will not be kept."""
    with session.open() as db:
        act, row = act_on_row(session, db, Promise, promise_id)
        say(break_promise(db, act, row.promise_id, evidence=evidence))


@promise.command("renegotiate")
@click.argument("promise_id")
@click.option("--due", required=True, metavar="DATE", help="The new day.")
@click.option("--what", metavar="TEXT", help="What is promised now, if it changed.")
@pass_session
def renegotiate_command(
    session: Session, /, promise_id: str, *, due: str, what: str | None
) -> None:
    """Put another promise in the place of one, as both sides agreed."""
    with session.open() as db:
        act, row = act_on_row(session, db, Promise, promise_id)
        say(renegotiate(db, act, row.promise_id, due_on=read_date(due, act.today), what=what))


@click.command()
@account_option
@click.option("--outcome", type=click.Choice(OUTCOMES), multiple=True, help="Only such ones.")
@form_options
@pass_session
def promises_command(
    session: Session, *, account: str | None, outcome: tuple[str, ...], form: str | None
) -> None:
    """List promises: late ones first, ours before theirs."""
    with session.open() as db:
        today = session.reading_day(db)
        key = None if account is None else find_account(db, account)
        lines = list_promises(db, today=today, account_key=key, outcomes=outcome)
        contacts = contact_names(db, key)
    records = [
        {
            "account_id": line.account_id,
            "account": line.name,
            "by": line.promise.promised_by,
            "outcome": line.outcome,
            **kept_record(line.promise, contacts),
        }
        for line in lines
    ]
    head = {"schema": "csw.promises/1", "today": today}
    print_records(head, "promises", records, columns=COLUMNS, form=form)
