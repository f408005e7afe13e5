"""The portfolio as a file: whether it is ours, where it is, and who may write it now.

Nothing here lets SQLite touch a file before its header says that it is ours.
"""

import errno
import fcntl
import os
import stat
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

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
from cs_workbench.store.sqlite import sqlite3

APPLICATION_ID = 0x43535762  # "CSWb"
SCHEMA_VERSION = 26
MAGIC = b"SQLite format 3\x00"
_CELLS = slice(103, 105)  # of the first page: how many tables, indexes and views there are
WAIT_SECONDS = 30.0
RETRY_SECONDS = 0.002
NETWORK_FILE_SYSTEMS = frozenset(
    {"afs", "ceph", "cifs", "fuse.glusterfs", "fuse.sshfs", "glusterfs", "lustre", "ncpfs"}
    | {"nfs", "nfs4", "smb2", "smb3", "smbfs"}
)


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
        if problem.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
            raise DiskFullError(f"{path}: {_FULL} ({problem})") from problem
        if problem.errno in {errno.EPERM, errno.EACCES, errno.EROFS}:
            raise ReadOnlyPlaceError(f"{path}: {_READ_ONLY} ({problem})") from problem
        raise


@contextmanager
def _in_place(path: Path) -> Iterator[None]:
    """The same, and whatever else a system says of a place where no file can be."""
    with translated(path):
        try:
            yield
        except OSError as problem:
            if problem.errno not in _NO_PLACE:
                raise
            reason = f"there can be no file ({problem.strerror}). Choose another place with --db."
            raise ReadOnlyPlaceError(f"{path}: {reason}") from problem


@contextmanager
def queue(path: Path, wait: float = WAIT_SECONDS) -> Iterator[None]:
    """Wait in line with the other processes; a crash frees the place by itself.

    Who is next holds `NAME.turn` while waiting for `NAME.lock`, so that a process that writes
    again and again cannot keep the others out.

    Raises:
        BusyError: another process kept its place for more than `wait` seconds.
    """
    until = time.monotonic() + wait
    with ExitStack() as held:
        with _locked(path, "turn", until):
            held.enter_context(_locked(path, "lock", until))
        yield


@contextmanager
def _locked(path: Path, name: str, until: float) -> Iterator[None]:
    lock = os.open(f"{path}.{name}", os.O_CREAT | os.O_RDWR, 0o600)
    try:
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > until:
                    raise BusyError(f"{path}: {_BUSY}") from None
                time.sleep(RETRY_SECONDS)
        yield
    finally:
        os.close(lock)


def make_folder(path: Path) -> None:
    """The folder that `path` is to be in, only its owner's where it is new."""
    with _in_place(path):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)


def make_file(path: Path) -> None:
    """An empty file only its owner can read, and its folder where there is none.

    One that is there already, empty and open to others, is closed to them.
    """
    make_folder(path)
    with _in_place(path):
        opened = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
        try:
            if stat.S_ISREG(os.fstat(opened).st_mode):  # never a device
                os.fchmod(opened, 0o600)
        finally:
            os.close(opened)


def is_blank(path: Path) -> bool:
    """Whether nothing is there yet: no file, or one without a table.

    A program that is killed while it makes a portfolio leaves such a file; so may others.
    """
    with _in_place(path):
        if not path.exists():
            return True
        with path.open("rb") as file:
            page = file.read(_CELLS.stop)
    if not page:
        return True
    log = path.with_name(f"{path.name}-wal")
    if len(page) < _CELLS.stop or not page.startswith(MAGIC):
        return False
    if log.exists() and log.stat().st_size:
        return False
    return not _version(page) and not _application(page) and page[_CELLS] == b"\0\0"


def check_there(path: Path) -> None:
    """Refuse a place where there is no portfolio, or only the beginning of one.

    Raises:
        NotFoundError: as said.
    """
    if not is_blank(path):
        return
    what = f"There is no portfolio at {path}."
    if path.exists():
        what = f"The portfolio {path} is still empty: nothing was ever loaded."
    raise NotFoundError(
        f"{what} Load one with `csw --db {path} import FOLDER`, or look around with `csw demo`."
    )


def check_header(path: Path) -> int:
    """Judge the first 100 bytes, so that SQLite never touches a file that is not ours.

    Returns:
        The version of the file's schema, which may be newer than ours.

    Raises:
        ForeignFileError: it is something else.
    """
    with translated(path), path.open("rb") as file:
        header = file.read(100)
    if len(header) < 100 or not header.startswith(MAGIC):
        raise ForeignFileError(f"{path}: {_FOREIGN}")
    if _application(header) != APPLICATION_ID:
        raise ForeignFileError(f"{path}: {_FOREIGN}")
    return _version(header)


def _version(header: bytes) -> int:
    return int.from_bytes(header[60:64])


def _application(header: bytes) -> int:
    return int.from_bytes(header[68:72])


def check_schema(path: Path, version: int) -> None:
    """Refuse a file that a newer program wrote.

    Raises:
        NewerSchemaError: as said.
    """
    if version > SCHEMA_VERSION:
        raise NewerSchemaError(
            f"{path} was written by a newer csw (schema {version}, this program knows "
            f"{SCHEMA_VERSION}); it was not changed. Update csw."
        )


def check_place(path: Path) -> None:
    """Refuse a place where we cannot write, or where locks do not hold.

    Raises:
        ReadOnlyPlaceError, UnsupportedSystemError: as said.
    """
    if not os.access(path, os.W_OK) or not os.access(path.parent, os.W_OK):
        raise ReadOnlyPlaceError(f"{path}: {_READ_ONLY}")
    kind = file_system(path)
    if kind in NETWORK_FILE_SYSTEMS:
        raise UnsupportedSystemError(
            f"{path} is on a network file system ({kind}), where locks do not hold and data gets "
            "lost. Keep the portfolio on a local disk."
        )


def file_system(path: Path) -> str:
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


_NO_PLACE = {
    *(errno.ENOENT, errno.EEXIST, errno.ENOTDIR, errno.EISDIR),
    *(errno.ENAMETOOLONG, errno.ELOOP, errno.EINVAL),
}
_FULL = (
    "there is no room left; what was being written was taken back, and the file is whole. "
    "Free some space and try again."
)
_REFUSED = (
    "the disk refused (full, over its quota, or failing); what was being written was taken back. "
    "See to the disk and try again."
)
_READ_ONLY = "the file or its folder cannot be written. Choose another place with --db."
_CORRUPT = (
    "the file is damaged; it was not changed. Restore a backup with `csw restore`, "
    "or see what is readable with `csw check`."
)
_FOREIGN = "this is not a portfolio of csw; it was not changed. Name another file with --db."
_BUSY = (
    "another program is writing, so what was to be written was not. Try again when it has finished."
)
_ERRORS: dict[int, tuple[type[WorkbenchError], str]] = {
    5: (BusyError, _BUSY),
    6: (BusyError, _BUSY),
    8: (ReadOnlyPlaceError, _READ_ONLY),
    10: (DiskFullError, _REFUSED),
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
        ("disk I/O", 10),
        ("malformed", 11),
        ("locked", 5),
        ("not a database", 26),
        ("unable to open", 14),
    ):
        if part in message:
            return _ERRORS[code]
    return None
