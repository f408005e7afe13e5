import gzip
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cs_workbench.core.forecast_policy import ForecastPolicy
from cs_workbench.store.account_lines import account_lines
from cs_workbench.store.database import Database, open_database, write
from cs_workbench.store.files import SCHEMA_VERSION, check_header
from cs_workbench.store.migrations import MIGRATIONS, m21_optional_prices, migrate
from cs_workbench.store.sqlite import sqlite3
from cs_workbench.store.undo import undo
from cs_workbench.workflows.renewals import settle_renewals
from tests.factories import (
    TODAY,
    add_account,
    add_import,
    add_subscription,
    add_summary,
    insert,
    portfolio,
)
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
        "SELECT name, sql FROM sqlite_master WHERE type = 'table' "
        "AND name NOT GLOB '*_fts*' AND name NOT LIKE 'sqlite_%'"
    ).fetchall()
    assert len(rows) > 20
    for name, sql in rows:
        assert "STRICT" in sql.rsplit(")", 1)[-1], name
    assert db.connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"


def test_a_step_that_fails_leaves_all_as_it_was(db: Database) -> None:
    before = db.connection.execute(STATE).fetchall()
    with pytest.raises(Exception, match="syntax error"):
        migrate(db.connection, version=SCHEMA_VERSION, steps=(*MIGRATIONS, failing))
    assert db.connection.execute(STATE).fetchall() == before
    assert db.connection.execute("PRAGMA user_version").fetchone()[0] == SCHEMA_VERSION
    assert not db.connection.in_transaction


def test_only_the_missing_steps_run(db: Database) -> None:
    migrate(db.connection, version=SCHEMA_VERSION, steps=(*MIGRATIONS, whole))
    assert db.connection.execute("PRAGMA user_version").fetchone()[0] == SCHEMA_VERSION + 1
    assert db.connection.execute("SELECT count(*) FROM whole").fetchone()[0] == 0


KILLED_HALF_WAY = """
from cs_workbench.store.files import SCHEMA_VERSION
from cs_workbench.store.migrations import MIGRATIONS, migrate
def slow(tables):
    tables.execute("CREATE TABLE half (a INTEGER) STRICT")
    tables.execute("DELETE FROM setting")
    print("ready", flush=True)
    time.sleep(60)
with open_database(path) as db:
    migrate(db.connection, version=SCHEMA_VERSION, steps=(*MIGRATIONS, slow))
"""


def test_a_migration_killed_half_way_leaves_the_old_state(db: Database) -> None:
    db.connection.execute("INSERT INTO setting VALUES ('a', '1')")
    before = db.connection.execute(STATE).fetchall()
    with running(KILLED_HALF_WAY, db.path):
        pass
    assert db.connection.execute(STATE).fetchall() == before
    assert db.connection.execute("SELECT value FROM setting").fetchone()[0] == "1"
    assert db.connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"


OLDEST = Path(__file__).with_name("portfolio.schema-1.db.gz")  # written by the program of schema 1


@pytest.fixture
def oldest(tmp_path: Path) -> Path:
    place = tmp_path / "old.db"
    place.write_bytes(gzip.decompress(OLDEST.read_bytes()))
    assert check_header(place) == 1
    return place


def test_a_file_of_schema_1_is_brought_up_to_date_after_a_backup(oldest: Path) -> None:
    before = oldest.read_bytes()
    with open_database(oldest) as db, portfolio(oldest.parent, "new.db") as new:
        assert db.connection.execute("PRAGMA user_version").fetchone()[0] == SCHEMA_VERSION
        assert {tuple(row) for row in db.connection.execute(STATE)} == {
            tuple(row) for row in new.connection.execute(STATE)
        }
        assert db.connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        assert db.connection.execute("PRAGMA foreign_key_check").fetchall() == []
        (line,) = account_lines(db, [1], today=TODAY, me="ana")
    assert (line.name, line.next_step) == ("Kestrel Logistics GmbH", "call T. Brandt")
    assert line.as_of == TODAY
    assert line.override is None
    kept = oldest.with_name("old.db.schema-1.backup")
    assert check_header(kept) == 1
    assert kept.stat().st_mode & 0o777 == 0o600
    assert len(kept.read_bytes()) == len(before)


def test_what_was_done_before_a_migration_can_be_undone_after_it(oldest: Path) -> None:
    with open_database(oldest) as db:
        assert undo(db, "ana").summary.startswith("next step: call T. Brandt")
        (line,) = account_lines(db, [1], today=TODAY, me="ana")
    assert line.next_step is None


