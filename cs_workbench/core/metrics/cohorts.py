"""Retention by cohort: who began together, and how many are there, and what they pay, by age.

What has not happened yet is empty, not zero.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from cs_workbench.core.metrics.periods import Period, parse_period

Span = Literal["month", "quarter", "year"]
MAX_SPANS = 1_200


@dataclass(frozen=True, slots=True)
class CohortRow:
    """One cohort.

    Attributes:
        name: of its span, or of what its accounts have in common.
        accounts: that began in it, with `began` ARR in minor units.
        active, arr: at the end of each span of age; None where that has not happened yet.
    """

    name: str
    accounts: int
    began: int
    active: tuple[int | None, ...]
    arr: tuple[int | None, ...]

    def share(self, age: int, by: Literal["accounts", "revenue"]) -> float | None:
        """What is still there at an age; None where that has not happened, or nobody began."""
        values, whole = (self.active, self.accounts) if by == "accounts" else (self.arr, self.began)
        value = values[age] if age < len(values) else None
        return None if value is None or not whole else value / whole


@dataclass(frozen=True, slots=True)
class CohortTable:
    """A retention triangle.

    Attributes:
        span: of rows and ages; `by` what rows have in common where that is not their begin.
        rows: oldest first.
        currency: of the money; None where several are not turned into one.
    """

    span: Span
    by: str
    rows: tuple[CohortRow, ...]
    currency: str | None

    @property
    def ages(self) -> int:
        """How many columns."""
        return max((len(row.active) for row in self.rows), default=0)


def spans_of(first: dt.date, last: dt.date, span: Span) -> list[Period]:
    """The months, quarters or years from one day's to another's."""
    found: list[Period] = []
    year, place = first.year, _place(first, span)
    while len(found) < MAX_SPANS:
        period = parse_period(_name(year, place, span))
        if period.first > last:
            break
        found.append(period)
        year, place = (year + 1, 0) if place + 1 >= _PER_YEAR[span] else (year, place + 1)
    return found


def finished(spans: Sequence[Period], as_of: dt.date) -> int:
    """How many of the spans are over on a day."""
    return sum(1 for one in spans if one.end <= as_of)


def seen_row(
    name: str, counts: tuple[int, int], active: Sequence[int], arr: Sequence[int], *, ages: int
) -> CohortRow:
    """A row of which only so many ages have happened."""
    return CohortRow(name, *counts, tuple(active[:ages]), tuple(arr[:ages]))


_PER_YEAR = {"month": 12, "quarter": 4, "year": 1}


def _place(day: dt.date, span: Span) -> int:
    return (day.month - 1) * _PER_YEAR[span] // 12


def _name(year: int, place: int, span: Span) -> str:
    if span == "month":
        return f"{year:04}-{place + 1:02}"
    return f"{year:04}-Q{place + 1}" if span == "quarter" else f"{year:04}"
