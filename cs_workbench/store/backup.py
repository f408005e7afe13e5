"""Copies of a portfolio that count only once they are verified."""

import os
from pathlib import Path

from cs_workbench.errors import CorruptFileError
from cs_workbench.store.sqlite import Connection, sqlite3


def copy_verified(connection: Connection, target: Path) -> Path:
    """Copy the whole database to `target` (mode 0600), which appears only if the copy is sound.

    Raises:
        CorruptFileError: the copy does not pass SQLite's integrity check; `target` is untouched.
    """
    part = target.with_name(f"{target.name}.part")
    part.unlink(missing_ok=True)
    os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    try:
        copy = sqlite3.connect(part, isolation_level=None)
        try:
            connection.backup(copy)
            copy.execute("PRAGMA journal_mode = delete")
            verdict = copy.execute("PRAGMA integrity_check").fetchone()[0]
        finally:
            copy.close()
        if verdict != "ok":
            raise CorruptFileError(f"The backup of the portfolio is not sound ({verdict}).")
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    return target


def backup_before_migration(path: Path, connection: Connection, version: int) -> Path:
    """Keep the portfolio as it is under its old schema: `NAME.schema-N.backup`."""
    return copy_verified(connection, path.with_name(f"{path.name}.schema-{version}.backup"))
