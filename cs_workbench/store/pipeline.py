"""Reading the pipeline as it was known on a day: renewals, their accounts, what is said of them."""

import datetime as dt
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from sys import intern
from typing import Any, Final

from cs_workbench.core.accounts import BANDS
from cs_workbench.core.filters import EVERYTHING, Filter
from cs_workbench.core.forecast_policy import ForecastPolicy
from cs_workbench.core.forecasts import NOTHING_SAID, Said
from cs_workbench.core.pipeline_entries import Brief, Entry, belongs, entry_of
from cs_workbench.core.renewal_terms import Renewal
from cs_workbench.store.account_conditions import filter_conditions
from cs_workbench.store.database import Database
from cs_workbench.store.facts import date_of
from cs_workbench.store.known import plain_rows
from cs_workbench.store.renewals import RENEWAL, RENEWAL_COLUMNS, renewal_of
from cs_workbench.store.sqlite import Connection
from cs_workbench.store.statements import FORECAST, Key, end_of_day, forecast_of, said_between

# No deadline is further before its end than this: of the longest notice and purchasing there are.
_LONGEST_LEAD: Final = dt.timedelta(days=400)
_BRIEF = """a.account_key, a.account_id, a.name, a.csm, coalesce(p.name, a.csm), a.segment,
        a.region, coalesce(s.band_rank, 1), s.points_e4, s.trend_e4, coalesce(s.coverage_e4, 0),
        a.next_step, coalesce(o.name, a.next_step_owner), a.next_step_due, a.next_step_said_on,
        s.last_two_way_on, (SELECT count(*) FROM promise WHERE promise.account_key = a.account_key
            AND promised_by = 'us' AND +state = 'open' AND due_on < :day),
        c.probability_e6 / 100, c.low_e6 / 100, c.high_e6 / 100,
        (SELECT evidence FROM signal WHERE signal.account_key = a.account_key
            AND kind = 'bad experience' AND severity = 'high' AND opened_on <= :day
            AND (ended_on IS NULL OR ended_on > :day) LIMIT 1)"""
_BRIEF_COLUMNS: Final = 21
# The model that was on, and the last day for which it said anything.
_MODEL = """SELECT hash, (SELECT max(as_of) FROM churn_prediction p
        WHERE p.hash = s.hash AND as_of <= :day)
    FROM churn_switch s WHERE at <= :until ORDER BY seq DESC LIMIT 1"""
_FORECAST_ID = """(SELECT {} FROM forecast
            WHERE account_key = r.account_key AND renewal_end = r.filed_as AND made_at <= :until
            ORDER BY made_at DESC, forecast_id DESC LIMIT 1)"""
_FROM = """FROM renewal r JOIN account a ON a.account_key = r.account_key
        LEFT JOIN account_summary s ON s.account_key = a.account_key"""
_KNOWN = "WHERE r.known_from <= :day AND (r.known_to IS NULL OR r.known_to > :day)"
_ROWS = f"""SELECT {RENEWAL}, r.filed_as, {_BRIEF}, {FORECAST}
    {_FROM}
        LEFT JOIN person p ON p.person_id = a.csm
        LEFT JOIN person o ON o.person_id = a.next_step_owner
        LEFT JOIN forecast f ON f.rowid = {_FORECAST_ID.format("rowid")}
        LEFT JOIN churn_prediction c ON c.hash = :model AND c.as_of = :predicted
            AND c.account_key = a.account_key
    {_KNOWN}"""
# Which renewals there were, which forecast of each, and whether it was still known so later.
_IDS = f"""SELECT r.renewal_key, r.account_key, r.filed_as, r.currency,
        r.known_to IS NULL OR r.known_to > :later, {_FORECAST_ID.format("forecast_id")}"""
_AMONG = " AND r.renewal_key IN (SELECT value FROM json_each(:keys))"
_WINDOW = " AND r.deadline BETWEEN :floor AND :horizon AND r.end_date >= :oldest"
_ORDER = " ORDER BY r.deadline, r.due_minor DESC, r.account_key"


@dataclass(frozen=True)
class PipelineQuery:
    """Which renewals, as known on which day.

    Attributes:
        day: what was known then, and what days are counted from.
        horizon: deadlines up to this day; None: all.
        narrowed: conditions on their accounts, as they are now.
    """

    day: dt.date
    horizon: dt.date | None
    narrowed: Filter = EVERYTHING


def read_entries(
    db: Database, query: PipelineQuery, policy: ForecastPolicy, *, limit: int | None = None
) -> list[Entry]:
    """The renewals of the pipeline by deadline; at most `limit` where one is given."""
    connection, day = db.connection, query.day
    sql, given = _conditions(connection, query, policy)
    given |= _model_on(connection, day)
    tail = "" if limit is None else f" LIMIT {int(limit)}"
    rows = plain_rows(connection, f"{_ROWS}{_WINDOW}{sql}{_ORDER}{tail}", given)
    return _standing(connection, [_parts(row) for row in rows], (day, policy))


