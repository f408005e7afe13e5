"""The days of the renewal policy, with the day from which each set of them held.

A score of a past day reckons with the days of then, so that it comes out the same.
"""

import datetime as dt
import json
from types import MappingProxyType
from typing import Any, Final

from cs_workbench.core.renewals import DEFAULT_POLICY, RenewalPolicy
from cs_workbench.store.settings import set_setting
from cs_workbench.store.sqlite import Connection

RULES: Final = "renewal rules"
DERIVED: Final = "renewals derived"  # up to where they are
_SCORED_BEFORE: Final = "SELECT 1 FROM refresh_run WHERE as_of < ? LIMIT 1"


def rules_on(connection: Connection, day: dt.date) -> RenewalPolicy:
    """The days that held on a day; before any were kept, those of the first that were."""
    kept = _kept(connection)
    if not kept:
        return DEFAULT_POLICY
    held = [days for since, days in kept if since <= day.isoformat()]
    return _policy(held[-1] if held else kept[0][1])


def is_kept(connection: Connection, day: dt.date, policy: RenewalPolicy) -> bool:
    """Whether a policy's days hold from a day on already, or a later day has its own."""
    kept = _kept(connection)
    return bool(kept) and (kept[-1][0] > day.isoformat() or kept[-1][1] == _days(policy))


def keep_rules(connection: Connection, day: dt.date, policy: RenewalPolicy) -> None:
    """Have a policy's days hold from a day on, inside `write(db)`; never in the past."""
    if is_kept(connection, day, policy):
        return
    since = day.isoformat()
    before = [one for one in _kept(connection) if one[0] < since]
    if not before and connection.execute(_SCORED_BEFORE, (since,)).fetchone():
        before = [(dt.date.min.isoformat(), _days(DEFAULT_POLICY))]
    set_setting(connection, RULES, json.dumps([*before, (since, _days(policy))]))


def _kept(connection: Connection) -> list[tuple[str, dict[str, Any]]]:
    row = connection.execute("SELECT value FROM setting WHERE name = ?", (RULES,)).fetchone()
    return [] if row is None else [(since, days) for since, days in json.loads(row["value"])]


def _days(policy: RenewalPolicy) -> dict[str, Any]:
    return {**vars(policy), "procurement_days": dict(policy.procurement_days)}


def _policy(days: dict[str, Any]) -> RenewalPolicy:
    lead = MappingProxyType(days["procurement_days"])
    return RenewalPolicy(**{**days, "procurement_days": lead})
