"""Weeks as small integers: Monday 1970-01-05 begins week 0."""

import datetime as dt

FIRST_MONDAY = dt.date(1970, 1, 5).toordinal()


def week_and_weekday(day: dt.date) -> tuple[int, int]:
    """The day's week number and its weekday (Monday = 0)."""
    return divmod(day.toordinal() - FIRST_MONDAY, 7)


def monday(week: int) -> dt.date:
    """The day on which the week begins."""
    return dt.date.fromordinal(FIRST_MONDAY + 7 * week)
