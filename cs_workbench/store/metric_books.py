"""The subscriptions of a whole portfolio as columns, and what its accounts have in common.

All as it was known on a day: imports that had not come are left out, later changes taken back.
"""

import datetime as dt
import json
from collections.abc import Sequence
from typing import Any, Literal

import msgspec

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
from cs_workbench.store.facts import AT_ONCE
from cs_workbench.store.known import KNOWN_THEN, Known, plain_rows
from cs_workbench.store.sqlite import Connection


def _days(column: str) -> str:
    """Days of a column in one text, ten characters each."""
    return f"group_concat(coalesce({column}, '0000-00-00'), '')"


Label = Literal["segment", "csm", "region", "industry", "currency"]
_names = msgspec.json.Decoder(list[str | None])

# The columns are those of `core.metrics.book.Line`. What a first load says of the time after the
# day was not known then.
_LINES = f"""SELECT t.subscription_id, t.account_key, t.product, t.plan, t.arr_minor, t.currency,
        t.start_date, t.end_date, t.term_months, t.notice_days, t.is_trial,
        CASE WHEN t.cancelled_on <= :as_of OR {AT_ONCE} THEN t.cancelled_on END AS cancelled_on,
        t.signed_on, t.discount_e4
    FROM subscription t
    WHERE {KNOWN_THEN.format(key="subscription_id")} AND (t.start_date <= :as_of OR {AT_ONCE})"""
_NAMED = ("product", "plan", "currency")
_ORDINALS = ("start", "due", "cancelled", "signed")
_DATES = [at for at, name in enumerate(Line._fields) if name.endswith(("_date", "_on"))]
_CHANGED = "t.subscription_id IN (SELECT value FROM json_each(:changed))"

# A million rows as one: what is a row for Python costs more than all that is done with it.
_COLUMNS = f"""SELECT group_concat(account_key), json_group_array(product),
        json_group_array(plan), json_group_array(currency),
        group_concat(coalesce(arr_minor, {UNKNOWN})),
        {_days("start_date")}, {_days("end_date")}, {_days("cancelled_on")}, {_days("signed_on")},
        group_concat(coalesce(term_months, 0)), group_concat(notice_days), group_concat(is_trial),
        group_concat(CASE WHEN discount_e4 IS NULL THEN -1 ELSE discount_e4 > 0 END)
    FROM ({_LINES} AND NOT {_CHANGED} AND t.account_key BETWEEN :low AND :high)"""
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
    """Every subscription that was known."""
    changed = json.dumps(list(known.earlier["subscription"]))
    given = {**known.limits("subscription"), "changed": changed}
    columns = columns_of(())
    for low in range(1, newest_account(connection) + 1, _SOME):
        span = {"low": low, "high": low + _SOME - 1}
        columns.extend(_columns(plain_rows(connection, _COLUMNS, given | span).fetchone()))
    rows = plain_rows(connection, f"{_LINES} AND {_CHANGED}", given)
    columns.extend(columns_of(map(_line, known.as_then("subscription", rows))))
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


def _line(row: Sequence[Any]) -> Line:
    fields: list[Any] = list(row)
    for place in _DATES:
        if fields[place] is not None:
            fields[place] = dt.date.fromisoformat(fields[place])
    return Line(*fields)
