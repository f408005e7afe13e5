"""The subscriptions of a whole portfolio as columns, and what its accounts have in common.

All as it was known on a day: imports that had not come are left out, later changes taken back.
"""

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any, Literal

import msgspec

from cs_workbench.core.agreements import as_agreed_by_day
from cs_workbench.core.metric_kernels.books import (
    UNKNOWN,
    Columns,
    book_of_columns,
    columns_of,
    day_numbers,
    named,
    whole_numbers,
)
from cs_workbench.core.metrics.book import Book, Line
from cs_workbench.core.metrics.policy import MetricPolicy
from cs_workbench.store.account_subscriptions import OF_SEVERAL_SOURCES
from cs_workbench.store.facts import (
    AT_ONCE,
    CANCELLED_THEN,
    SUBSCRIPTION,
    date_of,
    subscription_of,
)
from cs_workbench.store.known import KNOWN_THEN, Known, plain_rows
from cs_workbench.store.renewal_rules import rules_on
from cs_workbench.store.sqlite import Connection


def _days(column: str) -> str:
    """Days of a column in one text, ten characters each."""
    return f"group_concat(coalesce({column}, '0000-00-00'), '')"


Label = Literal["segment", "csm", "region", "industry", "currency"]
_names = msgspec.json.Decoder(list[str | None])

# What a first load says of the time after the day was not known then.
_THEN = f"{KNOWN_THEN.format(key='subscription_id')} AND (t.start_date <= :as_of OR {AT_ONCE})"
_NAMED = ("product", "plan", "currency")
_ORDINALS = ("start", "due", "cancelled", "signed")

# Accounts whose subscriptions are read one by one: those with later changes to take back, and
# those of which several sources tell.
_ONE_BY_ONE = f"""SELECT account_key FROM subscription
        WHERE subscription_id IN (SELECT value FROM json_each(:changed))
    UNION {OF_SEVERAL_SOURCES}"""
_ROWS = f"""SELECT {SUBSCRIPTION}, {CANCELLED_THEN} AS cancelled_on, t.plan, t.signed_on,
        t.discount_e4
    FROM subscription t WHERE {_THEN} AND t.account_key IN (SELECT value FROM json_each(:apart))
    ORDER BY t.account_key, t.start_date, t.subscription_id"""

# A million rows as one: what is a row for Python costs more than all that is done with it.
_COLUMNS = f"""SELECT group_concat(account_key), json_group_array(product),
        json_group_array(plan), json_group_array(currency),
        group_concat(coalesce(arr_minor, {UNKNOWN})),
        {_days("start_date")}, {_days("end_date")}, {_days("cancelled_on")}, {_days("signed_on")},
        group_concat(coalesce(term_months, 0)), group_concat(notice_days), group_concat(is_trial),
        group_concat(CASE WHEN discount_e4 IS NULL THEN -1 ELSE discount_e4 > 0 END)
    FROM (SELECT t.account_key, t.product, t.plan, t.arr_minor, t.currency, t.start_date,
            t.end_date, t.term_months, t.notice_days, t.is_trial, t.signed_on, t.discount_e4,
            {CANCELLED_THEN} AS cancelled_on
        FROM subscription t WHERE {_THEN} AND t.account_key BETWEEN :low AND :high
            AND t.account_key NOT IN (SELECT value FROM json_each(:apart)))"""
_SOME = 20_000  # accounts whose subscriptions are texts at once

_LABELS = f"""SELECT t.account_key, t.segment, t.csm, t.region, t.industry, t.currency
    FROM account t
    WHERE t.merged_into IS NULL AND {KNOWN_THEN.format(key="account_key")}"""

_NAMES = """SELECT account_key, account_id, name FROM account
    WHERE account_key IN (SELECT value FROM json_each(?))"""

_REASONS = f"""SELECT t.account_key, t.churned_on, t.reason FROM churn_event t
    WHERE {KNOWN_THEN.format(key="churn_event_id")} AND t.churned_on <= :as_of
    ORDER BY t.churned_on"""


