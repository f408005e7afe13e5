"""Reading the book: which accounts, and in what order.

An order is an array of keys (0.8 MB for 100,000 accounts); `account_lines` reads what is on screen.
Measured at 100,000 accounts: SQLite hands over an order fastest as one JSON array.
"""

from array import array
from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

from cs_workbench.core.accounts import BANDS, Band
from cs_workbench.errors import UsageError
from cs_workbench.store.account_groups import in_groups, ranks
from cs_workbench.store.account_query import GROUP_SORTS, MANY, AccountQuery
from cs_workbench.store.account_views import VIEWS, view_conditions
from cs_workbench.store.condition import Condition
from cs_workbench.store.database import Database
from cs_workbench.store.key_lists import keys_of
from cs_workbench.store.sqlite import Connection

# What an account is sorted by; `band` is worst first, then ARR. Unknown values come last.
_WORST_FIRST = "s.band_rank, s.arr_minor DESC, s.account_key"
_SUMMARY_SORTS = {
    "score": "s.points_e4",
    "cov": "s.coverage_e4",
    "trend": "s.trend_e4",
    "arr": "s.arr_minor",
    "usage": "nullif(substr(s.spark, -1), '.')",
    "seats": "CASE WHEN s.seats > 0 THEN s.seats_used * 1.0 / s.seats END",
    "days": "s.deadline",
    "end": "s.end_date",
}
_ACCOUNT_SORTS = {"name": "a.search_text", "next": "a.next_step_due", "id": "a.account_id"}
SORTS = ("band", *_SUMMARY_SORTS, "signals", *_ACCOUNT_SORTS, *GROUP_SORTS)

# What accounts that no refresh has seen yet look like.
_ALL_SUMMARIES = """(SELECT a.account_key, coalesce(s.is_former, 0) AS is_former,
    coalesce(s.band, 'unknown') AS band, coalesce(s.band_rank, 1) AS band_rank, s.points_e4,
    coalesce(s.coverage_e4, 0) AS coverage_e4, s.trend_e4, coalesce(s.spark, '') AS spark,
    s.arr_minor, coalesce(s.currency, a.currency) AS currency,
    s.seats, s.seats_used, s.end_date, s.deadline
    FROM account a LEFT JOIN account_summary s ON s.account_key = a.account_key)"""
_MERGED = "SELECT account_key FROM account WHERE merged_into IS NOT NULL"


class BandTotal(NamedTuple):
    """A band's accounts, their known ARR in minor units by currency, and of how many it is not."""

    band: Band
    accounts: int
    arr_by_currency: dict[str, int | None]
    unpriced: int


class _Shape(NamedTuple):
    """What a statement has to reckon with: accounts that no refresh saw, and merged ones."""

    source: str
    has_merged: bool


# Accounts that no refresh saw rank behind red ones: where these fill a list, nobody is counted.
_RED = Condition("s", "s.band_rank = 0")
_SCORED = _Shape("account_summary", has_merged=True)


def account_keys(db: Database, query: AccountQuery, *, limit: int = -1) -> "array[int]":
    """The keys of all accounts of the query, in its order, or of the first `limit`.

    Raises:
        UsageError: no such view or sort.
    """
    keys = leading_keys(db, query, limit)
    return keys[:limit] if limit >= 0 else keys


def leading_keys(db: Database, query: AccountQuery, limit: int) -> "array[int]":
    """As `account_keys`, and all keys where all of them are as quickly found as the first.

    Fewer than `limit`, or more, are therefore all that there are.

    Raises:
        UsageError: no such view or sort.
    """
    _check(db, query)
    connection = db.connection
    worst_first = query._replace(sort="band", descending=False)
    if query.sort not in SORTS:
        from cs_workbench.store.custom_fields import ordered_by

        return ordered_by(
            connection, query.sort, _keys(connection, worst_first, "s"), descending=query.descending
        )
    if query.sort == "signals":
        return _by_signals(connection, query, limit)
    if query.sort in GROUP_SORTS:
        few = MANY if limit >= 0 else -1
        keys = _keys(connection, worst_first, "s", few)
        if len(keys) == few:
            return _first_of_groups(connection, query, limit)
        return in_groups(connection, keys, query)
    if query == worst_first and not query.filter and limit >= 0:
        reds = _keys(connection, query, "s", limit, _RED, shape=_SCORED)
        if len(reds) == limit:
            return reds
    return _keys(connection, query, "a" if query.sort in _ACCOUNT_SORTS else "s", limit)


def holds_account(db: Database, query: AccountQuery, account_key: int) -> bool:
    """Whether an account is in a list."""
    _check(db, query)
    shape = _shape(db.connection)
    narrowing = _narrowing(db.connection, query)
    where, values = _where(query, narrowing, "s", shape, looks=True)
    found = f"SELECT 1 FROM {shape.source} s WHERE s.account_key = ? AND {where}"
    return db.connection.execute(found, (account_key, *values)).fetchone() is not None


