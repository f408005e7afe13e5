import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from cs_workbench.errors import ConflictError, NotFoundError
from cs_workbench.store.changes import (
    Change,
    Value,
    apply_changes,
    changes_since,
    last_undoable,
    record_change_set,
    undo,
)
from cs_workbench.store.database import Database, open_database, write
from cs_workbench.store.entities import ENTITIES
from cs_workbench.store.sqlite import sqlite3

PROMISE: dict[str, Value] = {
    "account_key": 1,
    "promised_by": "us",
    "what": "refund of the October overage",
    "made_on": "2026-11-12",
    "due_on": "2026-11-20",
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "p.db"


@pytest.fixture
def db(path: Path) -> Iterator[Database]:
    with open_database(path, create=True) as opened:
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


def test_a_change_is_made_and_logged(db: Database) -> None:
    assert change(db, step(1, "call «Ünsal»")) is not None
    assert next_steps(db) == ["call «Ünsal»", None]
    assert logged(db) == [("ana", "person", "1", "next_step", "null", '"call «Ünsal»"')]


def test_nothing_changed_is_nothing_logged(db: Database) -> None:
    change(db, step(1, "call"))
    assert change(db, step(1, "call")) is None
    assert len(logged(db)) == 1


def test_only_fields_that_differ_are_logged(db: Database) -> None:
    change(db, step(1, "call"))
    change(db, step(1, "call"), Change("account", "1", "next_step_owner", new="ana"))
    assert [row[3] for row in logged(db)] == ["next_step", "next_step_owner"]


def test_undo_goes_further_back_each_time(db: Database) -> None:
    for text in ("one", "two", None):
        change(db, step(1, text), summary=f"set {text}")
    states = []
    for _ in range(3):
        act = undo(db, "ana")
        states.append((act.summary, next_steps(db)[0]))
    assert states == [("set None", "two"), ("set two", "one"), ("set one", None)]
    assert last_undoable(db, "ana") is None
    with pytest.raises(NotFoundError, match="nothing by ana left"):
        undo(db, "ana")


def test_an_undo_is_a_change_set_of_its_own(db: Database) -> None:
    made = change(db, step(1, "call"))
    undo(db, "ana")
    rows = db.connection.execute("SELECT cause, undoes FROM change_set ORDER BY rowid").fetchall()
    assert [tuple(row) for row in rows] == [("person", None), ("undo", made)]
    assert logged(db)[-1] == ("ana", "undo", "1", "next_step", '"call"', "null")


def test_after_an_undo_new_acts_are_undone_first(db: Database) -> None:
    change(db, step(1, "one"), summary="one")
    change(db, step(1, "two"), summary="two")
    undo(db, "ana")
    change(db, step(1, "three"), summary="three")
    assert [undo(db, "ana").summary for _ in range(2)] == ["three", "one"]
    assert next_steps(db) == [None, None]


def test_undo_takes_back_all_rows_of_an_act(db: Database) -> None:
    change(db, step(1, "call"), step(2, "call"))
    undo(db, "ana")
    assert next_steps(db) == [None, None]


def test_everybody_undoes_their_own(db: Database) -> None:
    change(db, step(1, "by ana"), actor="ana")
    change(db, step(2, "by jon"), actor="jon")
    undo(db, "ana")
    assert next_steps(db) == [None, "by jon"]


def test_imports_are_not_undone_by_a_person(db: Database) -> None:
    with write(db) as connection:
        record_change_set(
            connection,
            actor="ana",
            cause="import",
            summary="accounts.csv",
            changes=[Change("account", "1", "segment", None, "SMB")],
        )
    assert last_undoable(db, "ana") is None


def test_a_value_changed_since_is_not_overwritten(db: Database) -> None:
    change(db, step(1, "call"), step(2, "call"), summary="next step of 2 accounts")
    with write(db) as connection:
        connection.execute("UPDATE account SET next_step = 'imported' WHERE account_key = 2")
    before = logged(db)
    with pytest.raises(ConflictError, match=r"next step of 2 accounts.*account 2 has changed"):
        undo(db, "ana")
    assert next_steps(db) == ["call", "imported"]
    assert logged(db) == before


def test_a_created_row_is_undone_by_removing_it(db: Database) -> None:
    change(db, Change("promise", "P1", new=PROMISE), step(1, "refund"), summary="promised")
    stored = json.loads(str(logged(db)[0][5]))
    assert stored["what"] == PROMISE["what"]
    assert stored["state"] == "open"  # what the table filled in is logged as well
    undo(db, "ana")
    assert db.connection.execute("SELECT count(*) FROM promise").fetchone()[0] == 0
    assert next_steps(db) == [None, None]


def test_a_created_row_that_changed_since_stays(db: Database) -> None:
    change(db, Change("promise", "P1", new=PROMISE))
    change(db, Change("promise", "P1", "state", new="kept"), actor="jon")
    with pytest.raises(ConflictError, match="promise P1 has changed since"):
        undo(db, "ana")
    undo(db, "jon")
    undo(db, "ana")
    assert db.connection.execute("SELECT count(*) FROM promise").fetchone()[0] == 0


def test_a_created_row_that_others_rest_on_stays(db: Database) -> None:
    change(db, Change("person", "kim", new={"name": "Kim"}))
    with write(db) as connection:
        connection.execute("UPDATE account SET csm = 'kim' WHERE account_key = 1")
    with pytest.raises(ConflictError, match="other rows rest on person kim"):
        undo(db, "ana")


def test_a_row_gone_since_is_a_conflict(db: Database) -> None:
    change(db, step(2, "call"))
    with write(db) as connection:
        connection.execute("DELETE FROM account WHERE account_key = 2")
    with pytest.raises(ConflictError, match="account 2 is gone"):
        undo(db, "ana")


def test_erased_values_cannot_be_brought_back(db: Database) -> None:
    change(db, step(1, "call Lena Voss"))
    change(db, step(1, None))
    with write(db) as connection:
        connection.execute("UPDATE change SET old = NULL, new = NULL")
    with pytest.raises(ConflictError, match="erased"):
        undo(db, "ana")
    assert all(entry.erased for entry in changes_since(db, "account", "1", "2000"))


def test_the_log_is_append_only(db: Database) -> None:
    change(db, step(1, "call"))
    for statement in ("DELETE FROM change", "UPDATE change SET new = '\"other\"'"):
        with pytest.raises(sqlite3.DatabaseError, match="changes are never"), write(db) as pen:
            pen.execute(statement)
    assert logged(db)[0][5] == '"call"'


def test_a_change_of_name_is_found_by_search_and_so_is_its_undo(db: Database) -> None:
    found = "SELECT rowid FROM account_fts WHERE account_fts MATCH ?"
    change(db, Change("account", "2", "name", new="Björk AG"))
    assert [row[0] for row in db.connection.execute(found, ("bjork",))] == [2]
    undo(db, "ana")
    assert db.connection.execute(found, ("bjork",)).fetchall() == []
    assert [row[0] for row in db.connection.execute(found, ("muller",))] == [2]


def test_what_is_logged_is_what_the_column_holds(db: Database) -> None:
    change(db, Change("promise", "P1", new=PROMISE))
    change(db, Change("promise", "P1", "account_key", new="2"))
    assert logged(db)[-1][5] == "2"
    undo(db, "ana")
    assert db.connection.execute("SELECT account_key FROM promise").fetchone()[0] == 1


@pytest.mark.parametrize(
    "wrong",
    [
        Change("setting", "x", "value", new="1"),
        Change("account", "1", "account_key", new=7),
        Change("account", "1", "name = 'x' --", new=7),
        Change("promise", "P1", new={**PROMISE, "search_text": "x"}),
        Change("promise", "P1"),
    ],
)
def test_only_known_entities_and_fields(db: Database, wrong: Change) -> None:
    with pytest.raises((ValueError, TypeError), match=r"setting|field|columns|mapping"):
        change(db, wrong)
    assert logged(db) == []


def test_no_such_row(db: Database) -> None:
    with pytest.raises(NotFoundError, match="no account 9"):
        change(db, step(1, "call"), step(9, "call"))
    assert next_steps(db) == [None, None]
    assert logged(db) == []


def test_changes_since_gives_the_row_as_it_was_known(db: Database) -> None:
    for text, known_at in (("one", "2026-01-01"), ("two", "2026-03-01"), ("six", "2026-06-01")):
        with write(db) as connection:
            old = connection.execute("SELECT next_step FROM account LIMIT 1").fetchone()[0]
            connection.execute("UPDATE account SET next_step = ? WHERE account_key = 1", (text,))
            record_change_set(
                connection,
                actor="ana",
                cause="import",
                summary="a file",
                changes=[Change("account", "1", "next_step", old, text, known_at)],
                known_at=f"{known_at}T00:00:00Z",
            )
    later = changes_since(db, "account", "1", "2026-02-01T00:00:00Z")
    assert [entry.change.new for entry in later] == ["six", "two"]
    assert [entry.change.effective_on for entry in later] == ["2026-06-01", "2026-03-01"]
    then = dict(db.connection.execute("SELECT * FROM account WHERE account_key = 1").fetchone())
    for entry in later:
        then[str(entry.change.field)] = entry.change.old
    assert then["next_step"] == "one"
    assert changes_since(db, "account", "2", "2000") == []


def test_the_latest_act_is_told_by_the_log_and_not_by_the_clock(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    change(db, step(1, "one"), summary="first")
    monkeypatch.setattr("cs_workbench.store.changes.utc_now", lambda: "2020-01-01T00:00:00Z")
    monkeypatch.setattr("cs_workbench.core.ids.time.time_ns", lambda: 0)
    change(db, step(1, "two"), summary="second")
    act = last_undoable(db, "ana")
    assert act is not None
    assert act.summary == "second"


def test_two_connections_never_undo_the_same_act_twice(db: Database, path: Path) -> None:
    change(db, step(1, "one"))
    change(db, step(1, "two"))
    with open_database(path) as other:
        undo(db, "ana")
        undo(other, "ana")
        assert next_steps(db) == next_steps(other) == [None, None]
        with pytest.raises(NotFoundError):
            undo(db, "ana")


def test_another_connections_later_change_stops_an_undo(db: Database, path: Path) -> None:
    change(db, step(1, "by ana"))
    with open_database(path) as other:
        change(other, step(1, "by jon"), actor="jon")
        with pytest.raises(ConflictError):
            undo(db, "ana")
        assert next_steps(other)[0] == "by jon"


def test_a_failed_act_leaves_nothing(db: Database) -> None:
    def act() -> None:
        with write(db) as connection:
            apply_changes(connection, actor="ana", summary="s", changes=[step(1, "half")])
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        act()
    assert next_steps(db) == [None, None]
    assert logged(db) == []


KILLED = """
import os, signal, sys
from pathlib import Path
from cs_workbench.store.changes import Change, apply_changes
from cs_workbench.store.database import open_database, write

with open_database(Path(sys.argv[1])) as db, write(db) as connection:
    change = Change("account", "1", "next_step", new="half")
    apply_changes(connection, actor="ana", summary="s", changes=[change])
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_killed_program_leaves_nothing(db: Database, path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    ended = subprocess.run(
        [sys.executable, "-c", KILLED, str(path)], env=environment, check=False, timeout=30
    )
    assert ended.returncode == -signal.SIGKILL
    assert next_steps(db) == [None, None]
    assert logged(db) == []
    change(db, step(1, "whole"))  # the pen is free again
    assert next_steps(db)[0] == "whole"


def test_every_entity_names_columns_that_exist(db: Database) -> None:
    for entity in ENTITIES.values():
        rows = db.connection.execute(f"PRAGMA table_info({entity.table})").fetchall()
        columns = {row["name"] for row in rows}
        derived = {"search_text"} if entity.table == "account" else set()
        assert entity.fields | {entity.key} | derived == columns
