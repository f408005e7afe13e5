"""Days, weeks and months as the headings and cells of spreadsheets write them."""

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from typing import Literal

from cs_workbench.core.renewals import add_months
from cs_workbench.core.text import fold

Period = Literal["day", "week", "month"]
Span = tuple[dt.date, dt.date]  # first and last day

# English, German, French and Spanish, without accents.
_MONTHS = (
    ("january", "januar", "janvier", "enero"),
    ("february", "februar", "fevrier", "febrero"),
    ("march", "marz", "mars", "marzo", "mrz"),
    ("april", "avril", "abril"),
    ("may", "mai", "mayo"),
    ("june", "juni", "juin", "junio"),
    ("july", "juli", "juillet", "julio"),
    ("august", "aout", "agosto"),
    ("september", "septembre", "septiembre", "setiembre"),
    ("october", "oktober", "octobre", "octubre"),
    ("november", "novembre", "noviembre"),
    ("december", "dezember", "decembre", "diciembre"),
)
_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]00:00(?::00)?)?")
_WEEK = re.compile(r"(\d{4})[- ]?W(\d{1,2})", re.IGNORECASE)
_ISO_MONTH = re.compile(r"(\d{4})[-/](\d{1,2})")
_MONTH_YEAR = re.compile(r"(\d{1,2})/(\d{4})")
_NAMED = re.compile(r"([^\W\d_]{3,10})\.?[-' ]*(\d{4}|\d{2})", re.IGNORECASE)
_NAMED_AFTER = re.compile(r"(\d{4})[- ]([^\W\d_]{3,10})", re.IGNORECASE)


def read_period(text: str, period: Period = "day") -> Span | None:
    """The days that a text names: `2026-11`, `Nov 2026`, `11/2026`, `2026-W48`, `2026-11-23`.

    A date is the period that it lies in: its week, from Monday, or its month. None if it is no
    date or period.
    """
    written = text.strip()
    try:
        if match := _DAY.fullmatch(written):
            return around(dt.date(*map(int, match.groups())), period)
        if match := _WEEK.fullmatch(written):
            monday = dt.date.fromisocalendar(int(match[1]), int(match[2]), 1)
            return monday, monday + dt.timedelta(days=6)
        month = _month(written)
        return None if month is None else around(month, "month")
    except ValueError:
        return None


def _month(written: str) -> dt.date | None:
    if match := _ISO_MONTH.fullmatch(written):
        return dt.date(int(match[1]), int(match[2]), 1)
    if match := _MONTH_YEAR.fullmatch(written):
        return dt.date(int(match[2]), int(match[1]), 1)
    named = _NAMED.fullmatch(written)
    name, year = named.groups() if named else ("", "")
    if match := _NAMED_AFTER.fullmatch(written):
        year, name = match.groups()
    number = month_number(name)
    if number is None:
        return None
    return dt.date(int(year) + (2000 if len(year) == 2 else 0), number, 1)


def month_number(name: str) -> int | None:
    """1 to 12 for a month's name or its first letters, three at least; None if it may be two."""
    begin = fold(name)
    if len(begin) < 3:
        return None
    found = [
        number
        for number, names in enumerate(_MONTHS, 1)
        if any(month.startswith(begin) for month in names)
    ]
    return found[0] if len(found) == 1 else None


def around(day: dt.date, period: Period) -> Span:
    """The period in which a day lies."""
    if period == "week":
        monday = day - dt.timedelta(days=day.weekday())
        return monday, monday + dt.timedelta(days=6)
    if period == "month":
        first = day.replace(day=1)
        return first, add_months(first, 1) - dt.timedelta(days=1)
    return day, day


def days_of(span: Span, until: dt.date | None) -> Iterator[dt.date]:
    """Its days, none after `until`."""
    first, last = span
    if until is not None:
        last = min(last, until)
    for number in range((last - first).days + 1):
        yield first + dt.timedelta(days=number)


def period_between(days: Sequence[dt.date]) -> Period:
    """What a row of dates stands for: months if each is a first, weeks if all are one weekday."""
    if len(days) > 1 and all(day.day == 1 for day in days):
        return "month"
    weekdays = {day.weekday() for day in days}
    return "week" if len(days) > 1 and len(weekdays) == 1 else "day"
