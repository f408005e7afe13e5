"""Days on which people work: weekends and the holidays of a region are passed over."""

import datetime as dt
from collections.abc import Callable

SATURDAY = 5
MOST_DAYS = 4_000  # about ten years of working days, more than any due date is away
_DAY = dt.timedelta(days=1)

IsHoliday = Callable[[dt.date], bool]


def no_holidays(day: dt.date) -> bool:
    """For a region whose holidays are not known: weekends alone are free."""
    del day
    return False


def is_working_day(day: dt.date, is_holiday: IsHoliday) -> bool:
    """Whether people work on it."""
    return day.weekday() < SATURDAY and not is_holiday(day)


def add_working_days(day: dt.date, count: int, is_holiday: IsHoliday) -> dt.date:
    """The working day so many after (negative: before) a day; 0 is the day or the next working one.

    `count` goes to about ten years either way; more is cut.
    """
    step = -_DAY if count < 0 else _DAY
    left = min(abs(count), MOST_DAYS)
    while not is_working_day(day, is_holiday):
        day += _DAY
    while left:
        day += step
        left -= is_working_day(day, is_holiday)
    return day
