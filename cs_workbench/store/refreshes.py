"""The refreshes that filled the list."""

import datetime as dt
import json
from typing import NamedTuple

from cs_workbench.store.database import Database
from cs_workbench.store.sqlite import Connection


class LastRefresh(NamedTuple):
    """The newest refresh that was finished.

    Attributes:
        as_of: the day it scored.
        at: when it ran.
        since: the day it was compared with, if there was an earlier one.
        up, down: accounts that moved to a better or a worse band since then.
    """

    as_of: dt.date
    at: dt.datetime
    since: dt.date | None
    up: int
    down: int


def has_accounts(db: Database) -> bool:
    """Whether there is anything to list."""
    found = db.connection.execute("SELECT EXISTS (SELECT 1 FROM account)").fetchone()
    return bool(found[0])


def last_refresh(db: Database) -> LastRefresh | None:
    """The newest one; None before the first."""
    runs = db.connection.execute(
        "SELECT as_of, started_at, report FROM refresh_run WHERE report IS NOT NULL "
        "ORDER BY as_of DESC, run_id DESC LIMIT 1"
    ).fetchall()
    if not runs:
        return None
    as_of, at, text = runs[0]
    before = db.connection.execute(
        "SELECT max(as_of) FROM refresh_run WHERE as_of < ?", (as_of,)
    ).fetchone()[0]
    report = json.loads(text)
    return LastRefresh(
        as_of=dt.date.fromisoformat(as_of),
        at=dt.datetime.fromisoformat(at),
        since=dt.date.fromisoformat(before) if before else None,
        up=int(report.get("up") or 0),
        down=int(report.get("down") or 0),
    )


def stands_as_stored(connection: Connection, as_of: dt.date) -> bool:
    """Whether all accounts were scored for the day, and nothing was imported or rated since."""
    row = connection.execute(
        "SELECT max(started_at), (SELECT max(recorded_at) FROM import_run) FROM refresh_run "
        "WHERE as_of = ? AND report IS NOT NULL",
        (as_of.isoformat(),),
    ).fetchone()
    scored_at, imported_at = row
    if scored_at is None or (imported_at is not None and imported_at > scored_at):
        return False
    rated = connection.execute(
        "SELECT EXISTS (SELECT 1 FROM change_set JOIN change USING (change_set_id) "
        "WHERE change_set.at > ? AND change.entity = 'rating')",
        (scored_at,),
    ).fetchone()
    return not rated[0]
