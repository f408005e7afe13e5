"""A portfolio every text of which is hostile: what a customer's export may hold, at its worst."""

import datetime as dt
import json
import re
from pathlib import Path
from typing import Any

from cs_workbench.core.forecast_policy import ForecastPolicy
from cs_workbench.store.database import Database, write
from cs_workbench.store.drafts import save_draft
from cs_workbench.store.plays import keep_playbook
from cs_workbench.store.search import read_queue
from cs_workbench.store.sqlite import Connection, sqlite3
from cs_workbench.workflows.next_steps import set_next_step
from cs_workbench.workflows.playbooks import find_playbook
from cs_workbench.workflows.renewals import settle_renewals
from cs_workbench.workflows.scoring import refresh
from tests.factories import TODAY as DAY
from tests.factories import (
    add_account,
    add_contact,
    add_import,
    add_person,
    add_promise,
    add_signal,
    add_subscription,
    add_summary,
    add_survey,
    add_ticket,
    add_touchpoint,
    add_usage,
    insert,
    portfolio,
)
from tests.hostile_churn import OWN_CHURN, add_churn
from tests.hostile_memory import add_memory

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
# Not a person's words: the program wrote them for itself, reads them back by their shape, and no
# file or field of a form reaches them.
OWN = {
    *OWN_CHURN,
    ("score", "contributions"),
    ("score", "scorecard_hash"),
    ("score", "input_hash"),
    ("loyalty_score", "contributions"),
    ("field_conflict", "of_entity"),
    ("field_conflict", "of_id"),
    ("field_conflict", "of_field"),
    ("loyalty_score", "scorecard_hash"),
    ("loyalty_score", "input_hash"),
    ("scorecard", "text"),
    ("scorecard", "hash"),
    ("refresh_run", "scorecard_hash"),
    ("saved_view", "sort"),
    ("setting", "name"),
    ("setting", "value"),
    ("change_set", "change_set_id"),
    ("change_set", "undoes"),
    ("draft", "form"),
    *((table, name) for table in ("search_entry", "search_queue") for name in ("source", "row_id")),
    ("hand_over", "accounts"),
    ("hand_over", "moved"),
    ("playbook_text", "text"),
    ("playbook_text", "hash"),
    ("playbook_text", "playbook_id"),
    ("play", "playbook_hash"),
    ("play_step", "step_id"),
    ("draft", "subject"),
    ("review", "review_id"),
    ("review_item", "review_id"),
    ("review_item", "section"),
    ("review_decision", "review_id"),
    ("review", "filter_text"),
    ("review", "snapshot"),
}
# Text that is JSON: what people wrote stands at its leaves.
JSON = {("field_conflict", "mine"), ("field_conflict", "theirs")} | {
    *(("account_summary", "causes"), ("refresh_run", "report"), ("draft", "body")),
    ("play_step", "answers"),
    ("churn_model", "record"),
    ("renewal", "subscription_ids"),
}
VIEW = {"filter": "", "sort": "band", "descending": 0, "actor": "ana"}
DAY_TEXT = DAY.isoformat()
MONEY = {"currency": "USD"}
RENEWAL_END = "2026-12-31"  # of the subscriptions that `factories` makes
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
        "risk_category": "r",
        "missing_fact": "m",
        "renew_ten": "t",
        "review_id": "r",
        "renewal_end": RENEWAL_END,
    },
    "commitment": {
        **MONEY,
        "renewal_end": RENEWAL_END,
        "level": "verbal",
        "signer": "s",
        "contact_id": "c",
        "given_on": DAY_TEXT,
        "evidence": "e",
        "author": "a",
        "made_at": f"{DAY_TEXT}T09:00:00Z",
        "review_id": "r",
    },
    "notice": {
        **MONEY,
        "renewal_end": RENEWAL_END,
        "received_on": DAY_TEXT,
        "given_by": "g",
        "scope": "all",
        "document": "d",
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
    "task": {
        "what": "w",
        "owner": "o",
        "origin": "person",
        "origin_id": "i",
        "author": "a",
        "made_on": DAY_TEXT,
        "ended_by": "e",
        "note": "n",
    },
}


