import datetime as dt

import pytest

from cs_workbench.core.ids import id_of
from cs_workbench.store.database import Database, write
from cs_workbench.store.sample import compact, date_acts, date_imports, date_refreshes
from cs_workbench.store.sqlite import sqlite3
from cs_workbench.store.undo import last_undoable, undo
from cs_workbench.workflows.next_steps import set_next_step
from tests.factories import TODAY, add_account, add_import

AT = "2026-11-20T15:00:00Z"
LOADED = "2026-11-23T02:04:00Z"
PEOPLE = "2025-05-26T02:04:00Z"


def stamped(db: Database) -> str:
    """One import and one act of a person, dated; gives the id of the act."""
    with write(db) as connection:
        import_id = add_import(connection)
        add_import(connection, kind="contacts")
        key = add_account(connection, import_id=import_id)
    set_next_step(
        db, [key], text="call", owner="Ana", due=TODAY, actor="Ana", today=dt.date(2026, 11, 20)
    )
    act = last_undoable(db, "Ana")
    assert act is not None
    date_imports(db, loaded_at=LOADED, people_at=PEOPLE)
    date_refreshes(db, LOADED)
    date_acts(db, {act.change_set_id: AT})
    renamed = last_undoable(db, "Ana")
    assert renamed is not None
    return renamed.change_set_id


def one(db: Database, statement: str) -> object:
    return db.connection.execute(statement).fetchone()[0]


def test_history_gets_the_sample_s_own_calendar(db: Database) -> None:
    stamped(db)
    dates = dict(db.connection.execute("SELECT kind, recorded_at FROM import_run").fetchall())
    assert dates == {"accounts": LOADED, "contacts": PEOPLE}
    assert one(db, "SELECT at FROM change_set") == AT
    assert one(db, "SELECT group_concat(DISTINCT known_at) FROM change") == AT
    assert db.connection.execute("PRAGMA foreign_key_check").fetchall() == []


def test_ids_follow_from_the_instants(db: Database) -> None:
    assert stamped(db) == id_of(dt.datetime.fromisoformat(AT), 1)


def test_the_log_is_append_only_again_afterwards(db: Database) -> None:
    stamped(db)
    with pytest.raises(sqlite3.IntegrityError, match="never altered"), write(db) as connection:
        connection.execute("UPDATE change SET known_at = ?", (LOADED,))
    with pytest.raises(sqlite3.IntegrityError, match="never deleted"), write(db) as connection:
        connection.execute("DELETE FROM change")


def test_a_dated_act_can_be_undone(db: Database) -> None:
    stamped(db)
    undo(db, "Ana")
    assert one(db, "SELECT next_step FROM account") is None


def test_compacting_keeps_everything_findable(db: Database) -> None:
    with write(db) as connection:
        add_account(connection, "kestrel")
    compact(db)
    found = one(db, "SELECT count(*) FROM account_fts WHERE account_fts MATCH 'kest'")
    assert found == 1
