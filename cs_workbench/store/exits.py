"""Accounts that left: when, with how much, and what people said of them before."""

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Iterable

from cs_workbench.core.renewals import Subscription
from cs_workbench.core.retros import Departure, Fine, Paid, paid_until
from cs_workbench.store.account_subscriptions import agreed_by_several
from cs_workbench.store.database import Database
from cs_workbench.store.known import plain_rows

_DEPARTURES = """WITH gone AS (
        SELECT a.account_key, a.account_id, a.name, coalesce(p.name, a.csm) AS csm, a.currency,
            coalesce(m.is_former, 0) AS is_former, (SELECT churn_event_id FROM churn_event c
                WHERE c.account_key = a.account_key AND NOT c.is_reactivation
                    AND c.churned_on <= :today
                ORDER BY c.churned_on DESC, c.churn_event_id DESC LIMIT 1) AS event
        FROM account a LEFT JOIN account_summary m ON m.account_key = a.account_key
            LEFT JOIN person p ON p.person_id = a.csm
        WHERE a.merged_into IS NULL AND (:account_key IS NULL OR a.account_key = :account_key))
    SELECT g.account_key, g.account_id, g.name, g.csm, g.currency, g.is_former, c.churned_on,
        c.reason, c.feedback
    FROM gone g LEFT JOIN churn_event c ON c.churn_event_id = g.event
    WHERE g.is_former OR c.churned_on IS NOT NULL ORDER BY g.account_key"""
_PAID = """SELECT account_key, arr_minor, currency, start_date,
        min(coalesce(cancelled_on, end_date), coalesce(end_date, cancelled_on))
    FROM subscription WHERE NOT is_trial AND start_date <= :today
        AND account_key IN (SELECT value FROM json_each(:keys))"""
_FINE = """SELECT made_on AS day, author, 'green by override: ' || reason FROM override
        WHERE account_key = :key AND band = 'green' AND made_on BETWEEN :first AND :last
    UNION ALL SELECT rated_on, author, rated || ' rated ' || value ||
            coalesce(': ' || reason, '') FROM rating
        WHERE account_key = :key AND value >= 4 AND rated_on BETWEEN :first AND :last
    UNION ALL SELECT date(made_at), author, 'forecast ' || category ||
            coalesce(': ' || narrative, '') FROM forecast
        WHERE account_key = :key AND category IN ('commit', 'likely')
            AND date(made_at) BETWEEN :first AND :last
    ORDER BY 1"""


def departures(db: Database, *, today: dt.date, account_key: int | None = None) -> list[Departure]:
    """Accounts that left until today, those too that came back: of each the newest leaving.

    The day is the source's; where no source told of it, that on which the last subscription ended.
    """
    given = {"today": today.isoformat(), "account_key": account_key}
    rows = list(plain_rows(db.connection, _DEPARTURES, given))
    paid = _paid(db, [row[0] for row in rows], today)
    found: list[Departure] = []
    for key, account_id, name, csm, currency, former, churned_on, reason, feedback in rows:
        told = dt.date.fromisoformat(churned_on) if churned_on else None
        left_on, amount, unit = paid_until(paid[key], told, today)
        if left_on is not None:
            found.append(
                Departure(
                    account_key=key,
                    account_id=account_id,
                    name=name,
                    csm=csm,
                    left_on=left_on,
                    arr_minor=amount,
                    currency=unit or currency,
                    reason=reason,
                    feedback=feedback,
                    is_former=bool(former),
                )
            )
    return found


def said_fine(db: Database, account_key: int, first: dt.date, last: dt.date) -> tuple[Fine, ...]:
    """Who said that all was well between two days: green overrides, ratings from 4, forecasts."""
    given = {"key": account_key, "first": first.isoformat(), "last": last.isoformat()}
    rows = plain_rows(db.connection, _FINE, given)
    return tuple(Fine(dt.date.fromisoformat(day), who, what) for day, who, what in rows)


def _paid(db: Database, keys: Iterable[int], today: dt.date) -> dict[int, list[Paid]]:
    given = {"keys": json.dumps(list(keys)), "today": today.isoformat()}
    several = agreed_by_several(db.connection, today)
    found: dict[int, list[Paid]] = defaultdict(list)
    for key, arr, currency, start, end in plain_rows(db.connection, _PAID, given):
        if key not in several:
            last = dt.date.fromisoformat(end) if end else None
            found[key].append(Paid(arr, currency, dt.date.fromisoformat(start), last))
    for key, agreed in several.items():
        found[key] += [
            Paid(one.arr_minor, one.currency, one.start_date, _first_without(one))
            for one in agreed
            if not one.is_trial and one.start_date <= today
        ]
    return found


def _first_without(one: Subscription) -> dt.date | None:
    days = [day for day in (one.cancelled_on, one.end_date) if day is not None]
    return min(days, default=None)