def hostile_portfolio(folder: Path) -> Database:
    """As many accounts as there are TEXTS, and then every text that a table takes."""
    db = portfolio(folder)
    playbook = find_playbook("check-in").playbook
    with write(db) as connection:
        keep_playbook(connection, playbook)
        insert(connection, "review", REVIEW)
        keys = [_account(connection, number, text) for number, text in enumerate(TEXTS)]
        add_churn(connection, keys, TEXTS)
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
    # Scores with what they are made of, changes, and what somebody began and never set.
    refresh(db, as_of=DAY - dt.timedelta(days=28), actor=TEXTS[0])
    settle_renewals(db, today=DAY, policy=ForecastPolicy())
    for key, text in zip(keys, TEXTS, strict=True):
        fields = {"text": text, "owner": text, "due": text}
        line = " ".join(text.split())[:400]  # what the form takes
        set_next_step(db, [key], text=line, owner=line, due=None, actor=TEXTS[0], today=DAY)
        save_draft(db, actor=TEXTS[0], form="next step", subject=str(key), fields=fields)
    list(read_queue(db))  # what is searched is among the texts too
    db.connection.execute("PRAGMA foreign_keys = OFF")
    with write(db) as connection:
        for table, column in text_columns(connection):
            fill(connection, table, column)
    db.connection.execute("PRAGMA foreign_keys = ON")
    return db


