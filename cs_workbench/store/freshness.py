"""How old what we know is."""

import datetime as dt
from typing import NamedTuple

from cs_workbench.store.database import Database
from cs_workbench.store.settings import sample_today

LOOKING_BACK_DAYS = 7  # a refresh as of a day longer ago than this is a look at the past


class SourceAge(NamedTuple):
    """A source of imports and the UTC instant of its last one."""

    source: str
    imported_at: str


class StandingDay(NamedTuple):
    """A day at which a portfolio stands still: that of sample data, or of a look at the past."""

    day: dt.date
    is_sample: bool


def standing_day(db: Database) -> StandingDay | None:
    """The day to count from in place of the clock's; None for a portfolio that is kept up.

    Whoever scores accounts as of a day long gone wants to see the deadlines as they stood then.
    """
    sample = sample_today(db)
    if sample:
        return StandingDay(sample, is_sample=True)
    row = db.connection.execute(
        "SELECT max(as_of), julianday(date(started_at)) - julianday(as_of) FROM refresh_run "
        "WHERE report IS NOT NULL"
    ).fetchone()
    if row[0] is None or row[1] <= LOOKING_BACK_DAYS:
        return None
    return StandingDay(dt.date.fromisoformat(row[0]), is_sample=False)


def last_as_of(db: Database) -> dt.date | None:
    """The latest date that all accounts were scored for; a refresh broken off does not count."""
    row = db.connection.execute(
        "SELECT max(as_of) FROM refresh_run WHERE report IS NOT NULL"
    ).fetchone()
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
