import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from cs_workbench.errors import NotFoundError
from cs_workbench.store.changes import Change, apply_changes, changes_since, record_change_set
from cs_workbench.store.database import Database, write
from cs_workbench.store.entities import ENTITIES
from cs_workbench.store.sqlite import sqlite3
from tests.store.acts import PROMISE, change, logged, next_steps, step, two_accounts


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "p.db"


@pytest.fixture
def db(path: Path) -> Iterator[Database]:
    with two_accounts(path) as opened:
        yield opened


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


def test_the_log_is_append_only(db: Database) -> None:
    change(db, step(1, "call"))
    for statement in ("DELETE FROM change", "UPDATE change SET new = '\"other\"'"):
        with pytest.raises(sqlite3.DatabaseError, match="changes are never"), write(db) as pen:
            pen.execute(statement)
    assert logged(db)[0][5] == '"call"'


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


def test_a_day_that_is_none_is_refused_and_nothing_stays(db: Database) -> None:
    with pytest.raises(ValueError, match="20261127"):
        change(db, replace(step(1, "call"), effective_on="20261127"))
    assert next_steps(db) == [None, None]
    assert logged(db) == []


def test_checks_hold_again_behind_a_change(db: Database) -> None:
    change(db, step(1, "call"))
    with pytest.raises(sqlite3.IntegrityError, match="CHECK"), write(db) as pen:
        pen.execute("UPDATE account SET next_step_due = 'soon'")
    with pytest.raises(sqlite3.IntegrityError, match="CHECK"):
        change(db, Change("account", "1", "next_step_due", new="soon"))
    assert len(logged(db)) == 1
