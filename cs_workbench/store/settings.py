"""Named values that belong to a portfolio rather than to a user."""

import datetime as dt

from cs_workbench.store.database import Database
from cs_workbench.store.sqlite import Connection


def setting(db: Database, name: str) -> str | None:
    """The value of a setting, None where it was never set."""
    row = db.connection.execute("SELECT value FROM setting WHERE name = ?", (name,)).fetchone()
    return None if row is None else str(row["value"])


def set_setting(connection: Connection, name: str, value: str) -> None:
    """Set it, inside `write(db)`."""
    connection.execute(
        "INSERT INTO setting (name, value) VALUES (?, ?) "
        "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        (name, value),
    )


def sample_today(db: Database) -> dt.date | None:
    """The date on which a sample portfolio stands still; None for a real one."""
    value = setting(db, "sample_today")
    return dt.date.fromisoformat(value) if value else None
