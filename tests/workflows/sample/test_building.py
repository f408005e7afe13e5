from pathlib import Path

import pytest

from cs_workbench.errors import ConflictError
from cs_workbench.store.database import Database, open_database
from cs_workbench.workflows.sample.building import build_sample
from cs_workbench.workflows.sample.profile import SEED
from tests.factories import portfolio


def test_a_real_portfolio_is_never_replaced(tmp_path: Path) -> None:
    with portfolio(tmp_path) as db:
        path = db.path
    before = path.read_bytes()
    with pytest.raises(ConflictError, match="is not sample data"):
        build_sample(path, seed=SEED)
    assert path.read_bytes() == before


def test_another_file_is_never_replaced(tmp_path: Path) -> None:
    path = tmp_path / "thesis.txt"
    path.write_text("years of work " * 20)
    with pytest.raises(ConflictError, match="is not sample data"):
        build_sample(path, seed=SEED)
    assert path.read_text().startswith("years of work")


@pytest.mark.deep
def test_the_same_seed_gives_the_same_database(tmp_path: Path) -> None:
    dumps = []
    for name in ("first.db", "second.db"):
        build_sample(tmp_path / name, seed=SEED)
        with open_database(tmp_path / name) as db:
            dumps.append(content(db))
    first, second = dumps
    assert set(first) == set(second)
    assert not [table for table in first if first[table] != second[table]]


def content(db: Database) -> dict[str, list[tuple[object, ...]]]:
    tables = db.connection.execute(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE '%fts%'"
    ).fetchall()
    return {
        name: [tuple(row) for row in db.connection.execute(f"SELECT * FROM {name}")]
        for (name,) in tables
    }


@pytest.mark.deep
def test_an_older_sample_is_replaced_and_nothing_else_is_left(tmp_path: Path) -> None:
    path = tmp_path / "sample.db"
    build_sample(path, seed=SEED)
    before = path.read_bytes()
    build_sample(path, seed=SEED + 1)
    assert path.read_bytes() != before
    assert [entry.name for entry in tmp_path.iterdir()] == ["sample.db"]
