"""One portfolio file: opened with care, written by one writer at a time.

`open_database` gives a connection to a file that is known to be ours, sound and of this schema;
`write` is the only way to change it: a queue across processes (`flock`), then BEGIN IMMEDIATE.
"""

import datetime as dt
import fcntl
import os
import struct
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from cs_workbench.errors import (
    BusyError,
    CorruptFileError,
    DiskFullError,
    ForeignFileError,
    NewerSchemaError,
    NotFoundError,
    ReadOnlyPlaceError,
    UnsupportedSystemError,
    WorkbenchError,
)
from cs_workbench.store.sqlite import Connection, check_version, journal_mode, sqlite3

APPLICATION_ID = 0x43535762  # "CSWb"
SCHEMA_VERSION = 1
MAGIC = b"SQLite format 3\x00"
WAIT_SECONDS = 30.0
NETWORK_FILE_SYSTEMS = frozenset(
    {"afs", "ceph", "cifs", "fuse.glusterfs", "fuse.sshfs", "glusterfs", "lustre", "ncpfs"}
    | {"nfs", "nfs4", "smb2", "smb3", "smbfs"}
)


@dataclass(frozen=True)
class Database:
    """An open portfolio file; use it in a `with`, one per thread.

    Attributes:
        path: the file.
        connection: in autocommit mode; change data only inside `write(db)`.
    """

    path: Path
    connection: Connection

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.connection.close()


def open_database(path: Path, *, create: bool = False) -> Database:
    """Open the portfolio at `path`, bringing an older schema up to date after a backup.

    Args:
        path: the file.
        create: make a new portfolio where there is none.

    Raises:
        NotFoundError: there is no file, and `create` is off.
        ForeignFileError, CorruptFileError, NewerSchemaError, ReadOnlyPlaceError, DiskFullError,
        BusyError, UnsupportedSystemError: as named; the file is untouched.
    """
    check_version()
    missing = not path.exists() or path.stat().st_size == 0
    if missing and not create:
        raise NotFoundError(
            f"There is no portfolio at {path}. Load one with `csw --db {path} import FOLDER`, "
            "or look around with `csw demo`."
        )
    if missing:
        _make_file(path)
    else:
        _check_header(path)
    _check_place(path)
    with translated(path):
        connection = _connect(path)
        try:
            _bring_up_to_date(path, connection)
        except BaseException:
            connection.close()
            raise
    return Database(path, connection)


@contextmanager
def write(db: Database) -> Iterator[Connection]:
    """Hold the only pen: everything inside is one transaction, kept whole or not at all.

    Raises:
        BusyError: another program kept the pen for longer than 30 seconds.
        DiskFullError, ReadOnlyPlaceError, CorruptFileError: nothing was written.
    """
    with translated(db.path), _queue(db.path):
        db.connection.execute("BEGIN IMMEDIATE")
        try:
            yield db.connection
            db.connection.execute("COMMIT")
        except BaseException:
            if db.connection.in_transaction:
                db.connection.execute("ROLLBACK")
            raise


@contextmanager
def snapshot(db: Database) -> Iterator[Connection]:
    """Read several things as they were at one moment."""
    with translated(db.path):
        db.connection.execute("BEGIN")
        try:
            yield db.connection
        finally:
            if db.connection.in_transaction:
                db.connection.execute("ROLLBACK")


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Give SQLite's errors the names and advice of ours."""
    try:
        yield
    except sqlite3.DatabaseError as problem:
        code = getattr(problem, "sqlite_errorcode", 0) & 0xFF
        known = _ERRORS.get(code) or _by_text(str(problem))
        if known is None:
            raise
        kind, advice = known
        raise kind(f"{path}: {advice} ({problem})") from problem
    except OSError as problem:
        if problem.errno == 28:
            raise DiskFullError(f"{path}: {_FULL} ({problem})") from problem
        if problem.errno in {1, 13, 30}:
            raise ReadOnlyPlaceError(f"{path}: {_READ_ONLY} ({problem})") from problem
        raise


def utc_now() -> str:
    """This instant as the store writes it."""
    return dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


