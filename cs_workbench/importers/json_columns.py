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

Objects = Mapping[int, dict[str, Any] | None]  # by the position of their column


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
    names = {name.casefold(): name for at, name in enumerate(table.headings) if at not in places}
    for row in TableRows(table, lambda _: None):
        for name, _ in _fields(table, {at: _object(row[at]) for at in places}):
            names.setdefault(name.casefold(), name)
        if len(names) > COLUMNS_LIMIT:
            raise InputError(f"{table.path}: more than {COLUMNS_LIMIT:,} fields: this is no table.")
    index = {name: at for at, name in enumerate(names)}
    cells = partial(_cells, table, places, index)
    return replace(table, headings=tuple(names.values()), cells=cells)


def _are_objects(cells: Sequence[str]) -> bool:
    """Whether all that stands in a column are JSON objects; a column of nothing is none of them."""
    return any(cell.strip() for cell in cells) and all(_object(cell) is not None for cell in cells)


def _object(cell: str) -> dict[str, Any] | None:
    """What a cell holds: nothing where it is empty, None where it is no object."""
    text = cell.strip()
    if not text.startswith("{"):
        return None if text else {}
    try:
        return dict(json.loads(text))
    except (ValueError, RecursionError):
        return None


def _fields(table: TableFile, objects: Objects) -> Iterator[tuple[str, object]]:
    """The fields inside a row's objects; what is no object is passed over here."""
    for at, found in objects.items():
        yield from flattened(found or {}, f"{table.headings[at]}.")


def _cells(
    table: TableFile, places: Sequence[int], index: Mapping[str, int]
) -> Iterator[tuple[int, list[str]] | Reject]:
    refused: list[Reject] = []
    rows = TableRows(table, refused.append)
    kept = [
        (at, index[name.casefold()]) for at, name in enumerate(table.headings) if at not in places
    ]
    for row in rows:
        objects = {at: _object(row[at]) for at in places}
        wrong = next((at for at, found in objects.items() if found is None), None)
        if wrong is not None:
            rows.reject(table.headings[wrong], "is no JSON object, as the cells above are")
        else:
            texts = [""] * len(index)
            for at, to in kept:
                texts[to] = row[at]
            for name, value in _fields(table, objects):
                texts[index[name.casefold()]] = cell_text(value)
            yield rows.line, texts
        yield from refused
        refused.clear()
    yield from refused
