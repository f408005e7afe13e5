"""The refreshes that filled the list."""

import datetime as dt
import json
from dataclasses import dataclass

from cs_workbench.store.database import Database


@dataclass(frozen=True, slots=True)
class LastRefresh:
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
