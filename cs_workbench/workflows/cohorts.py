"""Cohorts: who began together, or is alike, and how much of it is still there by age."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from cs_workbench.core.metric_kernels import columns
from cs_workbench.core.metric_kernels import history as kernel
from cs_workbench.core.metric_kernels.history import History
from cs_workbench.core.metrics.book import NEVER, day_of
from cs_workbench.core.metrics.cohorts import (
    Cells,
    CohortRow,
    CohortTable,
    Span,
    cohort_row,
    finished,
    spans_of,
)
from cs_workbench.core.metrics.lifetime_value import clv_of_cohorts
from cs_workbench.core.metrics.periods import Period
from cs_workbench.core.metrics.results import Members, Metric, unknown
from cs_workbench.core.metrics.survival import Survival, survival
from cs_workbench.core.metrics.words import part_name
from cs_workbench.workflows.ledger import SEVERAL, Ledger
from cs_workbench.workflows.metric_groups import By, places_by

RowsBy = Literal["start", "segment", "csm", "region", "industry", "discount"]


@dataclass(frozen=True)
class Cohorts:
    """A triangle, and how long accounts stay in all.

    Attributes:
        curve: of the days from the first payment to the last, with interval.
        rate_day: amounts are in the rates of this day.
    """

    table: CohortTable
    curve: Survival


def read_cohorts(
    ledger: Ledger,
    *,
    span: Span = "month",
    by: RowsBy = "start",
    places: Sequence[int] | None = None,
) -> Cohorts:
    """The retention triangle of a ledger, by start or by what accounts have in common.

    With `places` it is of some accounts alone; the curve always of all.
    """
    history = ledger.customers(ledger.as_of)
    first, _ = kernel.first_days(history)
    began = [day for day in first if day != NEVER and day <= ledger.as_of.toordinal()]
    curve = survival_of(history, ledger.as_of.toordinal())
    if not began:
        return Cohorts(CohortTable(span, by, (), ledger.currency), curve)
    spans = spans_of(day_of(min(began)), ledger.as_of, span)
    everybody = range(history.size) if places is None else places
    groups: dict[str | None, Sequence[int]] = {"": everybody}
    if by != "start":
        whole = Period(ledger.as_of, ledger.as_of, "now")
        wanted: By = by
        groups = dict(places_by(ledger, whole, wanted))
    cells = _cells((first, spans, ledger), list(groups.values()))
    if by == "start":
        rows = tuple(
            cohort_row(one.name, [cell])
            for one, cell in zip(spans, cells[0], strict=True)
            if cell.size
        )
    else:
        rows = _alike(list(groups), cells)
    return Cohorts(CohortTable(span, by, rows, ledger.currency), curve)


def cohort_members(
    ledger: Ledger, span: Span, places: Sequence[int] | None = None
) -> dict[str, Members]:
    """By the span in which accounts began: what they pay now, of what they paid first.

    With `places` of some accounts alone.
    """
    history = ledger.history(ledger.as_of)
    today = ledger.as_of.toordinal()
    births, _ = kernel.first_days(ledger.customers(ledger.as_of))
    _, paid = kernel.first_days(history)
    rows = zip(ledger.book.keys, births, paid, history.positions(today), strict=True)
    wanted = set(range(history.size) if places is None else places)
    began = [row for at, row in enumerate(rows) if at in wanted and NEVER < row[1] <= today]
    if not began:
        return {}
    spans = spans_of(day_of(min(day for _, day, _, _ in began)), ledger.as_of, span)
    ends = [one.end.toordinal() for one in spans]
    among = columns.places_among([day for _, day, _, _ in began], ends)
    found: dict[str, list[tuple[int, int, int]]] = {}
    for place, (key, _, first, now) in zip(among, began, strict=True):
        found.setdefault(spans[place].name, []).append((key, now, first))
    return {name: Members(*zip(*mine, strict=True)).packed() for name, mine in found.items()}


def cohort_value(ledger: Ledger) -> Metric:
    """CLV from what cohorts have paid by month of age; unknown where that cannot be added up."""
    if ledger.currency is None:
        return unknown("clv_cohort", "money", SEVERAL)
    table = read_cohorts(ledger.without_unpriced()).table
    return clv_of_cohorts(
        [row.arr for row in table.rows],
        [row.accounts for row in table.rows],
        [len(row.arr) for row in table.rows],
        margin=ledger.policy.gross_margin,
        months=ledger.policy.clv_months,
    )


def survival_of(history: History, as_of: int) -> Survival:
    """How long accounts stay: days from the first payment to the day on which none is left."""
    first, _ = kernel.first_days(history)
    paid = history.positions(as_of)
    lost = kernel.last_losses(history, 0, as_of)
    durations, ended = [], []
    for begin, now, end in zip(first, paid, lost, strict=True):
        if begin == NEVER or begin > as_of:
            continue
        ended.append(now == 0)
        durations.append((as_of if now else end) - begin)
    return survival(durations, ended)


def _alike(names: Sequence[str | None], cells: Sequence[Sequence[Cells]]) -> tuple[CohortRow, ...]:
    found = [cohort_row(part_name(name), mine) for name, mine in zip(names, cells, strict=True)]
    return tuple(
        sorted((row for row in found if row.accounts), key=lambda row: (-row.began, -row.accounts))
    )


def _cells(
    when: tuple[Sequence[int], Sequence[Period], Ledger], groups: Sequence[Sequence[int]]
) -> list[list[Cells]]:
    """By group, then by the span in which accounts began."""
    first, spans, ledger = when
    history, priced = ledger.customers(ledger.as_of), ledger.history(ledger.as_of)
    ends = [one.end.toordinal() for one in spans]
    births = columns.places_among(first, ends)
    rows = [-1] * history.size
    for number, places in enumerate(groups):
        for at in places:
            if first[at] != NEVER and births[at] < len(spans):
                rows[at] = number * len(spans) + births[at]
    found = kernel.triangle(history, rows, births, ends)
    if priced is not history:
        amounts = kernel.triangle(priced, rows, births, ends)
        found = found._replace(arr=amounts.arr, began=amounts.began)
    if ledger.currency is None:  # without a sum of amounts no share of it is known
        nothing = [0] * len(spans)
        found = found._replace(arr=[nothing] * len(found.arr), began=[0] * len(found.began))
    over = finished(spans, ledger.as_of)
    empty = Cells(0, 0, (), (), 0)
    table = [
        Cells(size, began, active, arr, max(0, over - at % len(spans)))
        for at, (size, began, active, arr) in enumerate(
            zip(found.size, found.began, found.active, found.arr, strict=True)
        )
    ]
    table += [empty] * (len(groups) * len(spans) - len(table))
    return [table[number * len(spans) : (number + 1) * len(spans)] for number in range(len(groups))]
