"""The columns of the list of accounts, and which of them a width has room for."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from textual.content import Content

from cs_workbench.core.accounts import AccountLine
from cs_workbench.core.glyphs import UNICODE, Glyphs
from cs_workbench.tui.formats import (
    NOTHING,
    band_text,
    coverage_mark,
    coverage_text,
    day_text,
    days_text,
    due_text,
    joined,
    money_text,
    percent_text,
    safe,
    spark_text,
    trend_text,
)
from cs_workbench.tui.widgets.columns import Column
from cs_workbench.tui.widgets.judged_lines import override_mark

AccountColumn = Column[AccountLine]

WIDEST: Final = (
    *("changed", "mark", "score", "trend", "cov", "name", "arr", "spark", "seats", "deadline"),
    *("days", "stage", "csm", "segment", "touch", "signals", "next", "when"),
)
# What happens, one after the other, as the window narrows: a column leaves, or a smaller one comes.
NARROWING: Final[tuple[tuple[str, str | None], ...]] = (
    ("touch", None),
    ("segment", None),
    ("csm", None),
    ("stage", None),
    ("cov", None),
    ("deadline", None),
    ("seats", None),
    ("spark", "short spark"),
    ("when", "sign"),
    ("signals", None),
)
ACCOUNT_MOST: Final = 40
NEXT_STEP_LEAST: Final = 10


@dataclass(frozen=True)
class AccountColumns:
    """How an account is shown in columns.

    Attributes:
        constant: columns that would say the same in every row; the title names it instead.
    """

    today: dt.date
    glyphs: Glyphs = UNICODE
    constant: frozenset[str] = frozenset()

    def fit(self, width: int) -> tuple[AccountColumn, ...]:
        """The most columns that a width has room for, sharing out what is left over."""
        made = {**self._figures(), **self._texts()}
        chosen: tuple[AccountColumn, ...] = ()
        for names in self._choices():
            chosen = tuple(made[name] for name in names)
            if sum(column.space for column in chosen) <= width:
                break
        if any(column.head == "Deadline" for column in chosen):
            chosen = tuple(
                replace(column, head="") if column.head == "Days" else column for column in chosen
            )
        return _shared_out(chosen, width)

    def _choices(self) -> Iterator[tuple[str, ...]]:
        names = tuple(name for name in WIDEST if name not in self.constant)
        yield names
        for leaves, comes in NARROWING:
            if leaves == "when":  # the sign stands before the step, not after it
                names = tuple("sign" if name == "next" else name for name in names)
                names = tuple("next" if name == "when" else name for name in names)
            else:
                swapped = (comes if name == leaves else name for name in names)
                names = tuple(name for name in swapped if name)
            yield names

    def _figures(self) -> dict[str, AccountColumn]:
        glyphs, today = self.glyphs, self.today
        return {
            "changed": Column("", "", 1, self._changed, gap=0),
            "mark": Column("", "", 1, lambda _: NOTHING, gap=0),
            "score": Column("score", "Score", 6, self._score, gap=0),
            "trend": Column("trend", "28d", 3, lambda row: trend_text(row.trend_e4, glyphs), gap=0),
            "cov": Column("cov", "Cov", 4, _coverage, right=True),
            "arr": Column("arr", "ARR", 5, _arr, right=True),
            "spark": Column("", "Usage 12 w", 12, lambda row: spark_text(row.spark, 12, glyphs)),
            "short spark": Column("", "5 w", 5, lambda row: spark_text(row.spark, 5, glyphs)),
            "seats": Column(
                "seats", "Seat", 4, lambda row: percent_text(row.seat_use, glyphs), right=True
            ),
            "signals": Column("signals", "Sig", 3, _signals, right=True),
            "days": Column(
                "days",
                "Days",
                4,
                lambda row: days_text(row.days_to_deadline(today), glyphs),
                right=True,
            ),
        }

    def _texts(self) -> dict[str, AccountColumn]:
        today = self.today
        return {
            "name": Column("name", "Account", 22, lambda row: safe(row.name, "bold")),
            "deadline": Column("days", "Deadline", 6, lambda row: _day(row.deadline, today)),
            "stage": Column("stage", "Stage", 10, lambda row: safe(row.lifecycle_stage, "dim")),
            "csm": Column("csm", "CSM", 12, lambda row: safe(row.csm)),
            "segment": Column("segment", "Segment", 12, lambda row: safe(row.segment)),
            "touch": Column("", "Touch", 6, lambda row: _day(row.last_two_way_on, today)),
            "sign": Column("", "", 1, self._sign),
            "next": Column("next", "Next step", 21, self._next_step),
            "when": Column("next", "When", 6, self._when, right=True),
        }

    def _changed(self, row: AccountLine) -> Content:
        return safe(self.glyphs.changed) if row.changed else NOTHING

    def _score(self, row: AccountLine) -> Content:
        if row.is_former:
            return safe("former", "dim")
        score = band_text(row.band, row.points_e4, self.glyphs)
        known = coverage_mark(row.coverage_e4) if row.band != "unknown" else NOTHING
        said = NOTHING if row.override is None else override_mark(row.override, self.glyphs)
        return joined(score, known, said)

    def _next_step(self, row: AccountLine) -> Content:
        if row.next_step:
            return safe(row.next_step)
        if row.next_step_said_on:
            return safe(f"none (said on {day_text(row.next_step_said_on, self.today)})", "dim")
        return safe("none", "dim")

    def _when(self, row: AccountLine) -> Content:
        if row.next_step and row.next_step_due:
            return due_text(row.next_step_due, self.today)
        return safe(self.glyphs.none, "dim")

    def _sign(self, row: AccountLine) -> Content:
        """In place of `when` in a narrow window: late, or due today."""
        if not row.next_step or not row.next_step_due or row.next_step_due > self.today:
            return NOTHING
        late = row.next_step_due < self.today
        return safe("!", "bold $late") if late else safe(self.glyphs.dot, "bold")


def _coverage(row: AccountLine) -> Content:
    return NOTHING if row.is_former else coverage_text(row.coverage_e4)


def _signals(row: AccountLine) -> Content:
    """How many are open; none is nothing."""
    return safe(row.signals) if row.signals else NOTHING


def _arr(row: AccountLine) -> Content:
    return money_text(row.arr_minor, row.currency)


def _day(day: dt.date | None, today: dt.date) -> Content:
    return safe(day and day_text(day, today))


def _shared_out(columns: tuple[AccountColumn, ...], width: int) -> tuple[AccountColumn, ...]:
    """Give what is left over to names and next steps, or take from them what is missing."""
    spare = width - sum(column.space for column in columns)
    widths = {column.name: column.width for column in columns if column.head in FLEXIBLE}
    if spare > 0:
        for_name = min(spare // 3, ACCOUNT_MOST - widths["name"])
    else:
        for_name = spare - max(spare, NEXT_STEP_LEAST - widths["next"])
    widths["name"] = max(1, widths["name"] + for_name)
    widths["next"] = max(1, widths["next"] + spare - for_name)
    return tuple(
        replace(column, width=widths[column.name]) if column.head in FLEXIBLE else column
        for column in columns
    )


FLEXIBLE: Final = ("Account", "Next step")
