import os
import shutil
import struct
from collections.abc import Callable
from pathlib import Path

import pytest

from cs_workbench.errors import (
    BusyError,
    ConflictError,
    CorruptFileError,
    ForeignFileError,
    InputError,
    NewerSchemaError,
    NotFoundError,
)
from cs_workbench.store.backup import backup, restore
from cs_workbench.store.database import Database, open_database, write
from cs_workbench.store.settings import set_setting, setting
from cs_workbench.store.sqlite import sqlite3
from tests.factories import add_account, portfolio
from tests.store.processes import COUNTING, HOLDING_THE_PEN, running


def keep(db: Database, value: str) -> None:
    with write(db) as connection:
        for name in ("a", "b"):
            set_setting(connection, name, value)


def value_in(path: Path) -> str | None:
    with open_database(path) as db:
        return setting(db, "a")


def fill(db: Database, accounts: int = 400) -> None:
    with write(db) as connection:
        for number in range(accounts):
            add_account(connection, f"account-{number}", name=f"Account {number} " + "x" * 200)


def damage(path: Path) -> None:
    """Overwrite pages in the middle, as a bad disk would."""
    with path.open("r+b") as file:
        file.seek(-4096 * 40, os.SEEK_END)
        file.write(os.urandom(4096 * 30))


def test_a_backup_is_whole_private_and_beside_the_portfolio(db: Database) -> None:
    keep(db, "1")
    copy = backup(db)
    assert copy.parent == db.path.parent
    assert copy.stat().st_mode & 0o777 == 0o600
    assert value_in(copy) == "1"
    assert not list(copy.parent.glob("*.part*"))


def test_two_backups_never_share_a_name(db: Database) -> None:
    assert backup(db) != backup(db)


def test_a_backup_overwrites_nothing(db: Database, tmp_path: Path) -> None:
    taken = tmp_path / "taken"
    taken.write_text("mine", encoding="utf-8")
    with pytest.raises(ConflictError, match="already there"):
        backup(db, taken)
    assert taken.read_text(encoding="utf-8") == "mine"
    with pytest.raises(NotFoundError, match="no folder"):
        backup(db, tmp_path / "none" / "copy")


def test_a_backup_of_a_damaged_portfolio_does_not_count(db: Database, tmp_path: Path) -> None:
    fill(db)
    db.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    damage(db.path)
    with open_database(db.path) as damaged, pytest.raises(CorruptFileError):
        backup(damaged, tmp_path / "copy")
    assert not (tmp_path / "copy").exists()


def test_a_backup_while_another_process_writes_is_of_one_moment(db: Database) -> None:
    keep(db, "0")
    fill(db)
    with running(COUNTING, db.path):
        copies = [backup(db) for _ in range(5)]
    for copy in copies:
        with open_database(copy) as kept:
            assert setting(kept, "a") == setting(kept, "b")


def test_restoring_goes_back_and_keeps_the_present_aside(db: Database) -> None:
    keep(db, "1")
    copy = backup(db)
    keep(db, "2")
    aside = restore(db.path, copy)
    assert setting(db, "a") == "1"
    assert aside is not None
    assert value_in(aside) == "2"
    assert db.connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
    assert value_in(copy) == "1"


def test_restoring_where_there_is_nothing_makes_the_portfolio(db: Database, tmp_path: Path) -> None:
    keep(db, "1")
    target = tmp_path / "new" / "portfolio.db"
    assert restore(target, backup(db)) is None
    assert value_in(target) == "1"
    assert target.stat().st_mode & 0o777 == 0o600


def test_restoring_under_another_process_mixes_nothing(db: Database) -> None:
    keep(db, "0")
    copy = backup(db)
    with running(COUNTING, db.path) as other:
        for _ in range(5):
            restore(db.path, copy)
        assert other.poll() is None
    assert setting(db, "a") == setting(db, "b")
    assert db.connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"


def test_restoring_waits_for_a_writer_only_so_long(db: Database) -> None:
    keep(db, "1")
    copy = backup(db)
    with running(HOLDING_THE_PEN, db.path), pytest.raises(BusyError):
        restore(db.path, copy, wait=0.1)


def test_restoring_does_not_wait_for_ever_for_a_strange_writer(db: Database) -> None:
    keep(db, "1")
    copy = backup(db)
    other = sqlite3.connect(db.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(BusyError):
        restore(db.path, copy, wait=0.3)
    other.close()
    assert setting(db, "a") == "1"


def test_a_damaged_portfolio_is_moved_aside_as_it_is(tmp_path: Path) -> None:
    with portfolio(tmp_path) as db:
        keep(db, "1")
        copy = backup(db, tmp_path / "copy")
        fill(db)
    damage(db.path)
    broken = db.path.read_bytes()
    aside = restore(db.path, copy)
    assert aside is not None
    assert aside.read_bytes() == broken
    assert value_in(db.path) == "1"


def test_a_newer_portfolio_can_be_left_for_its_backup(tmp_path: Path) -> None:
    with portfolio(tmp_path) as db:
        keep(db, "1")
        copy = backup(db, tmp_path / "copy")
        db.connection.execute("PRAGMA user_version = 99")
    with pytest.raises(NewerSchemaError):
        open_database(db.path)
    restore(db.path, copy)
    assert value_in(db.path) == "1"


def _foreign(path: Path) -> None:
    path.write_bytes(b"something else " * 100)


def _other_database(path: Path) -> None:
    path.unlink()
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE t (a)")
    other.close()


def _newer(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(60)
        file.write(struct.pack(">I", 99))


def _truncated(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


@pytest.mark.parametrize(
    ("spoil", "error"),
    [
        (_foreign, ForeignFileError),
        (_other_database, ForeignFileError),
        (_newer, NewerSchemaError),
        (_truncated, CorruptFileError),
        (damage, CorruptFileError),
        (Path.unlink, NotFoundError),
    ],
)
def test_a_bad_backup_is_refused_and_nothing_changes(
    db: Database, spoil: Callable[[Path], None], error: type[Exception]
) -> None:
    fill(db)
    keep(db, "1")
    copy = backup(db)
    keep(db, "2")
    before = {path.name for path in db.path.parent.iterdir()} - {copy.name}
    spoil(copy)
    with pytest.raises(error):
        restore(db.path, copy)
    assert setting(db, "a") == "2"
    assert {path.name for path in db.path.parent.iterdir()} - {copy.name} == before


def test_a_foreign_file_in_the_portfolios_place_stays(db: Database, tmp_path: Path) -> None:
    copy = backup(db)
    other = tmp_path / "letter.txt"
    other.write_text("dear " * 50, encoding="utf-8")
    with pytest.raises(ForeignFileError):
        restore(other, copy)
    assert other.read_text(encoding="utf-8") == "dear " * 50


def test_the_portfolio_is_not_its_own_backup(db: Database) -> None:
    with pytest.raises(InputError, match="itself"):
        restore(db.path, db.path)


def test_a_copied_file_is_a_backup_too(db: Database, tmp_path: Path) -> None:
    keep(db, "1")
    db.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copy(db.path, tmp_path / "copied")
    keep(db, "2")
    restore(db.path, tmp_path / "copied")
    assert setting(db, "a") == "1"
