"""The columns of the list of accounts, and which of them a width has room for."""

import datetime as dt
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple

from cs_workbench.core.accounts import AccountLine
from cs_workbench.core.glyphs import UNICODE, Glyphs
from cs_workbench.tui.run_columns import RunColumn
from cs_workbench.tui.runs import (
    BAND_STYLES,
    LATE_STYLE,
    Runs,
    band_runs,
    coverage_mark_runs,
    coverage_runs,
    day_text,
    days_runs,
    due_runs,
    money_runs,
    percent_runs,
    run,
    spark_runs,
    trend_runs,
)

if TYPE_CHECKING:
    from cs_workbench.core.custom_fields import CustomField

AccountColumn = RunColumn[AccountLine]

WIDEST: Final = (
    *(
        "changed",
        "mark",
        "score",
        "trend",
        "cov",
        "name",
        "arr",
        "leaves span",
        "loss",
        "spark",
        "seats",
    ),
    *("deadline", "days", "stage", "csm", "segment", "touch", "ours", "signals", "next", "when"),
)
CHURN: Final = frozenset({"leaves span", "leaves", "loss"})
STAYING: Final = {
    "neglected": frozenset({"leaves", "loss"})
}  # what a view is about never leaves it
# What happens, one after the other, as the window narrows: a column leaves, or a smaller one comes.
NARROWING: Final[tuple[tuple[str, str | None], ...]] = (
    ("ours", None),
    ("touch", None),
    ("segment", None),
    ("leaves span", "leaves"),
    ("csm", None),
    ("stage", None),
    ("cov", None),
    ("loss", None),
    ("leaves", None),
    ("deadline", None),
    ("seats", None),
    ("spark", "short spark"),
    ("when", "sign"),
    ("signals", None),
)
ACCOUNT_MOST: Final = 40
NEXT_STEP_LEAST: Final = 10
OWN: Final = 10  # cells of a column of a team's own