def read_entries_before(
    db: Database, query: PipelineQuery, policy: ForecastPolicy, after: Sequence[Entry], on: dt.date
) -> list[Entry]:
    """The renewals of an earlier day, in no order, of which `after` was read as known `on` another.

    What was the same on both days is not read again; so accounts are shown as `after` has them.
    """
    connection, day = db.connection, query.day
    later: dict[tuple[Any, ...], Entry] = {(*one.key, one.renewal.currency): one for one in after}
    sql, given = _conditions(connection, query, policy)
    given |= {"later": on.isoformat()}
    read: list[_Parts] = []
    others: list[int] = []
    joined = _FROM if sql else "FROM renewal r"
    rows = plain_rows(connection, f"{_IDS} {joined} {_KNOWN}{_WINDOW}{sql}", given)
    for key, account, filed, currency, is_same, forecast_id in rows:
        one = later.get((account, date_of(filed), currency)) if is_same else None
        if one is not None and forecast_id == (one.said.forecast and one.said.forecast.forecast_id):
            read.append((one.renewal, one.filed_as, one.account, Said(one.said.forecast)))
        else:
            others.append(key)
    given = {"day": day.isoformat(), "until": end_of_day(day), "keys": json.dumps(others)}
    rows = plain_rows(connection, f"{_ROWS}{_AMONG}", {**given, **_model_on(connection, day)})
    read.extend(_parts(row) for row in rows)
    return _standing(connection, read, (day, policy))


def read_entry(
    db: Database, account_key: int, end: dt.date, day: dt.date, policy: ForecastPolicy
) -> Entry | None:
    """One renewal, by its account and the end date it is kept under, as known on a day."""
    given = {
        "day": day.isoformat(),
        "until": end_of_day(day),
        "account_key": account_key,
        "end": end.isoformat(),
    }
    sql = f"{_ROWS} AND r.account_key = :account_key AND r.filed_as = :end{_ORDER} LIMIT 1"
    return next(_entries(db, sql, given, (day, policy)), None)


def account_entries(
    db: Database, account_key: int, day: dt.date, policy: ForecastPolicy
) -> list[Entry]:
    """All renewals of an account that were known on a day, past ones too, by their end."""
    given = {"day": day.isoformat(), "until": end_of_day(day), "account_key": account_key}
    sql = f"{_ROWS} AND r.account_key = :account_key ORDER BY r.end_date"
    return list(_entries(db, sql, given, (day, policy)))


_Parts = tuple[Renewal, dt.date, Brief, Said]


def _conditions(
    connection: Connection, query: PipelineQuery, policy: ForecastPolicy
) -> tuple[str, dict[str, Any]]:
    """The filter of a query, and what the window and it are given."""
    oldest = query.day - dt.timedelta(days=policy.renewal.grace_days)
    given = {
        "day": query.day.isoformat(),
        "until": end_of_day(query.day),
        "floor": (oldest - _LONGEST_LEAD).isoformat(),
        "horizon": (query.horizon or dt.date.max).isoformat(),
        "oldest": oldest.isoformat(),
    }
    sql, more = narrowed(connection, query.narrowed, query.day)
    return sql, {**given, **more}


def _standing(
    connection: Connection, read: Sequence[_Parts], on: tuple[dt.date, ForecastPolicy]
) -> list[Entry]:
    """What of it is in the pipeline on a day, with all that was said of it."""
    said = _said(connection, read, on[0])
    entries = (_entry(one, said, on) for one in read)
    return [one for one in entries if belongs(one, on[0])]


def _entries(
    db: Database, sql: str, given: Mapping[str, Any], on: tuple[dt.date, ForecastPolicy]
) -> Iterator[Entry]:
    rows = plain_rows(db.connection, sql, {**given, **_model_on(db.connection, on[0])})
    read = [_parts(row) for row in rows]
    said = _said(db.connection, read, on[0], account_key=int(given["account_key"]))
    return (_entry(one, said, on) for one in read)


def _parts(row: Sequence[Any]) -> _Parts:
    filed = date_of(row[RENEWAL_COLUMNS])
    assert filed is not None  # noqa: S101 - the table says so
    one = row[RENEWAL_COLUMNS + 1 :]
    brief = Brief._make(
        (
            *one[:3],
            *map(_once, one[3:7]),
            BANDS[one[7]],
            *one[8:13],
            date_of(one[13]),
            date_of(one[14]),
            date_of(one[15]),
            *one[16:_BRIEF_COLUMNS],
        )
    )
    statement = one[_BRIEF_COLUMNS:]
    said = NOTHING_SAID if statement[0] is None else Said(forecast_of(statement))
    return renewal_of(row), filed, brief, said


def _once(text: str | None) -> str | None:
    """One text for all rows that say the same, such as the name of a CSM."""
    return None if text is None else intern(text)


def _model_on(connection: Connection, day: dt.date) -> dict[str, str | None]:
    """Which churn model's probabilities stand beside the forecasts; None where none is on."""
    given = {"day": day.isoformat(), "until": end_of_day(day)}
    model, predicted = next(plain_rows(connection, _MODEL, given), (None, None))
    return {"model": model, "predicted": predicted}


def _said(
    connection: Connection, read: Sequence[_Parts], day: dt.date, *, account_key: int | None = None
) -> Mapping[Key, Said]:
    if not read:
        return {}
    ends = [filed for _, filed, _, _ in read]
    return said_between(connection, (min(ends), max(ends)), day, account_key=account_key)


def _entry(one: _Parts, said: Mapping[Key, Said], on: tuple[dt.date, ForecastPolicy]) -> Entry:
    renewal, filed, brief, forecast = one
    more = said.get((brief.account_key, filed))
    whole = forecast if more is None else more._replace(forecast=forecast.forecast)
    return entry_of(brief, renewal, filed, whole, on=on)


def narrowed(connection: Connection, wanted: Filter, day: dt.date) -> tuple[str, dict[str, Any]]:
    """A filter of accounts as more conditions, with named parameters."""
    sql, given = "", {}
    for place, condition in enumerate(filter_conditions(connection, wanted, day)):
        text = condition.sql
        for number, value in enumerate(condition.values):
            name = f"narrow_{place}_{number}"
            text = text.replace("?", f":{name}", 1)
            given[name] = value
        sql += f" AND ({text})"
    return sql, given
