"""Who was last spoken with when, and whether usage falls."""

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any

from cs_workbench.core.cadence import USAGE_SIGNALS, Spoken
from cs_workbench.store.database import Database
from cs_workbench.store.facts import TWO_WAY_JSON
from cs_workbench.store.known import plain_rows
from cs_workbench.store.play_dates import LAST_SPOKE

# The first day of which a contact is on record: of the time before, nobody knows who spoke.
_RECORDS = "SELECT min(date(occurred_at)) FROM touchpoint"
_SPOKEN = f"""SELECT a.account_key, a.segment, a.lifecycle_stage, {LAST_SPOKE},
        CASE WHEN :records IS NOT NULL THEN max(coalesce(a.started_on, :records), :records) END,
        EXISTS (SELECT 1 FROM signal g WHERE g.account_key = a.account_key
            AND g.kind IN (SELECT value FROM json_each(:usage)) AND g.resolved_on IS NULL
            AND (g.snoozed_until IS NULL OR g.snoozed_until <= :today))
    FROM account a JOIN account_summary s ON s.account_key = a.account_key
    WHERE a.merged_into IS NULL AND NOT s.is_former"""
# Accounts with which nobody has planned anything: no play runs, no next step has a day ahead.
_UNPLANNED = f"""{_SPOKEN}
    AND NOT EXISTS (SELECT 1 FROM play p WHERE p.account_key = a.account_key
        AND p.state = 'active')
    AND (a.next_step_due IS NULL OR a.next_step_due < :today)"""


def spoken_of(db: Database, account_key: int, today: dt.date) -> Spoken | None:
    """What is known of one account; None for former customers."""
    given = {**_given(db, today), "key": account_key}
    rows = plain_rows(db.connection, f"{_SPOKEN} AND a.account_key = :key", given)
    return next((_spoken(row) for row in rows), None)


def unplanned(db: Database, today: dt.date) -> Iterator[tuple[int, Spoken]]:
    """Accounts with which no contact is planned, by key."""
    for row in plain_rows(db.connection, _UNPLANNED, _given(db, today)):
        yield row[0], _spoken(row)


def _given(db: Database, today: dt.date) -> dict[str, Any]:
    (records,) = next(plain_rows(db.connection, _RECORDS, ()))
    return {
        "today": today.isoformat(),
        "usage": json.dumps(USAGE_SIGNALS),
        "two_way": TWO_WAY_JSON,
        "records": records,
    }


def _spoken(row: tuple[Any, ...]) -> Spoken:
    _, segment, stage, spoke, begun, falls = row
    last = spoke or begun
    day = None if last is None else dt.date.fromisoformat(last)
    return Spoken(segment, stage, day, spoke is not None, bool(falls))
