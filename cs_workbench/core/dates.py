"""Dates as people type them, and as screens show them.

One grammar for every date field; upper and lower case are the same:

- `2026-12-12`, `12 dec`, `dec 12`, `12 dec 2026`. A day without a year is its next occurrence:
  today counts, a day that has passed this year means next year.
- `+7`, `-2` days from today; `+2w` weeks.
- `fri`, `friday`: the next one, never today (today is `today` or `+0`).
- `eom`: the last day of this month, which may be today.
- `today`, `tomorrow`.

Where only the past can be meant (`read_past_date`), a day without a year or a weekday is its latest
occurrence, today included, and `eom` the last day of the month that has ended.
"""

import datetime as dt
import re

from cs_workbench.errors import UsageError

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

_WEEKDAY_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTH_NAMES = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_OFFSET = r"([+\-−])\s*([0-9]{1,6})\s*([dw]?)"
_ISO = r"([0-9]{4})-([0-9]{2})-([0-9]{2})"
_DAY_FIRST = r"([0-9]{1,2})\.?\s*([a-z]+)\.?,?\s*([0-9]{4})?"
_MONTH_FIRST = r"([a-z]+)\.?\s*([0-9]{1,2})(?:,?\s+([0-9]{4}))?"
_EXAMPLES = "Write it as +7, fri, eom, 12 dec or 2026-12-12."


def read_date(text: str, today: dt.date) -> dt.date:
    """The day that a person means by `text`.

    Raises:
        UsageError: it is not in the grammar, or there is no such day.
    """
    typed = " ".join(text.casefold().split())
    try:
        day = _read(typed, today)
    except (ValueError, OverflowError):
        raise UsageError(f"There is no day {text.strip()!r}. {_EXAMPLES}") from None
    if day is None:
        raise UsageError(f"{text.strip()!r} is not a date. {_EXAMPLES}")
    return day


def read_past_date(text: str, today: dt.date) -> dt.date:
    """The day up to today that a person means, looking back: `fri` is the last one.

    Raises:
        UsageError: it is not in the grammar, there is no such day, or it is still to come.
    """
    typed = " ".join(text.casefold().split())
    weekday = _place(typed, _WEEKDAY_NAMES)
    if weekday is not None:
        return today - dt.timedelta((today.weekday() - weekday) % 7)
    if typed == "eom":
        return today.replace(day=1) - dt.timedelta(1)
    day = read_date(text, today)
    if day > today and _is_yearless(typed):
        day = _year_before(day, today)
    if day > today:
        raise UsageError(f"{with_weekday(day)} is still to come.")
    return day


def read_as_of(text: str, today: dt.date) -> dt.date:
    """As `read_past_date`; a day that is to come is taken where it is written in full.

    Raises:
        UsageError: as well, but for such a day.
    """
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return read_past_date(text, today)


def with_weekday(day: dt.date) -> str:
    """A day in full, as shown beside the field it was typed into: `Thu 3 Dec 2026`."""
    return f"{WEEKDAYS[day.weekday()]} {short_date(day)} {day.year:04}"


def short_date(day: dt.date) -> str:
    """Day and month: `3 Dec`."""
    return f"{day.day} {MONTHS[day.month - 1]}"


def near_date(day: dt.date, today: dt.date) -> str:
    """Day and month, with the year where it is not this one: `3 Dec`, `28 Feb 2027`."""
    return short_date(day) if day.year == today.year else f"{short_date(day)} {day.year:04}"


def _read(typed: str, today: dt.date) -> dt.date | None:
    named = {"today": today, "tomorrow": today + dt.timedelta(1), "eom": _end_of_month(today)}
    if typed in named:
        return named[typed]
    if match := re.fullmatch(_OFFSET, typed):
        days = int(match[2]) * (7 if match[3] == "w" else 1)
        return today + dt.timedelta(days if match[1] == "+" else -days)
    if match := re.fullmatch(_ISO, typed):
        return dt.date(int(match[1]), int(match[2]), int(match[3]))
    weekday = _place(typed, _WEEKDAY_NAMES)
    if weekday is not None:
        return today + dt.timedelta((weekday - today.weekday() - 1) % 7 + 1)
    if match := re.fullmatch(_DAY_FIRST, typed):
        return _of_month(int(match[1]), match[2], match[3], today)
    if match := re.fullmatch(_MONTH_FIRST, typed):
        return _of_month(int(match[2]), match[1], match[3], today)
    return None


def _is_yearless(typed: str) -> bool:
    """Whether it is a day and a month alone."""
    found = re.fullmatch(_DAY_FIRST, typed) or re.fullmatch(_MONTH_FIRST, typed)
    return found is not None and found[3] is None


def _year_before(day: dt.date, today: dt.date) -> dt.date:
    """The latest such day and month by today; 29 February only every few years."""
    for year in range(today.year, today.year - 9, -1):
        if day.day <= _days_of_month(year, day.month):
            found = day.replace(year=year)
            if found <= today:
                return found
    raise AssertionError(day)


def _end_of_month(day: dt.date) -> dt.date:
    return day.replace(day=_days_of_month(day.year, day.month))


def _days_of_month(year: int, month: int) -> int:
    from calendar import monthrange

    return monthrange(year, month)[1]


def _of_month(day: int, name: str, year: str | None, today: dt.date) -> dt.date | None:
    month = _place(name, _MONTH_NAMES)
    if month is None:
        return None
    if year is not None:
        return dt.date(int(year), month + 1, day)
    dt.date(2000, month + 1, day)  # a leap year: what it lacks, no year has
    for candidate in range(today.year, today.year + 9):  # 29 Feb is at most eight years away
        if day <= _days_of_month(candidate, month + 1):
            found = dt.date(candidate, month + 1, day)
            if found >= today:
                return found
    raise ValueError(day)


def _place(typed: str, names: tuple[str, ...]) -> int | None:
    """Which of the names `typed` abbreviates, by three letters or more."""
    if len(typed) < 3:
        return None
    return next((place for place, name in enumerate(names) if name.startswith(typed)), None)