def band_totals(db: Database, query: AccountQuery) -> list[BandTotal]:
    """How many accounts of the query are in each band, in order of need; empty bands left out."""
    _check(db, query)
    shape = _shape(db.connection)
    where, values = _where(query, _narrowing(db.connection, query), "s", shape)
    rows = db.connection.execute(
        "SELECT s.band_rank, s.currency, count(*) AS accounts, "
        "count(*) - count(s.arr_minor) AS unpriced, sum(s.arr_minor) AS arr "
        f"FROM {shape.source} s WHERE {where} "
        "GROUP BY s.band_rank, s.currency "
        "ORDER BY s.band_rank, arr DESC",
        values,
    ).fetchall()
    return [
        BandTotal(
            BANDS[rank],
            sum(row["accounts"] for row in part),
            {row["currency"]: row["arr"] for row in part},
            sum(row["unpriced"] for row in part),
        )
        for rank, part in ((r, list(g)) for r, g in groupby(rows, key=lambda row: row["band_rank"]))
    ]


def _check(db: Database, query: AccountQuery) -> None:
    if query.view not in VIEWS:
        raise UsageError(f"There is no view {query.view!r}. Views: {', '.join(VIEWS)}.")
    if query.sort in SORTS:
        return
    from cs_workbench.store.custom_fields import custom_fields

    own = custom_fields(db.connection)
    if query.sort not in own:
        known = ", ".join((*SORTS, *own))
        raise UsageError(f"Accounts cannot be sorted by {query.sort!r}, but by: {known}.")


def _shape(connection: Connection) -> _Shape:
    merged, scored, accounts = connection.execute(
        "SELECT (SELECT count(*) FROM account WHERE merged_into IS NOT NULL), "
        "(SELECT count(*) FROM account_summary), (SELECT count(*) FROM account)"
    ).fetchone()
    if merged:
        hidden = f"SELECT count(*) FROM account_summary WHERE account_key IN ({_MERGED})"
        scored -= connection.execute(hidden).fetchone()[0]
    is_complete = scored == accounts - merged
    return _Shape("account_summary" if is_complete else _ALL_SUMMARIES, bool(merged))


def _keys(
    connection: Connection,
    query: AccountQuery,
    on: str,
    limit: int = -1,
    group: Condition | None = None,
    *,
    shape: _Shape | None = None,
) -> "array[int]":
    shape = shape or _shape(connection)
    conditions = [*_narrowing(connection, query), *([group] if group else ())]
    few = _few(connection, conditions) if limit >= 0 else None
    if few is not None:
        conditions, limit = [c for c in conditions if c.on == "s"] + [_in_keys(on, few)], -1
    where, values = _where(
        query,
        conditions,
        on,
        shape,
        walks=query.sort == "band" and few is None and (limit >= 0 or not query.filter),
        looks=query.sort == "band" and limit >= 0,
    )
    table = f"{shape.source} s" if on == "s" else "account a"
    listed = connection.execute(
        f"SELECT json_group_array(account_key) FROM (SELECT {on}.account_key FROM {table} "
        f"WHERE {where} ORDER BY {_order(query)} LIMIT ?)",
        (*values, limit),
    ).fetchone()[0]
    return keys_of(listed)


def _narrowing(connection: Connection, query: AccountQuery) -> list[Condition]:
    viewed = view_conditions(connection, query.view, today=query.today, me=query.me)
    if not query.filter:
        return viewed
    from cs_workbench.store.account_conditions import filter_conditions

    return [*filter_conditions(connection, query.filter, query.today), *viewed]


def _few(connection: Connection, conditions: Sequence[Condition]) -> str | None:
    """The keys that the conditions on the account leave, as JSON, if there are only few."""
    asked = [condition for condition in conditions if condition.on != "s"]
    parts: list[str] = []
    values: list[object] = []
    for condition in asked:
        sql, bound = condition.sql, condition.values
        if condition.keys:
            found = _at_most(connection, condition.keys, bound)
            if len(asked) == 1:
                return found
            if found is None:
                sql = condition.each
            else:
                narrow = _in_keys("a", found)
                sql, bound = narrow.sql, narrow.values
        parts.append(f"({sql})")
        values += bound
    if not asked:
        return None
    listed = f"SELECT a.account_key FROM account a WHERE {' AND '.join(parts)}"
    return _at_most(connection, listed, values)


def _at_most(connection: Connection, listed: str, values: Sequence[object]) -> str | None:
    """The keys of a statement as JSON; None if they are many."""
    row: tuple[int, str] = connection.execute(
        f"SELECT count(*), json_group_array(account_key) FROM ({listed} LIMIT ?)",
        (*values, MANY),
    ).fetchone()
    count, keys = row
    return None if count == MANY else keys


