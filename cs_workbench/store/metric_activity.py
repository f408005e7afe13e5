"""What happened in a period, as the metrics of voice, service, outreach and adoption read it."""

import datetime as dt
from collections import defaultdict

from cs_workbench.core.facts import TWO_WAY
from cs_workbench.core.metrics.activity import Request, Touch
from cs_workbench.core.weeks import week_and_weekday
from cs_workbench.store.known import KNOWN_THEN, Known, plain_rows
from cs_workbench.store.sqlite import Connection

_SECONDS = "CAST(strftime('%s', t.{}) AS INTEGER)"
_TICKETS = f"""SELECT t.account_key, {_SECONDS.format("opened_at")},
        {_SECONDS.format("first_response_at")},
        CASE WHEN t.closed_at <= :until THEN {_SECONDS.format("closed_at")} END,
        t.priority, t.driver, t.reopened_count
    FROM ticket t
    WHERE {KNOWN_THEN.format(key="ticket_id")} AND t.opened_at BETWEEN :first AND :last"""
_TOUCHES = f"""SELECT t.account_key, {_SECONDS.format("occurred_at")}, t.direction,
        lower(t.channel), lower(coalesce(t.kind, ''))
    FROM touchpoint t
    WHERE {KNOWN_THEN.format(key="touchpoint_id")} AND t.occurred_at BETWEEN :first AND :last"""
_SCORES = f"""SELECT t.account_key, coalesce(t.contact_id, t.response_id), t.score
    FROM survey_response t
    WHERE {KNOWN_THEN.format(key="response_id")} AND t.kind = 'nps'
        AND t.answered_on BETWEEN :first AND :last
    ORDER BY t.answered_on, t.response_id"""
_LEFT = """SELECT c.account_key FROM change x JOIN contact c ON c.contact_id = x.entity_id
    WHERE x.entity = 'contact' AND x.field = 'opted_out' AND x.new = '1'
        AND x.known_at BETWEEN ? AND ?"""
_METRIC = "SELECT metric_id FROM usage_metric WHERE name = ?"
_WEEKS = """SELECT account_key, week, d0, d1, d2, d3, d4, d5, d6 FROM usage_week
    WHERE metric_id = ? AND week BETWEEN ? AND ?"""
_SEATS = "SELECT account_key, seats_used, seats FROM account_summary WHERE is_former = 0"
_FIRST_USE = """SELECT account_key, min(week) FROM usage_week WHERE metric_id = ?
    AND coalesce(d0, 0) + coalesce(d1, 0) + coalesce(d2, 0) + coalesce(d3, 0) + coalesce(d4, 0)
        + coalesce(d5, 0) + coalesce(d6, 0) > 0 GROUP BY account_key"""
EPOCH = dt.date(1970, 1, 5).toordinal()


def read_tickets(
    connection: Connection, known: Known, first: dt.date, last: dt.date
) -> list[Request]:
    """Tickets that were opened between two days."""
    return [
        Request(*row)
        for row in plain_rows(connection, _TICKETS, _given(known, first, last, "ticket"))
    ]


def read_touches(
    connection: Connection, known: Known, first: dt.date, last: dt.date
) -> list[Touch]:
    """Touchpoints between two days."""
    rows = plain_rows(connection, _TOUCHES, _given(known, first, last, "touchpoint"))
    return [
        Touch(
            account,
            at,
            direction == "outbound",
            direction == "inbound" or channel in TWO_WAY or kind in TWO_WAY,
            kind,
        )
        for account, at, direction, channel, kind in rows
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


def read_daily_usage(
    connection: Connection, metric: str, first: dt.date, last: dt.date
) -> dict[int, dict[int, float]]:
    """Values of a usage metric by account and day (ordinal)."""
    row = plain_rows(connection, _METRIC, (metric,)).fetchone()
    if row is None:
        return {}
    low, high = first.toordinal(), last.toordinal()
    weeks = week_and_weekday(first)[0], week_and_weekday(last)[0]
    found: dict[int, dict[int, float]] = defaultdict(dict)
    for account, week, *values in plain_rows(connection, _WEEKS, (row[0], *weeks)):
        monday = EPOCH + 7 * week
        for offset, value in enumerate(values):
            if value is not None and low <= monday + offset <= high:
                found[account][monday + offset] = value
    return found


def read_first_use(connection: Connection, metric: str) -> dict[int, int]:
    """The Monday (ordinal) of the first week in which each account used something."""
    row = plain_rows(connection, _METRIC, (metric,)).fetchone()
    if row is None:
        return {}
    return {
        account: EPOCH + 7 * week for account, week in plain_rows(connection, _FIRST_USE, (row[0],))
    }


def read_seats(connection: Connection) -> dict[int, tuple[int, int]]:
    """Seats used and contracted of each customer, as of the newest refresh; both known."""
    return {
        account: (used, seats)
        for account, used, seats in plain_rows(connection, _SEATS, ())
        if used is not None and seats is not None
    }


def usage_names(connection: Connection) -> list[str]:
    """The usage metrics there are."""
    return [row[0] for row in plain_rows(connection, "SELECT name FROM usage_metric", ())]


def _given(known: Known, first: dt.date, last: dt.date, entity: str) -> dict[str, str]:
    return {
        **known.limits(entity),
        "first": f"{first.isoformat()}T00:00:00Z",
        "last": f"{last.isoformat()}T23:59:59Z",
    }
