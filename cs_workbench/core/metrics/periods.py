"""Periods as people name them: `2026-07`, `2026-Q3`, `2026-H1`, `2026`, `FY2026`, any two dates.

A period is the half-open span (`start`, `end`]: what stood at the end of `start` is its opening.
"""

import calendar
import datetime as dt
import re
from dataclasses import dataclass

from cs_workbench.errors import UsageError

_NAME = re.compile(r"(FY)?(\d{4})(?:-(?:(Q)([1-4])|(H)([12])|(\d{2})))?", re.IGNORECASE)
_DAY = dt.timedelta(1)


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A span of days with its name.

    Attributes:
        start: the day whose end is the opening; the first day inside is the one after.
        end: the last day, whose end is the closing.
        name: as people write it; two dates where it has none.
    """

    start: dt.date
    end: dt.date
    name: str

    @property
    def first(self) -> dt.date:
        """The first day inside."""
        return self.start + _DAY

    @property
    def words(self) -> str:
        """`2026-Q3: 2026-07-01 to 2026-09-30`; the days alone where they are the name."""
        days = f"{self.first} to {self.end}"
        return days if ".." in self.name else f"{self.name}: {days}"

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.end - self.start).days

    def until(self, day: dt.date) -> "Period":
        """The part that is over on a day.

        Raises:
            UsageError: no day of it is.
        """
        if self.end <= day:
            return self
        if day < self.first:
            raise UsageError(
                f"{self.name} begins on {self.first}: nothing of it is known on {day}."
            )
        return Period(self.start, day, self.name)


def parse_period(text: str, fiscal_start: int = 1) -> Period:
    """Read a period's name; `FY` counts from the first day of the month `fiscal_start`.

    A fiscal year has the name of the calendar year in which it ends.

    Raises:
        UsageError: it is no such name.
    """
    found = _NAME.fullmatch(text.strip())
    if found is None:
        raise UsageError(
            f"{text!r} is not a period. Write 2026-07, 2026-Q3, 2026-H1, 2026, FY2026 or "
            "FY2026-Q1, or give --from and --to."
        )
    fiscal, year, _, quarter, _, half, month = found.groups()
    begin = fiscal_start if fiscal else 1
    first_month = int(year) * 12 + begin - 1 - (12 if begin > 1 else 0)
    if quarter:
        place, months = (int(quarter) - 1) * 3, 3
    elif half:
        place, months = (int(half) - 1) * 6, 6
    elif month:
        place, months = int(month) - 1, 1
    else:
        place, months = 0, 12
    if not 0 <= place <= 11:
        raise UsageError(f"{text!r}: a year has the months 01 to 12.")
    try:
        return _months(first_month + place, months, text.strip().upper())
    except (ValueError, OverflowError):
        raise UsageError(f"{text!r} is outside the calendar.") from None


def between(first: dt.date, last: dt.date) -> Period:
    """The period from one day to another, both inside.

    Raises:
        UsageError: the last day comes before the first.
    """
    if last < first:
        raise UsageError(f"A period cannot end on {last} before it begins on {first}.")
    return Period(first - _DAY, last, f"{first}..{last}")


def before(period: Period, fiscal_start: int = 1) -> Period:
    """The period of the same kind that ends where this one begins."""
    found = _NAME.fullmatch(period.name)
    if found is None:
        return between(period.start - dt.timedelta(period.days - 1), period.start)
    fiscal, year, _, quarter, _, half, month = found.groups()
    head = "FY" if fiscal else ""
    if quarter:
        at = int(year) * 4 + int(quarter) - 2
        return parse_period(f"{head}{at // 4:04}-Q{at % 4 + 1}", fiscal_start)
    if half:
        at = int(year) * 2 + int(half) - 2
        return parse_period(f"{head}{at // 2:04}-H{at % 2 + 1}", fiscal_start)
    if month:
        at = int(year) * 12 + int(month) - 2
        return parse_period(f"{head}{at // 12:04}-{at % 12 + 1:02}", fiscal_start)
    return parse_period(f"{head}{int(year) - 1:04}", fiscal_start)


def after(period: Period, fiscal_start: int = 1) -> Period:
    """The period of the same kind that begins where this one ends."""
    found = _NAME.fullmatch(period.name)
    if found is None:
        return between(period.end + _DAY, period.end + dt.timedelta(period.days))
    fiscal, year, _, quarter, _, half, month = found.groups()
    head = "FY" if fiscal else ""
    for place, size, mark in ((quarter, 4, "Q"), (half, 2, "H"), (month, 12, "")):
        if place:
            at = int(year) * size + int(place)
            number = f"{at % size + 1:02}" if size == 12 else f"{mark}{at % size + 1}"
            return parse_period(f"{head}{at // size:04}-{number}", fiscal_start)
    return parse_period(f"{head}{int(year) + 1:04}", fiscal_start)


def last_ones(period: Period, count: int, fiscal_start: int = 1) -> tuple[Period, ...]:
    """So many periods of a kind, the given one last."""
    found = [period]
    while len(found) < count:
        found.append(before(found[-1], fiscal_start))
    return tuple(reversed(found))


def quarter_of(day: dt.date) -> Period:
    """The calendar quarter that a day is in."""
    return parse_period(f"{day.year:04}-Q{(day.month - 1) // 3 + 1}")


def last_full(day: dt.date, kind: str, fiscal_start: int = 1) -> Period:
    """The newest `month`, `quarter`, `half`, `year` or `fiscal` year that is over on a day.

    `12m` are the twelve months to the end of the newest full month.
    """
    if kind == "12m":
        return year_to(last_full(day, "month").end)
    names = {
        "month": f"{day.year:04}-{day.month:02}",
        "quarter": quarter_of(day).name,
        "half": f"{day.year:04}-H{(day.month - 1) // 6 + 1}",
        "year": f"{day.year:04}",
        "fiscal": f"FY{day.year + (fiscal_start > 1 and day.month >= fiscal_start):04}",
    }
    found = parse_period(names[kind], fiscal_start)
    return found if found.end <= day else before(found, fiscal_start)


def year_to(day: dt.date) -> Period:
    """The twelve months that end with a day."""
    try:
        start = day.replace(year=day.year - 1)
    except ValueError:  # 29 February
        start = dt.date(day.year - 1, 2, 28)
    return between(start + _DAY, day)


def _months(first: int, count: int, name: str) -> Period:
    begin = dt.date(first // 12, first % 12 + 1, 1)
    last = first + count - 1
    year, month = last // 12, last % 12 + 1
    return Period(begin - _DAY, dt.date(year, month, calendar.monthrange(year, month)[1]), name)
