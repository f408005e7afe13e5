"""Two clocks for how long a customer waits: all hours, and the hours in which somebody works."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Literal
from zoneinfo import ZoneInfo

Clock = Literal["business", "calendar"]
_MINUTE = dt.timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """When a team works.

    Attributes:
        days: ISO weekdays, Monday is 1.
        start, end: of a working day, local time.
        zone: of that local time.
        holidays: days off.
    """

    days: frozenset[int]
    start: dt.time
    end: dt.time
    zone: ZoneInfo
    holidays: frozenset[dt.date] = field(default_factory=frozenset)

    def is_working(self, day: dt.date) -> bool:
        """Whether anybody works on that day."""
        return day.isoweekday() in self.days and day not in self.holidays


def minutes_between(start: dt.datetime, end: dt.datetime, hours: WorkingHours, clock: Clock) -> int:
    """Whole minutes from one instant (UTC) to another on a clock; never below zero."""
    if end <= start:
        return 0
    if clock == "calendar":
        return (end - start) // _MINUTE
    local, until = start.astimezone(hours.zone), end.astimezone(hours.zone)
    total = dt.timedelta()
    day = local.date()
    while day <= until.date():
        if hours.is_working(day):
            opens = dt.datetime.combine(day, hours.start, hours.zone)
            closes = dt.datetime.combine(day, hours.end, hours.zone)
            # Compared in UTC: on days on which clocks change, local differences are an hour off.
            first = max(start, opens.astimezone(dt.UTC))
            last = min(end, closes.astimezone(dt.UTC))
            total += max(last - first, dt.timedelta())
        day += dt.timedelta(1)
    return total // _MINUTE


def due_at(start: dt.datetime, minutes: int, hours: WorkingHours, clock: Clock) -> dt.datetime:
    """The instant (UTC) by which so many minutes of a clock have passed since another."""
    if clock == "calendar":
        return start + minutes * _MINUTE
    left = minutes * _MINUTE
    day = start.astimezone(hours.zone).date()
    for _ in range(3_660):  # ten years: a target of weeks never gets there
        if hours.is_working(day):
            opens = dt.datetime.combine(day, hours.start, hours.zone).astimezone(dt.UTC)
            closes = dt.datetime.combine(day, hours.end, hours.zone).astimezone(dt.UTC)
            first = max(start, opens)
            if closes > first:
                if left <= closes - first:
                    return first + left
                left -= closes - first
        day += dt.timedelta(1)
    raise ValueError("these working hours hold no such time")
