"""Reading the book: which accounts, in what order, and the lines of a window of them.

An order is an array of keys (0.8 MB for 100,000 accounts); lines are read for what is on screen.
Measured at 100,000 accounts: SQLite hands over an order fastest as one JSON array.
"""

import datetime as dt
import difflib
import json
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from cs_workbench.core.accounts import BANDS, AccountLine, Band
from cs_workbench.core.filters import EVERYTHING, Filter, Term
from cs_workbench.core.text import fold
from cs_workbench.errors import NotFoundError, UsageError
from cs_workbench.store.account_conditions import (
    VIEWS,
    Condition,
    filter_conditions,
    view_conditions,
)
from cs_workbench.store.database import Database
from cs_workbench.store.sqlite import Connection, Row

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
_GROUP_SORTS = {
    "csm": "a.csm",
    "segment": "a.segment",
    "region": "a.region",
    "industry": "a.industry",
    "stage": "a.lifecycle_stage",
}
SORTS = ("band", *_SUMMARY_SORTS, *_ACCOUNT_SORTS, *_GROUP_SORTS)
_CANDIDATES = 200  # of a name that is looked for
_LIKE = 0.6  # of a misspelled name: below it a suggestion is noise
_STAGES = ("onboarding", "adopting", "mature", "renewing", "churned", "won back")

# What accounts that no refresh has seen yet look like.
_ALL_SUMMARIES = """(SELECT a.account_key, coalesce(s.is_former, 0) AS is_former,
    coalesce(s.band, 'unknown') AS band, coalesce(s.band_rank, 1) AS band_rank, s.points_e4,
    coalesce(s.coverage_e4, 0) AS coverage_e4, s.trend_e4, coalesce(s.spark, '') AS spark,
    coalesce(s.arr_minor, 0) AS arr_minor, coalesce(s.currency, a.currency) AS currency,
    s.seats, s.seats_used, s.end_date, s.deadline
    FROM account a LEFT JOIN account_summary s ON s.account_key = a.account_key)"""
_MERGED = "SELECT account_key FROM account WHERE merged_into IS NOT NULL"

_LINES = """SELECT a.account_key, a.account_id, a.name, a.segment, a.region, a.industry,
    coalesce(p.name, a.csm) AS csm, a.lifecycle_stage, coalesce(s.currency, a.currency) AS currency,
    coalesce(s.arr_minor, 0) AS arr_minor, s.as_of, coalesce(s.band, 'unknown') AS band,
    s.points_e4, coalesce(s.points_e4, (SELECT points_e4 FROM score
        WHERE score.account_key = a.account_key AND score.as_of = s.as_of)) AS known_points_e4,
    coalesce(s.coverage_e4, 0) AS coverage_e4, coalesce(s.low_e4, 0) AS low_e4,
    coalesce(s.high_e4, 1000000) AS high_e4, s.trend_e4, coalesce(s.spark, '') AS spark,
    s.seats, s.seats_used, s.end_date, s.deadline, s.deadline_by, s.last_two_way_on,
    a.next_step, coalesce(o.name, a.next_step_owner) AS next_step_owner, a.next_step_due,
    a.next_step_said_on, coalesce(s.causes, '[]') AS causes, coalesce(s.is_former, 0) AS is_former,
    (SELECT count(*) FROM promise WHERE promise.account_key = a.account_key
        AND promised_by = 'us' AND state = 'open' AND due_on < :today) AS promises_late,
    (SELECT count(*) FROM signal WHERE signal.account_key = a.account_key AND ended_on IS NULL
        AND resolved_on IS NULL AND (snoozed_until IS NULL OR snoozed_until <= :today)) AS signals,
    seen.actor IS NOT NULL AND (seen.band IS NOT s.band
        OR abs(coalesce(s.points_e4, 0) - coalesce(seen.points_e4, 0)) >= 10000) AS changed
    FROM json_each(:keys) wanted JOIN account a ON a.account_key = wanted.value
    LEFT JOIN account_summary s ON s.account_key = a.account_key
    LEFT JOIN person p ON p.person_id = a.csm
    LEFT JOIN person o ON o.person_id = a.next_step_owner
    LEFT JOIN account_seen seen ON seen.account_key = a.account_key AND seen.actor = :me
    ORDER BY wanted.key"""


@dataclass(frozen=True)
class AccountQuery:
    """Which accounts, in what order.

    Attributes:
        view: one of the built-in VIEWS.
        sort: one of SORTS; `band` descending is best first.
        me: whose accounts *mine* are.
    """

    today: dt.date
    filter: Filter = EVERYTHING
    view: str = "all"
    sort: str = "band"
    descending: bool = False
    me: str = ""


@dataclass(frozen=True)
class BandTotal:
    """A band's accounts and their ARR in minor units by currency."""

    band: Band
    accounts: int
    arr_by_currency: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class _Shape:
    """What a statement has to reckon with: accounts that no refresh saw, and merged ones."""

    source: str
    has_merged: bool


