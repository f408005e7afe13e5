"""Today: one queue over tasks, steps of plays, promises, replies, signals and the calendar."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain
from pathlib import Path

from cs_workbench.core.plays.road import RoadStep
from cs_workbench.core.today import AHEAD_DAYS, FirstOfQueue, GrowingQueue, Item, Queued, queue
from cs_workbench.importers.calendars import Event, events_on
from cs_workbench.store.addresses import accounts_by_address
from cs_workbench.store.database import Database
from cs_workbench.store.people import names_of, role_of
from cs_workbench.store.plays import PlayLine, PlayQuery
from cs_workbench.store.today_items import (
    contact_items,
    dated_items,
    has_book,
    undated_items,
)
from cs_workbench.store.typical_arr import typical_arr
from cs_workbench.workflows.cadence import contacts_due
from cs_workbench.workflows.collecting import no_garbage_search
from cs_workbench.workflows.conceding import awaiting_approval
from cs_workbench.workflows.play_lists import listed_plays

ABOVE = frozenset({"sales", "support", "product", "executive"})  # roles a step is escalated to
OURS = ABOVE | {"csm"}


def todays_queue(
    db: Database, today: dt.date, *, me: str | None, calendar: Path | None = None
) -> tuple[Queued, ...]:
    """The whole queue of a person, or of everybody.

    Args:
        db: the portfolio.
        today: the day.
        me: by id or name; None, or somebody without accounts, for everybody's.
        calendar: an iCalendar file with the person's meetings.

    Raises:
        InputError: the calendar cannot be read.
    """
    whose = _whose(db, me, today)
    items = _dated(db, today, whose, calendar), undated_items(db, today, whose)
    found = chain(*items, _contacts(db, today, whose))
    return queue(found, today, typical=typical_arr(db))


def todays_queue_by_parts(
    db: Database, today: dt.date, *, me: str | None, most: int, calendar: Path | None = None
) -> Iterator[FirstOfQueue]:
    """The first things of each section of that queue, at most so many, and how many there are.

    Of a long queue first a part, with all that is late: what has a day, if those are more than
    `most`, else with what has none. Then all.

    Raises:
        InputError: the calendar cannot be read.
    """
    whose = _whose(db, me, today)
    growing, is_told = GrowingQueue(today, most, typical_arr(db)), False
    with no_garbage_search():
        for some in (_dated(db, today, whose, calendar), undated_items(db, today, whose)):
            growing.add(some)
            first = growing.first()
            if not is_told and sum(first.counts.values()) > most:
                is_told = True
                yield replace(first, is_whole=False, is_everybodys=whose is None)
        growing.add(_contacts(db, today, whose))
    yield replace(growing.first(), is_everybodys=whose is None)


def _whose(db: Database, me: str | None, today: dt.date) -> str | None:
    """A person with accounts; None for everybody."""
    return me if me is not None and has_book(db, me, today) else None


def _dated(
    db: Database, today: dt.date, whose: str | None, calendar: Path | None
) -> Iterator[Item]:
    """Meetings, and what we can be late with; the calendar first, as it may be no calendar."""
    if calendar is not None:
        yield from _events(db, calendar, today)
    yield from dated_items(db, today, whose)
    yield from awaiting_approval(db, today, whose)
    yield from _steps(db, today, whose)


def _contacts(db: Database, today: dt.date, whose: str | None) -> Iterator[Item]:
    """Accounts that somebody should speak with."""
    due = contacts_due(db, today, today + dt.timedelta(AHEAD_DAYS))
    yield from contact_items(db, today, whose, due)


def _steps(db: Database, today: dt.date, me: str | None) -> Iterator[Item]:
    """The current step of every running play that is due within the week.

    Of other people's plays those whose step was handed to this person, or is overdue for so long
    that it is escalated to the role that this person has.
    """
    role = None if me is None else (role_of(db, me) or "").casefold()
    names = set() if me is None else names_of(db, me)
    whose = None if role in ABOVE else me  # escalated steps are of anybody's plays
    for one in listed_plays(db, PlayQuery(owner=whose, only_active=True), today):
        current, line = one.current, one.line
        if current is None or one.standing == "waiting":
            continue
        if current.due and (current.due - today).days > AHEAD_DAYS:
            continue
        owner = (current.entry.owner if current.entry else None) or line.play.owner
        is_mine = me is None or owner in names or line.play.owner in names
        if is_mine or (role in ABOVE and current.escalated_to == role):
            yield _step(line, current, owner)


def _step(line: PlayLine, current: RoadStep, owner: str | None) -> Item:
    above = current.escalated_to
    told = f", overdue: to {above}" if above else ""
    return Item(
        kind="step",
        ref=line.play.play_id,
        what=f"{line.title}: {current.step.title}{told}",
        account_key=line.play.account_key,
        account_id=line.account_id,
        name=line.name,
        due=current.due,
        owner=owner,
        is_ours=current.step.owner in OURS or above in OURS,
        arr_minor=line.arr_minor,
        currency=line.currency,
        band=line.band,
    )


def _events(db: Database, calendar: Path, today: dt.date) -> Iterator[Item]:
    """The day's meetings, with the account of whoever is invited."""
    for event in events_on(calendar, today):
        yield _event_item(event, accounts_by_address(db, event.addresses))


def _event_item(event: Event, accounts: list[tuple[int, str, str]]) -> Item:
    key, account_id, name = accounts[0] if accounts else (None, None, None)
    return Item(
        kind="event",
        ref="",
        what=event.title,
        account_key=key,
        account_id=account_id,
        name=name,
        at=event.begins,
    )
