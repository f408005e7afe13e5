"""How old what we know is."""

import datetime as dt
from dataclasses import dataclass

from cs_workbench.store.database import Database


@dataclass(frozen=True, slots=True)
class SourceAge:
    """A source of imports and the UTC instant of its last one."""

    source: str
    imported_at: str


def last_as_of(db: Database) -> dt.date | None:
    """The latest date that the accounts were scored for."""
    row = db.connection.execute("SELECT max(as_of) FROM refresh_run").fetchone()
    return dt.date.fromisoformat(row[0]) if row[0] else None


def last_usage_day(db: Database) -> dt.date | None:
    """The latest day with usage of any metric, as the imports noted it."""
    row = db.connection.execute("SELECT max(last_day) FROM usage_frontier").fetchone()
    return dt.date.fromisoformat(row[0]) if row[0] else None


def source_ages(db: Database) -> list[SourceAge]:
    """Every source with its last finished import, by name."""
    rows = db.connection.execute(
        "SELECT source, max(recorded_at) FROM import_run WHERE state = 'done' "
        "GROUP BY source ORDER BY source"
    )
    return [SourceAge(*row) for row in rows]
