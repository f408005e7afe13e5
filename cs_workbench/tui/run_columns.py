"""Columns of a table as runs of text: what a cell shows, and fitting it into exactly its width.

Both the table on the screen and the first picture, which comes before Textual, are made of these.
"""

from collections.abc import Callable
from typing import Final, Generic, NamedTuple, TypeVar

from cs_workbench.core.glyphs import ASCII, UNICODE
from cs_workbench.tui.runs import Run, Runs

Row = TypeVar("Row")


class RunColumn(NamedTuple, Generic[Row]):
    """One column.

    Attributes:
        name: the field it sorts by; empty where it cannot be sorted.
        runs: the text of a row, of any width.
        gap: blank cells before it.
        right: aligned right, as numbers are.
    """

    name: str
    head: str
    width: int
    runs: Callable[[Row], Runs]
    gap: int = 1
    right: bool = False

    @property
    def space(self) -> int:
        """Cells it takes with its gap."""
        return self.gap + self.width


def row_runs(columns: tuple[RunColumn[Row], ...], row: Row) -> Runs:
    """A whole row, each cell in its column's width."""
    fitted: list[Run] = []
    for column in columns:
        fitted += fitted_runs(column.runs(row), column.width, right=column.right, gap=column.gap)
    return tuple(fitted)


def head_runs(columns: tuple[RunColumn[Row], ...]) -> Runs:
    """The column heads; a left one runs on over a neighbour that has none."""
    heads: list[RunColumn[Row]] = []
    for column in columns:
        before = heads[-1] if heads else None
        if before and before.head and not before.right and not column.head:
            heads[-1] = before._replace(width=before.width + column.space)
        else:
            heads.append(column)
    fitted: list[Run] = []
    for column in heads:
        text: Runs = ((column.head, ""),)
        fitted += fitted_runs(text, column.width, right=column.right, gap=column.gap)
    return tuple(fitted)


def cells_of(runs: Runs) -> int:
    """How many cells of a terminal they take."""
    return sum([cells(text) for text, _ in runs])


def cells(text: str) -> int:
    """How many cells of a terminal a text takes: as Textual counts, and without loading its table.

    Signs of ours, Latin letters, kana, ideographs and Hangul are told by their place.
    """
    if text.isascii():
        return len(text)
    wide = 0
    for sign in text:
        if sign in _ONE_CELL or " " <= sign < "\u007f" or "\u00ae" <= sign < "\u0300":
            continue
        if not any(first <= sign <= last for first, last in _TWO_CELLS):
            from rich.cells import cell_len

            return cell_len(text)
        wide += 1
    return len(text) + wide


def fitted_runs(runs: Runs, width: int, *, right: bool, gap: int) -> Runs:
    """The runs in exactly `width` cells after a gap: cut, or padded."""
    taken = cells_of(runs)
    if taken > width:
        runs = _cut(runs, width)
        taken = cells_of(runs)
    blank = width - taken
    before, after = (gap + blank, 0) if right else (gap, blank)
    head: Runs = ((" " * before, ""),) if before else ()
    tail: Runs = ((" " * after, ""),) if after else ()
    return (*head, *runs, *tail)


def _cut(runs: Runs, width: int) -> Runs:
    """The runs, which take more, in at most `width` cells, the last of them an ellipsis."""
    left, kept = width - 1, []
    for text, style in runs:
        taken = cells(text)
        if taken > left:
            kept.append((_first_cells(text, left) + "…", style))
            break
        kept.append((text, style))
        left -= taken
    return tuple(kept)


def _first_cells(text: str, width: int) -> str:
    if cells(text) == len(text):
        return text[:width]
    from rich.cells import set_cell_size

    return set_cell_size(text, width)


_ONE_CELL: Final = frozenset(UNICODE.all + ASCII.all + UNICODE.none + UNICODE.minus + "…›•─✓")
_TWO_CELLS: Final = (
    ("\u4e00", "\u9fff"),
    ("\u3041", "\u3096"),
    ("\u30a1", "\u30fc"),
    ("\uac00", "\ud7a3"),
)
