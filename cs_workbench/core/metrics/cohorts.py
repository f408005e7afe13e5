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


Of = Literal["accounts", "revenue"]


@dataclass(frozen=True, slots=True)
class CohortRow:
    """One cohort, at the end of each span of age; what has not happened yet is not in it.

    Attributes:
        name: of the span in which its accounts began, or of what they have in common.
        accounts: that began in it, with `began` ARR in minor units.
        active, arr: accounts still there, and what they pay.
        of_accounts, of_arr: who was old enough to be seen at that age, and their first ARR.
    """

    name: str
    accounts: int
    began: int
    active: tuple[int, ...]
    arr: tuple[int, ...]
    of_accounts: tuple[int, ...]
    of_arr: tuple[int, ...]

    def share(self, age: int, of: Of) -> float | None:
        """What is still there at an age; None where that has not happened, or nobody began."""
        tops, bottoms = (
            (self.active, self.of_accounts) if of == "accounts" else (self.arr, self.of_arr)
        )
        return tops[age] / bottoms[age] if age < len(tops) and bottoms[age] else None


@dataclass(frozen=True, slots=True)
class CohortTable:
    """A retention triangle.

    Attributes:
        span: of rows and ages; `by` what rows have in common where that is not their begin.
        rows: oldest first.
        currency: of the money; None where several are not turned into one: there is none then.
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


def cohort_row(name: str, cells: Sequence["Cells"]) -> CohortRow:
    """Accounts that began in different spans as one row: each age counts who is old enough."""
    ages = max((cell.seen for cell in cells), default=0)
    columns: list[list[int]] = [[], [], [], []]
    for age in range(ages):
        old = [cell for cell in cells if cell.seen > age]
        for column, amounts in zip(
            columns,
            (
                [cell.active[age] for cell in old],
                [cell.arr[age] for cell in old],
                [cell.size for cell in old],
                [cell.began for cell in old],
            ),
            strict=True,
        ):
            column.append(sum(amounts))
    accounts, began = sum(cell.size for cell in cells), sum(cell.began for cell in cells)
    active, arr, of_accounts, of_arr = map(tuple, columns)
    return CohortRow(name, accounts, began, active, arr, of_accounts, of_arr)


@dataclass(frozen=True, slots=True)
class Cells:
    """Accounts that began in one span, by age; `seen` ages have happened."""

    size: int
    began: int
    active: Sequence[int]
    arr: Sequence[int]
    seen: int


_PER_YEAR = {"month": 12, "quarter": 4, "year": 1}


def _place(day: dt.date, span: Span) -> int:
    return (day.month - 1) * _PER_YEAR[span] // 12


def _name(year: int, place: int, span: Span) -> str:
    if span == "month":
        return f"{year:04}-{place + 1:02}"
    return f"{year:04}-Q{place + 1}" if span == "quarter" else f"{year:04}"
