"""Builders of small portfolios: every field has a plain default, a test names what it is about."""

import datetime as dt
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from cs_workbench.core.text import fold
from cs_workbench.core.weeks import week_and_weekday
from cs_workbench.store.database import Database, open_database, utc_now
from cs_workbench.store.sqlite import Connection

TODAY = dt.date(2026, 11, 23)
RANKS = {"red": 0, "unknown": 1, "yellow": 2, "green": 3}


def portfolio(folder: Path, name: str = "portfolio.db") -> Database:
    """A new, empty portfolio; use it in a `with`.

    A copy of one made once, on a connection that does not wait for the disk: no power is cut here.
    """
    place = folder / name
    if not place.exists():
        place.write_bytes(_empty())
        place.chmod(0o600)
    db = open_database(place, create=True)
    db.connection.execute("PRAGMA synchronous = OFF")
    return db


@cache
def _empty() -> bytes:
    with TemporaryDirectory() as folder:
        with open_database(Path(folder) / "portfolio.db", create=True) as made:
            pass
        return made.path.read_bytes()


def add_person(connection: Connection, person_id: str = "ana", **fields: Any) -> str:
    insert(connection, "person", {"person_id": person_id, "name": "Ana Ruiz", **fields})
    return person_id


def add_account(connection: Connection, account_id: str = "acme", **fields: Any) -> int:
    """An account (its person too, if `csm` names one that is not there); gives the key."""
    row = {"account_id": account_id, "name": account_id.title(), "currency": "USD", **fields}
    row.setdefault("search_text", fold(f"{row['name']} {account_id} {row.get('domain') or ''}"))
    if row.get("csm"):
        connection.execute(
            "INSERT OR IGNORE INTO person (person_id, name) VALUES (?, ?)",
            (row["csm"], str(row["csm"]).title()),
        )
    return insert(connection, "account", row)


def add_summary(connection: Connection, account_key: int, **fields: Any) -> None:
    """What a refresh writes for the list."""
    band = fields.get("band", "green")
    row = {
        "account_key": account_key,
        "as_of": TODAY.isoformat(),
        "band": band,
        "band_rank": RANKS[band],
        "points_e4": None if band == "unknown" else 500_000,
        "coverage_e4": 9_000,
        "low_e4": 450_000,
        "high_e4": 550_000,
        "spark": "444444444444",
        "arr_minor": 1_000_000,
        "currency": "USD",
        "causes": "[]",
        **fields,
    }
    insert(connection, "account_summary", row)


def add_subscription(connection: Connection, account_key: int, **fields: Any) -> str:
    row = {
        "subscription_id": f"sub-{account_key}-{_count(connection, 'subscription')}",
        "account_key": account_key,
        "seats": 50,
        "arr_minor": 1_200_000,
        "currency": "USD",
        "start_date": "2026-01-01",
        "end_date": "2026-12-31",
        "term_months": 12,
        "notice_days": 60,
        "auto_renew": 1,
        **fields,
    }
    insert(connection, "subscription", row)
    return str(row["subscription_id"])


def add_contact(connection: Connection, account_key: int, **fields: Any) -> str:
    row = {
        "contact_id": f"contact-{_count(connection, 'contact')}",
        "account_key": account_key,
        "name": "Lena Voss",
        **fields,
    }
    insert(connection, "contact", row)
    return str(row["contact_id"])


def add_ticket(connection: Connection, account_key: int, **fields: Any) -> str:
    row = {
        "ticket_id": f"ticket-{_count(connection, 'ticket')}",
        "account_key": account_key,
        "opened_at": "2026-11-01T09:00:00Z",
        "priority": "normal",
        **fields,
    }
    insert(connection, "ticket", row)
    return str(row["ticket_id"])


def add_survey(connection: Connection, account_key: int, **fields: Any) -> str:
    row = {
        "response_id": f"response-{_count(connection, 'survey_response')}",
        "account_key": account_key,
        "answered_on": "2026-11-01",
        "kind": "nps",
        "score": 9,
        **fields,
    }
    insert(connection, "survey_response", row)
    return str(row["response_id"])


def add_touchpoint(connection: Connection, account_key: int, **fields: Any) -> str:
    row = {
        "touchpoint_id": f"touch-{_count(connection, 'touchpoint')}",
        "account_key": account_key,
        "occurred_at": "2026-11-01T09:00:00Z",
        "channel": "email",
        "direction": "inbound",
        **fields,
    }
    insert(connection, "touchpoint", row)
    return str(row["touchpoint_id"])


