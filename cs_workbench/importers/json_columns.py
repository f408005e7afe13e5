"""Columns of JSON objects, as warehouses write them: a column for each of their fields."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from cs_workbench.core.records import Reject
from cs_workbench.errors import InputError
from cs_workbench.importers.cell_texts import cell_text, flattened
from cs_workbench.importers.json_files import COLUMNS_LIMIT
from cs_workbench.importers.tables import TableFile, TableRows, first_rows

SAMPLED = 20  # rows by which such a column is known


def with_json_columns(table: TableFile) -> TableFile:
    """The table with `groups.company` in place of `groups`, where cells are `{"company": …}`.

    One that has such a column is read from end to end for the names of its fields.

    Raises:
        InputError: there are too many fields.
    """
    rows = first_rows(table, SAMPLED)
    places = [at for at in range(len(table.headings)) if _are_objects([row[at] for row in rows])]
    if not places:
        return table
    kept = [at for at in range(len(table.headings)) if at not in places]
    names = {table.headings[at].casefold(): table.headings[at] for at in kept}
    for row in TableRows(table, lambda _: None):
        for name, _ in _fields(table, row, places):
            names.setdefault(name.casefold(), name)
        if len(names) > COLUMNS_LIMIT:
            raise InputError(f"{table.path}: more than {COLUMNS_LIMIT:,} fields: this is no table.")
    index = {name: at for at, name in enumerate(names)}
    cells = partial(_cells, table, places, index)
    return replace(table, headings=tuple(names.values()), cells=cells)


def _are_objects(cells: Sequence[str]) -> bool:
    """Whether all that stands in a column are JSON objects; a column of nothing is none of them."""
    given = [cell for cell in cells if cell.strip()]
    return bool(given) and all(_object(cell) is not None for cell in given)


def _object(cell: str) -> dict[str, Any] | None:
    if not cell.lstrip().startswith("{"):
        return None
    try:
        return dict(json.loads(cell))
    except (ValueError, RecursionError):
        return None


def _fields(
    table: TableFile, row: Sequence[str], places: Sequence[int]
) -> Iterator[tuple[str, object]]:
    """The fields inside a row's objects; what is no object is passed over here."""
    for at in places:
        yield from flattened(_object(row[at]) or {}, f"{table.headings[at]}.")


def _cells(
    table: TableFile, places: Sequence[int], index: Mapping[str, int]
) -> Iterator[tuple[int, list[str]] | Reject]:
    refused: list[Reject] = []
    rows = TableRows(table, refused.append)
    for row in rows:
        found = [""] * len(index)
        for at, cell in enumerate(row):
            if at not in places:
                found[index[table.headings[at].casefold()]] = cell
            elif cell.strip() and _object(cell) is None:
                rows.reject(table.headings[at], "is no JSON object, as the cells above are")
                break
        else:
            for name, value in _fields(table, row, places):
                found[index[name.casefold()]] = cell_text(value)
            yield rows.line, found
        yield from refused
        refused.clear()
    yield from refused