def test_amounts_that_may_be_unknown_keep_their_rows_and_their_rules(tmp_path: Path) -> None:
    with portfolio(tmp_path, "book.db") as db:
        with write(db) as connection:
            key = add_account(connection, "kestrel")
            add_subscription(connection, key, product="API", discount_e4=2_500)
            add_summary(connection, key)
            for outcome, corrects in (("o1", None), ("o2", "o1")):
                insert(
                    connection,
                    "renewal_outcome",
                    {
                        "outcome_id": outcome,
                        "account_key": key,
                        "renewal_end": "2027-02-28",
                        "ending": "won",
                        "how": "signed",
                        "closed_on": "2026-11-20",
                        "due_minor": 5,
                        "renewed_minor": 5,
                        "currency": "USD",
                        "author": "ana",
                        "made_at": "2026-11-20T09:00:00Z",
                        "corrects": corrects,
                    },
                )
        rows = {
            table: db.connection.execute(f"SELECT * FROM {table}").fetchall()
            for table in ("subscription", "account_summary", "renewal_outcome")
        }
        state = db.connection.execute(STATE).fetchall()
        migrate(db.connection, version=SCHEMA_VERSION, steps=(*MIGRATIONS, m21_optional_prices))
        for table, before in rows.items():
            assert db.connection.execute(f"SELECT * FROM {table}").fetchall() == before
        assert db.connection.execute(STATE).fetchall() == state  # asked again it changes nothing
        assert db.connection.execute("PRAGMA foreign_key_check").fetchall() == []
        with pytest.raises(sqlite3.IntegrityError, match="never altered"), write(db) as connection:
            connection.execute("UPDATE renewal_outcome SET due_minor = 6")
        with pytest.raises(sqlite3.IntegrityError, match="CHECK"), write(db) as connection:
            connection.execute("UPDATE subscription SET arr_minor = -1")
        with write(db) as connection:
            connection.execute("UPDATE subscription SET arr_minor = NULL")


@pytest.mark.parametrize(
    ("due", "cancelled", "renewed_on", "expected"),
    [
        (5, 5, None, 1),
        (None, None, None, 1),
        (5, 0, None, 0),
        (5, 5, "2027-03-01", 0),
        (0, 0, None, 0),
    ],
)
def test_what_is_cancelled_is_told_of_older_renewals(
    db: Database, due: int | None, cancelled: int | None, renewed_on: str | None, expected: int
) -> None:
    with write(db) as connection:
        key = add_account(connection, "kestrel")
        connection.execute("ALTER TABLE renewal DROP COLUMN is_cancelled")
        days = dict.fromkeys(("end_date", "filed_as", "known_from", "deadline"), "2027-02-28")
        insert(
            connection,
            "renewal",
            {
                "account_key": key,
                "currency": "USD",
                **days,
                "commit_by": "2027-01-28",
                "announce_by": "2027-01-28",
                "deadline_by": "end",
                "subscription_ids": "[]",
                "due_minor": due,
                "cancelled_minor": cancelled,
                "renewed_on": renewed_on,
            },
        )
    migrate(db.connection, version=22, steps=MIGRATIONS[:23])
    assert db.connection.execute("SELECT is_cancelled FROM renewal").fetchone()[0] == expected


def test_runs_of_older_files_keep_their_state_and_may_be_given_up(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "old.db", isolation_level=None)) as connection:
        migrate(connection, version=0, steps=MIGRATIONS[:23])
        runs = [add_import(connection, state=state) for state in ("running", "done")]
        migrate(connection, version=23)
        states = "SELECT import_id, state FROM import_run ORDER BY import_id"
        assert connection.execute(states).fetchall() == [(runs[0], "running"), (runs[1], "done")]
        connection.execute("UPDATE import_run SET state = 'given up' WHERE import_id = ?", runs[:1])
        with pytest.raises(sqlite3.IntegrityError, match="CHECK"):
            connection.execute("UPDATE import_run SET state = 'lost'")


def test_older_renewals_say_of_how_many_contracts_no_price_is_known(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cs_workbench.workflows.renewals.RULES", 1)
    with write(db) as connection:
        key = add_account(connection, "kestrel")
        term = {"start_date": "2026-03-01", "end_date": "2027-02-28"}
        for name, arr in (("one", 5), ("two", None)):
            add_subscription(connection, key, subscription_id=name, arr_minor=arr, **term)
    settle_renewals(db, today=TODAY, policy=ForecastPolicy())
    with write(db) as connection:
        connection.execute("ALTER TABLE renewal DROP COLUMN unpriced")
    migrate(db.connection, version=24, steps=MIGRATIONS[:25])
    monkeypatch.undo()  # the rules of today are others than those that it was derived by
    settle_renewals(db, today=TODAY, policy=ForecastPolicy())
    (row,) = db.connection.execute("SELECT due_minor, unpriced FROM renewal")
    assert tuple(row) == (5, 1)
