"""What happened in a period, as the metrics of voice, service, outreach and adoption read it."""

import datetime as dt
from collections.abc import Sequence
from itertools import groupby
from math import nan
from operator import itemgetter

from cs_workbench.core.agreements import as_agreed
from cs_workbench.core.metric_kernels.engagement import Usage
from cs_workbench.core.metrics.outreach import Touch
from cs_workbench.core.metrics.tickets import Request
from cs_workbench.core.renewals import seats_on
from cs_workbench.core.two_way import TWO_WAY
from cs_workbench.core.weeks import week_and_weekday
from cs_workbench.store.facts import AT_ONCE, CANCELLED_THEN, SUBSCRIPTION, subscription_of
from cs_workbench.store.known import KNOWN_THEN, Known, plain_rows
from cs_workbench.store.renewal_rules import rules_on
from cs_workbench.store.sqlite import Connection
from cs_workbench.store.usage_columns import every_day
from cs_workbench.store.usage_facts import Metric as UsageMetric

_SECONDS = "CAST(strftime('%s', t.{}) AS INTEGER)"
_TICKETS = f"""SELECT t.account_key, {_SECONDS.format("opened_at")},
        {_SECONDS.format("first_response_at")},
        CASE WHEN t.closed_at <= :until THEN {_SECONDS.format("closed_at")} END,
        t.priority, t.driver, t.reopened_count
    FROM ticket t
    WHERE {KNOWN_THEN.format(key="ticket_id")} AND t.opened_at BETWEEN :first AND :last
        AND t.account_key BETWEEN :low AND :high"""
_TOUCHES = f"""SELECT t.account_key, {_SECONDS.format("occurred_at")}, t.direction,
        lower(t.channel), lower(coalesce(t.kind, ''))
    FROM touchpoint t
    WHERE {KNOWN_THEN.format(key="touchpoint_id")} AND t.occurred_at BETWEEN :first AND :last
        AND t.account_key BETWEEN :low AND :high"""
_SCORES = f"""SELECT t.account_key, coalesce(t.contact_id, t.response_id), t.score
    FROM survey_response t
    WHERE {KNOWN_THEN.format(key="response_id")} AND t.kind = 'nps'
        AND t.answered_on BETWEEN :first AND :last
    ORDER BY t.answered_on, t.response_id"""
_LEFT = """SELECT c.account_key FROM change x JOIN contact c ON c.contact_id = x.entity_id
    WHERE x.entity = 'contact' AND x.field = 'opted_out' AND x.new = '1'
        AND x.known_at BETWEEN ? AND ?"""
_USERS = """SELECT DISTINCT account_key FROM usage_week
    WHERE metric_id = ? AND week BETWEEN ? AND ? ORDER BY account_key"""
_CORRECTED = """SELECT account_key, day, old FROM usage_correction
    WHERE recorded_at > ? AND metric_id = ? AND day BETWEEN ? AND ?
    ORDER BY recorded_at DESC, rowid DESC"""
_SEATS = f"""SELECT {SUBSCRIPTION}, {CANCELLED_THEN} AS cancelled_on
    FROM subscription t
    WHERE {KNOWN_THEN.format(key="subscription_id")} AND (t.start_date <= :as_of OR {AT_ONCE})
    ORDER BY t.account_key, t.start_date, t.subscription_id"""
_FIRST_USE = """SELECT account_key, min(week) FROM usage_week WHERE metric_id = ?
    AND week <= ? AND coalesce(d0, 0) + coalesce(d1, 0) + coalesce(d2, 0) + coalesce(d3, 0)
        + coalesce(d4, 0) + coalesce(d5, 0) + coalesce(d6, 0) > 0 GROUP BY account_key"""
EPOCH = dt.date(1970, 1, 5).toordinal()


def read_tickets(
    connection: Connection, known: Known, days: tuple[dt.date, dt.date], keys: tuple[int, int]
) -> list[Request]:
    """Tickets that were opened between two days, of the accounts with keys from one to another."""
    given = _given(known, *days, "ticket") | _among(keys)
    return [Request(*row) for row in plain_rows(connection, _TICKETS, given)]


