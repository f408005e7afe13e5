import sys
from pathlib import Path

import duckdb
import pytest

from cs_workbench.errors import InputError, MissingExtraError
from cs_workbench.importers.formats import inspect_tables
from cs_workbench.importers.tables import TableRows
from tests.importers.sources import write


def parquet(folder: Path) -> Path:
    path = folder / "events.parquet"
    duckdb.connect().execute(
        "COPY (SELECT 'e' || range AS id, range AS n, TIMESTAMPTZ '2026-03-29 01:30:00+00' AS at, "
        "{'plan': 'team', 'size': 1.50::DECIMAL(5,2)} AS properties, DATE '2026-03-29' AS day, "
        f"NULL::VARCHAR AS nothing FROM range(3)) TO '{path}' (FORMAT parquet)"
    )
    return path


def test_rows_are_read_with_their_structs_and_types(tmp_path: Path) -> None:
    table = inspect_tables(parquet(tmp_path))[0]
    assert table.headings == (
        *("id", "n", "at", "properties.plan", "properties.size", "day", "nothing"),
    )
    rows = list(TableRows(table, lambda _: None))
    assert rows[1] == ["e1", "1", "2026-03-29 01:30:00+00:00", "team", "1.50", "2026-03-29", ""]
    assert len(rows) == 3


def test_what_is_no_parquet_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read as Parquet"):
        inspect_tables(write(tmp_path, "x.parquet", "no"))


def test_without_the_extra_it_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = parquet(tmp_path)
    monkeypatch.setitem(sys.modules, "duckdb", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'cs-workbench\[duckdb\]'"):
        inspect_tables(path)
