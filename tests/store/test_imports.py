from dataclasses import replace
from pathlib import Path

import pytest

from cs_workbench.store.database import Database, write
from cs_workbench.store.imports import (
    LARGEST_CHUNK,
    USUAL_MERGING,
    Counts,
    ImportRun,
    Pen,
    SeenIds,
    account_keys,
    account_through,
    all_account_keys,
    begin_run,
    copy_portfolio,
    end_run,
    give_up_runs,
    is_first_load,
    one_piece,
)
from cs_workbench.store.sqlite import sqlite3
from tests.factories import add_account, add_contact, add_subscription, insert, portfolio

WANTED = ImportRun(0, "crm", "accounts", "ana", "2026-11-20T10:00:00Z", assumed=True)


def begin(db: Database, wanted: ImportRun = WANTED, file_hash: str = "f" * 64) -> ImportRun:
    return begin_run(Pen(db), wanted, file_name="a.csv", file_hash=file_hash)


def end(db: Database, run: ImportRun, counts: Counts) -> None:
    with write(db) as connection:
        end_run(connection, run, counts)


def test_only_what_a_source_brings_first_is_assumed_known(db: Database) -> None:
    assert is_first_load(db, "crm", "accounts")
    run = begin(db)
    assert is_first_load(db, "crm", "accounts")
    end(db, run, Counts(rows=3, new=1, changed=1, same=1))
    assert not is_first_load(db, "crm", "accounts")
    assert is_first_load(db, "crm", "tickets")
    assert is_first_load(db, "native", "accounts")
    (row,) = db.connection.execute("SELECT rows, new, state, known_policy, actor FROM import_run")
    assert tuple(row) == (3, 1, "done", "assumed", "ana")


def test_a_run_that_was_broken_off_goes_on(db: Database) -> None:
    first = begin(db)
    later = replace(WANTED, recorded_at="2026-11-21T10:00:00Z", assumed=False)
    again = begin(db, later)
    assert again == replace(first, resumed=True)
    assert begin(db, later, "e" * 64).import_id != first.import_id
    end(db, again, Counts())
    assert begin(db, later).resumed is False


def test_runs_that_another_one_follows_are_given_up(db: Database) -> None:
    begin(db)
    begin(db, replace(WANTED, kind="tickets"))
    begin(db, replace(WANTED, source="native"))
    following = begin(db, file_hash="e" * 64)
    give_up_runs(Pen(db), "crm", "accounts", but="e" * 64)
    states = db.connection.execute("SELECT state FROM import_run ORDER BY import_id")
    assert [state for (state,) in states] == ["given up", "running", "running", "running"]
    assert begin(db, file_hash="e" * 64) == replace(following, resumed=True)
    assert begin(db).resumed is False


def test_a_pen_grows_its_chunks_while_they_are_quick(db: Database) -> None:
    pen = Pen(db)
    first = pen.size
    for _ in range(20):
        with pen.chunk(pen.size):
            pass
    assert pen.size == LARGEST_CHUNK
    assert 0 < pen.longest < 1
    pen.turn()
    assert pen.size == first


def test_one_piece_is_kept_whole_or_not_at_all(db: Database) -> None:
    pen = Pen(db, whole=True)

    def fill() -> None:
        with one_piece(db):
            with pen.chunk(1) as connection:
                add_account(connection)
            raise InterruptedError

    with pytest.raises(InterruptedError):
        fill()
    assert db.connection.execute("SELECT count(*) FROM account").fetchone()[0] == 0


def test_an_id_means_its_account_an_alias_or_the_one_merged_into(db: Database) -> None:
    with write(db) as connection:
        acme = add_account(connection, "acme")
        add_account(connection, "old", merged_into=acme)
        alias = {"source": "rekey", "alias": "ac-1", "account_key": acme}
        insert(connection, "account_alias", alias)
    found = account_keys(db.connection, ["acme", "old", "ac-1", "none", 'we"ird'])
    assert found == {"acme": acme, "old": acme, "ac-1": acme}
    assert all_account_keys(db.connection, 2) == found
    assert all_account_keys(db.connection, 1) == {}


def test_an_account_is_found_through_what_it_has(db: Database) -> None:
    with write(db) as connection:
        key = add_account(connection)
        ended = add_subscription(connection, key, end_date=None, cancelled_on="2026-06-01")
        contact = add_contact(connection, key)
    found = account_through(db.connection, "subscriptions", ended)
    assert found == (key, "2026-01-01", "2026-05-31")
    assert account_through(db.connection, "contacts", contact) == (key, None, None)
    assert account_through(db.connection, "subscriptions", "none") is None


def test_ids_are_remembered_with_their_content() -> None:
    with SeenIds() as seen:
        met = [seen.meet("a", content) for content in ("x", "x", "y", "y", "x")]
        assert [*met, seen.meet("b", "y")] == ["new", "same", "other", "again", "same", "new"]


def test_a_copy_holds_what_the_portfolio_holds(db: Database, tmp_path: Path) -> None:
    with write(db) as connection:
        add_account(connection)
    copy_portfolio(db.path, tmp_path / "copy.db")
    with portfolio(tmp_path, "copy.db") as copy:
        assert copy.connection.execute("SELECT count(*) FROM account").fetchone()[0] == 1


def _automerge(db: Database) -> object:
    row = db.connection.execute("SELECT v FROM account_fts_config WHERE k = 'automerge'").fetchone()
    return row[0] if row else None


def _add_many(db: Database, pen: Pen, first: int, many: int) -> None:
    for number in range(first, first + many):
        with pen.chunk(1) as connection:
            add_account(connection, f"a{number}", name=f"Account {number} of the book")


def _add_twice(db: Database, pen: Pen) -> None:
    for _ in range(2):
        _add_many(db, pen, 0, 3)


def test_the_search_index_is_merged_between_chunks_and_stays_whole(db: Database) -> None:
    pen = Pen(db)
    with pen.merging_index():
        assert _automerge(db) == 0
        _add_many(db, pen, 0, 60)
    assert _automerge(db) == USUAL_MERGING
    db.connection.execute("INSERT INTO account_fts (account_fts) VALUES ('integrity-check')")
    found = db.connection.execute(
        "SELECT count(*) FROM account_fts WHERE account_fts MATCH 'account'"
    ).fetchone()
    assert found[0] == 60
    (segments,) = db.connection.execute(
        "SELECT count(DISTINCT segid) FROM account_fts_idx"
    ).fetchone()
    assert segments < 16  # one for each chunk would be 60


def test_a_broken_off_import_leaves_an_index_that_the_next_puts_in_order(db: Database) -> None:
    pen = Pen(db)
    with pytest.raises(sqlite3.IntegrityError), pen.merging_index():
        _add_twice(db, pen)
    with pen.merging_index():
        _add_many(db, pen, 3, 3)
    assert _automerge(db) == USUAL_MERGING


def test_in_one_piece_the_index_is_left_to_itself(db: Database) -> None:
    with one_piece(db):
        pen = Pen(db, whole=True)
        with pen.merging_index():
            _add_many(db, pen, 0, 3)
    assert _automerge(db) is None


def test_a_load_that_brought_no_row_leaves_the_next_one_the_first(db: Database) -> None:
    end(db, begin(db), Counts(rows=3, rejected=3))
    assert is_first_load(db, "crm", "accounts")
    end(db, begin(db), Counts())
    assert is_first_load(db, "crm", "accounts")
    end(db, begin(db), Counts(rows=3, new=1, rejected=2))
    assert not is_first_load(db, "crm", "accounts")
