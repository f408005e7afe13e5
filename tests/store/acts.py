"""A portfolio of two accounts, and acts on it, for the tests of the change log."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cs_workbench.store.changes import Change, Value, apply_changes
from cs_workbench.store.database import Database, write
from tests.factories import portfolio

PROMISE: dict[str, Value] = {
    "account_key": 1,
    "promised_by": "us",
    "what": "refund of the October overage",
    "made_on": "2026-11-12",
    "due_on": "2026-11-20",
}


@contextmanager
def two_accounts(path: Path) -> Iterator[Database]:
    with portfolio(path.parent, path.name) as opened:
        with write(opened) as connection:
            connection.execute("INSERT INTO person (person_id, name) VALUES ('ana', 'Ana')")
            connection.executemany(
                "INSERT INTO account (account_key, account_id, name, currency, search_text) "
                "VALUES (?, ?, ?, 'USD', ?)",
                [(1, "A1", "Kestrel", "kestrel a1 "), (2, "A2", "Müller", "muller a2 ")],
            )
        yield opened


def step(account_key: int, text: str | None) -> Change:
    return Change("account", str(account_key), "next_step", new=text)


def change(db: Database, *changes: Change, actor: str = "ana", summary: str = "s") -> str | None:
    with write(db) as connection:
        return apply_changes(connection, actor=actor, summary=summary, changes=changes)


def next_steps(db: Database) -> list[str | None]:
    rows = db.connection.execute("SELECT next_step FROM account ORDER BY account_key")
    return [row[0] for row in rows]


def logged(db: Database) -> list[tuple[object, ...]]:
    rows = db.connection.execute(
        "SELECT actor, cause, entity_id, field, old, new FROM change JOIN change_set "
        "USING (change_set_id) ORDER BY seq"
    )
    return [tuple(row) for row in rows]
