import os
import re
import shutil
import struct
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from cs_workbench.errors import (
    BusyError,
    CorruptFileError,
    DiskFullError,
    ForeignFileError,
    NewerSchemaError,
    NotFoundError,
    ReadOnlyPlaceError,
)
from cs_workbench.store.check import find_damage
from cs_workbench.store.database import Database, open_database, snapshot, utc_now, write
from cs_workbench.store.files import SCHEMA_VERSION
from cs_workbench.store.readonly_sql import answer
from cs_workbench.store.settings import set_setting, setting
from cs_workbench.store.sqlite import Connection, sqlite3
from tests.factories import portfolio
from tests.store.processes import HOLDING_THE_PEN, finish, running, start
from tests.store.test_backup import fill

NOBODY = 65534


def test_a_portfolio_is_made_only_when_asked(tmp_path: Path) -> None:
    path = tmp_path / "data" / "portfolio.db"
    with pytest.raises(NotFoundError, match="csw demo"):
        open_database(path)
    assert not path.parent.exists()
    open_database(path, create=True).connection.close()
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("has_pages", [False, True])
def test_a_portfolio_that_was_killed_before_its_tables_is_told_and_heals(
    tmp_path: Path, *, has_pages: bool
) -> None:
    path = tmp_path / "portfolio.db"
    path.touch(mode=0o600)
    if has_pages:
        begun = sqlite3.connect(path, isolation_level=None)
        begun.executescript("CREATE TABLE t (x); DROP TABLE t;")
        begun.close()
    with pytest.raises(NotFoundError, match=r"still empty.*`csw --db .* import"):
        open_database(path)
    with pytest.raises(NotFoundError, match="still empty"):
        find_damage(path)
    with pytest.raises(NotFoundError, match="still empty"), answer(path, "SELECT 1"):
        pass
    with open_database(path, create=True) as db:
        assert setting(db, "a") is None


def test_a_connection_is_as_safe_as_sqlite_can_be(tmp_path: Path) -> None:
    wanted = {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "trusted_schema": 0,
        "application_id": 0x43535762,
    }
    with open_database(tmp_path / "p.db", create=True) as db:
        found = {name: db.connection.execute(f"PRAGMA {name}").fetchone()[0] for name in wanted}
    assert found == wanted


def test_instants_are_utc() -> None:
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", utc_now())


def _set_and_fail(connection: Connection) -> None:
    set_setting(connection, "a", "1")
    raise ZeroDivisionError


def test_a_write_is_whole_or_not_at_all(db: Database) -> None:
    with pytest.raises(ZeroDivisionError), write(db) as c:
        _set_and_fail(c)
    assert setting(db, "a") is None
    with write(db) as c:
        set_setting(c, "a", "1")
    assert setting(db, "a") == "1"


def test_a_snapshot_stands_still_while_others_write(db: Database) -> None:
    with write(db) as c:
        set_setting(c, "a", "1")
    with open_database(db.path) as other, snapshot(db):
        assert setting(db, "a") == "1"
        with write(other) as c:
            set_setting(c, "a", "2")
        assert setting(db, "a") == "1"
    assert setting(db, "a") == "2"


def test_the_log_is_copied_into_the_file_behind_a_write_and_not_in_it(db: Database) -> None:
    def pages() -> int:
        _, written, copied = db.connection.execute("PRAGMA wal_checkpoint(NOOP)").fetchone()
        return int(written) - int(copied)

    with write(db) as pen:
        set_setting(pen, "small", "x")
    assert pages() > 0
    with write(db) as pen:
        set_setting(pen, "large", "x" * 5_000_000)
        assert pen.execute("PRAGMA wal_autocheckpoint").fetchone()[0] == 0
    assert pages() == 0


def _foreign(path: Path) -> None:
    path.write_text("dear diary " * 100, encoding="utf-8")


def _other_database(path: Path) -> None:
    path.unlink()
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE t (a)")
    other.close()