def account_keys(db: Database, query: AccountQuery, *, limit: int = -1) -> "array[int]":
    """The keys of all accounts of the query, in its order, or of the first `limit`.

    Raises:
        UsageError: no such view or sort.
    """
    _check(query)
    connection = db.connection
    if query.sort in _GROUP_SORTS:
        keys = _keys(connection, replace(query, sort="band", descending=False), "s")
        keys = _in_groups(connection, keys, query)
        return keys[:limit] if limit >= 0 else keys
    return _keys(connection, query, "a" if query.sort in _ACCOUNT_SORTS else "s", limit)


def account_lines(
    db: Database, keys: Sequence[int], *, today: dt.date, me: str
) -> list[AccountLine]:
    """The lines of these accounts, in this order."""
    values = {"keys": json.dumps(list(keys)), "today": today.isoformat(), "me": me}
    return [_line(row) for row in db.connection.execute(_LINES, values)]


def band_totals(db: Database, query: AccountQuery) -> list[BandTotal]:
    """How many accounts of the query are in each band, in order of need; empty bands left out."""
    _check(query)
    shape = _shape(db.connection)
    where, values = _where(db.connection, query, "s", shape)
    rows = db.connection.execute(
        f"SELECT s.band_rank, s.currency, count(*) AS accounts, sum(s.arr_minor) AS arr "
        f"FROM {shape.source} s WHERE {where} GROUP BY s.band_rank, s.currency "
        "ORDER BY s.band_rank, arr DESC",
        values,
    ).fetchall()
    return [
        BandTotal(
            BANDS[rank],
            sum(row["accounts"] for row in part),
            {row["currency"]: row["arr"] for row in part},
        )
        for rank, part in ((r, list(g)) for r, g in groupby(rows, key=lambda row: row["band_rank"]))
    ]


def find_account(db: Database, text: str) -> int:
    """The account that a person means: by id, by another system's id, or by name if only one fits.

    Case, accents and width do not count; an account that was merged leads to the one it is in.

    Raises:
        NotFoundError: none or several fit; the message names the nearest.
    """
    connection = db.connection
    row = connection.execute(
        "SELECT account_key FROM account WHERE account_id = :text "
        "UNION SELECT account_key FROM account_alias WHERE alias = :text",
        {"text": text.strip()},
    ).fetchall()
    found = {_surviving(connection, key) for (key,) in row}
    if len(found) == 1:
        return found.pop()
    wanted = fold(text.strip())
    candidates = _holding(connection, wanted)
    exact = [known for known in candidates if wanted in {known.folded, fold(known.account_id)}]
    fitting = exact or candidates
    if len(fitting) == 1:
        return fitting[0].key
    if fitting:
        raise NotFoundError(f"Several accounts fit {text!r}: {_listed(fitting)}. Use the id.")
    near = _nearest(connection, wanted)
    hint = f" Did you mean {_listed(near)}?" if near else ""
    raise NotFoundError(f"There is no account {text!r}.{hint}")


def account_names(db: Database, start: str, limit: int = 50) -> list[str]:
    """Names that begin so, for completion."""
    low = fold(start)
    rows = db.connection.execute(
        "SELECT name FROM account WHERE merged_into IS NULL AND search_text >= ? "
        "AND search_text < ? ORDER BY search_text LIMIT ?",
        (low, low + "\U0010ffff", limit),
    )
    return [str(name) for (name,) in rows]


@dataclass(frozen=True)
class _Known:
    key: int
    account_id: str
    name: str
    folded: str


def _surviving(connection: Connection, key: int) -> int:
    row = connection.execute(
        "WITH RECURSIVE line(account_key) AS (SELECT ? UNION SELECT merged_into FROM account "
        "JOIN line USING (account_key) WHERE merged_into IS NOT NULL) "
        "SELECT account_key FROM line JOIN account USING (account_key) WHERE merged_into IS NULL",
        (key,),
    ).fetchone()
    return int(row[0])


def _known(rows: Iterable[Row]) -> list[_Known]:
    return [_Known(key, account_id, name, fold(name)) for key, account_id, name in rows]


def _holding(connection: Connection, wanted: str) -> list[_Known]:
    """Accounts with the folded text in name, id or domain; those that begin with it first."""
    if not wanted:
        return []
    condition = Condition("a", "instr(a.search_text, ?) > 0", (wanted,))
    if len(wanted) >= 3:
        condition = filter_conditions(
            connection, Filter((Term("", "has", (wanted,)),)), dt.date.min
        )[0]
    rows = connection.execute(
        "SELECT account_key, account_id, name FROM account a WHERE merged_into IS NULL "
        f"AND {condition.sql} ORDER BY instr(search_text, ?), search_text LIMIT ?",
        (*condition.values, wanted, _CANDIDATES),
    )
    return _known(rows)


def _nearest(connection: Connection, wanted: str) -> list[_Known]:
    """The accounts that share most with a misspelled name."""
    parts = {wanted[start : start + 3] for start in range(len(wanted) - 2)}
    phrases = " OR ".join('"' + part.replace('"', '""') + '"' for part in sorted(parts))
    if not phrases or "\0" in phrases:
        return []
    rows = connection.execute(
        "SELECT account_key, account_id, name FROM account a JOIN (SELECT rowid AS found, rank "
        "FROM account_fts WHERE account_fts MATCH ? ORDER BY rank LIMIT ?) ON found = account_key "
        "WHERE merged_into IS NULL",
        (phrases, _CANDIDATES),
    )
    likeness = {known: _likeness(wanted, known.folded) for known in _known(rows)}
    near = sorted(likeness, key=lambda known: -likeness[known])
    return [known for known in near[:3] if likeness[known] >= _LIKE]


