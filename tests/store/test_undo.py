import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from cs_workbench.errors import ConflictError, NotFoundError
from cs_workbench.store.changes import Change, changes_since, record_change_set
from cs_workbench.store.database import Database, open_database, write
from cs_workbench.store.undo import last_undoable, undo
from tests.store.acts import PROMISE, change, logged, next_steps, step, two_accounts


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "p.db"


@pytest.fixture
def db(path: Path) -> Iterator[Database]:
    with two_accounts(path) as opened:
        yield opened


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
    with pytest.raises(
        ConflictError,
        match=r"of 2 accounts.*Müller is “imported” now, and the log",
    ):
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
    with pytest.raises(ConflictError, match=r"other rows rest on it by now \(person kim\)"):
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


def test_a_refusal_says_what_stands_there_now_and_by_whom(db: Database) -> None:
    change(db, step(2, "by ana"), summary="next step: by ana · Müller")
    change(db, step(2, "by jon"), actor="jon", summary="next step: by jon · Müller")
    with pytest.raises(ConflictError) as refused:
        undo(db, "ana")
    assert re.fullmatch(
        r"“next step: by ana · Müller” cannot be undone: next step of Müller is “by jon” now, "
        r"by jon on \w{3} \d+ \w{3} \d{4} \(next step: by jon · Müller\)\. "
        r"It stays; undo again goes on to the act before\.",
        str(refused.value),
    )


def test_a_refusal_names_the_import(db: Database) -> None:
    change(db, Change("account", "1", "segment", new="SMB"), summary="segment")
    with write(db) as connection:
        connection.execute("UPDATE account SET segment = 'mid' WHERE account_key = 1")
        record_change_set(
            connection,
            actor="ana",
            cause="import",
            summary="import of accounts from crm",
            changes=[Change("account", "1", "segment", "SMB", "mid")],
        )
    with pytest.raises(ConflictError, match="is “mid” now, by import of accounts from crm on"):
        undo(db, "ana")


def test_after_a_refusal_the_next_undo_goes_on_to_the_act_before(db: Database, path: Path) -> None:
    change(db, step(1, "first"), summary="first")
    change(db, step(2, "second"), summary="second")
    change(db, step(2, "by jon"), actor="jon")
    with pytest.raises(ConflictError, match="second"):
        undo(db, "ana")
    with open_database(path) as later:  # as after a restart
        done = undo(later, "ana")
        assert done.summary == "first"
        assert [act.summary for act in done.left] == ["second"]
        assert next_steps(later) == [None, "by jon"]
        with pytest.raises(NotFoundError, match="“second” changed since and stay"):
            undo(later, "ana")


def test_a_refused_act_is_undone_first_once_nothing_stands_on_it(db: Database) -> None:
    change(db, step(1, "first"), summary="first")
    change(db, step(2, "second"), summary="second")
    change(db, step(2, "by jon"), actor="jon")
    with pytest.raises(ConflictError):
        undo(db, "ana")
    undo(db, "jon")
    assert [undo(db, "ana").summary for _ in range(2)] == ["second", "first"]
    assert next_steps(db) == [None, None]


def test_several_refusals_are_told_one_by_one(db: Database) -> None:
    for text in ("zero", "one", "two"):
        change(db, step(2, text), summary=text)
    change(db, Change("account", "1", "segment", new="SMB"), summary="below")
    for text in ("three", "four"):
        change(db, step(1, text), summary=text)
    change(db, step(1, "by jon"), actor="jon")
    told = []
    for _ in range(3):
        try:
            told.append(undo(db, "ana").summary)
        except ConflictError as refused:
            told.append(str(refused)[:7])
    assert told == ["“four” ", "“three”", "below"]
    assert undo(db, "ana").summary == "two"
    assert next_steps(db) == ["by jon", "one"]


def test_a_new_act_after_a_refusal_is_undone_first(db: Database) -> None:
    change(db, step(1, "old"), summary="old")
    change(db, step(1, "by jon"), actor="jon")
    with pytest.raises(ConflictError):
        undo(db, "ana")
    change(db, step(2, "new"), summary="new")
    assert undo(db, "ana").summary == "new"


def test_half_an_act_is_never_undone(db: Database) -> None:
    change(db, step(1, "call"), step(2, "call"), Change("promise", "P1", new=PROMISE))
    change(db, step(1, "by jon"), actor="jon")
    with pytest.raises(ConflictError):
        undo(db, "ana")
    assert next_steps(db) == ["by jon", "call"]
    assert db.connection.execute("SELECT count(*) FROM promise").fetchone()[0] == 1


def test_every_row_gets_its_own_value_back(db: Database) -> None:
    change(db, step(1, "«one»\n\u2028"), step(2, None))
    change(db, step(2, "two"))
    change(db, step(1, "same"), step(2, "same"), Change("account", "2", "segment", new="SMB"))
    undo(db, "ana")
    assert next_steps(db) == ["«one»\n\u2028", "two"]
    assert db.connection.execute("SELECT count(segment) FROM account").fetchone()[0] == 0