def text_columns(connection: Connection) -> list[tuple[str, str]]:
    """Every TEXT column of every table of ours."""
    tables = connection.execute(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE '%fts%' "
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
    keys = _key(connection, table)
    rows = connection.execute(f"SELECT {keys}, {column} AS was FROM {table}").fetchall()
    for number, row in enumerate(rows):
        text = TEXTS[number % len(TEXTS)]
        if (table, column) in JSON:
            text = json.dumps(at_leaves(json.loads(row["was"]), text))
        where = " AND ".join(f"{name.strip()} IS ?" for name in keys.split(","))
        for candidate in (text, text[:3]):
            connection.execute("SAVEPOINT one")
            try:
                connection.execute(
                    f"UPDATE {table} SET {column} = ? WHERE {where}", (candidate, *row[:-1])
                )
                filled += 1
                break
            except sqlite3.IntegrityError:  # a date, a choice, a code of three letters, a log
                connection.execute("ROLLBACK TO one")
            finally:
                connection.execute("RELEASE one")
    return filled


def at_leaves(value: object, text: str) -> object:
    """The same JSON with the text in place of every text in it, but for dates."""
    if isinstance(value, dict):
        return {name: at_leaves(one, text) for name, one in value.items()}
    if isinstance(value, list):
        return [at_leaves(one, text) for one in value]
    return text if isinstance(value, str) and not DATE.fullmatch(value) else value


DATE = re.compile(r"\d{4}-\d{2}-\d{2}.*")


def _key(connection: Connection, table: str) -> str:
    columns = connection.execute(f"PRAGMA table_info({table})").fetchall()
    return ", ".join(row["name"] for row in columns if row["pk"]) or "rowid"


RESPONSE = {"metric": "grr", "period": "2026-Q3", "what": "w", "author": "a", "made_on": DAY_TEXT}


def _close_a_period(connection: Connection, number: int, key: int, text: str) -> None:
    """A closed period can never be altered, so its texts are hostile from the start."""
    day = (dt.date(1990, 1, 1) + dt.timedelta(number)).isoformat()
    document: dict[str, Any] = {"metrics": [], "bridge": None, "trust": text, "currency": "USD"}
    row = {"name": f"{number}{text}", "first_day": day, "last_day": day, "closed_on": DAY_TEXT}
    row |= {"closed_at": f"{DAY_TEXT}T09:00:00Z", "actor": text, "policy_hash": text}
    insert(connection, "closed_period", {**row, "policy": text, "document": json.dumps(document)})
    position = {"period": row["name"], "account_key": key, "arr_minor": 1, **MONEY}
    insert(connection, "closed_position", position)


def _account(connection: Connection, number: int, text: str) -> int:
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
    add_subscription(connection, key, notice_days=20)
    contact = add_contact(connection, key, role="champion")
    add_ticket(connection, key, subject="s")
    add_survey(connection, key, contact_id=contact, comment="c")
    add_touchpoint(connection, key, contact_id=contact, summary="s", author="a", kind="k")
    add_promise(connection, key, owner="o", evidence="e")
    add_import(connection, source=f"source-{number}")
    add_usage(connection, key, DAY - dt.timedelta(180), [20.0] * 180 + [1.0, 2.0])
    add_promise(connection, key, promised_by="customer", due_on=None)
    filled = {"account_key": key, "field": "region", "source": f"source-{number}"}
    insert(connection, "account_fill", filled)
    pulled = {"source": f"events-{number}", "pulled_at": f"{DAY_TEXT}T09:00:00Z"}
    insert(connection, "usage_pull", pulled)
    for table, row in MORE.items():
        insert(connection, table, {**row, f"{table}_id": f"{table}-{number}", "account_key": key})
    insert(connection, "kpi_response", {**RESPONSE, "response_id": f"response-{number}"})
    _close_a_period(connection, number, key, text)
    add_memory(connection, key, number)
    _play(connection, key, number)
    item = {"review_id": "review", "number": number + 1, "account_key": key}
    item |= {"renewal_end": RENEWAL_END, "section": "red or near", "why": "w"}
    insert(connection, "review_item", item)
    made = {"review_decision_id": f"d{number}", "review_id": "review", "account_key": key}
    made |= {"renewal_end": RENEWAL_END, "kind": "parked", "told": "t", "ref_id": "r"}
    made |= {"author": "a", "made_at": f"{DAY_TEXT}T09:00:00Z"}
    insert(connection, "review_decision", made)
    outcome = {"outcome_id": f"outcome-{number}", "account_key": key, **ENDED}
    insert(connection, "renewal_outcome", outcome)
    add_signal(connection, key, f"kind {number}", severity=("high", "low")[number % 2])
    add_signal(connection, key, "silence", resolved_on=DAY_TEXT, resolution="r", resolved_by="r")
    alias = {"source": "s", "alias": str(number), "account_key": key}
    insert(connection, "account_alias", alias)
    seen = {"actor": "a", "account_key": key, "seen_at": f"{DAY_TEXT}T09:00:00Z", "band": "b"}
    insert(connection, "account_seen", seen)
    change = {"metric_id": 1, "day": f"2026-11-{number + 1:02}", "direction": "up", **RULER}
    insert(connection, "ruler_change", {**change, "ruler_change_id": f"r{number}"})
    return key


REVIEW: dict[str, Any] = {
    "review_id": "review",
    "name": "n",
    "chair": "c",
    "day": DAY_TEXT,
    "window_days": 120,
    "filter_text": "",
    "state": "open",
    "started_at": f"{DAY_TEXT}T09:00:00Z",
}
ENDED: dict[str, Any] = {
    **MONEY,
    "renewal_end": "2025-12-31",
    "ending": "won",
    "how": "signed",
    "closed_on": DAY_TEXT,
    "due_minor": 1,
    "renewed_minor": 1,
    "author": "a",
    "made_at": f"{DAY_TEXT}T09:00:00Z",
    "reason": "r",
}
RULER: dict[str, Any] = {
    "accounts": 9,
    "moved": 8,
    "factor": 2.0,
    "noticed_on": DAY_TEXT,
    "reason": "r",
}


def _play(connection: Connection, key: int, number: int) -> None:
    """A play that runs, with an answer and a draft."""
    playbook = find_playbook("check-in").playbook
    play = {
        "play_id": f"play-{number}",
        "account_key": key,
        "playbook_id": playbook.playbook_id,
        "version": 1,
        "playbook_hash": playbook.digest,
        "state": "active",
        "evidence": "e",
        "started_on": DAY_TEXT,
        "owner": "o",
        "reason": "r",
    }
    insert(connection, "play", play)
    step = {"play_id": f"play-{number}", "step_id": "prepare", "state": "snoozed", "actor": "a"}
    answers = json.dumps({"purpose": "p"})
    insert(connection, "play_step", {**step, "play_step_id": f"s{number}", "answers": answers})
    message = {"channel": "email", "kind": "ask", "subject": "s", "body": "b", "state": "draft"}
    ids = {"message_id": f"m{number}", "account_key": key, "play_id": f"play-{number}"}
    insert(connection, "message", {**message, **ids, "author": "a", "drafted_on": DAY_TEXT})
    insert(
        connection,
        "trial",
        {
            **MONEY,
            "account_key": key,
            "playbook_id": "check-in",
            "version": 1,
            "eligible_on": DAY_TEXT,
            "segment": "s",
            "band": "red",
            "arr_minor": 1,
        },
    )
