"""Facts of all accounts as compact columns, each with the day from which it was known.

Days are ordinals. A first load is known at its facts' own dates (0 here), a later one from the day
of its import, what a person wrote from its entry in the log. Columns are `array`s, so that reading
a large book takes a few bytes a value.
"""

import datetime as dt
import json
from array import array
from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any, NamedTuple

from cs_workbench.core.money import DIGITS, to_major
from cs_workbench.core.renewals import Subscription
from cs_workbench.core.two_way import TWO_WAY
from cs_workbench.store.account_subscriptions import OF_SEVERAL_SOURCES, agreed_by_several
from cs_workbench.store.known import IS_OWED, IS_TWO_WAY, plain_rows
from cs_workbench.store.sqlite import Connection

FAR = 4_000_000
_ORDINAL = 1_721_424.5  # julianday() minus this is Python's ordinal


def _day(column: str, otherwise: int = FAR) -> str:
    return f"coalesce(CAST(julianday({column}) - {_ORDINAL} AS INTEGER), {otherwise})"


def _known(entity: str, key: str) -> str:
    """SQL: the day from which a row of `t` was known; 0 where it counts from its own dates."""
    return f"""CASE WHEN t.import_id IS NULL THEN (SELECT {_day("min(c.known_at)", 0)} FROM change c
            WHERE c.entity = '{entity}' AND c.entity_id = t.{key} AND c.field IS NULL)
        WHEN i.known_policy = 'recorded' THEN {_day("i.recorded_at", 0)} ELSE 0 END"""


def _from(table: str) -> str:
    return f"FROM {table} t LEFT JOIN import_run i USING (import_id)"


class Columns(NamedTuple):
    """A statement and the names of its columns; all numbers."""

    sql: str
    names: tuple[str, ...]


_UNIT = (
    "CASE t.currency "
    + " ".join(f"WHEN '{code}' THEN {10**digits}.0" for code, digits in DIGITS.items())
    + " ELSE 100.0 END"
)
_LIVE = "t.account_key IN (SELECT account_key FROM account WHERE merged_into IS NULL)"
# Of accounts of which one source alone tells.
_ALONE = f"{_LIVE} AND t.account_key NOT IN ({OF_SEVERAL_SOURCES})"
_KNOWN_OF_SEVERAL = f"""SELECT t.subscription_id, {_known("subscription", "subscription_id")}
    {_from("subscription")} WHERE {_LIVE} AND t.account_key IN ({OF_SEVERAL_SOURCES})"""
TABLES: Mapping[str, Columns] = {
    "accounts": Columns(
        f"""SELECT t.account_key, {_known("account", "account_key")}, {_day("t.started_on")}
        {_from("account")} WHERE t.merged_into IS NULL ORDER BY t.account_key""",
        ("account_key", "known_from", "started"),
    ),
    "subscriptions": Columns(
        f"""SELECT t.account_key, t.rowid, {_day("t.start_date")}, {_day("t.end_date")},
            {_day("t.cancelled_on")}, t.term_months, t.notice_days, t.auto_renew, t.seats,
            t.arr_minor / {_UNIT}, t.is_trial, {_known("subscription", "subscription_id")}
        {_from("subscription")} WHERE {_ALONE} ORDER BY t.rowid""",
        (
            *("account", "row", "start", "end", "cancelled", "term_months", "notice_days"),
            *("auto_renew", "seats", "arr", "is_trial", "known_from"),
        ),
    ),
    "tickets": Columns(
        f"""SELECT t.account_key, {_known("ticket", "ticket_id")}, {_day("t.opened_at")},
            {_day("t.first_response_at")}, {_day("t.closed_at")}, t.priority = 'urgent',
            t.is_complaint OR t.is_escalated, t.csat
        {_from("ticket")} WHERE {_LIVE} ORDER BY t.rowid""",
        (
            *("account", "known_from", "opened", "answered", "closed"),
            *("is_urgent", "is_complaint", "csat"),
        ),
    ),
    "answers": Columns(
        f"""SELECT t.account_key, {_known("survey_response", "response_id")},
            {_day("t.answered_on")}, CASE t.kind WHEN 'nps' THEN 0 WHEN 'csat' THEN 1 ELSE 2 END,
            t.score
        {_from("survey_response")} WHERE {_LIVE} ORDER BY t.rowid""",
        ("account", "known_from", "day", "kind", "score"),
    ),
    "touches": Columns(
        f"""SELECT t.account_key, {_known("touchpoint", "touchpoint_id")}, {_day("t.occurred_at")},
            {IS_TWO_WAY}, coalesce((SELECT p.rowid FROM contact p
                WHERE p.contact_id = t.contact_id), -1)
        {_from("touchpoint")} WHERE {_LIVE} ORDER BY t.rowid""",
        ("account", "known_from", "day", "is_two_way", "contact"),
    ),
    "contacts": Columns(
        f"""SELECT t.account_key, {_known("contact", "contact_id")}, {_day("t.left_on")},
            coalesce(t.role = 'champion', 0)
        {_from("contact")} WHERE {_LIVE} ORDER BY t.rowid""",
        ("account", "known_from", "left", "is_champion"),
    ),
    "promises": Columns(
        f"""SELECT t.account_key, {_known("promise", "promise_id")}, {_day("t.made_on")},
            {_day("t.due_on")}, CASE WHEN t.kept_on IS NULL AND t.state <> 'open' THEN
            {_day("t.due_on", 0)} ELSE {_day("t.kept_on")} END
        {_from("promise")} WHERE {_LIVE} AND t.promised_by = 'us' ORDER BY t.rowid""",
        ("account", "known_from", "made", "due", "kept"),
    ),
    "invoices": Columns(
        f"""SELECT t.account_key, {_known("invoice", "invoice_id")}, {_day("t.issued_on")},
            {_day("t.due_on")}, {_day("t.paid_on")}
        {_from("invoice")} WHERE {_LIVE} AND {IS_OWED} ORDER BY t.rowid""",
        ("account", "known_from", "issued", "due", "paid"),
    ),
    "departures": Columns(
        f"""SELECT t.account_key, {_day("t.churned_on")}, t.is_reactivation
        FROM churn_event t WHERE {_LIVE} ORDER BY t.rowid""",
        ("account", "day", "is_reactivation"),
    ),
}


