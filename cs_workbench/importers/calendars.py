"""The events of one day from an iCalendar file, repeated ones among them once each."""

import datetime as dt
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cs_workbench.errors import InputError

MAX_BYTES = 20_000_000
# A rule of more than one time a day, or one that never comes to an end of its days.
_NO_RULE_OF_DAYS = re.compile(
    r"(^|;)(FREQ=(SECONDLY|MINUTELY|HOURLY)|BY(HOUR|MINUTE|SECOND)=|INTERVAL=0*(;|$))", re.I
)
MOST_DAYS = 3_650  # of a rule: what is longer ago is not told of any more
# What the library and the arithmetic of days raise of an event that cannot be read.
UNREADABLE = (ValueError, TypeError, OverflowError, AttributeError)


@dataclass(frozen=True)
class Event:
    """An event: its title, when it begins (local time), and who is invited, by address."""

    title: str
    begins: dt.time
    addresses: tuple[str, ...]


def read_calendar(path: Path) -> Any:
    """The calendar of a file, as the icalendar library has it.

    Raises:
        InputError: the file cannot be read as a calendar.
    """
    from icalendar import Calendar

    try:
        if path.stat().st_size > MAX_BYTES:
            raise InputError(f"{path}: larger than {MAX_BYTES // 1_000_000} MB.")
        return Calendar.from_ical(path.read_bytes())
    except OSError as problem:
        raise InputError(f"{path} cannot be read: {problem.strerror}.") from None
    except (ValueError, KeyError, IndexError) as problem:
        raise InputError(f"{path} is no calendar: {problem}") from None


def events_on(path: Path, day: dt.date) -> list[Event]:
    """The events that begin on the day, by the hour; those of a whole day are left out.

    A repeated event counts on the day itself and, weekly or daily, on the days of its rule.

    Raises:
        InputError: the file cannot be read as a calendar.
    """
    calendar = read_calendar(path)
    found = [event for part in calendar.walk("VEVENT") if (event := _event(part, day)) is not None]
    return sorted(found, key=lambda one: (one.begins, one.title))


def occurrences(part: Any, first: dt.date, last: dt.date) -> list[dt.datetime | dt.date]:
    """When an event begins on the days from first to last: once, or by its rule.

    Days that were taken out of the rule are left out, added ones are in; a rule of more than one
    time a day counts as its first time alone, one of many years from ten years ago. Times are in
    the zone of the event, as its start is.

    Raises:
        ValueError, TypeError, OverflowError, AttributeError: it cannot be read: `UNREADABLE`.
    """
    start = part["DTSTART"].dt
    zone = start.tzinfo if isinstance(start, dt.datetime) else None
    begins = _local(start, zone)
    times = {begins, *_listed(part.get("RDATE"), zone)}
    rule = part.get("RRULE")
    end = dt.datetime.combine(last, dt.time.max)
    if rule is not None:
        times |= _repeated(rule, begins, min(end, _until(rule, zone) or end))
    times -= _listed(part.get("EXDATE"), zone)
    found = sorted(time for time in times if first <= time.date() <= last)
    if not isinstance(start, dt.datetime):
        return [time.date() for time in found]
    return [time.replace(tzinfo=zone) for time in found]


def _repeated(rule: Any, begins: dt.datetime, end: dt.datetime) -> set[dt.datetime]:
    from dateutil.rrule import rrulestr

    text = rule.to_ical().decode()
    parts = [one for one in text.split(";") if not one.upper().startswith("UNTIL=")]
    if _NO_RULE_OF_DAYS.search(text) or end < begins:
        return set()
    first = max(begins, end - dt.timedelta(MOST_DAYS))
    return set(rrulestr(";".join(parts), dtstart=begins).between(first, end, inc=True))


def _until(rule: Any, zone: dt.tzinfo | None) -> dt.datetime | None:
    told = rule.get("UNTIL")
    if not told:
        return None
    until = _local(told[0], zone)
    return until if isinstance(told[0], dt.datetime) else dt.datetime.combine(until, dt.time.max)


def _listed(value: Any, zone: dt.tzinfo | None) -> set[dt.datetime]:
    lists = value if isinstance(value, list) else [] if value is None else [value]
    return {_local(one.dt, zone) for each in lists for one in each.dts}


def _local(value: dt.datetime | dt.date, zone: dt.tzinfo | None) -> dt.datetime:
    """A time as a clock in the zone shows it; a day begins at midnight."""
    if not isinstance(value, dt.datetime):
        return dt.datetime.combine(value, dt.time())
    return (value.astimezone(zone) if zone and value.tzinfo else value).replace(tzinfo=None)


def _event(part: Any, day: dt.date) -> Event | None:
    """What of an event is on the day; one that cannot be read is on none."""
    try:
        return _on_day(part, day)
    except UNREADABLE:
        return None


def _on_day(part: Any, day: dt.date) -> Event | None:
    if not isinstance(getattr(part.get("DTSTART"), "dt", None), dt.datetime):
        return None
    one_day = dt.timedelta(1)  # where the zone of the event has another date than ours
    times = (_ours(one) for one in occurrences(part, day - one_day, day + one_day))
    local = next((one for one in times if one.date() == day), None)
    if local is None:
        return None
    invited = part.get("ATTENDEE", [])
    people = invited if isinstance(invited, list) else [invited]
    addresses = tuple(str(one).removeprefix("mailto:").removeprefix("MAILTO:") for one in people)
    return Event(str(part.get("SUMMARY", "")).strip() or "(no title)", local.time(), addresses)


def _ours(begins: dt.datetime | dt.date) -> dt.datetime:
    """A time as our clock shows it."""
    if isinstance(begins, dt.datetime) and begins.tzinfo is not None:
        begins = begins.astimezone()
    return _local(begins, None)