def add_promise(connection: Connection, account_key: int, **fields: Any) -> str:
    row = {
        "promise_id": f"promise-{_count(connection, 'promise')}",
        "account_key": account_key,
        "promised_by": "us",
        "what": "refund of the overage",
        "made_on": "2026-11-01",
        "due_on": "2026-11-20",
        **fields,
    }
    insert(connection, "promise", row)
    return str(row["promise_id"])


def add_signal(connection: Connection, account_key: int, kind: str, **fields: Any) -> str:
    """An open signal; its id is its kind and the account's key unless one is given."""
    row = {
        "signal_id": f"{kind} {account_key}",
        "account_key": account_key,
        "kind": kind,
        "reason": "r",
        "severity": "medium",
        "is_opportunity": 0,
        "evidence": "evidence",
        "resolves_when": "it ends",
        "opened_on": TODAY.isoformat(),
        "last_seen_on": TODAY.isoformat(),
        **fields,
    }
    insert(connection, "signal", row)
    return str(row["signal_id"])


def add_forecast(connection: Connection, account_key: int, **fields: Any) -> str:
    """A statement on the renewal of the subscriptions that `add_subscription` makes."""
    number = _count(connection, "forecast")
    row = {
        "forecast_id": f"forecast-{number}",
        "account_key": account_key,
        "renewal_end": "2026-12-31",
        "category": "at risk",
        "amount_minor": 1_200_000,
        "currency": "USD",
        "author": "ana",
        "made_at": f"2026-11-01T09:00:{number:02}Z",
        **fields,
    }
    insert(connection, "forecast", row)
    return str(row["forecast_id"])


def add_import(connection: Connection, source: str = "native", **fields: Any) -> int:
    row = {
        "source": source,
        "kind": "accounts",
        "mapping": source,
        "file_name": "accounts.csv",
        "file_hash": "0" * 64,
        "recorded_at": utc_now(),
        "actor": "ana",
        "known_policy": "assumed",
        "state": "done",
        **fields,
    }
    return insert(connection, "import_run", row)


def add_usage(
    connection: Connection,
    account_key: int,
    start: dt.date,
    values: Sequence[float | None],
    metric: str = "active_users",
) -> None:
    """One value a day from `start`; None is no data."""
    metric_id = _metric(connection, metric)
    weeks: dict[int, dict[int, float | None]] = {}
    for offset, value in enumerate(values):
        week, weekday = week_and_weekday(start + dt.timedelta(days=offset))
        weeks.setdefault(week, {})[weekday] = value
    whole = [(week, days) for week, days in weeks.items() if len(days) == 7]
    parts = [(week, days) for week, days in weeks.items() if len(days) < 7]
    for alike in (whole, *([one] for one in parts)):
        if not alike:
            continue
        columns = [f"d{weekday}" for weekday in alike[0][1]]
        connection.executemany(
            f"INSERT INTO usage_week (account_key, metric_id, week, {', '.join(columns)}) "
            f"VALUES (?, ?, ?{', ?' * len(columns)}) ON CONFLICT DO UPDATE SET "
            + ", ".join(f"{column} = excluded.{column}" for column in columns),
            [(account_key, metric_id, week, *days.values()) for week, days in alike],
        )


def insert(connection: Connection, table: str, row: dict[str, Any]) -> int:
    """Insert one row; gives its rowid."""
    names = ", ".join(row)
    marks = ", ".join("?" * len(row))
    cursor = connection.execute(
        f"INSERT INTO {table} ({names}) VALUES ({marks})", tuple(row.values())
    )
    return int(cursor.lastrowid or 0)


def _metric(connection: Connection, name: str) -> int:
    connection.execute(
        "INSERT OR IGNORE INTO usage_metric (name, label, unit, rollup) VALUES (?, ?, 'n', 'max')",
        (name, name.replace("_", " ")),
    )
    row = connection.execute("SELECT metric_id FROM usage_metric WHERE name = ?", (name,))
    return int(row.fetchone()[0])


def _count(connection: Connection, table: str) -> int:
    return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def add_a_calm_autumn(connection: Connection, account_key: int) -> None:
    """A ticket that ended well, a good answer, and a recent contact: no measure asks for more."""
    add_ticket(
        connection,
        account_key,
        opened_at="2026-09-01T09:00:00Z",
        first_response_at="2026-09-01T10:00:00Z",
        closed_at="2026-09-02T09:00:00Z",
        csat=5,
    )
    add_survey(connection, account_key, score=10, answered_on="2026-09-10")
    add_touchpoint(connection, account_key, occurred_at="2026-11-20T09:00:00Z")
