"""Weeks as small integers: Monday 1970-01-05 begins week 0."""

import datetime as dt
from typing import Any

FIRST_MONDAY = dt.date(1970, 1, 5).toordinal()
WeekKey = tuple[int, int, int]  # account key, metric id, week
WeekRow = list[Any]  # usage as its table has it: the key, and seven days, None without data
MONDAY_AT = 3  # where the days begin in such a row


def week_and_weekday(day: dt.date) -> tuple[int, int]:
    """The day's week number and its weekday (Monday = 0)."""
    return divmod(day.toordinal() - FIRST_MONDAY, 7)


def monday(week: int) -> dt.date:
    """The day on which the week begins."""
    return dt.date.fromordinal(FIRST_MONDAY + 7 * week)
