from typing import TYPE_CHECKING

import pytest

from cs_workbench.store.database import Database
from cs_workbench.store.files import SCHEMA_VERSION
from cs_workbench.store.migrations import MIGRATIONS, migrate
from tests.store.processes import running

if TYPE_CHECKING:
    from sqlite_utils import Database as Tables

STATE = "SELECT name, sql FROM sqlite_master ORDER BY name"


def whole(tables: "Tables") -> None:
    tables.execute("CREATE TABLE whole (a INTEGER) STRICT")
    tables.execute("UPDATE setting SET value = 'migrated'")


def failing(tables: "Tables") -> None:
    whole(tables)
    tables.execute("this is no SQL")


def test_the_schema_version_counts_the_steps() -> None:
    assert len(MIGRATIONS) == SCHEMA_VERSION


def test_every_table_is_strict_and_every_check_holds(db: Database) -> None:
    rows = db.connection.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'account_fts%' "
        "AND name NOT LIKE 'sqlite_%'"
    ).fetchall()
    assert len(rows) > 20
    for name, sql in rows:
        assert "STRICT" in sql.rsplit(")", 1)[-1], name
    assert db.connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"


def test_a_step_that_fails_leaves_all_as_it_was(db: Database) -> None:
    before = db.connection.execute(STATE).fetchall()
    with pytest.raises(Exception, match="syntax error"):
        migrate(db.connection, version=1, steps=(*MIGRATIONS, failing))
    assert db.connection.execute(STATE).fetchall() == before
    assert db.connection.execute("PRAGMA user_version").fetchone()[0] == 1
    assert not db.connection.in_transaction


def test_only_the_missing_steps_run(db: Database) -> None:
    migrate(db.connection, version=1, steps=(*MIGRATIONS, whole))
    assert db.connection.execute("PRAGMA user_version").fetchone()[0] == 2
    assert db.connection.execute("SELECT count(*) FROM whole").fetchone()[0] == 0


KILLED_HALF_WAY = """
from cs_workbench.store.migrations import MIGRATIONS, migrate
def slow(tables):
    tables.execute("CREATE TABLE half (a INTEGER) STRICT")
    tables.execute("DELETE FROM setting")
    print("ready", flush=True)
    time.sleep(60)
with open_database(path) as db:
    migrate(db.connection, version=1, steps=(*MIGRATIONS, slow))
"""


def test_a_migration_killed_half_way_leaves_the_old_state(db: Database) -> None:
    db.connection.execute("INSERT INTO setting VALUES ('a', '1')")
    before = db.connection.execute(STATE).fetchall()
    with running(KILLED_HALF_WAY, db.path):
        pass
    assert db.connection.execute(STATE).fetchall() == before
    assert db.connection.execute("SELECT value FROM setting").fetchone()[0] == "1"
    assert db.connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
