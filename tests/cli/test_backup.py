from pathlib import Path

from cs_workbench.store.database import open_database, write
from cs_workbench.store.settings import set_setting, setting
from tests.cli import run
from tests.factories import portfolio


def keep(path: Path, value: str) -> None:
    with open_database(path) as db, write(db) as c:
        set_setting(c, "a", value)


def test_there_and_back(tmp_path: Path) -> None:
    portfolio(tmp_path).connection.close()
    path = tmp_path / "portfolio.db"
    keep(path, "1")
    backup = run.csw("--db", path, "backup")
    copy = Path(backup.stdout.rstrip("\n"))
    assert (backup.returncode, copy.is_file()) == (0, True)
    assert copy.stat().st_mode & 0o777 == 0o600
    keep(path, "2")
    restored = run.csw("--db", path, "restore", copy)
    assert restored.returncode == 0
    assert "is now as in" in restored.stderr
    for where, value in ((path, "1"), (Path(restored.stdout.rstrip("\n")), "2")):
        with open_database(where) as db:
            assert setting(db, "a") == value


def test_failures_have_their_codes(tmp_path: Path) -> None:
    portfolio(tmp_path).connection.close()
    path = tmp_path / "portfolio.db"
    (tmp_path / "letter").write_text("dear " * 100, encoding="utf-8")
    assert run.within("--db", path, "backup", tmp_path / "letter").returncode == 12
    assert run.within("--db", path, "restore", tmp_path / "letter").returncode == 5
    assert run.within("--db", path, "restore", tmp_path / "none").returncode == 3
