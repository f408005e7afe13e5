"""The events of one day from an iCalendar file, repeated ones among them once each."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cs_workbench.errors import InputError

MAX_BYTES = 20_000_000


@dataclass(frozen=True)
class Event:
    """An event: its title, when it begins (local time), and who is invited, by address."""

    title: str
    begins: dt.time
    addresses: tuple[str, ...]


def events_on(path: Path, day: dt.date) -> list[Event]:
    """The events that begin on the day, by the hour; those of a whole day are left out.

    A repeated event counts on the day itself and, weekly or daily, on the days of its rule.

    Raises:
        InputError: the file cannot be read as a calendar.
    """
    from icalendar import Calendar

    try:
        if path.stat().st_size > MAX_BYTES:
            raise InputError(f"{path}: larger than {MAX_BYTES // 1_000_000} MB.")
        calendar = Calendar.from_ical(path.read_bytes())
    except OSError as problem:
        raise InputError(f"{path} cannot be read: {problem.strerror}.") from None
    except (ValueError, KeyError, IndexError) as problem:
        raise InputError(f"{path} is no calendar: {problem}") from None
    found = [event for part in calendar.walk("VEVENT") if (event := _event(part, day)) is not None]
    return sorted(found, key=lambda one: (one.begins, one.title))


def _event(part: Any, day: dt.date) -> Event | None:
    begins = getattr(part.get("DTSTART"), "dt", None)
    if not isinstance(begins, dt.datetime):
        return None
    local = begins.astimezone().replace(tzinfo=None) if begins.tzinfo else begins
    if local.date() != day and not _repeats_on(part, local, day):
        return None
    invited = part.get("ATTENDEE", [])
    people = invited if isinstance(invited, list) else [invited]
    addresses = tuple(str(one).removeprefix("mailto:").removeprefix("MAILTO:") for one in people)
    return Event(str(part.get("SUMMARY", "")).strip() or "(no title)", local.time(), addresses)


def _repeats_on(part: Any, first: dt.datetime, day: dt.date) -> bool:
    from dateutil.rrule import rrulestr

    rule = part.get("RRULE")
    if rule is None or day < first.date():
        return False
    text = rule.to_ical().decode()
    parts = [one for one in text.split(";") if not one.upper().startswith("UNTIL=")]
    until = rule.get("UNTIL")
    if until and _day_of(until[0]) < day:
        return False
    begin = dt.datetime.combine(day, dt.time.min)
    found = rrulestr(";".join(parts), dtstart=first).between(
        begin, begin + dt.timedelta(days=1), inc=True
    )
    return any(one.date() == day for one in found)


def _day_of(value: dt.date | dt.datetime) -> dt.date:
    return value.date() if isinstance(value, dt.datetime) else value
