"""The time axis under a chart, and what happened along it."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Final

from textual.content import Content

from cs_workbench.core.charts import Tick
from cs_workbench.core.score_history import SIGNS, ScoreEvent, Sign
from cs_workbench.tui.formats import joined
from cs_workbench.tui.widgets.lines import between, fitting

BESIDE: Final = dt.timedelta(6)  # before its first week ends, or after its last one did
GAP: Final = joined("  ")


def mark_cells(
    events: Iterable[ScoreEvent], span: tuple[dt.date, dt.date], columns: int
) -> dict[int, Sign]:
    """One letter at a cell: of what happened there, what matters most."""
    first, last = span
    order = list(SIGNS)
    cells: dict[int, Sign] = {}
    for one in events:
        if not first - BESIDE <= one.on <= last + BESIDE:
            continue
        share = (one.on - first).days / max(1, (last - first).days)
        cell = min(columns - 1, max(0, round(share * (columns - 1))))
        if cell not in cells or order.index(one.sign) < order.index(cells[cell]):
            cells[cell] = one.sign
    return cells


def sign_legend(marks: Mapping[int, Sign], width: int) -> Content:
    """What the letters say that are there, as many as fit."""
    there = [
        joined((sign, "bold"), (f" {name}", "dim"))
        for sign, name in SIGNS.items()
        if sign in marks.values()
    ]
    return between(fitting(there, width, gap=GAP), GAP)


def axis_lines(
    ticks: list[Tick],
    margin: int,
    columns: int,
    *,
    plain: bool,
    marks: Mapping[int, Sign] | None = None,
) -> list[Content]:
    """A line with its ticks and marks, and the names of the ticks below; `plain` for ASCII."""
    corner, line, mark = ("+", "-", "+") if plain else ("└", "─", "┬")
    cells: list[object] = [(line, "dim")] * columns
    labels = [" "] * columns
    for tick in ticks:
        cells[tick.cell] = (mark, "dim")
        labels[tick.cell : tick.cell + len(tick.label)] = tick.label
    for cell, sign in (marks or {}).items():
        cells[cell] = (sign, "bold")
    return [
        joined((" " * margin + corner, "dim"), *cells),
        joined((" " * (margin + 1) + "".join(labels), "dim")),
    ]
