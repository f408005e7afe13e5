"""Renewals as they are kept: derived rows, with the days between which they were known so."""

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from sys import intern
from typing import Any

from cs_workbench.core.renewal_history import KnownRenewal
from cs_workbench.core.renewal_terms import Renewal
from cs_workbench.store.account_subscriptions import OF_SEVERAL_SOURCES
from cs_workbench.store.database import Database
from cs_workbench.store.facts import date_of
from cs_workbench.store.known import plain_rows
from cs_workbench.store.renewal_rules import DERIVED
from cs_workbench.store.settings import set_setting, setting
from cs_workbench.store.sqlite import Connection

RENEWAL = (
    "r.end_date, r.currency, r.subscription_ids, r.due_minor, r.cancelled_minor, r.notice_date, "
    "r.deadline, r.deadline_by, r.commit_by, r.announce_by, r.auto_renew, r.is_rolling, "
    "r.term_months, r.renewed_minor, r.renewed_on, r.is_cancelled, r.unpriced"
)
RENEWAL_COLUMNS = 17
_INSERT = """INSERT INTO renewal (account_key, filed_as, known_from, known_to, end_date, currency,
        subscription_ids, due_minor, cancelled_minor, notice_date, deadline, deadline_by, commit_by,
        announce_by, auto_renew, is_rolling, term_months, renewed_minor, renewed_on,
        is_cancelled, unpriced)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""
_SAID_OF = """SELECT account_key, renewal_end FROM forecast
        WHERE account_key BETWEEN :first AND :last AND renewal_end IS NOT NULL
    UNION SELECT account_key, renewal_end FROM commitment
        WHERE account_key BETWEEN :first AND :last
    UNION SELECT account_key, renewal_end FROM notice WHERE account_key BETWEEN :first AND :last
    UNION SELECT account_key, renewal_end FROM renewal_outcome
        WHERE account_key BETWEEN :first AND :last"""
_LOOSE = """SELECT account_key, forecast_id, closes_on, substr(made_at, 1, 10) FROM forecast
    WHERE renewal_end IS NULL AND account_key BETWEEN ? AND ?"""
_CHANGED = f"""SELECT account_key FROM subscription WHERE import_id > :import_id
    UNION SELECT t.account_key FROM change c JOIN subscription t ON t.subscription_id = c.entity_id
        WHERE c.seq > :seq AND c.entity = 'subscription'
    UNION SELECT CAST(json_extract(c.old, '$') AS INTEGER) FROM change c
        WHERE c.seq > :seq AND c.entity = 'subscription' AND c.field = 'account_key'
    UNION SELECT json_extract(c.old, '$.account_key') FROM change c
        WHERE c.seq > :seq AND c.entity = 'subscription' AND c.field IS NULL AND c.new IS NULL
    UNION SELECT CAST(c.entity_id AS INTEGER) FROM change c
        WHERE c.seq > :seq AND c.entity = 'account' AND c.field IN ('segment', 'merged_into')
    UNION SELECT account_key FROM forecast WHERE renewal_end IS NULL AND rowid > :forecast
    UNION SELECT account_key FROM renewal WHERE is_rolling AND known_to IS NULL
        GROUP BY account_key HAVING max(end_date) < :until
    UNION SELECT account_key FROM (SELECT account_key, start_date,
            min(coalesce(end_date, '9999-12-31'),
                coalesce(date(cancelled_on, '-1 day'), '9999-12-31')) AS last
        FROM subscription WHERE account_key IN ({OF_SEVERAL_SOURCES}))
        WHERE last >= :since AND last < :until
            OR last >= date(:since, :grace) AND last < date(:until, :grace)
            OR start_date > :since AND start_date <= :until"""


@dataclass(frozen=True)
class Mark:
    """Up to where the renewals are derived.

    Attributes:
        until: the day up to which contracts without an end are followed.
        policy: which policy they were derived by.
    """

    import_id: int
    seq: int
    forecast: int
    until: dt.date
    policy: str


def derived_until(db: Database) -> Mark | None:
    """Up to where they are derived; None before the first time."""
    text = setting(db, DERIVED)
    if text is None:
        return None
    given = json.loads(text)
    return Mark(**{**given, "until": dt.date.fromisoformat(given["until"])})


def newest(connection: Connection, until: dt.date, policy: str) -> Mark:
    """How far they could be derived now; an import under way counts when it is done."""
    row = connection.execute(
        "SELECT coalesce((SELECT min(import_id) - 1 FROM import_run WHERE state = 'running'), "
        "(SELECT max(import_id) FROM import_run), 0), "
        "coalesce((SELECT max(seq) FROM change), 0), coalesce((SELECT max(rowid) FROM forecast), 0)"
    ).fetchone()
    return Mark(row[0], row[1], row[2], until, policy)


def keep_mark(connection: Connection, mark: Mark) -> None:
    """Note how far they are derived."""
    given = {**vars(mark), "until": mark.until.isoformat()}
    set_setting(connection, DERIVED, json.dumps(given))


def changed_since(
    connection: Connection, mark: Mark, until: dt.date, *, grace_days: int
) -> list[int]:
    """Accounts whose renewals may be others than they were at the mark."""
    given = {
        "import_id": mark.import_id,
        "seq": mark.seq,
        "forecast": mark.forecast,
        "since": mark.until.isoformat(),
        "until": until.isoformat(),
        "grace": f"-{grace_days} days",
    }
    rows = plain_rows(connection, f"{_CHANGED} ORDER BY 1", given)
    return [key for (key,) in rows if key is not None]


def accounts_with_contracts(connection: Connection) -> list[int]:
    """Every account that has, or had, a subscription or a renewal."""
    rows = plain_rows(
        connection,
        "SELECT account_key FROM subscription UNION SELECT account_key FROM renewal ORDER BY 1",
        (),
    )
    return [key for (key,) in rows]


def said_ends(connection: Connection, keys: tuple[int, int]) -> Mapping[int, set[dt.date]]:
    """By account, the end dates that something was said of."""
    found: dict[int, set[dt.date]] = defaultdict(set)
    for key, end in plain_rows(connection, _SAID_OF, {"first": keys[0], "last": keys[1]}):
        found[key].add(dt.date.fromisoformat(end))
    return found


def loose_forecasts(
    connection: Connection, keys: tuple[int, int]
) -> Mapping[int, list[tuple[str, dt.date | None, dt.date]]]:
    """By account, imported forecasts that name no renewal: id, closing day, day made."""
    found: dict[int, list[tuple[str, dt.date | None, dt.date]]] = defaultdict(list)
    for key, forecast_id, closes, made in plain_rows(connection, _LOOSE, keys):
        found[key].append((forecast_id, date_of(closes), dt.date.fromisoformat(made)))
    return found


def file_forecasts(connection: Connection, filed: Iterable[tuple[str, dt.date]]) -> None:
    """Say of forecasts which renewal they are about; it is said once."""
    connection.executemany(
        "UPDATE forecast SET renewal_end = ? WHERE forecast_id = ? AND renewal_end IS NULL",
        [(end.isoformat(), forecast_id) for forecast_id, end in filed],
    )


def replace_renewals(
    connection: Connection,
    keys: Sequence[int],
    rows: Iterable[tuple[int, dt.date, KnownRenewal]],
) -> None:
    """Put these in place of all renewals of the accounts: (account, filed as, renewal)."""
    connection.execute(
        "DELETE FROM renewal WHERE account_key IN (SELECT value FROM json_each(?))",
        (json.dumps(list(keys)),),
    )
    connection.executemany(_INSERT, (_row(*one) for one in rows))


def renewal_of(row: Sequence[Any]) -> Renewal:
    """Of a row that begins with `RENEWAL`; in one go, for a pipeline has very many."""
    return Renewal._make(
        (
            date_of(row[0]),
            intern(row[1]),
            _ids(row[2]),
            *row[3:5],
            date_of(row[5]),
            date_of(row[6]),
            intern(row[7]),
            date_of(row[8]),
            date_of(row[9]),
            bool(row[10]),
            bool(row[11]),
            *row[12:14],
            date_of(row[14]),
            bool(row[15]),
            row[16],
        )
    )


def _ids(text: str) -> tuple[str, ...]:
    """A list of texts; of a single plain one without reading JSON."""
    if "," in text or "\\" in text:
        return tuple(json.loads(text))
    return (text[2:-2],)


def _row(account_key: int, filed_as: dt.date, known: KnownRenewal) -> tuple[Any, ...]:
    one = known.renewal
    return (
        account_key,
        *(_text(day) for day in (filed_as, known.known_from, known.known_to, one.end_date)),
        one.currency,
        json.dumps(one.subscription_ids),
        *(one.due_minor, one.cancelled_minor),
        *(_text(one.notice_date), _text(one.deadline), one.deadline_by),
        *(_text(one.commit_by), _text(one.announce_by)),
        *(int(one.auto_renew), int(one.is_rolling), one.term_months),
        *(one.renewed_minor, _text(one.renewed_on), int(one.is_cancelled)),
        one.unpriced,
    )


def _text(day: dt.date | None) -> str | None:
    return None if day is None else day.isoformat()
