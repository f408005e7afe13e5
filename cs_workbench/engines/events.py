"""What every engine answers: how far its events reach, and the numbers of an account's days."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from cs_workbench.engines.specs import EventSpec
from cs_workbench.engines.zones import DAY, reach

FETCHED = 10_000  # rows at once
DayRow = tuple[str, int, tuple[float | None, ...]]  # account, day since 1970, a value per metric
Bounds = Mapping[str, tuple[int, int | None]]  # by column, its first and last second since 1970

# Moments of events lie from 2000 up to 2100, in seconds since 1970: a clock that was never set
# says 1970, and seconds taken for thousandths a year beyond the calendar.
EARLIEST, LATEST = 946_684_800, 4_102_444_800

# A part of a table may be called by the day on which it begins; the longest of them are months.
LONGEST_PART = 31 * DAY


@dataclass(frozen=True, slots=True)
class Arrivals:
    """Events that arrived between two moments.

    Attributes:
        events: how many rows, repetitions counted.
        nameless: how many of them name no account or no moment, and are not counted anywhere.
        newest: when the last one arrived, in seconds since 1970; None if there are none.
        first_day, last_day: of the others, by the clock of the zone where it is the earliest and
            the latest.
    """

    events: int
    nameless: int
    newest: int | None
    first_day: dt.date | None
    last_day: dt.date | None


def arrivals_between(
    spec: EventSpec, events: int, nameless: int, newest: int | None, *, ends: list[int | None]
) -> Arrivals:
    """Arrivals of events whose first and last moment an engine gave, in seconds since 1970."""
    first, last = (
        None
        if end is None
        else {dt.datetime.fromtimestamp(end, zone).date() for zone in spec.clocks}
        for end in ends
    )
    return Arrivals(
        events, nameless, newest, min(first) if first else None, max(last) if last else None
    )


def bounds_of_arrivals(spec: EventSpec, after: int | None) -> Bounds:
    """What is known of columns of events that arrived later than this second.

    Late events may lie in any part of the table but one by arrival.
    """
    known: Bounds = {} if after is None else {spec.arrived: (after + 1, None)}
    return {spec.partition: (EARLIEST, None), **known} if spec.partition else known


def bounds_of_days(spec: EventSpec, first: int, last: int) -> Bounds:
    """What is known of columns of the events of these days: none arrives before it happens."""
    begin, end = reach(first, last)
    known: Bounds = {spec.time: (begin, end)}
    if spec.partition is None:
        return known
    since = begin if spec.partition == spec.arrived else begin - LONGEST_PART
    return {spec.partition: (since, None), **known}


class EventEngine(Protocol):
    """Counts events where they are."""

    def arrivals(self, after: int | None, until: int) -> Arrivals:
        """Events that arrived later than one second, and not later than another.

        Without the first all of them, and those too that do not say when they arrived.
        """
        ...

    def clocked(self) -> EventSpec:
        """What is counted, by the clocks that days have here: dates have none."""
        ...

    def days(self, first: int, last: int) -> Iterator[DayRow]:
        """The accounts and days that have events, of a range of days (both included)."""
        ...

    def question(self, first: int, last: int) -> str:
        """What `days` asks the engine, in its own language."""
        ...

    def close(self) -> None:
        """Let go of it."""
        ...
