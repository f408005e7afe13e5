"""Meetings of a calendar file, repeated ones once for each time, as contacts with nobody yet."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from cs_workbench.core.outside_contacts import LONGEST, NO_ADDRESS, NO_DAY, OutsideContact
from cs_workbench.importers.calendars import UNREADABLE, occurrences, read_calendar

CANCELLED = "cancelled"


def read_meetings(path: Path, left_out: Counter[str], until: dt.date) -> list[OutsideContact]:
    """The meetings up to a day, and later ones that take place once; counts what is left out.

    Raises:
        InputError: the file is no calendar.
    """
    events = list(read_calendar(path).walk("VEVENT"))
    moved: dict[str, set[dt.datetime]] = {}  # times of a repeated meeting that have an event
    for event in events:
        with suppress(*UNREADABLE):
            if "RECURRENCE-ID" in event:
                time = _instant(event["RECURRENCE-ID"].dt)
                moved.setdefault(str(event.get("UID")), set()).add(time)
    found = []
    for event in events:
        try:
            reason = _why_not(event)
            apart = set() if "RECURRENCE-ID" in event else moved.get(str(event.get("UID")), set())
            times = [] if reason else [one for one in _times(event, until) if one.at not in apart]
        except UNREADABLE:
            reason, times = NO_DAY, []
        if reason:
            left_out[reason] += 1
        found += times
    return found


def _why_not(event: Any) -> str:
    if str(event.get("STATUS", "")).upper() == "CANCELLED":
        return CANCELLED
    if event.get("DTSTART") is None:
        return NO_DAY
    return "" if _people(event) else NO_ADDRESS


def _times(event: Any, until: dt.date) -> Iterator[OutsideContact]:
    sender, *others = _people(event)
    summary = " ".join(str(event.get("SUMMARY", "meeting")).split())[:LONGEST] or "meeting"
    start = event["DTSTART"].dt
    first = start.date() if isinstance(start, dt.datetime) else start
    for begins in occurrences(event, first, max(first, until)):
        at = _instant(begins)
        outside_id = f"{event.get('UID', summary)} {at.isoformat()}"
        yield OutsideContact(outside_id, at, "meeting", sender, tuple(others), summary)


def _people(event: Any) -> list[str]:
    """Addresses of who invited, then of who was invited; not of those who declined."""
    invited = event.get("ATTENDEE")
    listed = invited if isinstance(invited, list) else [] if invited is None else [invited]
    coming = [one for one in listed if str(one.params.get("PARTSTAT", "")).upper() != "DECLINED"]
    people = [event.get("ORGANIZER"), *coming]
    found = [str(one).casefold().removeprefix("mailto:") for one in people if one is not None]
    return list(dict.fromkeys(one for one in found if "@" in one))


def _instant(value: dt.datetime | dt.date) -> dt.datetime:
    """A start in UTC; a whole day begins at midnight, a time without zone counts as UTC."""
    if not isinstance(value, dt.datetime):
        value = dt.datetime.combine(value, dt.time())
    return (value if value.tzinfo else value.replace(tzinfo=dt.UTC)).astimezone(dt.UTC)
