"""One portfolio file: opened with care, written by one writer at a time.

`open_database` gives a connection to a file that is known to be ours, sound and of this schema;
`write` is the only way to change it: a queue across processes (`flock`), then BEGIN IMMEDIATE.
"""

import datetime as dt
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

from cs_workbench.store.files import (
    SCHEMA_VERSION,
    WAIT_SECONDS,
    check_header,
    check_place,
    check_schema,
    check_there,
    is_blank,
    make_file,
    queue,
    translated,
)
from cs_workbench.store.sqlite import Connection, check_version, journal_mode, sqlite3

LONGEST_LOG = 1_000  # pages, as SQLite has it


class Database(NamedTuple):
    """An open portfolio file; use it in a `with`, one per thread.

    Attributes:
        path: the file.
        connection: in autocommit mode; change data only inside `write(db)`.
        wait: for how many seconds to wait for another writer.
    """

    path: Path
    connection: Connection
    wait: float = WAIT_SECONDS

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.connection.close()


def open_database(path: Path, *, create: bool = False, wait: float = WAIT_SECONDS) -> Database:
    """Open the portfolio at `path`, bringing an older schema up to date after a backup.

    Args:
        path: the file.
        create: make a new portfolio where there is none.
        wait: for how many seconds to wait for another writer.

    Raises:
        NotFoundError: there is no file, and `create` is off.
        ForeignFileError, CorruptFileError, NewerSchemaError, ReadOnlyPlaceError, DiskFullError,
        BusyError, UnsupportedSystemError: as named; the file is untouched.
    """
    check_version()
    if not create:
        check_there(path)
    if is_blank(path):
        make_file(path)
    else:
        check_schema(path, check_header(path))
    check_place(path)
    with translated(path):
        connection = _connect(path, wait)
        try:
            _bring_up_to_date(path, connection, wait)
        except BaseException:
            connection.close()
            raise
    return Database(path, connection, wait)


def keep_little(db: Database) -> Database:
    """The same, with a quarter of the usual cache of pages: a list reads few of them twice."""
    db.connection.execute("PRAGMA cache_size = -500")
    return db


@contextmanager
def write(db: Database) -> Iterator[Connection]:
    """Hold the only pen: everything inside is one transaction, kept whole or not at all.

    Raises:
        BusyError: another program kept the pen for longer than `db.wait` seconds.
        DiskFullError, ReadOnlyPlaceError, CorruptFileError: nothing was written.
    """
    with transaction(db):
        yield db.connection
    if _pages_in_log(db) > LONGEST_LOG:
        copy_log(db)


@contextmanager
def transaction(db: Database) -> Iterator[Connection]:
    """As `write`, for a caller that copies the log itself."""
    with translated(db.path), queue(db.path, db.wait):
        db.connection.execute("BEGIN IMMEDIATE")
        try:
            yield db.connection
            db.connection.execute("COMMIT")
        except BaseException:
            if db.connection.in_transaction:
                db.connection.execute("ROLLBACK")
            raise


def copy_log(db: Database) -> float:
    """Copy the write-ahead log into the file, the pen held for that alone; returns how long (s).

    Left to SQLite, some commit would do it, and hold the pen for twice as long.
    """
    with translated(db.path), queue(db.path, db.wait):
        begun = time.perf_counter()
        db.connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        return time.perf_counter() - begun


def _pages_in_log(db: Database) -> int:
    """How many pages of the log are not in the file yet; none without a log."""
    with translated(db.path):
        _, written, copied = db.connection.execute("PRAGMA wal_checkpoint(NOOP)").fetchone()
    return int(written) - int(copied)


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


def utc_now() -> str:
    """This instant as the store writes it."""
    return dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def moment_on(day: dt.date) -> str:
    """An instant of a day of the portfolio, with the time of now, as the store writes it."""
    return f"{day.isoformat()}{utc_now()[10:]}"


def _connect(path: Path, wait: float) -> Connection:
    connection = sqlite3.connect(
        f"{path.resolve().as_uri()}?mode=rw", uri=True, isolation_level=None, timeout=wait
    )
    try:
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA wal_autocheckpoint = 0")  # `write` does it, in its own turn
    except BaseException:
        connection.close()
        raise
    return connection


def _bring_up_to_date(path: Path, connection: Connection, wait: float) -> None:
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    check_schema(path, version)
    if version < SCHEMA_VERSION:
        with queue(path, wait):
            version = connection.execute("PRAGMA user_version").fetchone()[0]
            if version < SCHEMA_VERSION:
                from cs_workbench.store.backup import backup_before_migration
                from cs_workbench.store.migrations import migrate

                if version:
                    backup_before_migration(path, connection, version)
                migrate(connection, version=version)
    wanted = journal_mode()
    if connection.execute("PRAGMA journal_mode").fetchone()[0] != wanted:
        with queue(path, wait):
            connection.execute(f"PRAGMA journal_mode = {wanted}")