def read_book(connection: Connection, known: Known, policy: MetricPolicy) -> Book:
    """Every subscription that was known; billed lines have the terms of their contracts."""
    changed = {"changed": json.dumps(list(known.earlier["subscription"]))}
    apart = [key for (key,) in plain_rows(connection, _ONE_BY_ONE, changed)]
    given = {**known.limits("subscription"), "apart": json.dumps(apart)}
    columns = columns_of(())
    for low in range(1, newest_account(connection) + 1, _SOME):
        span = {"low": low, "high": low + _SOME - 1}
        columns.extend(_columns(plain_rows(connection, _COLUMNS, given | span).fetchone()))
    rows = known.as_then("subscription", plain_rows(connection, _ROWS, given))
    grace = rules_on(connection, known.as_of).grace_days
    columns.extend(columns_of(_lines(rows, known.as_of, grace)))
    return book_of_columns(columns, policy)


def newest_account(connection: Connection) -> int:
    """The highest key of an account; 0 without any."""
    (key,) = next(plain_rows(connection, "SELECT max(account_key) FROM account", ()))
    return key or 0


def read_labels(connection: Connection, known: Known, label: Label) -> dict[int, str | None]:
    """What an account was by one of its attributes, by key."""
    place = {"segment": 1, "csm": 2, "region": 3, "industry": 4, "currency": 5}[label]
    rows = known.as_then("account", _rows(connection, known, "account", _LABELS))
    return {row[0]: row[place] for row in rows}


def person_names(connection: Connection) -> dict[str, str]:
    """Names of people by their ids."""
    return dict(plain_rows(connection, "SELECT person_id, name FROM person", ()).fetchall())


def account_names(connection: Connection, keys: str) -> dict[int, tuple[str, str]]:
    """Id and name of accounts, by key; the keys as a JSON list."""
    return {
        key: (account_id, name) for key, account_id, name in plain_rows(connection, _NAMES, (keys,))
    }


def other_names(connection: Connection, account_key: int, own: str) -> list[str]:
    """Names of all other customers, but for those that are a part of this one's own."""
    rows = plain_rows(connection, "SELECT name FROM account WHERE account_key <> ?", (account_key,))
    mine = own.casefold()
    return [name for (name,) in rows if name.casefold() not in mine]


def read_reasons(connection: Connection, known: Known) -> dict[int, tuple[str, str | None]]:
    """By account, the day of its last known churn event and the reason given."""
    given = {**known.limits("subscription"), "born": "[]"}
    return {key: (day, reason) for key, day, reason in plain_rows(connection, _REASONS, given)}


def _rows(connection: Connection, known: Known, entity: str, sql: str) -> Any:
    return plain_rows(connection, sql, known.limits(entity))


def _columns(texts: Sequence[str | None]) -> Columns:
    """The columns of one row of texts; all are null where there is no subscription."""
    given = dict(zip(Columns._fields, (one or "" for one in texts), strict=True))
    names = {name: named(_names.decode(given.pop(name))) for name in _NAMED}
    days = {name: day_numbers(given.pop(name)) for name in _ORDINALS}
    return Columns(
        product=names["product"],
        plan=names["plan"],
        currency=names["currency"],
        **days,
        **{name: whole_numbers(text) for name, text in given.items()},
    )


def _lines(rows: Iterable[Sequence[Any]], day: dt.date, grace_days: int) -> Iterator[Line]:
    """The lines of rows by account."""
    for key, mine in groupby(rows, key=itemgetter(1)):
        every = list(mine)
        beside = {row[0]: (row[6], *row[15:]) for row in every}
        known = [subscription_of(row) for row in every]
        for one in as_agreed_by_day(known, day, grace_days=grace_days):
            begun, plan, signed_on, discount = beside[one.subscription_id]
            is_first = one.start_date.isoformat() == begun  # no other part was signed then
            yield Line(
                subscription_id=one.subscription_id,
                account_key=key,
                product=one.product,
                plan=plan,
                arr_minor=one.arr_minor,
                currency=one.currency,
                start_date=one.start_date,
                end_date=dt.date.max if one.no_decision else one.end_date,  # due on no day
                term_months=one.term_months,
                notice_days=one.notice_days,
                is_trial=one.is_trial,
                cancelled_on=one.cancelled_on,
                signed_on=date_of(signed_on) if is_first else None,
                discount_e4=discount,
            )
