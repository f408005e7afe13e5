import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cs_workbench.core.weeks import monday, week_and_weekday


@pytest.mark.parametrize(
    ("day", "week", "weekday"),
    [("1970-01-05", 0, 0), ("1970-01-04", -1, 6), ("2026-11-23", 2968, 0), ("2026-11-29", 2968, 6)],
)
def test_weeks_begin_on_monday(day: str, week: int, weekday: int) -> None:
    assert week_and_weekday(dt.date.fromisoformat(day)) == (week, weekday)


@given(st.dates())
def test_a_day_is_found_again(day: dt.date) -> None:
    week, weekday = week_and_weekday(day)
    assert weekday == day.weekday()
    if week > -102_000:
        assert monday(week) + dt.timedelta(days=weekday) == day
