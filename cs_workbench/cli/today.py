"""`csw today`: what there is to do, by what is at stake."""

import datetime as dt
from pathlib import Path

import click

from cs_workbench.cli.output import (
    Column,
    print_json_list,
    print_table,
    say,
    shortened,
    warn,
)
from cs_workbench.cli.session import Session, pass_session
from cs_workbench.core.money import to_major
from cs_workbench.core.plurals import counted
from cs_workbench.core.today import GROUPINGS, Grouping, Queued, grouped
from cs_workbench.workflows.text_files import export_new
from cs_workbench.workflows.today import todays_queue

SHORT_ID = 8


@click.command()
@click.option("--owner", metavar="NAME", help="Somebody else's day.")
@click.option("--all", "everybody", is_flag=True, help="Everybody's.")
@click.option("--account", metavar="TEXT", help="Only of accounts whose name or id has this.")
@click.option("--by", type=click.Choice(GROUPINGS), default="section", help="Under which headings.")
@click.option("--ics", type=click.Path(path_type=Path), help="Save as an iCalendar file.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
@pass_session
def today_command(
    session: Session,
    *,
    owner: str | None,
    everybody: bool,
    account: str | None,
    by: Grouping,
    ics: Path | None,
    as_json: bool,
) -> None:
    """List what there is to do: meetings, what we are late with, today, what can wait.

    Within a section by ARR × urgency × risk. Meetings come from the calendar file that `calendar`
    in config.toml names.
    """
    with session.open() as db:
        today = session.reading_day(db)
        me = None if everybody else owner or session.config.me
        queued = todays_queue(db, today, me=me, calendar=session.config.calendar)
    if account:
        queued = tuple(one for one in queued if _is_of(one, account))
    if ics is not None:
        _save(ics, queued, today)
    elif as_json:
        head = {"schema": "csw.today/1", "as_of": today}
        print_json_list(head, "items", (item_record(one) for one in queued))
    else:
        _print(queued, by)


def item_record(one: Queued) -> dict[str, object]:
    """The item under its stable keys."""
    item = one.item
    is_known = item.arr_minor is not None or not item.currency
    return {
        "section": one.section,
        "kind": item.kind,
        "ref": item.ref or None,
        "what": item.what,
        "account_id": item.account_id,
        "name": item.name,
        "due": item.due,
        "at": item.at,
        "owner": item.owner,
        "ours": item.is_ours,
        "arr": to_major(item.arr_minor, item.currency) if item.currency else None,
        "currency": item.currency or None,
        "band": item.band,
        "severity": item.severity or None,
        "stake": round(one.stake, 2) if is_known else None,
        "factors": one.factors or None,
    }


def _is_of(one: Queued, text: str) -> bool:
    wanted = text.casefold()
    return any(wanted in (part or "").casefold() for part in (one.item.name, one.item.account_id))


def _print(queued: tuple[Queued, ...], by: Grouping) -> None:
    if not queued:
        warn("Nothing to do.")
        return
    for heading, found in grouped(queued, by):
        say(f"\n{heading} · {len(found)}")
        headings = ("Due", "Kind", "Account", "What", "At stake", "Id")
        columns = [Column(one, is_data=one in {"Account", "What"}) for one in headings]
        print_table(columns, [_row(one) for one in found])
    late = sum(one.section == "late" for one in queued)
    warn(f"{counted(len(queued), 'thing')}, {late:,} of them late.")


def _row(one: Queued) -> tuple[object, ...]:
    item = one.item
    due = f"{item.at:%H:%M}" if item.at else item.due.isoformat() if item.due else ""
    return (
        f"! {due}" if one.section == "late" else due,
        item.kind,
        shortened(item.name or "", 26),
        shortened(item.what, 60),
        one.factors,
        item.ref[-SHORT_ID:],
    )


def _save(path: Path, queued: tuple[Queued, ...], today: dt.date) -> None:
    from cs_workbench.exporters.agenda import agenda_bytes

    export_new(agenda_bytes(queued, today), path)
    warn(f"Saved as {path}.")