def _newer(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(60)
        file.write(struct.pack(">I", SCHEMA_VERSION + 1))


def _short(path: Path) -> None:
    os.truncate(path, 50)


@pytest.mark.parametrize(
    ("spoil", "error"),
    [
        (_foreign, ForeignFileError),
        (_other_database, ForeignFileError),
        (_short, ForeignFileError),
        (_newer, NewerSchemaError),
    ],
)
def test_what_is_not_ours_is_left_alone(
    tmp_path: Path, spoil: Callable[[Path], None], error: type[Exception]
) -> None:
    path = portfolio_file(tmp_path)
    spoil(path)
    before = path.read_bytes()
    for create in (False, True):
        with pytest.raises(error, match="not changed"):
            open_database(path, create=create)
    assert path.read_bytes() == before
    assert [one.name for one in tmp_path.iterdir() if one.suffix not in {".lock", ".turn"}] == [
        "portfolio.db"
    ]


def test_a_truncated_portfolio_is_told_as_damaged(tmp_path: Path) -> None:
    path = portfolio_file(tmp_path)
    os.truncate(path, 4096 * 3)
    before = path.read_bytes()
    with pytest.raises(CorruptFileError, match="csw restore"):
        open_database(path)
    assert path.read_bytes() == before


def portfolio_file(folder: Path) -> Path:
    with portfolio(folder) as db:
        fill(db)
    return folder / "portfolio.db"


@contextmanager
def anybody() -> Iterator[None]:
    """Without the powers of the superuser, to whom no file is read-only."""
    if os.geteuid():
        yield
        return
    os.setresuid(NOBODY, NOBODY, 0)
    try:
        yield
    finally:
        os.setresuid(0, 0, 0)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that everybody may enter."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


def _give_away(path: Path) -> None:
    if not os.geteuid():
        os.chown(path, NOBODY, NOBODY)


def test_a_folder_that_cannot_be_written_is_told(open_folder: Path) -> None:
    path = portfolio_file(open_folder)
    _give_away(path)
    before = path.read_bytes()
    open_folder.chmod(0o555)
    with anybody():
        with pytest.raises(ReadOnlyPlaceError, match="--db"):
            open_database(path)
        with pytest.raises(ReadOnlyPlaceError):
            open_database(open_folder / "new.db", create=True)
        with pytest.raises(ReadOnlyPlaceError):
            open_database(open_folder / "new" / "new.db", create=True)
    assert path.read_bytes() == before


def test_a_file_that_cannot_be_written_or_read_is_told(open_folder: Path) -> None:
    path = portfolio_file(open_folder)
    _give_away(path)
    _give_away(open_folder)
    for mode in (0o400, 0o000):
        path.chmod(mode)
        with anybody(), pytest.raises(ReadOnlyPlaceError):
            open_database(path)


def test_a_full_file_keeps_the_old_state(db: Database) -> None:
    with write(db) as c:
        set_setting(c, "a", "1")
    pages = db.connection.execute("PRAGMA page_count").fetchone()[0]
    db.connection.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(DiskFullError, match="no room left"), write(db) as c:
        set_setting(c, "a", "2" * 10_000_000)
    assert setting(db, "a") == "1"
    assert db.connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"


LIMITED = """
import resource
from cs_workbench.errors import DiskFullError
from cs_workbench.store.settings import set_setting
with open_database(path) as db:
    size = path.stat().st_size + 2**20
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    try:
        with write(db) as c:
            set_setting(c, "a", "2")
            for number in range(100):
                set_setting(c, str(number), "x" * 1_000_000)
    except DiskFullError as problem:
        print(problem)
"""


def test_a_disk_that_refuses_keeps_the_old_state(db: Database) -> None:
    with write(db) as c:
        set_setting(c, "a", "1")
    assert "the disk refused" in finish(start(LIMITED, db.path))
    assert setting(db, "a") == "1"
    assert db.connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"


def test_a_writer_waits_only_so_long(db: Database) -> None:
    with write(db) as c:
        set_setting(c, "a", "1")
    with running(HOLDING_THE_PEN, db.path), open_database(db.path, wait=0.1) as impatient:
        assert setting(impatient, "a") == "1"
        with pytest.raises(BusyError, match="another program"), write(impatient):
            pass


def test_a_strange_lock_is_told_too(db: Database) -> None:
    other = sqlite3.connect(db.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with open_database(db.path, wait=0.1) as impatient, pytest.raises(BusyError), write(impatient):
        pass
    other.close()


def test_a_writer_killed_half_way_leaves_the_old_state_and_the_pen(db: Database) -> None:
    with write(db) as c:
        set_setting(c, "a", "1")
    with running(HOLDING_THE_PEN, db.path):
        pass
    assert setting(db, "a") == "1"
    with open_database(db.path, wait=0.1) as next_one, write(next_one) as c:
        set_setting(c, "a", "2")
    assert setting(db, "a") == "2"


INCREMENTING = """
with open_database(path) as db:
    for _ in range(TIMES):
        with write(db) as c:
            value = int(c.execute("SELECT value FROM setting WHERE name = 'a'").fetchone()[0])
            c.execute("UPDATE setting SET value = ? WHERE name = 'a'", (str(value + 1),))
"""


def _count(db: Database, processes: int, times: int) -> None:
    with write(db) as c:
        set_setting(c, "a", "0")
    code = INCREMENTING.replace("TIMES", str(times))
    for process in [start(code, db.path) for _ in range(processes)]:
        finish(process)
    assert setting(db, "a") == str(processes * times)


def test_two_processes_lose_nothing(db: Database) -> None:
    _count(db, 2, 150)


@pytest.mark.deep
def test_many_processes_lose_nothing(db: Database) -> None:
    _count(db, 6, 500)


OPENING = """
with open_database(path, create=True) as db:
    print(db.connection.execute("SELECT count(*) FROM account").fetchone()[0])
"""


def test_processes_that_make_the_same_portfolio_agree(tmp_path: Path) -> None:
    started = [start(OPENING, tmp_path / "new.db") for _ in range(3)]
    assert [finish(process) for process in started] == ["0\n"] * 3