def _likeness(wanted: str, name: str) -> float:
    """How much of it is the name, its beginning or one of its words: people type `kestrl`."""
    parts = {name, name[: len(wanted)], name[: len(wanted) + 1], *name.split()}
    matcher = difflib.SequenceMatcher(b=wanted)
    best = 0.0
    for part in parts:
        matcher.set_seq1(part)
        best = max(best, matcher.ratio())
    return best


def _listed(accounts: Sequence[_Known]) -> str:
    shown = ", ".join(f"{known.name} ({known.account_id})" for known in accounts[:5])
    return shown + (" and more" if len(accounts) > 5 else "")


def _check(query: AccountQuery) -> None:
    if query.view not in VIEWS:
        raise UsageError(f"There is no view {query.view!r}. Views: {', '.join(VIEWS)}.")
    if query.sort not in SORTS:
        raise UsageError(
            f"Accounts cannot be sorted by {query.sort!r}, but by: {', '.join(SORTS)}."
        )


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


def _keys(connection: Connection, query: AccountQuery, on: str, limit: int = -1) -> "array[int]":
    shape = _shape(connection)
    where, values = _where(connection, query, on, shape)
    table = f"{shape.source} s" if on == "s" else "account a"
    listed = connection.execute(
        f"SELECT json_group_array(account_key) FROM (SELECT {on}.account_key FROM {table} "
        f"WHERE {where} ORDER BY {_order(query)} LIMIT ?)",
        (*values, limit),
    ).fetchone()[0]
    return array("q", json.loads(listed))


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
    connection: Connection, query: AccountQuery, on: str, shape: _Shape
) -> tuple[str, tuple[object, ...]]:
    conditions = [
        _standing(query, on),
        *view_conditions(connection, query.view, today=query.today, me=query.me),
        *filter_conditions(connection, query.filter, query.today),
    ]
    parts = [f"{on}.account_key NOT IN ({_MERGED})"] if shape.has_merged else []
    for condition in conditions:
        if condition.on == on:
            parts.append(condition.sql)
        elif on == "a":
            inner = f"SELECT s.account_key FROM {shape.source} s WHERE {condition.sql}"
            parts.append(f"a.account_key IN ({inner})")
        else:
            inner = f"SELECT a.account_key FROM account a WHERE {condition.sql}"
            parts.append(f"s.account_key IN ({inner})")
    values = tuple(value for condition in conditions for value in condition.values)
    return " AND ".join(f"({part})" for part in parts), values


def _standing(query: AccountQuery, on: str) -> Condition:
    """Customers, or, in the view of that name, former ones; who has no summary is no former one."""
    is_former = query.view == "former"
    if on == "a":
        sign = "IN" if is_former else "NOT IN"
        former = "SELECT account_key FROM account_summary WHERE is_former = 1"
        return Condition("a", f"a.account_key {sign} ({former})")
    # `+` keeps SQLite from an index that would cost a look-up a row and save nothing.
    plus = "" if query.sort == "band" and not query.filter else "+"
    return Condition("s", f"{plus}s.is_former = {int(is_former)}")


def _in_groups(connection: Connection, keys: "array[int]", query: AccountQuery) -> "array[int]":
    """The same keys by a column of few values, each group worst first."""
    column = _GROUP_SORTS[query.sort]
    listed = connection.execute(
        f"SELECT json_group_array(account_key), json_group_array({column}) FROM account a"
    ).fetchone()
    groups = dict(zip(json.loads(listed[0]), json.loads(listed[1]), strict=True))
    ranks = _ranks(connection, query, {groups[key] for key in keys})
    return array("q", sorted(keys, key=lambda key: ranks[groups[key]]))


def _ranks(
    connection: Connection, query: AccountQuery, values: set[str | None]
) -> dict[str | None, int]:
    known = [value for value in values if value is not None]
    if query.sort == "stage":
        known.sort(key=_STAGES.index, reverse=query.descending)
    elif query.sort == "csm":
        names = dict(connection.execute("SELECT person_id, name FROM person").fetchall())
        known.sort(key=lambda value: (names[value].casefold(), value), reverse=query.descending)
    else:
        known.sort(key=str.casefold, reverse=query.descending)
    return {value: rank for rank, value in enumerate([*known, None])}


def _line(row: Row) -> AccountLine:
    values = dict(row)
    for name in ("as_of", "end_date", "deadline", "last_two_way_on", "next_step_due"):
        values[name] = _date(values[name])
    values["next_step_said_on"] = _date(values["next_step_said_on"])
    values["causes"] = tuple(json.loads(values["causes"]))
    values["is_former"] = bool(values["is_former"])
    values["changed"] = bool(values["changed"])
    return AccountLine(**values)


def _date(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
