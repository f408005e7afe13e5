import shutil
from pathlib import Path

import pytest

from cs_workbench.errors import ConflictError
from cs_workbench.store.database import Database, open_database
from cs_workbench.workflows.sample.building import build_sample
from cs_workbench.workflows.sample.profile import SEED, TODAY
from cs_workbench.workflows.scoring import refresh
from cs_workbench.workflows.verifying import verify
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


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("built") / "sample.db"
    build_sample(path, seed=SEED)
    return path


@pytest.mark.deep
def test_every_score_of_the_sample_comes_out_the_same_again(built: Path, tmp_path: Path) -> None:
    with open_database(shutil.copyfile(built, tmp_path / "sample.db")) as db:
        report = verify(db)
    assert report.scores > 4_000
    assert not report.differences


@pytest.mark.deep
def test_a_refresh_of_the_sample_changes_nothing(built: Path, tmp_path: Path) -> None:
    with open_database(shutil.copyfile(built, tmp_path / "sample.db")) as db:
        report = refresh(db, as_of=TODAY, actor="ana")
    assert (report.changed, report.signals) == (0, 0)


@pytest.mark.deep
def test_the_same_seed_gives_the_same_database(built: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.db"
    build_sample(again, seed=SEED)
    dumps = []
    for path in (shutil.copyfile(built, tmp_path / "first.db"), again):
        with open_database(path) as db:
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
def test_an_older_sample_is_replaced_and_nothing_else_is_left(built: Path, tmp_path: Path) -> None:
    path = shutil.copyfile(built, tmp_path / "sample.db")
    before = path.read_bytes()
    build_sample(path, seed=SEED + 1)
    assert path.read_bytes() != before
    assert [entry.name for entry in tmp_path.iterdir()] == ["sample.db"]