def _in_keys(on: str, keys: str) -> Condition:
    sql = f"{on}.account_key IN (SELECT value FROM json_each(?))"
    return Condition("a" if on == "a" else "s", sql, (keys,))


def _order(query: AccountQuery) -> str:
    direction = "DESC" if query.descending else "ASC"
    if query.sort in _ACCOUNT_SORTS:
        return f"{_ACCOUNT_SORTS[query.sort]} {direction} NULLS LAST, a.account_key"
    if query.sort in _SUMMARY_SORTS:
        # `+` keeps SQLite from walking an index whose rows are scattered over the table.
        return f"+{_SUMMARY_SORTS[query.sort]} {direction} NULLS LAST, {_WORST_FIRST}"
    if query.sort == "band" and query.descending:
        return "s.band_rank DESC, s.arr_minor DESC, s.account_key"
    return _WORST_FIRST


def _where(
    query: AccountQuery,
    narrowing: Sequence[Condition],
    on: str,
    shape: _Shape,
    *,
    walks: bool = False,
    looks: bool = False,
) -> tuple[str, tuple[object, ...]]:
    """The condition of a statement.

    One that `walks` follows the index of the order; one that `looks` asks about each account that
    comes by instead of collecting those that fit.
    """
    conditions = [_standing(query, on, walks=walks), *narrowing]
    parts = [f"{on}.account_key NOT IN ({_MERGED})"] if shape.has_merged else []
    for condition in conditions:
        if condition.on == on:
            parts.append(condition.sql)
        elif on == "a" and condition.on == "s":
            inner = f"SELECT s.account_key FROM {shape.source} s WHERE {condition.sql}"
            parts.append(f"a.account_key IN ({inner})")
        elif condition.on == "either":
            parts.append(condition.sql.replace("a.", f"{on}."))
        elif looks:
            parts.append(_looked_at(condition.sql))
        else:
            sign = "NOT IN" if condition.without else "IN"
            inner = (
                f"SELECT a.account_key FROM account a WHERE {condition.without or condition.sql}"
            )
            parts.append(f"s.account_key {sign} ({inner})")
    values = tuple(value for condition in conditions for value in condition.values)
    return " AND ".join(f"({part})" for part in parts), values


def _standing(query: AccountQuery, on: str, *, walks: bool) -> Condition:
    """Customers, or, in the view of that name, former ones; who has no summary is no former one."""
    is_former = query.view == "former"
    if on == "a":
        sign = "IN" if is_former else "NOT IN"
        former = "SELECT account_key FROM account_summary WHERE is_former = 1"
        return Condition("a", f"a.account_key {sign} ({former})")
    # `+` keeps SQLite from an index that would cost a look-up a row and save nothing.
    plus = "" if walks else "+"
    return Condition("s", f"{plus}s.is_former = {int(is_former)}")


def _looked_at(sql: str) -> str:
    """A condition on the account `a`, for each row of the summary `s` that comes by."""
    return f"(SELECT {sql} FROM account a WHERE a.account_key = s.account_key)"


def _first_of_groups(connection: Connection, query: AccountQuery, limit: int) -> "array[int]":
    """The first accounts by a column of few values: group by group until there are enough."""
    column = GROUP_SORTS[query.sort]
    counts: dict[str | None, int] = dict(
        connection.execute(f"SELECT {column}, count(*) FROM account a GROUP BY 1").fetchall()
    )
    worst_first = query._replace(sort="band", descending=False)
    found = array("q")
    for value in ranks(connection, query, set(counts)):
        if counts.get(value) and len(found) < limit:
            is_of = f"{column} IS ?"
            inner = f"s.account_key IN (SELECT a.account_key FROM account a WHERE {is_of})"
            sql = _looked_at(is_of) if counts[value] > MANY else inner
            group = Condition("s", sql, (value,))
            found += _keys(connection, worst_first, "s", limit - len(found), group)
    return found


def _by_signals(connection: Connection, query: AccountQuery, limit: int) -> "array[int]":
    """By the number of open signals, worst first among equals."""
    from cs_workbench.store.signal_counts import counts_of_signals, having_signals

    worst_first = query._replace(sort="band", descending=False)
    counts = counts_of_signals(connection, query.today)
    found = array("q")
    if limit < 0:
        keys = _keys(connection, worst_first, "s")
        by_count: dict[int, array[int]] = {}
        for key in keys:
            by_count.setdefault(counts.get(key, 0), array("q")).append(key)
        for count in sorted(by_count, reverse=query.descending):
            found += by_count[count]
        return found
    for count in sorted({0, *counts.values()}, reverse=query.descending):
        if len(found) < limit:
            group = having_signals(counts, count)
            found += _keys(connection, worst_first, "s", limit - len(found), group)
    return found
