"""Columns of an accounts file that nobody knows: what they hold, and how they are read."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cs_workbench.core.custom_fields import LONGEST_VALUE, CustomField, CustomType, plain_value
from cs_workbench.core.records import Reject
from cs_workbench.importers.sources import Source
from cs_workbench.importers.tables import TableRows
from cs_workbench.importers.values import Reading, plain_number, read_day

_DATE = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}")


@dataclass(frozen=True, slots=True)
class CustomColumn:
    """A column and the field that it becomes.

    Attributes:
        place: of the column in its rows.
        read: the text of a cell as the field keeps it; None where it is empty.
    """

    field: CustomField
    place: int
    read: Callable[[str], str | None]


def unknown_columns(source: Source, sources: Sequence[Source]) -> tuple[str, ...]:
    """The headings of an accounts file that no mapping of the same file makes anything of.

    Those that a person may have misspelled, or that a tool fills for itself, are not among them.
    """
    mapping = source.mapping
    if source.file.kind.name != "accounts" or (mapping.fills_only and not mapping.own_columns):
        return ()
    same = [one for one in sources if one.table.path == source.table.path]
    used = [set(one.ignored) for one in same if one.table.part == source.table.part]
    meant, system = source.meant(), source.file.system_columns
    return tuple(
        name
        for name in source.ignored
        if name not in meant and name.casefold() not in system and all(name in one for one in used)
    )


def types_in(
    source: Source, headings: Sequence[str], reading: Reading
) -> dict[str, set[CustomType]]:
    """By heading the types of all values that stand under it; nothing for an empty column."""
    places = {name: source.table.headings.index(name) for name in headings}
    found: dict[str, set[CustomType]] = {name: set() for name in headings}
    split = value_reader(source, reading)
    for row in TableRows(source.table, _nowhere):
        for name, place in places.items():
            if (text := row[place].strip()) and "text" not in found[name]:
                found[name].add(split(text)[0])
    return found


def value_reader(source: Source, reading: Reading) -> Callable[[str], tuple[CustomType, str]]:
    """Reads a cell by the file's own ways of writing days and numbers: its type and its value."""
    numbers = source.mapping.numbers

    def read(text: str) -> tuple[CustomType, str]:
        kind, value = plain_value(plain_number(text, numbers))
        if kind == "text" and reading.date_formats and _DATE.fullmatch(text):
            try:
                return "date", read_day(text, reading).isoformat()
            except ValueError:
                return "text", text
        return (kind, value) if kind != "text" else ("text", text[:LONGEST_VALUE])

    return read


def column_of(source: Source, heading: str, field: CustomField, reading: Reading) -> CustomColumn:
    """The column under a heading, whose values are of the field's type or text."""
    split = value_reader(source, reading)

    def read(cell: str) -> str | None:
        text = cell.strip()
        if not text:
            return None
        return text[:LONGEST_VALUE] if field.type == "text" else split(text)[1]

    return CustomColumn(field, source.table.headings.index(heading), read)


def _nowhere(_: Reject) -> None:
    """Rows that cannot be read are told of when they are."""
