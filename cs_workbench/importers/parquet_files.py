"""Parquet files as tables, read by DuckDB (the extra `duckdb`)."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from cs_workbench.errors import InputError, MissingExtraError
from cs_workbench.importers.cell_texts import cell_text, file_digest, flattened, unique_headings
from cs_workbench.importers.tables import BLOCK, TableFile

PARQUETS = frozenset({".parquet", ".pq"})


def inspect_parquet(path: Path) -> tuple[TableFile, ...]:
    """The file as a table; fields of structs are columns as `properties.plan`.

    Raises:
        MissingExtraError: DuckDB is not installed.
        InputError: it is no Parquet file.
    """
    names: dict[str, None] = {}
    for _, record in _records(path, limit=BLOCK):
        names.update(dict.fromkeys(name for name, _ in flattened(record)))
    if not names:
        raise InputError(f"{path} holds no rows.")
    return (
        TableFile(
            *(path, "utf-8", ",", unique_headings(path, list(names)), 0),
            path.stat().st_size,
            file_digest(path),
            has_nul=False,
            cells=partial(_cells, path, tuple(names)),
        ),
    )


def _cells(path: Path, names: tuple[str, ...]) -> Iterator[tuple[int, list[str]]]:
    for number, record in _records(path):
        fields = dict(flattened(record))
        yield number, [cell_text(fields.get(name)) for name in names]


def _records(path: Path, limit: int | None = None) -> Iterator[tuple[int, dict[str, Any]]]:
    duckdb = _duckdb(path)
    connection = duckdb.connect()
    try:
        connection.execute("SET TimeZone = 'UTC'")
        found = connection.execute("SELECT * FROM read_parquet(?)", [str(path)])
        columns = [column[0] for column in found.description]
        number = 0
        while rows := found.fetchmany(BLOCK):
            for row in rows:
                number += 1
                yield number, dict(zip(columns, row, strict=True))
                if number == limit:
                    return
    except duckdb.Error as problem:
        raise InputError(f"{path} cannot be read as Parquet: {problem}") from None
    finally:
        connection.close()


def _duckdb(path: Path) -> Any:
    try:
        import duckdb
    except ImportError:
        raise MissingExtraError(f"{path}: Parquet is read by DuckDB", "duckdb") from None
    return duckdb
