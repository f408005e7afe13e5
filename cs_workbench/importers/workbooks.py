"""Sheets of Excel and OpenDocument workbooks as tables."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import islice, zip_longest
from pathlib import Path
from typing import TYPE_CHECKING

from cs_workbench.errors import InputError
from cs_workbench.importers.cell_texts import cell_text, file_digest, unique_headings
from cs_workbench.importers.tables import TableFile

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

WORKBOOKS = frozenset({".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"})
SEARCHED = 25  # rows in which the headings are looked for; above them stand titles and notes
Row = list[str]


def inspect_workbook(path: Path) -> tuple[TableFile, ...]:
    """The sheets that are tables; empty ones and those of less than two columns are not.

    Raises:
        InputError: it cannot be read, or holds no table.
    """
    digest = file_digest(path)
    tables = []
    for name in _names(path):
        top = _Top(path, _sheet(path, name))
        if top.headings is None:
            continue
        cells = partial(_cells, path, name, top.at, top.columns)
        tables.append(
            TableFile(
                *(path, "utf-8", ",", top.headings, top.at + 1),
                path.stat().st_size,
                f"{digest}:{name}",
                has_nul=False,
                part=name,
                cells=cells,
            )
        )
    if not tables:
        raise InputError(f"{path}: no sheet holds a table with headings.")
    has_siblings = len(tables) > 1
    return tuple(replace(table, has_siblings=has_siblings) for table in tables)


class _Top:
    """Where a sheet's headings are.

    Attributes:
        headings: their texts, None where the sheet is no table; of two lines, where cells of the
            upper one reach over several columns, joined.
        at: the number of rows before the first row of data, less one.
        columns: the positions of the columns that have a heading or data.
    """

    def __init__(self, path: Path, sheet: "CalamineSheet") -> None:
        rows = [list(map(cell_text, row)) for row in islice(sheet.iter_rows(), SEARCHED)]
        _spread(sheet, rows)
        self.headings: tuple[str, ...] | None = None
        self.columns: Sequence[int] = ()
        self.at = _heading_row(rows)
        if self.at < 0:
            return
        names = _names_of(rows, self.at)
        below = rows[self.at + 1 :]
        self.columns = [
            at for at, name in enumerate(names) if name or any(row[at] for row in below)
        ]
        if len(self.columns) >= 2:
            shown = [names[at] or f"Column {_letters(at)}" for at in self.columns]
            self.headings = unique_headings(path, shown)


def _spread(sheet: "CalamineSheet", rows: list[Row]) -> None:
    """Give every column under a merged cell of the top its text."""
    for (top, left), (_, right) in sheet.merged_cell_ranges or ():
        if top < len(rows) and right > left:
            for at in range(left, min(right + 1, len(rows[top]))):
                rows[top][at] = rows[top][left]


def _heading_row(rows: list[Row]) -> int:
    """The first row that has nearly as many texts as any of the top, all different; -1: none."""
    most = max((len({text for text in row if text}) for row in rows), default=0)
    for at, row in enumerate(rows):
        filled = [at for at, text in enumerate(row) if text]
        names = _names_of(rows, at)
        different = len({names[column] for column in filled})
        if different >= max(2, 0.6 * most) and different >= 0.7 * len(filled):
            return at
    return -1


def _names_of(rows: list[Row], at: int) -> Row:
    """A row of headings, each after the merged one above it where that spans several columns."""
    upper = rows[at - 1] if at else []
    spans = {text for text in upper if text and upper.count(text) > 1}
    if len(spans) < 2 and len({text for text in upper if text}) < 2:
        return rows[at]  # a title over the whole table
    return [
        f"{above} {name}".strip() if above in spans else name
        for name, above in zip_longest(rows[at], upper[: len(rows[at])], fillvalue="")
    ]


def _letters(at: int) -> str:
    letters, left = "", at + 1
    while left:
        left, rest = divmod(left - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _cells(path: Path, name: str, at: int, columns: Sequence[int]) -> Iterator[tuple[int, Row]]:
    for number, row in enumerate(_sheet(path, name).iter_rows(), 1):
        if number <= at + 1:
            continue
        texts = [cell_text(row[column]) for column in columns]
        if any(texts):
            yield number, texts


def _names(path: Path) -> list[str]:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        return list(CalamineWorkbook.from_path(str(path)).sheet_names)
    except (CalamineError, OSError) as problem:
        raise InputError(f"{path} cannot be read as a workbook: {problem}") from None


def _sheet(path: Path, name: str) -> "CalamineSheet":
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        return CalamineWorkbook.from_path(str(path)).get_sheet_by_name(name)
    except CalamineError as problem:
        raise InputError(f"{path}, sheet {name}: cannot be read: {problem}") from None
