"""JSON, one record a line or one list, as a table: every field of any record is a column."""

import gzip
import json
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import IO, Any, cast

from cs_workbench.errors import InputError
from cs_workbench.importers.cell_texts import cell_text, file_digest, flattened
from cs_workbench.importers.tables import TableFile

JSONS = frozenset({".jsonl", ".ndjson", ".json"})
COLUMNS_LIMIT = 2_000
LIST_LIMIT = 256 << 20  # bytes of a file that is one list, which is held in memory whole


def inspect_json(path: Path) -> tuple[TableFile, ...]:
    """The file as a table; it is read from end to end for the names of its fields.

    Raises:
        InputError: a line is no record, or there are too many fields.
    """
    names: dict[str, str] = {}
    for _, record in _records(path):
        for name, _value in flattened(record):
            names.setdefault(name.casefold(), name)
        if len(names) > COLUMNS_LIMIT:
            raise InputError(f"{path}: more than {COLUMNS_LIMIT:,} fields: this is no table.")
    if not names:
        raise InputError(f"{path} holds no records.")
    headings = tuple(names.values())
    index = {name: at for at, name in enumerate(names)}
    return (
        TableFile(
            *(path, "utf-8", ",", headings, 0, path.stat().st_size, file_digest(path)),
            has_nul=False,
            cells=partial(_cells, path, index),
        ),
    )


def _cells(path: Path, index: Mapping[str, int]) -> Iterator[tuple[int, list[str]]]:
    for number, record in _records(path):
        row = [""] * len(index)
        for name, value in flattened(record):
            row[index[name.casefold()]] = cell_text(value)
        yield number, row


def _records(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Each record and the line (of a list: the place) where it stands."""
    with _open(path) as file:
        first = file.read(1)
        while first and first.isspace():
            first = file.read(1)
        if first == b"[":
            yield from _list(path, file)
            return
    with _open(path) as file:
        for number, line in enumerate(file, 1):
            if line.strip():
                yield number, _record(path, number, line)


def _record(path: Path, number: int, line: bytes) -> dict[str, Any]:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as problem:
        raise InputError(f"{path}, line {number}: this is no JSON record ({problem}).") from None
    if not isinstance(record, dict):
        raise InputError(f"{path}, line {number}: a record {{…}} is needed on every line.")
    return record


def _list(path: Path, file: IO[bytes]) -> Iterator[tuple[int, dict[str, Any]]]:
    if path.stat().st_size > LIST_LIMIT:
        raise InputError(f"{path}: one list of that size; export it with one record a line.")
    try:
        records = json.loads(b"[" + file.read())
    except (ValueError, RecursionError) as problem:
        raise InputError(f"{path}: this is no JSON ({problem}).") from None
    for number, record in enumerate(records, 1):
        if not isinstance(record, dict):
            raise InputError(f"{path}, record {number}: a list of records {{…}} is needed.")
        yield number, record


def _open(path: Path) -> IO[bytes]:
    with path.open("rb") as file:
        is_packed = file.read(2) == b"\x1f\x8b"
    return cast("IO[bytes]", gzip.open(path, "rb") if is_packed else path.open("rb"))
