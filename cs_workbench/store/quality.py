"""Contradictions in the data, found and counted; nothing is put right silently."""

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from heapq import nsmallest
from typing import Any

from cs_workbench.core.agreements import as_agreed, contradiction
from cs_workbench.core.findings import Finding
from cs_workbench.store.account_subscriptions import of_several_sources
from cs_workbench.store.database import Database, snapshot
from cs_workbench.store.known import plain_rows
from cs_workbench.store.renewal_rules import rules_on
from cs_workbench.store.sqlite import Connection

EXAMPLES = 3
# The first day after the term as it is written down, as in `core.renewals`; NULL for an open end.
_ENDED = "coalesce(s.cancelled_on, date(s.end_date, '+1 day'))"
# The first day certainly not covered any more; NULL for an open end, or one that renews itself.
_GONE = "coalesce(s.cancelled_on, CASE WHEN NOT s.auto_renew THEN date(s.end_date, '+1 day') END)"
_FIRST_WEEK = (
    "SELECT min((SELECT min(week) FROM usage_week AS w WHERE w.account_key = a.account_key "
    "AND w.metric_id = m.metric_id)) FROM usage_metric AS m"
)
_LAST_WEEK = _FIRST_WEEK.replace("min(", "max(")
_MONDAY = "date('1970-01-05', (({0}) * 7) || ' days')"

# Of accounts with subscriptions: the weeks of their usage, the days when these begin and are over.
_SPANS = f"""CREATE TEMP TABLE usage_span AS
    SELECT a.account_key, a.account_id, s.begun, s.gone, ({_FIRST_WEEK}) AS first,
        ({_LAST_WEEK}) AS last
    FROM (
        SELECT account_key, min(start_date) AS begun, max(coalesce({_GONE}, '9999-12-31')) AS gone
        FROM subscription AS s GROUP BY account_key
    ) AS s JOIN account AS a USING (account_key)"""


# Accounts with paid subscriptions of one time that two sources tell of.
_TOLD_TWICE = (
    "SELECT a.account_id FROM account AS a WHERE a.merged_into IS NULL AND (SELECT "
    "count(DISTINCT source) FROM import_run WHERE kind = 'subscriptions') > 1 AND EXISTS ("
    "SELECT 1 FROM subscription AS s JOIN import_run AS i USING (import_id) "
    "JOIN subscription AS t ON t.account_key = s.account_key "
    "JOIN import_run AS j ON j.import_id = t.import_id AND j.source > i.source "
    "WHERE s.account_key = a.account_key AND NOT s.is_trial AND NOT t.is_trial "
    "AND s.arr_minor IS NOT NULL AND t.arr_minor IS NOT NULL "
    "AND i.hand = 1 AND j.hand = 1 "
    f"AND s.start_date < coalesce({_ENDED.replace('s.', 't.')}, '9999') "
    f"AND t.start_date < coalesce({_ENDED}, '9999'))"
)


_ACCOUNT_ID = "SELECT account_id FROM account WHERE account_key = ? AND merged_into IS NULL"


@dataclass(frozen=True, slots=True)
class _Rule:
    """A contradiction: the ids of what contradicts itself."""

    code: str
    message: str
    ids: str


