"""Today: one queue over tasks, steps of plays, promises, replies, signals and the calendar."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

from cs_workbench.core.today import AHEAD_DAYS, Item, Queued, queue
from cs_workbench.importers.calendars import Event, events_on
from cs_workbench.store.addresses import accounts_by_address
from cs_workbench.store.database import Database
from cs_workbench.store.plays import PlayQuery
from cs_workbench.store.today_items import has_book, today_items
from cs_workbench.workflows.play_lists import listed_plays

OURS = frozenset({"csm", "sales", "support", "product", "executive"})


def todays_queue(
    db: Database, today: dt.date, *, me: str | None, calendar: Path | None = None
) -> tuple[Queued, ...]:
    """The queue of a person, or of everybody.

    Args:
        db: the portfolio.
        today: the day.
        me: by id or name; None, or somebody without accounts, for everybody's.
        calendar: an iCalendar file with the person's meetings.

    Raises:
        InputError: the calendar cannot be read.
    """
    whose = me if me is not None and has_book(db, me, today) else None
    items = [*today_items(db, today, whose), *_steps(db, today, whose)]
    if calendar is not None:
        items += _events(db, calendar, today)
    return queue(items, today)


def _steps(db: Database, today: dt.date, me: str | None) -> Iterator[Item]:
    """The current step of every running play that is due within the week."""
    for one in listed_plays(db, PlayQuery(owner=me), today):
        current = one.current
        if current is None or (current.due and (current.due - today).days > AHEAD_DAYS):
            continue
        if one.standing == "waiting":
            continue
        line = one.line
        yield Item(
            kind="step",
            ref=line.play.play_id,
            what=f"{line.title}: {current.step.title}",
            account_key=line.play.account_key,
            account_id=line.account_id,
            name=line.name,
            due=current.due,
            owner=(current.entry.owner if current.entry else None) or line.play.owner,
            is_ours=current.step.owner in OURS,
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
