"""`csw complaint`: from its arrival to the question whether it has made an advocate."""

import click

from cs_workbench.cli.completion import complete_account
from cs_workbench.cli.forms import form_options
from cs_workbench.cli.kept_lists import account_option, act_on, act_on_row, print_records
from cs_workbench.cli.output import say
from cs_workbench.cli.session import Session, pass_session
from cs_workbench.core.complaints import Move
from cs_workbench.core.kept_records import kept_record
from cs_workbench.core.memory import CHOICES, COMPLAINT_STATES, SEVERITIES, Complaint
from cs_workbench.core.money import to_major
from cs_workbench.store.account_names import find_account
from cs_workbench.store.kept import contact_names
from cs_workbench.workflows.complaining import (
    ComplaintLine,
    hand_complaint,
    list_complaints,
    move_complaint,
    open_complaint,
    tell_customer,
)
from cs_workbench.workflows.remembering import find_contact

COLUMNS = (
    *("complaint_id", "severity", "arr", "account", "what", "state", "owner", "late"),
    "not_told",
)


@click.group()
def complaint() -> None:
    """Complaints: a human owner always, each state asks whether the customer was told."""


@complaint.command("open")
@click.argument("account", shell_complete=complete_account)
@click.argument("what")
@click.option("--severity", type=click.Choice(SEVERITIES), default="normal", show_default=True)
@click.option("--owner", metavar="NAME", help="The person who takes it; else you.")
@click.option("--contact", metavar="NAME", help="Who complains.")
@click.option("--ticket", metavar="ID", help="The ticket that it came with.")
@click.option("--told", metavar="HOW", help="How they heard that it arrived.")
@pass_session
def open_command(
    session: Session,
    /,
    account: str,
    what: str,
    *,
    severity: str,
    owner: str | None,
    contact: str | None,
    ticket: str | None,
    told: str | None,
) -> None:
    """Open a complaint of ACCOUNT; `csw log --kind complaint` logs the contact too."""
    with session.open() as db:
        act = act_on(session, db, account)
        who = find_contact(db, act.account_key, contact) if contact else None
        said = open_complaint(
            db,
            act,
            what=what,
            severity=severity,
            owner=owner,
            contact_id=who,
            ticket_id=ticket,
            told_how=told,
        )
        say(said)


@complaint.command("move")
@click.argument("complaint_id")
@click.argument("state", type=click.Choice(COMPLAINT_STATES))
@click.option("--told/--not-told", default=None, help="Whether the customer was told of it.")
@click.option("--how", metavar="TEXT", help="How they were told.")
@click.option("--note", metavar="TEXT", help="What was found or done.")
@click.option("--verdict", type=click.Choice(CHOICES["complaint.verdict"]), help="To close it.")
@pass_session
def move_command(
    session: Session,
    /,
    complaint_id: str,
    state: str,
    *,
    told: bool | None,
    how: str | None,
    note: str | None,
    verdict: str | None,
) -> None:
    """Take a complaint to STATE.

    From 14 days after the solution ask how it went (`followed up`); it is closed with what they
    think of it now, and an unhappy customer's is not closed.
    """
    with session.open() as db:
        act, row = act_on_row(session, db, Complaint, complaint_id)
        move = Move(state, told if told is not None or how is None else True, how, note, verdict)
        say(move_complaint(db, act, row.complaint_id, move))


@complaint.command("tell")
@click.argument("complaint_id")
@click.option("--how", metavar="TEXT", help="How they were told.")
@pass_session
def tell_command(session: Session, /, complaint_id: str, *, how: str | None) -> None:
    """Say that the customer was told of the state reached."""
    with session.open() as db:
        act, row = act_on_row(session, db, Complaint, complaint_id)
        say(tell_customer(db, act, row.complaint_id, how=how))


@complaint.command("hand")
@click.argument("complaint_id")
@click.argument("owner")
@pass_session
def hand_command(session: Session, /, complaint_id: str, owner: str) -> None:
    """Give a complaint to another human."""
    with session.open() as db:
        act, row = act_on_row(session, db, Complaint, complaint_id)
        say(hand_complaint(db, act, row.complaint_id, owner))


@complaint.command("list")
@account_option
@click.option("--all", "everything", is_flag=True, help="Closed ones too.")
@form_options
@pass_session
def list_command(
    session: Session, *, account: str | None, everything: bool, form: str | None
) -> None:
    """The queue: severity × ARR, the largest first."""
    with session.open() as db:
        today = session.reading_day(db)
        key = None if account is None else find_account(db, account)
        lines = list_complaints(db, today=today, account_key=key, everything=everything)
        contacts = contact_names(db, key)
    records = [complaint_record(line, contacts) for line in lines]
    head = {"schema": "csw.complaints/1", "today": today}
    if form != "json":
        for one in records:
            one.pop("steps")
    print_records(head, "complaints", records, columns=COLUMNS, form=form)


def complaint_record(line: ComplaintLine, contacts: dict[str, str]) -> dict[str, object]:
    """A complaint with its account and its steps, under its stable keys."""
    return {
        "account_id": line.account_id,
        "account": line.name,
        "arr": to_major(line.arr_minor, line.currency),
        "currency": line.currency,
        **kept_record(line.complaint, contacts),
        "late": line.late,
        "not_told": ", ".join(line.untold),
        "steps": [kept_record(one, contacts) for one in line.steps],
    }
