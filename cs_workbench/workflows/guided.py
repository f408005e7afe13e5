"""Files whose headings nobody knows: a guess, rows as they would be read, a confirmation."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cs_workbench.errors import InputError
from cs_workbench.importers.choosing import kept_rows
from cs_workbench.importers.detection import fitting_sources, unknown_tables
from cs_workbench.importers.guess_files import mapping_text
from cs_workbench.importers.guessing import Guess, guess
from cs_workbench.importers.mapping_files import parse_mapping
from cs_workbench.importers.records import Assumptions, RecordReader
from cs_workbench.importers.sources import Source
from cs_workbench.importers.spreading import spread
from cs_workbench.importers.tables import TableRows

PREVIEWED = 5


@dataclass(frozen=True, slots=True)
class Preview:
    """The first rows of a file as they would be read.

    Attributes:
        kind: what they become.
        headings: of our fields.
        rows: their values, as the portfolio would keep them.
        problems: why rows among them would be refused.
    """

    kind: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    problems: tuple[str, ...]


def guesses(paths: Sequence[Path]) -> list[Guess]:
    """A guess for each table that no mapping knows.

    Raises:
        NotFoundError, InputError: a path is not there, or cannot be read.
    """
    return [guess(table) for table in unknown_tables(paths)]


def preview(found: Guess, assumed: Assumptions) -> list[Preview]:
    """How the first rows would be read, for each kind that the file has.

    Raises:
        InputError: something is missing, or is not clear.
    """
    if found.missing:
        raise InputError(f"Which column is {'; and which is '.join(found.missing)}?")
    if found.dates == "unsure":
        raise InputError("Which order do dates have, dates=dmy or dates=mdy? Both fit.")
    mapping = parse_mapping(mapping_text(found), found.table.path)
    sources = fitting_sources(found.table, [mapping])
    return [_read(spread(source, None), assumed) for source in sources]


def _read(source: Source, assumed: Assumptions) -> Preview:
    problems: list[str] = []
    rows = TableRows(
        source.table,
        lambda reject: problems.append(f"line {reject.line}: {reject.column} {reject.reason}"),
        keep=kept_rows(source),
    )
    if source.file.kind.name == "usage":
        cells = tuple(tuple(row) for row in itertools.islice(rows, PREVIEWED))
        return Preview("usage", source.table.headings, cells, ())
    reader = RecordReader(source, assumed)
    headings = (source.file.kind.key, "account", *reader.columns)
    shown = []
    for record in itertools.islice(reader.records(rows), PREVIEWED):
        names = record.names
        account = record.account_id or (names and (names.name or names.domain)) or ""
        values = (record.key, account, *record.values)
        shown.append(tuple("" if value is None else str(value) for value in values))
    return Preview(source.file.kind.name, headings, tuple(shown), tuple(problems[:PREVIEWED]))