class AccountColumns(NamedTuple):
    """How an account is shown in columns.

    Attributes:
        constant: columns that would say the same in every row; the title names it instead.
        has_churn: whether a churn model is in use, so that its columns have something to say.
        view: the built-in view that is shown; what it is about stays in narrow windows.
        own: fields of a team's own by which the list is narrowed or sorted.
    """

    today: dt.date
    glyphs: Glyphs = UNICODE
    constant: frozenset[str] = frozenset()
    has_churn: bool = False
    view: str = ""
    own: "tuple[CustomField, ...]" = ()

    def fit(self, width: int) -> tuple[AccountColumn, ...]:
        """The most columns that a width has room for, sharing out what is left over."""
        made = {**self._figures(), **self._texts(), **self._own()}
        chosen: tuple[AccountColumn, ...] = ()
        for names in self._choices():
            chosen = tuple(made[name] for name in names)
            if sum(column.space for column in chosen) <= width:
                break
        if any(column.head == "Deadline" for column in chosen):
            chosen = tuple(
                column._replace(head="") if column.head == "Days" else column for column in chosen
            )
        return _shared_out(chosen, width)

    def _choices(self) -> Iterator[tuple[str, ...]]:
        absent = frozenset() if self.has_churn else CHURN
        names = tuple(name for name in WIDEST if name not in self.constant | absent)
        at = names.index("name") + 1
        names = (*names[:at], *self._own(), *names[at:])
        yield names
        stays = STAYING.get(self.view, frozenset())
        for leaves, comes in NARROWING:
            if leaves in stays:
                continue
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
            "changed": RunColumn("", "", 1, self._changed, gap=0),
            "mark": RunColumn("", "", 1, lambda _: (), gap=0),
            "score": RunColumn("score", "Score", 6, self._score, gap=0),
            "trend": RunColumn(
                "trend", "28d", 3, lambda row: trend_runs(row.trend_e4, glyphs), gap=0
            ),
            "cov": RunColumn("cov", "Cov", 4, _coverage, right=True),
            "arr": RunColumn("arr", "ARR", 5, _arr, right=True),
            "spark": RunColumn("", "Usage 12 w", 12, lambda row: spark_runs(row.spark, 12, glyphs)),
            "short spark": RunColumn("", "5 w", 5, lambda row: spark_runs(row.spark, 5, glyphs)),
            "seats": RunColumn(
                "seats", "Seat", 4, lambda row: percent_runs(row.seat_use, glyphs), right=True
            ),
            "leaves span": RunColumn("", "Leaves, 80 %", 12, _leaves_span, right=True),
            "leaves": RunColumn("", "Leaves", 6, _leaves, right=True),
            "loss": RunColumn("", "Loss", 5, _loss, right=True),
            "signals": RunColumn("signals", "Sig", 3, _signals, right=True),
            "ours": RunColumn("", "Ours", 4, _ours, right=True),
            "days": RunColumn(
                "days",
                "Days",
                4,
                lambda row: days_runs(row.days_to_deadline(today), glyphs),
                right=True,
            ),
        }

    def _texts(self) -> dict[str, AccountColumn]:
        today = self.today
        return {
            "name": RunColumn("name", "Account", 22, lambda row: run(row.name, "bold")),
            "deadline": RunColumn("days", "Deadline", 6, lambda row: _day(row.deadline, today)),
            "stage": RunColumn("stage", "Stage", 10, lambda row: run(row.lifecycle_stage, "dim")),
            "csm": RunColumn("csm", "CSM", 12, lambda row: run(row.csm)),
            "segment": RunColumn("segment", "Segment", 12, lambda row: run(row.segment)),
            "touch": RunColumn("", "Touch", 6, lambda row: _day(row.last_two_way_on, today)),
            "sign": RunColumn("", "", 1, self._sign),
            "next": RunColumn("next", "Next step", 21, self._next_step),
            "when": RunColumn("next", "When", 6, self._when, right=True),
        }

    def _own(self) -> dict[str, AccountColumn]:
        """A column for each field of a team's own, under a name that no other column has."""
        return {
            f"own {one.field_id}": RunColumn(
                one.field_id, one.label[:OWN], OWN, partial(_custom, one.field_id)
            )
            for one in self.own
        }

    def _changed(self, row: AccountLine) -> Runs:
        return run(self.glyphs.changed) if row.changed else ()

    def _score(self, row: AccountLine) -> Runs:
        if row.is_former:
            return run("former", "dim")
        score = band_runs(row.band, row.points_e4, self.glyphs)
        known = coverage_mark_runs(row.coverage_e4) if row.band != "unknown" else ()
        return (*score, *known, *self._said(row))

    def _said(self, row: AccountLine) -> Runs:
        """The band alone of a person's own call that stands: `◆`."""
        if row.override is None:
            return ()
        band = row.override.band
        return run(self.glyphs.bands[band], BAND_STYLES[band])

    def _next_step(self, row: AccountLine) -> Runs:
        if row.next_step:
            return run(row.next_step)
        if row.next_step_said_on:
            return run(f"none (said on {day_text(row.next_step_said_on, self.today)})", "dim")
        return run("none", "dim")

    def _when(self, row: AccountLine) -> Runs:
        if row.next_step and row.next_step_due:
            return due_runs(row.next_step_due, self.today)
        return run(self.glyphs.none, "dim")

    def _sign(self, row: AccountLine) -> Runs:
        """In place of `when` in a narrow window: late, or due today."""
        if not row.next_step or not row.next_step_due or row.next_step_due > self.today:
            return ()
        late = row.next_step_due < self.today
        return run("!", LATE_STYLE) if late else run(self.glyphs.dot, "bold")


def _custom(field_id: str, row: AccountLine) -> Runs:
    """The value of a field of a team's own."""
    return run(row.custom.get(field_id))


def _coverage(row: AccountLine) -> Runs:
    return () if row.is_former else coverage_runs(row.coverage_e4)


def _signals(row: AccountLine) -> Runs:
    """How many are open; none is nothing."""
    return run(row.signals) if row.signals else ()


def _ours(row: AccountLine) -> Runs:
    """Our loyalty in whole points; nothing where too little is known."""
    return () if row.loyalty_e4 is None else run(row.loyalty_e4 // 10_000)


def _leaves(row: AccountLine) -> Runs:
    """The churn model's probability."""
    if row.leaves_span is None:
        return ()
    from cs_workbench.core.churn_said import leaving

    return run(leaving(row.leaves_span[0]))


def _leaves_span(row: AccountLine) -> Runs:
    """The same with its 80 % interval."""
    if row.leaves_span is None:
        return ()
    from cs_workbench.core.churn_said import leaving_span

    return run(leaving_span(*row.leaves_span))


def _loss(row: AccountLine) -> Runs:
    """ARR x probability."""
    return () if row.loss_minor is None else money_runs(row.loss_minor, row.currency)


def _arr(row: AccountLine) -> Runs:
    return money_runs(row.arr_minor, row.currency)


def _day(day: dt.date | None, today: dt.date) -> Runs:
    return run(day and day_text(day, today))


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
        column._replace(width=widths[column.name]) if column.head in FLEXIBLE else column
        for column in columns
    )


FLEXIBLE: Final = ("Account", "Next step")