def read_touches(
    connection: Connection, known: Known, days: tuple[dt.date, dt.date], keys: tuple[int, int]
) -> list[Touch]:
    """Touchpoints between two days, of the accounts with keys from one to another."""
    given = _given(known, *days, "touchpoint") | _among(keys)
    return [
        Touch(
            account,
            at,
            direction == "outbound",
            direction == "inbound" or channel in TWO_WAY or kind in TWO_WAY,
            kind,
        )
        for account, at, direction, channel, kind in plain_rows(connection, _TOUCHES, given)
    ]


def read_answers(
    connection: Connection, known: Known, first: dt.date, last: dt.date
) -> dict[tuple[int, str], int]:
    """The latest NPS answer of each person between two days, by account and person."""
    given = {
        **known.limits("survey_response"),
        "first": first.isoformat(),
        "last": last.isoformat(),
    }
    rows = plain_rows(connection, _SCORES, given)
    return {(account, person): score for account, person, score in rows}


def read_unsubscribed(connection: Connection, first: dt.date, last: dt.date) -> list[int]:
    """The accounts of contacts that opted out between two days, as the log tells."""
    span = f"{first.isoformat()}T00:00:00Z", f"{last.isoformat()}T23:59:59Z"
    return [row[0] for row in plain_rows(connection, _LEFT, span)]


def accounts_with_usage(
    connection: Connection, metric: UsageMetric, span: tuple[dt.date, dt.date]
) -> list[int]:
    """The accounts with any data of a metric in the weeks of a span, ascending."""
    weeks = (week_and_weekday(day)[0] for day in span)
    return [row[0] for row in plain_rows(connection, _USERS, (metric.metric_id, *weeks))]


def read_usage(
    connection: Connection,
    known: Known,
    metric: UsageMetric,
    span: tuple[dt.date, dt.date],
    keys: Sequence[int],
) -> Usage:
    """Usage of some accounts (ascending) on every day of a span, as it was known."""
    weeks = week_and_weekday(span[0])[0], week_and_weekday(span[1])[0]
    monday = EPOCH + 7 * weeks[0]
    values = every_day(connection, "usage_week", metric, keys, weeks)
    places = {key: place for place, key in enumerate(keys)}
    given = known.until, metric.metric_id, span[0].isoformat(), span[1].isoformat()
    for account, day, old in plain_rows(connection, _CORRECTED, given):
        if account in places:
            at = dt.date.fromisoformat(day).toordinal() - monday
            values[places[account], at] = nan if old is None else old
    end = min(span[1], metric.last_day).toordinal() + 1
    first = span[0].toordinal()
    return Usage(keys, first, values[:, first - monday : max(first, end) - monday])


def read_first_use(connection: Connection, metric: UsageMetric) -> dict[int, int]:
    """The Monday (ordinal) of the first week in which each account used something."""
    last_week, _ = week_and_weekday(metric.last_day)
    rows = plain_rows(connection, _FIRST_USE, (metric.metric_id, last_week))
    return {account: EPOCH + 7 * week for account, week in rows}


def read_seats(connection: Connection, known: Known, day: dt.date) -> dict[int, int]:
    """Contracted seats of each account on a day, where any are stated."""
    rows = plain_rows(connection, _SEATS, known.limits("subscription"))
    found: dict[int, int] = {}
    grace = rules_on(connection, known.as_of).grace_days
    for key, mine in groupby(known.as_then("subscription", rows), key=itemgetter(1)):
        every = [subscription_of(row) for row in mine]
        seats = seats_on(as_agreed(every, known.as_of, grace_days=grace), day)
        if seats is not None:
            found[key] = seats
    return found


def _among(keys: tuple[int, int]) -> dict[str, int]:
    return {"low": keys[0], "high": keys[1]}


def _given(known: Known, first: dt.date, last: dt.date, entity: str) -> dict[str, str | int]:
    return {
        **known.limits(entity),
        "first": f"{first.isoformat()}T00:00:00Z",
        "last": f"{last.isoformat()}T23:59:59Z",
    }
