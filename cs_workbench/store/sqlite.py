"""The one place SQLite is imported from, so that every file is written by a version that is safe.

SQLite before 3.51.3 can corrupt a file in WAL mode when a checkpoint resets the log at the wrong
moment. Where there is a wheel of `pysqlite3` its newer SQLite is used; elsewhere the system's,
which, when it is that old, keeps a rollback journal in place of the WAL (`journal_mode`).
"""

import sys
from typing import TYPE_CHECKING

from cs_workbench.errors import UnsupportedSystemError

if TYPE_CHECKING:
    import sqlite3
else:
    try:
        import pysqlite3 as sqlite3
    except ImportError:
        import sqlite3

Connection = sqlite3.Connection
Row = sqlite3.Row
VERSION: tuple[int, ...] = tuple(int(part) for part in sqlite3.sqlite_version.split("."))

NEEDED = (3, 38, 0)  # STRICT tables, the trigram tokenizer, unixepoch()
SAFE_WAL = (3, 51, 3)

__all__ = ["VERSION", "Connection", "Row", "check_version", "journal_mode", "sqlite3"]


def check_version(version: tuple[int, ...] = VERSION, platform: str = sys.platform) -> None:
    """Refuse a system on which the data would not be safe.

    Raises:
        UnsupportedSystemError: SQLite is older than 3.38, or there is no `flock` (Windows).
    """
    if platform == "win32":
        raise UnsupportedSystemError(
            "csw needs a system with flock to keep writers apart; Windows has none. Use WSL."
        )
    if version < NEEDED:
        raise UnsupportedSystemError(
            f"SQLite {'.'.join(map(str, version))} is too old: csw needs 3.38 or newer. "
            "Use a newer Python, or install the package pysqlite3."
        )


def journal_mode(version: tuple[int, ...] = VERSION) -> str:
    """`wal` where that is safe, else `delete` (slower, and readers wait for a writer)."""
    return "wal" if version >= SAFE_WAL else "delete"
