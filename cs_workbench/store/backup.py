"""Copies of a portfolio that count only once they are verified, and the way back from one."""

import datetime as dt
import os
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from cs_workbench.errors import (
    BusyError,
    ConflictError,
    CorruptFileError,
    InputError,
    NotFoundError,
)
from cs_workbench.store.database import Database
from cs_workbench.store.files import (
    WAIT_SECONDS,
    check_header,
    check_place,
    check_schema,
    is_blank,
    queue,
    translated,
)
from cs_workbench.store.sqlite import Connection, journal_mode, sqlite3

BESIDE = ("-wal", "-shm", "-journal")  # what SQLite keeps beside a file


def copy_verified(connection: Connection, target: Path) -> Path:
    """Copy the whole database to `target` (mode 0600), which appears only if the copy is sound.

    Raises:
        CorruptFileError: the copy does not pass SQLite's integrity check; `target` is untouched.
    """
    part = target.with_name(f"{target.name}.part")
    part.unlink(missing_ok=True)
    os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    try:
        with closing(sqlite3.connect(part, isolation_level=None)) as copy:
            connection.backup(copy, progress=_patience(target, WAIT_SECONDS))
            copy.execute("PRAGMA journal_mode = delete")
            _verify(copy, part)
        part.replace(target)
        _make_durable(target.parent)
    finally:
        part.unlink(missing_ok=True)
    return target


def put_in_place(db: Database, target: Path) -> None:
    """Put a new portfolio, now complete, where there is none yet.

    Raises:
        ConflictError: somebody else made one there meanwhile; it is untouched.
    """
    with translated(target), queue(target, db.wait):
        if not is_blank(target):
            raise ConflictError(
                f"{target} was made by another program meanwhile; nothing was imported. Try again."
            )
        copy_verified(db.connection, target)


def backup_before_migration(path: Path, connection: Connection, version: int) -> Path:
    """Keep the portfolio as it is under its old schema: `NAME.schema-N.backup`."""
    return copy_verified(connection, path.with_name(f"{path.name}.schema-{version}.backup"))


def backup(db: Database, target: Path | None = None) -> Path:
    """Copy the portfolio, while others may go on writing; returns where the copy is.

    Args:
        db: the portfolio.
        target: the new file; by default beside the portfolio, named by the instant.

    Raises:
        ConflictError: there is already a file of that name.
        NotFoundError: the folder is not there.
        CorruptFileError, DiskFullError, ReadOnlyPlaceError: as named; there is no copy.
    """
    target = target or _stamped(db.path, "backup")
    if target.exists():
        raise ConflictError(f"{target} is already there; nothing was written. Name another file.")
    if not target.parent.is_dir():
        raise NotFoundError(f"There is no folder {target.parent}.")
    with translated(target):
        return copy_verified(db.connection, target)


def restore(path: Path, source: Path, *, wait: float = WAIT_SECONDS) -> Path | None:
    """Put a backup in the portfolio's place, keeping the present state aside first.

    The portfolio may be in use: other programs see the old state or the new one, never a mixture.

    Returns:
        Where the present state was kept; None if there was none.

    Raises:
        NotFoundError, ForeignFileError, NewerSchemaError, CorruptFileError: the backup is not
            there or not sound; nothing was changed.
        ForeignFileError: what is at `path` is not a portfolio; it was not changed.
        BusyError, DiskFullError, ReadOnlyPlaceError: as named; the old state is still in place.
    """
    if path.exists() and source.exists() and path.samefile(source):
        raise InputError(f"{source} is the portfolio itself.")
    with translated(source), closing(_open_backup(source)) as saved:
        if is_blank(path):
            with translated(path):
                path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                copy_verified(saved, path)
            return None
        check_header(path)
        check_place(path)
        with translated(path), queue(path, wait):
            return _replace(path, saved, wait)


def _open_backup(source: Path) -> Connection:
    if not source.is_file():
        raise NotFoundError(f"There is no backup {source}.")
    check_schema(source, check_header(source))
    saved = sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro", uri=True, isolation_level=None)
    try:
        _verify(saved, source)
    except BaseException:
        saved.close()
        raise
    return saved


def _replace(path: Path, saved: Connection, wait: float) -> Path:
    """Keep the present state aside and write the saved one, inside the queue of writers."""
    aside = _stamped(path, "before-restore")
    present = sqlite3.connect(
        f"{path.resolve().as_uri()}?mode=rw", uri=True, isolation_level=None, timeout=wait
    )
    with closing(present):
        try:
            copy_verified(present, aside)
        except (CorruptFileError, sqlite3.DatabaseError) as problem:
            if not _is_damage(problem):
                raise
        else:
            saved.backup(present, progress=_patience(path, wait))
            present.execute(f"PRAGMA journal_mode = {journal_mode()}")
            _verify(present, path)
            return aside
    return _exchange(path, saved, aside)


def _exchange(path: Path, saved: Connection, aside: Path) -> Path:
    """For a damaged file: move it aside with what belongs to it, and put the copy in its place."""
    ready = copy_verified(saved, path.with_name(f"{path.name}.restored"))
    for ending in ("", *BESIDE):
        part = path.with_name(path.name + ending)
        if part.exists():
            part.rename(aside.with_name(aside.name + ending))
    ready.replace(path)
    _make_durable(path.parent)
    return aside


def _is_damage(problem: Exception) -> bool:
    if isinstance(problem, CorruptFileError):
        return True
    code = getattr(problem, "sqlite_errorcode", 0) & 0xFF
    return code in {11, 26} or "malformed" in str(problem)


def _verify(connection: Connection, path: Path) -> None:
    verdict = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if verdict != "ok":
        raise CorruptFileError(f"{path} is not sound ({verdict}).")


def _patience(path: Path, wait: float) -> Callable[[int, int, int], None]:
    """SQLite's backup retries a locked file for ever; this ends it."""
    until = time.monotonic() + wait

    def check(status: int, _remaining: int, _total: int) -> None:
        if status in {5, 6} and time.monotonic() > until:
            raise BusyError(f"{path}: another program holds the file; nothing was changed.")

    return check


def _stamped(path: Path, word: str) -> Path:
    stamp = dt.datetime.now(dt.UTC).strftime("%Y%m%dT%H%M%S.%fZ")
    return path.with_name(f"{path.name}.{stamp}.{word}")


def _make_durable(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