def read_columns(connection: Connection, table: str) -> dict[str, "array[float]"]:
    """One of `TABLES` by column; an unknown number is NaN."""
    sql, names = TABLES[table]
    given = {"two_way": json.dumps(sorted(TWO_WAY))} if ":two_way" in sql else {}
    return columns_of(plain_rows(connection, sql, given), names)


def read_subscriptions(connection: Connection, day: dt.date) -> dict[str, "array[float]"]:
    """The subscriptions; what several sources tell of an account stands last, as it was agreed."""
    columns = read_columns(connection, "subscriptions")
    known = dict(plain_rows(connection, _KNOWN_OF_SEVERAL, ()))
    rows = (
        _agreed_row(key, one, known[one.subscription_id])
        for key, mine in agreed_by_several(connection, day).items()
        for one in mine
        if one.subscription_id in known
    )
    more = columns_of(rows, tuple(columns))
    return {name: columns[name] + more[name] for name in columns}


def _agreed_row(key: int, one: Subscription, known_from: int) -> tuple[float | None, ...]:
    """A row of the columns of `subscriptions`; it has no number, so that no change is its own."""
    days = (one.end_date, one.cancelled_on)
    arr = None if one.arr_minor is None else to_major(one.arr_minor, one.currency)
    return (
        *(key, -1, one.start_date.toordinal()),
        *(FAR if day is None else day.toordinal() for day in days),
        *(one.term_months, one.notice_days, one.auto_renew, one.seats),
        *(None if arr is None else float(arr), one.is_trial, known_from),
    )


def columns_of(rows: Any, names: Sequence[str]) -> dict[str, "array[float]"]:
    """Rows of numbers, column by column; None becomes NaN."""
    nothing = float("nan")
    flat = array("d", (nothing if one is None else one for one in chain.from_iterable(rows)))
    return {name: flat[place :: len(names)] for place, name in enumerate(names)}


def read_segments(connection: Connection) -> list[str | None]:
    """Of each account, in the order of `accounts`."""
    found = plain_rows(
        connection,
        "SELECT segment FROM account WHERE merged_into IS NULL ORDER BY account_key",
        (),
    )
    return [segment for (segment,) in found]


class SubscriptionChange(NamedTuple):
    """A field of a subscription that was altered after it came, and its value before."""

    row: int
    field: str
    old: Any
    known: int


def read_subscription_changes(connection: Connection) -> list[SubscriptionChange]:
    """Later changes of what contracts say, oldest first; dates as ordinals."""
    found = plain_rows(
        connection,
        f"""SELECT t.rowid, c.field, CASE WHEN c.field IN ('start_date', 'end_date', 'cancelled_on')
                THEN {_day("json_extract(c.old, '$')")}
                WHEN c.field = 'arr_minor' THEN json_extract(c.old, '$') / {_UNIT}
                ELSE json_extract(c.old, '$') END,
            {_day("c.known_at", 0)}
        FROM change c JOIN subscription t ON t.subscription_id = c.entity_id
        WHERE c.entity = 'subscription' AND c.field IN ('start_date', 'end_date', 'cancelled_on',
            'term_months', 'notice_days', 'auto_renew', 'seats', 'arr_minor', 'is_trial')
        ORDER BY c.seq""",
        (),
    )
    return [SubscriptionChange(*row) for row in found]


def read_subscription_ids(connection: Connection) -> list[str]:
    """Of accounts of which one source alone tells, in the order of `read_subscriptions`."""
    found = plain_rows(
        connection,
        f"SELECT t.subscription_id FROM subscription t WHERE {_ALONE} ORDER BY t.rowid",
        (),
    )
    return [subscription_id for (subscription_id,) in found]


def read_stored_points(
    connection: Connection, day: dt.date, *, stale_days: int
) -> tuple["array[float]", "array[float]"]:
    """Keys and scores (1/10,000) of the newest day with scores by then, not older than so."""
    first = (day - dt.timedelta(days=stale_days)).isoformat()
    sql = "SELECT max(as_of) FROM refresh_run WHERE as_of BETWEEN ? AND ?"
    (newest,) = next(plain_rows(connection, sql, (first, day.isoformat())))
    rows = plain_rows(
        connection,
        "SELECT account_key, points_e4 FROM score WHERE as_of = ? AND points_e4 IS NOT NULL",
        (newest,),
    )
    found = columns_of(rows, ("key", "points"))
    return found["key"], found["points"]
