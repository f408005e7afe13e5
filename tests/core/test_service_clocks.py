import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from cs_workbench.core.service_clocks import WorkingHours, due_at, minutes_between

BERLIN = WorkingHours(frozenset(range(1, 6)), dt.time(9), dt.time(17), ZoneInfo("Europe/Berlin"))


def at(text: str) -> dt.datetime:
    """An instant given in the local time of Berlin."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=BERLIN.zone).astimezone(dt.UTC)


@pytest.mark.parametrize(
    ("start", "end", "minutes"),
    [
        ("2026-11-23 09:00", "2026-11-23 10:30", 90),
        ("2026-11-23 16:00", "2026-11-24 10:00", 120),  # the night is nobody's
        ("2026-11-20 16:30", "2026-11-23 09:30", 60),  # nor is the weekend
        ("2026-11-21 10:00", "2026-11-22 23:00", 0),
        ("2026-11-23 05:00", "2026-11-23 23:00", 480),
        ("2026-11-23 10:00", "2026-11-23 09:00", 0),
        ("2026-10-23 16:00", "2026-10-26 10:00", 120),  # clocks went back on the 25th
    ],
)
def test_business_minutes(start: str, end: str, minutes: int) -> None:
    assert minutes_between(at(start), at(end), BERLIN, "business") == minutes


def test_a_holiday_is_no_working_day() -> None:
    off = WorkingHours(
        BERLIN.days, BERLIN.start, BERLIN.end, BERLIN.zone, frozenset({dt.date(2026, 12, 25)})
    )
    start, end = at("2026-12-24 16:00"), at("2026-12-28 10:00")
    assert minutes_between(start, end, off, "business") == 120
    assert minutes_between(start, end, BERLIN, "business") == 120 + 480
    assert due_at(start, 120, off, "business") == end


def test_the_calendar_clock_counts_every_hour() -> None:
    start, end = at("2026-11-20 16:30"), at("2026-11-23 09:30")
    assert minutes_between(start, end, BERLIN, "calendar") == 65 * 60
    assert due_at(start, 65 * 60, BERLIN, "calendar") == end


@pytest.mark.parametrize("minutes", [1, 30, 480, 481, 2_000])
@pytest.mark.parametrize("start", ["2026-11-20 16:30", "2026-11-21 12:00", "2026-11-23 06:00"])
def test_what_is_due_lies_just_so_many_minutes_ahead(start: str, minutes: int) -> None:
    due = due_at(at(start), minutes, BERLIN, "business")
    assert minutes_between(at(start), due, BERLIN, "business") == minutes