_FULL = "there is no room left; nothing was changed. Free some space and try again."
_READ_ONLY = "the file or its folder cannot be written. Choose another place with --db."
_CORRUPT = (
    "the file is damaged; it was not changed. Restore a backup with `csw restore`, "
    "or see what is readable with `csw check`."
)
_FOREIGN = "this is not a portfolio of csw; it was not changed. Name another file with --db."
_BUSY = "another program is writing; nothing was changed. Try again when it has finished."
_ERRORS: dict[int, tuple[type[WorkbenchError], str]] = {
    5: (BusyError, _BUSY),
    6: (BusyError, _BUSY),
    8: (ReadOnlyPlaceError, _READ_ONLY),
    11: (CorruptFileError, _CORRUPT),
    13: (DiskFullError, _FULL),
    14: (ReadOnlyPlaceError, _READ_ONLY),
    26: (ForeignFileError, _FOREIGN),
}


def _by_text(message: str) -> tuple[type[WorkbenchError], str] | None:
    """For SQLite modules that carry no error code."""
    for part, code in (
        ("readonly", 8),
        ("disk is full", 13),
        ("malformed", 11),
        ("locked", 5),
        ("not a database", 26),
        ("unable to open", 14),
    ):
        if part in message:
            return _ERRORS[code]
    return None


def _make_file(path: Path) -> None:
    with translated(path):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))


def _check_header(path: Path) -> None:
    """Judge the first 100 bytes, so that SQLite never touches a file that is not ours."""
    with translated(path), path.open("rb") as file:
        header = file.read(100)
    if len(header) < 100 or not header.startswith(MAGIC):
        raise ForeignFileError(f"{path}: {_FOREIGN}")
    version, application = struct.unpack(">I4xI", header[60:72])
    if application != APPLICATION_ID:
        raise ForeignFileError(f"{path}: {_FOREIGN}")
    _check_schema(path, version)


def _check_schema(path: Path, version: int) -> None:
    if version > SCHEMA_VERSION:
        raise NewerSchemaError(
            f"{path} was written by a newer csw (schema {version}, this program knows "
            f"{SCHEMA_VERSION}); it was not changed. Update csw."
        )


def _check_place(path: Path) -> None:
    if not os.access(path, os.W_OK) or not os.access(path.parent, os.W_OK):
        raise ReadOnlyPlaceError(f"{path}: {_READ_ONLY}")
    kind = _file_system(path)
    if kind in NETWORK_FILE_SYSTEMS:
        raise UnsupportedSystemError(
            f"{path} is on a network file system ({kind}), where locks do not hold and data gets "
            "lost. Keep the portfolio on a local disk."
        )


def _file_system(path: Path) -> str:
    """The kind of file system that holds `path`; empty where the system does not say."""
    mounts = Path("/proc/self/mountinfo")
    if not mounts.exists():
        return ""
    best, kind = -1, ""
    target = str(path.resolve())
    for line in mounts.read_text(encoding="utf-8", errors="replace").splitlines():
        left, _, right = line.partition(" - ")
        place = left.split(" ")[4].replace("\\040", " ")
        inside = target == place or target.startswith(place.rstrip("/") + "/")
        if inside and len(place) >= best:
            best, kind = len(place), right.split(" ")[0]
    return kind


def _connect(path: Path) -> Connection:
    connection = sqlite3.connect(
        f"{path.resolve().as_uri()}?mode=rw", uri=True, isolation_level=None, timeout=WAIT_SECONDS
    )
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA synchronous = FULL")
    return connection


def _bring_up_to_date(path: Path, connection: Connection) -> None:
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    _check_schema(path, version)
    if version < SCHEMA_VERSION:
        with _queue(path):
            version = connection.execute("PRAGMA user_version").fetchone()[0]
            if version < SCHEMA_VERSION:
                from cs_workbench.store.backup import backup_before_migration
                from cs_workbench.store.migrations import migrate

                if version:
                    backup_before_migration(path, connection, version)
                migrate(connection, version=version)
    wanted = journal_mode()
    if connection.execute("PRAGMA journal_mode").fetchone()[0] != wanted:
        with _queue(path):
            connection.execute(f"PRAGMA journal_mode = {wanted}")


@contextmanager
def _queue(path: Path) -> Iterator[None]:
    """Wait in line with the other processes; a crash frees the place by itself."""
    lock = os.open(f"{path}.lock", os.O_CREAT | os.O_RDWR, 0o600)
    try:
        until = time.monotonic() + WAIT_SECONDS
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > until:
                    raise BusyError(f"{path}: {_BUSY}") from None
                time.sleep(0.002)
        yield
    finally:
        os.close(lock)
