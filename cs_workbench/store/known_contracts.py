"""What was known of accounts' subscriptions, and since which day: for deriving renewals."""

import datetime as dt
import json
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from cs_workbench.core.renewal_history import KnownContracts
from cs_workbench.core.renewals import Subscription
from cs_workbench.store.facts import SUBSCRIPTION, subscription_of
from cs_workbench.store.known import plain_rows
from cs_workbench.store.sqlite import Connection

_ALWAYS: Final = dt.date(1900, 1, 1)
# A first load is known at each fact's own date, or at the import where that is sooner.
_ROWS = f"""SELECT {SUBSCRIPTION}, t.cancelled_on, i.known_policy, date(i.recorded_at) AS loaded,
        (SELECT min(date(c.known_at)) FROM change c WHERE c.entity = 'subscription'
            AND c.entity_id = t.subscription_id AND c.field IS NULL) AS born
    FROM subscription t LEFT JOIN import_run i USING (import_id)
    WHERE t.account_key BETWEEN ? AND ? ORDER BY t.account_key, t.start_date, t.subscription_id"""
_CHANGES = """SELECT c.entity_id, c.field, c.old, date(c.known_at) FROM change c
    WHERE c.entity = ? AND c.field IS NOT NULL AND c.entity_id IN (SELECT value FROM json_each(?))
    ORDER BY c.seq DESC"""
_SEGMENTS = """SELECT account_key, segment FROM account
    WHERE account_key BETWEEN ? AND ? AND merged_into IS NULL"""
_NAMES: Final = (
    *("subscription_id", "account_key", "product", "seats", "arr_minor", "currency"),
    *("start_date", "end_date", "term_months", "notice_days", "auto_renew", "is_trial"),
    *("source", "hand", "cancelled_on"),
)
# Values by the day from which they hold, ascending.
_Versions = list[tuple[dt.date, Any]]


def known_contracts(
    connection: Connection, keys: tuple[int, int]
) -> dict[int, list[KnownContracts]]:
    """By account from the first to the last key: its contracts as they were known, by day.

    Accounts that were merged into another have none.
    """
    rows = plain_rows(connection, _ROWS, keys).fetchall()
    later = _later_values(connection, "subscription", [row[0] for row in rows])
    contracts: dict[int, list[_Versions]] = defaultdict(list)
    for row in rows:
        contracts[row[1]].append(_versions(row, later.get(row[0], ())))
    segments = plain_rows(connection, _SEGMENTS, keys).fetchall()
    renamed = _later_values(connection, "account", [str(key) for key, _ in segments], "segment")
    return {
        key: _combined(contracts[key], _past_segments(segment, renamed.get(str(key), ())))
        for key, segment in segments
        if key in contracts
    }


def _later_values(
    connection: Connection, entity: str, ids: Sequence[str], field: str | None = None
) -> Mapping[str, list[tuple[str, Any, dt.date]]]:
    """By id, what fields were before each change: (field, old value, day of the change)."""
    found: dict[str, list[tuple[str, Any, dt.date]]] = defaultdict(list)
    for entity_id, name, old, day in plain_rows(connection, _CHANGES, (entity, json.dumps(ids))):
        if field is None or name == field:
            value = None if old is None else json.loads(old)
            found[entity_id].append((name, value, dt.date.fromisoformat(day)))
    return found


def _versions(row: Sequence[Any], later: Iterable[tuple[str, Any, dt.date]]) -> _Versions:
    """A subscription as it was known, by day; changes are taken back from the newest on."""
    policy, loaded, born = row[15:18]
    values = dict(zip(_NAMES, row[:15], strict=True))
    found: dict[dt.date, Subscription] = {}
    day_of_change: dt.date | None = None
    cancelled_by_change = False
    for field, old, day in later:
        if field not in values or field == "account_key":
            continue
        if day != day_of_change:
            found[day] = _subscription(values)
            day_of_change = day
        cancelled_by_change |= field == "cancelled_on"
        values[field] = old
    first = _subscription(values)
    begins = _known_from(first.start_date, policy, loaded, born)
    at_once = [day for day in found if day <= begins]
    if at_once:  # changed on the day on which it came
        first = found[max(at_once)]
    gone = first.cancelled_on
    if gone is not None and not cancelled_by_change:
        ends = _known_from(gone, policy, loaded, born)
        if ends > begins:
            found = _without_end(found, first, ends)
            first = first._replace(cancelled_on=None)
    found = {day: one for day, one in found.items() if day > begins}
    return sorted([(begins, first), *found.items()], key=lambda version: version[0])


def _without_end(
    found: Mapping[dt.date, Subscription], first: Subscription, ends: dt.date
) -> dict[dt.date, Subscription]:
    """The versions with the cancellation known from that day on only."""
    before = [day for day in found if day <= ends]
    newest = found[max(before)] if before else first
    return {ends: newest} | {
        day: one if day > ends else one._replace(cancelled_on=None)
        for day, one in found.items()
        if day != ends
    }


def _known_from(own: dt.date, policy: str | None, loaded: str | None, born: str | None) -> dt.date:
    if born is not None:
        return dt.date.fromisoformat(born)
    if policy is None or loaded is None:
        return own
    import_day = dt.date.fromisoformat(loaded)
    return min(own, import_day) if policy == "assumed" else import_day


def _subscription(values: Mapping[str, Any]) -> Subscription:
    return subscription_of([values[name] for name in _NAMES])


def _past_segments(segment: str | None, later: Iterable[tuple[str, Any, dt.date]]) -> _Versions:
    found: dict[dt.date, Any] = {}
    for _, old, day in later:
        found.setdefault(day, segment)
        segment = old
    return sorted([(_ALWAYS, segment), *found.items()], key=lambda version: version[0])


def _combined(contracts: Sequence[_Versions], segments: _Versions) -> list[KnownContracts]:
    """What was known of all of them together, on each day on which something came."""
    begin = min(versions[0][0] for versions in contracts)
    days = {day for versions in (*contracts, segments) for day, _ in versions if day > begin}
    found = []
    for day in (begin, *sorted(days)):
        known = [_on(versions, day) for versions in contracts]
        mine = tuple(one for one in known if one is not None)
        found.append(KnownContracts(day, mine, _on(segments, day)))
    return found


def _on(versions: _Versions, day: dt.date) -> Any:
    """The value that holds on a day; None before the first."""
    if len(versions) == 1:
        return versions[0][1] if versions[0][0] <= day else None
    place = bisect_right([since for since, _ in versions], day)
    return versions[place - 1][1] if place else None