_RULES = (
    _Rule(
        "churned-without-event",
        "Accounts are said to have churned, but no churn event says when.",
        "SELECT a.account_id FROM account AS a WHERE a.merged_into IS NULL "
        "AND (a.has_churned = 1 OR a.lifecycle_stage = 'churned') "
        "AND EXISTS (SELECT 1 FROM churn_event) "
        "AND NOT EXISTS (SELECT 1 FROM churn_event AS c WHERE c.account_key = a.account_key)",
    ),
    _Rule(
        "event-without-churned",
        "Accounts have a churn event, but are said never to have churned.",
        "SELECT a.account_id FROM account AS a WHERE a.merged_into IS NULL AND a.has_churned = 0 "
        "AND EXISTS (SELECT 1 FROM churn_event AS c WHERE c.account_key = a.account_key)",
    ),
    _Rule(
        "churned-in-force",
        "Accounts are in the stage churned, but have a subscription without an end.",
        "SELECT a.account_id FROM account AS a WHERE a.merged_into IS NULL "
        "AND a.lifecycle_stage = 'churned' AND EXISTS (SELECT 1 FROM subscription AS s "
        f"WHERE s.account_key = a.account_key AND {_ENDED} IS NULL)",
    ),
    _Rule(
        "churn-while-subscribed",
        "Churn events fall on a day on which a subscription began before and goes on after.",
        "SELECT c.churn_event_id FROM churn_event AS c WHERE NOT c.is_reactivation "
        "AND EXISTS (SELECT 1 FROM subscription AS s WHERE s.account_key = c.account_key "
        f"AND s.start_date < c.churned_on AND ({_ENDED} IS NULL OR "
        f"{_ENDED} > date(c.churned_on, '+31 days')))",
    ),
    _Rule(
        "subscription-ends-before-start",
        "Subscriptions end before they start.",
        "SELECT subscription_id FROM subscription WHERE end_date < start_date "
        "OR cancelled_on < start_date",
    ),
    _Rule(
        "subscriptions-told-twice",
        "Accounts have subscriptions of the same time from two sources; their ARR counts twice.",
        _TOLD_TWICE,
    ),
    _Rule(
        "subscription-before-account",
        "Subscriptions start before their account did.",
        "SELECT s.subscription_id FROM subscription AS s JOIN account AS a USING (account_key) "
        "WHERE s.start_date < a.started_on",
    ),
    _Rule(
        "currency-differs",
        "Subscriptions are in another currency than their account.",
        "SELECT s.subscription_id FROM subscription AS s JOIN account AS a USING (account_key) "
        "WHERE s.currency <> a.currency",
    ),
    _Rule(
        "ticket-times",
        "Tickets were closed or answered before they were opened.",
        "SELECT ticket_id FROM ticket WHERE closed_at < opened_at OR first_response_at < opened_at",
    ),
    _Rule(
        "response-after-closing",
        "Tickets have their first answer after they were closed.",
        "SELECT ticket_id FROM ticket WHERE first_response_at > closed_at",
    ),
    _Rule(
        "invoice-dates",
        "Invoices are due before they were issued.",
        "SELECT invoice_id FROM invoice WHERE due_on < issued_on",
    ),
    _Rule(
        "promise-dates",
        "Promises are kept or due before they were made.",
        "SELECT promise_id FROM promise WHERE kept_on < made_on OR due_on < made_on",
    ),
    _Rule(
        "usage-before-subscription",
        "Accounts have usage from before their first subscription.",
        f"""SELECT account_id FROM usage_span AS a WHERE {_MONDAY.format("first")} < begun
            AND ({_MONDAY.format("first + 1")} <= begun OR EXISTS (
                SELECT 1 FROM usage_day AS u WHERE u.account_key = a.account_key
                AND u.day < begun))""",
    ),
    _Rule(
        "usage-after-subscription",
        "Accounts have usage from after their last subscription.",
        f"""SELECT account_id FROM usage_span AS a WHERE {_MONDAY.format("last + 1")} > gone
            AND ({_MONDAY.format("last")} >= gone OR EXISTS (
                SELECT 1 FROM usage_day AS u WHERE u.account_key = a.account_key
                AND u.day >= gone))""",
    ),
    _Rule(
        "usage-unsubscribed",
        "Accounts have usage, but never a subscription.",
        "SELECT account_id FROM account AS a WHERE EXISTS (SELECT 1 FROM usage_week AS w "
        "WHERE w.account_key = a.account_key) AND NOT EXISTS (SELECT 1 FROM subscription AS s "
        "WHERE s.account_key = a.account_key)",
    ),
    _Rule(
        "import-unfinished",
        "Imports were broken off; give the same command again to complete them.",
        "SELECT file_name FROM import_run WHERE state = 'running'",
    ),
)


def find_contradictions(db: Database, today: dt.date) -> list[Finding]:
    """What in the data cannot all be true as of a day, each kind once with its count."""
    with snapshot(db) as connection:  # ends by rolling back, so the temporary table goes with it
        connection.execute(_SPANS)
        found = [
            _finding(rule.code, rule.message, _column(connection, rule.ids)) for rule in _RULES
        ]
        found += _contracts_and_billing(connection, today)
    return [finding for finding in found if finding.count]


def _contracts_and_billing(connection: Connection, day: dt.date) -> Iterator[Finding]:
    """Contracts without a price, and where it is not known how billing belongs to them."""
    unpriced = set(
        _column(connection, "SELECT subscription_id FROM subscription WHERE arr_minor IS NULL")
    )
    told: dict[str, list[str]] = {"several": [], "ended": []}
    if unpriced:
        grace = rules_on(connection, day).grace_days
        for key, mine in of_several_sources(connection):
            agreed = as_agreed(mine, day, grace_days=grace)
            left = {one.subscription_id for one in agreed if one.is_unpriced}
            unpriced -= {one.subscription_id for one in mine} - left
            if what := contradiction(mine, day, grace_days=grace):
                told[what] += _column(connection, _ACCOUNT_ID, (key,))
    yield _finding(
        "subscription-without-price",
        "Contracts have no known price; sums of ARR leave them out.",
        unpriced,
    )
    yield _finding(
        "contract-beside-billing",
        "Accounts have several contracts without a price at a time, so that nobody knows which one "
        "a billed subscription pays for; each is a renewal of its own.",
        told["several"],
    )
    yield _finding(
        "contract-outlasts-billing",
        "Accounts have a contract without a price that runs on, but what was billed in its time "
        "has ended.",
        told["ended"],
    )


def _column(connection: Connection, sql: str, given: Sequence[object] = ()) -> list[Any]:
    """The values of a statement with one column; there may be as many as accounts."""
    return [one for (one,) in plain_rows(connection, sql, given)]


def _finding(code: str, message: str, ids: Collection[object]) -> Finding:
    return Finding(code, message, len(ids), tuple(nsmallest(EXAMPLES, map(str, ids))))
