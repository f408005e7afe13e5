"""Columns of a table: what a cell shows, how wide it is, and fitting text into exactly that."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from textual.content import Content

from cs_workbench.tui.formats import content, run_on, run_on_padded, safe
from cs_workbench.tui.run_columns import RunColumn, fitted_runs
from cs_workbench.tui.runs import Run, Runs

Row = TypeVar("Row")


@dataclass(frozen=True)
class Column(Generic[Row]):
    """One column.

    Attributes:
        name: the field it sorts by; empty where it cannot be sorted.
        cell: the text of a row, of any width.
        gap: blank cells before it.
        right: aligned right, as numbers are.
        runs: the same text in runs, if it is made of them; a row of such cells is quicker to draw.
    """

    name: str
    head: str
    width: int
    cell: Callable[[Row], Content]
    gap: int = 1
    right: bool = False
    runs: Callable[[Row], Runs] | None = None

    @property
    def space(self) -> int:
        """Cells it takes with its gap."""
        return self.gap + self.width


def shown(column: RunColumn[Row]) -> Column[Row]:
    """A column of runs as one of `Content`."""
    return Column(
        column.name,
        column.head,
        column.width,
        lambda row: content(column.runs(row)),
        gap=column.gap,
        right=column.right,
        runs=column.runs,
    )


def fitted(text: Content, width: int, *, right: bool = False, gap: int = 0) -> Content:
    """The text in exactly `width` cells after a gap: cut with an ellipsis, or padded."""
    cells = text.cell_length
    if cells > width:
        text = text.truncate(width, ellipsis=True)
        cells = width
    blank = width - cells
    before, after = (gap + blank, 0) if right else (gap, blank)
    return text.pad(before, after) if before or after else text


def row_text(columns: tuple[Column[Row], ...], row: Row) -> Content:
    """A whole row: what `fitted` makes of each cell, in one go, for a screen has hundreds."""
    runs: list[Run] = []
    for column in columns:
        if column.runs is None:
            break
        text = column.runs(row)
        runs += fitted_runs(text, column.width, right=column.right, gap=column.gap)
    else:
        return content(tuple(runs))
    return run_on_padded(_cell(column, row) for column in columns)


def _cell(column: Column[Row], row: Row) -> tuple[int, Content, int]:
    """Blank cells, the text in at most its column's width, blank cells."""
    text = column.cell(row)
    if text.cell_length > column.width:
        text = text.truncate(column.width, ellipsis=True)
    blank = column.width - text.cell_length
    return (column.gap + blank, text, 0) if column.right else (column.gap, text, blank)


def head_text(columns: tuple[Column[Row], ...]) -> Content:
    """The column heads; a left one runs on over a neighbour that has none."""
    heads: list[Column[Row]] = []
    for column in columns:
        before = heads[-1] if heads else None
        if before and before.head and not before.right and not column.head:
            heads[-1] = replace(before, width=before.width + column.space)
        else:
            heads.append(column)
    return run_on(
        fitted(safe(column.head), column.width, right=column.right, gap=column.gap)
        for column in heads
    )


def column_at(columns: tuple[Column[Row], ...], x: int) -> Column[Row] | None:
    """The column under cell `x`, its gap included."""
    end = 0
    for column in columns:
        end += column.space
        if x < end:
            return column
    return None
