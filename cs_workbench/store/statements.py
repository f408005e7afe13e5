"""What people said of renewals: read as it was known on a day, inserted as changes."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Final

from cs_workbench.core.forecasts import (
    Commitment,
    Forecast,
    Notice,
    Outcome,
    Said,
    standing_commitment,
)
from cs_workbench.store.changes import Change
from cs_workbench.store.database import Database
from cs_workbench.store.entities import Value
from cs_workbench.store.facts import date_of
from cs_workbench.store.known import plain_rows
from cs_workbench.store.sqlite import Connection

FORECAST: Final = (
    "f.forecast_id, f.account_key, f.renewal_end, f.category, f.amount_minor, f.currency, "
    "f.probability_e4, f.author, f.made_at, f.closes_on, f.risk_category, f.narrative, f.reason, "
    "f.missing_fact, f.missing_on, f.renew_today, f.renew_ten, f.review_id"
)
_COMMITMENTS = """SELECT c.commitment_id, c.account_key, c.renewal_end, c.level, c.signer,
        c.contact_id, c.given_on, c.evidence, c.amount_minor, c.currency, c.term_months, c.author,
        c.made_at, p.left_on, c.review_id
    FROM commitment c LEFT JOIN contact p ON p.contact_id = c.contact_id
    WHERE c.renewal_end BETWEEN :first AND :last AND c.made_at <= :until
        AND (:account_key IS NULL OR c.account_key = :account_key)
    ORDER BY c.made_at, c.commitment_id"""
_NOTICES = """SELECT notice_id, account_key, renewal_end, received_on, given_by, scope, part_minor,
        currency, document, author, made_at
    FROM notice WHERE renewal_end BETWEEN :first AND :last AND made_at <= :until
        AND (:account_key IS NULL OR account_key = :account_key)
    ORDER BY made_at, notice_id"""
_OUTCOMES = """SELECT outcome_id, account_key, renewal_end, ending, how, closed_on, due_minor,
        renewed_minor, currency, author, made_at, reason, corrects
    FROM renewal_outcome WHERE renewal_end BETWEEN :first AND :last AND made_at <= :until
        AND (:account_key IS NULL OR account_key = :account_key)
    ORDER BY made_at, outcome_id"""
# Only of what was forecast: a book may have very many others.
_ENDED = """SELECT r.commit_by, o.outcome_id, o.account_key, o.renewal_end, o.ending, o.how,
        o.closed_on, o.due_minor, o.renewed_minor, o.currency, o.author, o.made_at, o.reason,
        o.corrects
    FROM (SELECT DISTINCT account_key, renewal_end FROM forecast
            WHERE renewal_end BETWEEN :first AND :last AND made_at <= :until) f
        JOIN renewal_outcome o ON o.account_key = f.account_key AND o.renewal_end = f.renewal_end
        JOIN renewal r ON r.account_key = o.account_key AND r.filed_as = o.renewal_end
            AND r.currency = o.currency AND r.known_to IS NULL
    WHERE o.made_at <= :until ORDER BY o.made_at, o.outcome_id"""
_HISTORY = f"""SELECT {FORECAST} FROM forecast f
    WHERE f.account_key = :account_key AND f.renewal_end = :end AND f.made_at <= :until
    ORDER BY f.made_at, f.forecast_id"""
_FORECASTS = f"""SELECT {FORECAST} FROM forecast f
    WHERE f.renewal_end BETWEEN :first AND :last AND f.made_at <= :until
        AND EXISTS (SELECT 1 FROM renewal_outcome o WHERE o.account_key = f.account_key
            AND o.renewal_end = f.renewal_end AND o.made_at <= :until)
    ORDER BY f.made_at, f.forecast_id"""

Key = tuple[int, dt.date]  # an account, and the end date that a renewal is kept under


def end_of_day(day: dt.date) -> str:
    """The last instant (UTC) of a day, as instants are kept."""
    return f"{day.isoformat()}T23:59:59Z"


def said_between(
    connection: Connection,
    ends: tuple[dt.date, dt.date],
    day: dt.date,
    *,
    account_key: int | None = None,
) -> Mapping[Key, Said]:
    """What was known on a day to be said of renewals with these ends, but for forecasts."""
    given = {
        "first": ends[0].isoformat(),
        "last": ends[1].isoformat(),
        "until": end_of_day(day),
        "account_key": account_key,
    }
    commitments: dict[Key, list[Commitment]] = defaultdict(list)
    for row in plain_rows(connection, _COMMITMENTS, given):
        one = commitment_of(row)
        commitments[one.account_key, one.renewal_end].append(one)
    found: dict[Key, Said] = {
        key: Said(commitment=standing_commitment(given_ones, day))
        for key, given_ones in commitments.items()
    }
    for row in plain_rows(connection, _NOTICES, given):
        notice = notice_of(row)
        key = notice.account_key, notice.renewal_end
        found[key] = found.get(key, Said())._replace(notice=notice)
    for row in plain_rows(connection, _OUTCOMES, given):
        outcome = outcome_of(row)
        key = outcome.account_key, outcome.renewal_end
        found[key] = found.get(key, Said())._replace(outcome=outcome)
    return found


def forecast_history(db: Database, account_key: int, end: dt.date, day: dt.date) -> list[Forecast]:
    """All forecasts of one renewal that were known on a day, oldest first."""
    given = {"account_key": account_key, "end": end.isoformat(), "until": end_of_day(day)}
    return [forecast_of(row) for row in plain_rows(db.connection, _HISTORY, given)]


def forecasts_of_ended(
    connection: Connection, ends: tuple[dt.date, dt.date], day: dt.date
) -> Mapping[Key, list[Forecast]]:
    """By renewal with an outcome, all forecasts that were known on a day, oldest first."""
    given = {"first": ends[0].isoformat(), "last": ends[1].isoformat(), "until": end_of_day(day)}
    found: dict[Key, list[Forecast]] = defaultdict(list)
    for row in plain_rows(connection, _FORECASTS, given):
        one = forecast_of(row)
        if one.renewal_end is not None:
            found[one.account_key, one.renewal_end].append(one)
    return found


def commitment_history(
    db: Database, account_key: int, end: dt.date, day: dt.date
) -> list[Commitment]:
    """All commitments on one renewal that were known on a day, oldest first."""
    given = {
        "first": end.isoformat(),
        "last": end.isoformat(),
        "until": end_of_day(day),
        "account_key": account_key,
    }
    return [commitment_of(row) for row in plain_rows(db.connection, _COMMITMENTS, given)]


def ended(
    connection: Connection, ends: tuple[dt.date, dt.date], day: dt.date
) -> Mapping[Key, tuple[dt.date, Outcome]]:
    """By renewal with an outcome known on a day: its commit-by day, and the newest outcome."""
    given = {"first": ends[0].isoformat(), "last": ends[1].isoformat(), "until": end_of_day(day)}
    found: dict[Key, tuple[dt.date, Outcome]] = {}
    for commit_by, *row in plain_rows(connection, _ENDED, given):
        one = outcome_of(row)
        found[one.account_key, one.renewal_end] = dt.date.fromisoformat(commit_by), one
    return found


def forecast_of(row: Sequence[Any]) -> Forecast:
    """Of a row of `FORECAST`."""
    return Forecast._make(
        (
            *row[:2],
            date_of(row[2]),
            *row[3:9],
            date_of(row[9]),
            *row[10:14],
            date_of(row[14]),
            *row[15:18],
        )
    )


def commitment_of(row: Sequence[Any]) -> Commitment:
    """Of a row of commitments."""
    values = list(row)
    for place in (2, 6, 13):
        values[place] = date_of(values[place])
    return Commitment(*values)


def notice_of(row: Sequence[Any]) -> Notice:
    """Of a row of notices."""
    values = list(row)
    for place in (2, 3):
        values[place] = date_of(values[place])
    return Notice(*values)


def outcome_of(row: Sequence[Any]) -> Outcome:
    """Of a row of outcomes."""
    values = list(row)
    for place in (2, 5):
        values[place] = date_of(values[place])
    return Outcome(*values)


_KEYS = {
    Forecast: ("forecast", "forecast_id"),
    Commitment: ("commitment", "commitment_id"),
    Notice: ("notice", "notice_id"),
    Outcome: ("renewal_outcome", "outcome_id"),
}
_NAMES = {"risk": "risk_category"}
_READ_ONLY = {"signer_left_on"}


def new_statement(one: Forecast | Commitment | Notice | Outcome, day: dt.date) -> Change:
    """The change that inserts what was said, as of a day."""
    entity, key = _KEYS[type(one)]
    row: dict[str, Value] = {
        _NAMES.get(name, name): value.isoformat() if isinstance(value, dt.date) else value
        for name, value in one._asdict().items()
        if name != key and name not in _READ_ONLY
    }
    return Change(entity, getattr(one, key), new=row, effective_on=day.isoformat())
