"""A portfolio every text of which is hostile: what a customer's export may hold, at its worst."""

import json
from pathlib import Path
from typing import Any

from cs_workbench.store.database import Database, write
from cs_workbench.store.sqlite import Connection, sqlite3
from tests.factories import TODAY as DAY
from tests.factories import (
    add_account,
    add_contact,
    add_import,
    add_person,
    add_promise,
    add_subscription,
    add_summary,
    add_survey,
    add_ticket,
    add_touchpoint,
    add_usage,
    insert,
    portfolio,
)

TEXTS = (
    "[@click=app.quit]press[/]",
    "[ @click=app.bell()]x[/]",
    "ACME [/foo] Ltd [b",
    "\x1b[31mred\x1b[0m\x1b[2J\x9b5n",
    "\x1b]52;c;cm0gLXJm\x07\x1b]0;owned\x1b\\",
    "invoice\u202egnp.exe\u2066\u200b\ufeff",
    "👩‍👩‍👧‍👦 東京データ e\u0301\u0301\u0301 \U000e0041",
    "two\nlines\r\nand\ttabs\x00\x7f",
    "x" * 100_000,
    "$primary %s {0} \\[b] [link=file:///etc/passwd]l[/link]",
)
# Not a person's words: their shape is the program's own, and a check of the store's guards it.
OWN = {
    ("score", "contributions"),
    ("scorecard", "text"),
    ("scorecard", "hash"),
    ("refresh_run", "report"),
    ("saved_view", "sort"),
    ("setting", "name"),
    ("setting", "value"),
    ("account_summary", "causes"),
}
VIEW = {"filter": "", "sort": "band", "descending": 0, "actor": "ana"}
DAY_TEXT = DAY.isoformat()
MONEY = {"currency": "USD"}
# One row for each account in the tables that no builder of `factories` fills.
MORE: dict[str, dict[str, Any]] = {
    "churn_event": {"churned_on": DAY_TEXT, "reason": "r", "feedback": "f", **MONEY},
    "invoice": {"amount_minor": 1, "issued_on": DAY_TEXT, "due_on": DAY_TEXT, **MONEY},
    "forecast": {
        **MONEY,
        "category": "at risk",
        "amount_minor": 100,
        "probability_e4": 4_500,
        "narrative": "n",
        "author": "a",
        "made_at": f"{DAY_TEXT}T09:00:00Z",
    },
    "override": {
        "band": "yellow",
        "reason": "r",
        "author": "a",
        "made_on": DAY_TEXT,
        "expires_on": DAY_TEXT,
    },
    "rating": {
        "rated": "sentiment",
        "value": 2,
        "reason": "r",
        "author": "a",
        "rated_on": DAY_TEXT,
        "known_on": DAY_TEXT,
    },
}


def hostile_portfolio(folder: Path) -> Database:
    """As many accounts as there are TEXTS, and then every text that a table takes."""
    db = portfolio(folder)
    with write(db) as connection:
        for number, text in enumerate(TEXTS):
            _account(connection, number, text)
        insert(connection, "scorecard", {"hash": "h", "text": "x"})
        connection.execute(
            "INSERT INTO refresh_run (as_of, started_at, actor, program_version, scorecard_hash, "
            "report) VALUES (?, '2026-11-23T02:04:00Z', 'cron', '0', 'h', ?)",
            (DAY.isoformat(), json.dumps({"metric": TEXTS[0], "up": 1, "down": 2})),
        )
        for number in range(len(TEXTS)):
            insert(
                connection, "saved_view", {**VIEW, "view_id": f"v{number}", "name": f"n{number}"}
            )
    db.connection.execute("PRAGMA foreign_keys = OFF")
    with write(db) as connection:
        for table, column in text_columns(connection):
            fill(connection, table, column)
    db.connection.execute("PRAGMA foreign_keys = ON")
    return db


def text_columns(connection: Connection) -> list[tuple[str, str]]:
    """Every TEXT column of every table of ours."""
    tables = connection.execute(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'account_fts%' "
        "AND name NOT LIKE 'sqlite_%'"
    ).fetchall()
    return [
        (table, row["name"])
        for (table,) in tables
        for row in connection.execute(f"PRAGMA table_info({table})")
        if row["type"] == "TEXT" and (table, row["name"]) not in OWN
    ]


def fill(connection: Connection, table: str, column: str) -> int:
    """Put a hostile text into each row that may hold one; gives how many did."""
    filled = 0
    rows = connection.execute(f"SELECT {_key(connection, table)} FROM {table}").fetchall()
    for number, row in enumerate(rows):
        text = TEXTS[number % len(TEXTS)]
        where = " AND ".join(f"{name} IS ?" for name in row.keys())  # noqa: SIM118 - Row is no dict
        for candidate in (text, text[:3]):
            connection.execute("SAVEPOINT one")
            try:
                connection.execute(
                    f"UPDATE {table} SET {column} = ? WHERE {where}", (candidate, *row)
                )
                filled += 1
                break
            except sqlite3.IntegrityError:  # a date, a choice, a code of three letters
                connection.execute("ROLLBACK TO one")
            finally:
                connection.execute("RELEASE one")
    return filled


def _key(connection: Connection, table: str) -> str:
    columns = connection.execute(f"PRAGMA table_info({table})").fetchall()
    return ", ".join(row["name"] for row in columns if row["pk"]) or "rowid AS rowid"


def _account(connection: Connection, number: int, text: str) -> None:
    person = add_person(connection, f"person-{number}")
    key = add_account(
        connection,
        f"a{number}",
        csm=person,
        next_step="call",
        next_step_due=DAY.isoformat(),
        lifecycle_stage="mature",
    )
    add_summary(
        connection,
        key,
        band=("red", "unknown", "yellow", "green")[number % 4],
        causes=json.dumps([f"−5 {text[:300]}", text[:50]]),
        deadline=DAY.isoformat(),
        deadline_by="notice",
    )
    add_subscription(connection, key)
    contact = add_contact(connection, key, role="champion")
    add_ticket(connection, key, subject="s")
    add_survey(connection, key, contact_id=contact, comment="c")
    add_touchpoint(connection, key, contact_id=contact, summary="s", author="a", kind="k")
    add_promise(connection, key, owner="o", evidence="e")
    add_import(connection, source=f"source-{number}")
    add_usage(connection, key, DAY, [1.0, 2.0])
    add_promise(connection, key, promised_by="customer", due_on=None)
    for table, row in MORE.items():
        insert(connection, table, {**row, f"{table}_id": f"{table}-{number}", "account_key": key})
