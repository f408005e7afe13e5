"""`csw plays`: the playbooks that run on accounts, and those that are suggested."""

import datetime as dt

import click

from cs_workbench.cli.output import Column, print_json_list, print_table, shortened, warn
from cs_workbench.cli.session import Session, pass_session
from cs_workbench.core.money import short, to_major
from cs_workbench.core.plurals import counted
from cs_workbench.store.account_names import find_account
from cs_workbench.store.plays import PlayQuery
from cs_workbench.workflows.play_lists import ListedPlay, listed_plays

SHORT_ID = 8  # the end of an id: its beginning is the day


@click.command()
@click.option("--account", metavar="ACCOUNT", help="Only of this account: id or name.")
@click.option("--playbook", metavar="PLAYBOOK", help="Only of this playbook.")
@click.option("--owner", metavar="NAME", help="Only of this person.")
@click.option("--all", "everything", is_flag=True, help="Also those that are over.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
@pass_session
def plays_command(
    session: Session,
    *,
    account: str | None,
    playbook: str | None,
    owner: str | None,
    everything: bool,
    as_json: bool,
) -> None:
    """List plays: running ones, then suggested ones, the largest accounts first."""
    with session.open() as db:
        today = session.reading_day(db)
        key = None if account is None else find_account(db, account)
        plays = listed_plays(db, PlayQuery(key, playbook, owner, everything), today)
    if as_json:
        head = {"schema": "csw.plays/1", "as_of": today}
        print_json_list(head, "plays", (play_record(one) for one in plays))
        return
    headings = ("Id", "Account", "ARR", "Play", "State", "Step", "Due", "Owner")
    columns = [
        Column(one, "right" if one == "ARR" else "left", is_data=one in {"Account", "Play", "Step"})
        for one in headings
    ]
    print_table(columns, [_row(one, today) for one in plays])
    running = sum(one.line.play.state == "active" for one in plays)
    warn(
        f"{running:,} running, {counted(len(plays) - running, 'other')}." if plays else "No plays."
    )


def play_record(one: ListedPlay) -> dict[str, object]:
    """The play under its stable keys."""
    play, current = one.line.play, one.current
    return {
        "play_id": play.play_id,
        "account_id": one.line.account_id,
        "name": one.line.name,
        "arr": to_major(one.line.arr_minor, one.line.currency),
        "currency": one.line.currency,
        "playbook_id": play.playbook_id,
        "title": one.line.title,
        "version": play.version,
        "playbook_hash": play.digest,
        "state": play.state,
        "standing": one.standing,
        "step_id": current.step.step_id if current else None,
        "step": current.step.title if current else None,
        "step_number": current.number if current else None,
        "steps": one.steps,
        "due": current.due if current else None,
        "days_late": one.days_late,
        "escalated_to": current.escalated_to if current else None,
        "owner": play.owner,
        "owner_name": one.line.owner_name,
        "evidence": play.evidence or None,
        "suggested_on": play.suggested_on,
        "started_on": play.started_on,
        "ended_on": play.ended_on,
        "reason": play.reason or None,
    }


def _row(one: ListedPlay, today: dt.date) -> tuple[object, ...]:
    play, current = one.line.play, one.current
    step = f"{current.number} {current.step.title}" if current else play.evidence
    due = current.due.isoformat() if current and current.due else ""
    late = bool(current and current.due and current.due < today)
    standing = one.standing if play.state == "active" else play.state
    if current and current.escalated_to:
        standing += f", to {current.escalated_to}"
    return (
        play.play_id[-SHORT_ID:],
        shortened(one.line.name, 28),
        short(one.line.arr_minor, one.line.currency),
        shortened(one.line.title, 30),
        standing,
        shortened(step, 50),
        f"! {due}" if late else due,
        one.line.owner_name,
    )
