import errno
import os
from pathlib import Path

import pytest

from cs_workbench.errors import (
    BusyError,
    CorruptFileError,
    DiskFullError,
    ForeignFileError,
    NewerSchemaError,
    ReadOnlyPlaceError,
)
from cs_workbench.store.database import Database, open_database
from cs_workbench.store.files import (
    NETWORK_FILE_SYSTEMS,
    SCHEMA_VERSION,
    check_header,
    check_schema,
    file_system,
    is_blank,
    make_file,
    queue,
    translated,
)
from cs_workbench.store.sqlite import sqlite3


def test_a_new_file_is_private_in_a_private_folder(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "portfolio.db"
    make_file(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_a_header_tells_the_schema(db: Database) -> None:
    assert check_header(db.path) == SCHEMA_VERSION
    newer = SCHEMA_VERSION + 1
    told = f"schema {newer}, this program knows {SCHEMA_VERSION}"
    with pytest.raises(NewerSchemaError, match=told):
        check_schema(db.path, newer)


@pytest.mark.parametrize(
    "content", [b"x", b"SQLite format 3\x00", b"SQLite format 3\x00" + b"\0" * 99]
)
def test_other_headers_are_foreign(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "other").write_bytes(content)
    with pytest.raises(ForeignFileError):
        check_header(tmp_path / "other")


def _blank(path: Path, *statements: str) -> Path:
    connection = sqlite3.connect(path, isolation_level=None)
    for statement in ("CREATE TABLE t (x)", "DROP TABLE t", *statements):
        connection.execute(statement)
    connection.close()
    return path


@pytest.mark.parametrize(
    ("statements", "blank"),
    [
        ((), True),
        (("VACUUM",), True),
        (("CREATE TABLE t (x)",), False),
        (("CREATE VIEW v AS SELECT 1",), False),
        (("PRAGMA user_version = 3",), False),
        (("PRAGMA application_id = 7",), False),
    ],
)
def test_a_file_without_a_table_is_blank(
    tmp_path: Path, statements: tuple[str, ...], *, blank: bool
) -> None:
    path = _blank(tmp_path / "p.db", *statements)
    assert path.stat().st_size > 0
    assert is_blank(path) is blank


def test_what_is_only_in_the_log_yet_is_there(tmp_path: Path) -> None:
    path = _blank(tmp_path / "p.db", "PRAGMA journal_mode = wal")
    writer = sqlite3.connect(path, isolation_level=None)
    writer.execute("CREATE TABLE t (x)")
    assert not is_blank(path)
    writer.close()


def test_an_empty_file_that_others_can_read_is_closed_to_them(tmp_path: Path) -> None:
    path = tmp_path / "portfolio.db"
    path.touch()
    path.chmod(0o666)
    make_file(path)
    assert path.stat().st_mode & 0o777 == 0o600


def test_what_is_no_file_keeps_its_mode(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    pipe.chmod(0o666)
    make_file(pipe)
    assert pipe.stat().st_mode & 0o777 == 0o666


def test_no_file_and_an_empty_one_are_blank_and_text_is_not(tmp_path: Path, db: Database) -> None:
    path = tmp_path / "other"
    assert is_blank(path)
    path.touch()
    assert is_blank(path)
    path.write_text("x", encoding="utf-8")
    assert not is_blank(path)
    assert not is_blank(db.path)


@pytest.mark.parametrize("place", ["a file/portfolio.db", f"{'x' * 300}.db", "loop/portfolio.db"])
def test_a_place_where_no_file_can_be_is_told(tmp_path: Path, place: str) -> None:
    (tmp_path / "a file").touch()
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    with pytest.raises(ReadOnlyPlaceError, match="there can be no file"):
        open_database(tmp_path / place, create=True)


@pytest.mark.parametrize(
    ("number", "error"),
    [
        (errno.ENOSPC, DiskFullError),
        (errno.EDQUOT, DiskFullError),
        (errno.EFBIG, DiskFullError),
        (errno.EACCES, ReadOnlyPlaceError),
        (errno.EROFS, ReadOnlyPlaceError),
    ],
)
def test_errors_of_the_system_get_our_names(
    tmp_path: Path, number: int, error: type[Exception]
) -> None:
    with pytest.raises(error, match="/portfolio"), translated(tmp_path / "portfolio"):
        raise OSError(number, os.strerror(number))


@pytest.mark.parametrize(
    ("message", "error"),
    [
        ("database or disk is full", DiskFullError),
        ("disk I/O error", DiskFullError),
        ("attempt to write a readonly database", ReadOnlyPlaceError),
        ("unable to open database file", ReadOnlyPlaceError),
        ("database disk image is malformed", CorruptFileError),
        ("database is locked", BusyError),
        ("file is not a database", ForeignFileError),
    ],
)
def test_errors_without_a_code_are_known_by_their_text(
    tmp_path: Path, message: str, error: type[Exception]
) -> None:
    with pytest.raises(error), translated(tmp_path / "some.db"):
        raise sqlite3.DatabaseError(message)


@pytest.mark.parametrize("bug", [sqlite3.OperationalError("no such table: x"), OSError(5, "I/O")])
def test_bugs_stay_bugs(tmp_path: Path, bug: Exception) -> None:
    with pytest.raises(type(bug)), translated(tmp_path / "some.db"):
        raise bug


def test_the_queue_is_for_one(tmp_path: Path) -> None:
    path = tmp_path / "some.db"
    with queue(path), pytest.raises(BusyError, match="another program"), queue(path, 0.05):
        pass
    with queue(path, 0.05):
        pass


def test_the_file_system_is_named() -> None:
    if not Path("/proc/self/mountinfo").exists():
        pytest.skip("only Linux names its file systems there")
    assert file_system(Path("/proc/self")) == "proc"
    assert file_system(Path.cwd()) not in {"", *NETWORK_FILE_SYSTEMS}
