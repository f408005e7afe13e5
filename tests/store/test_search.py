"""What was written is found as soon as it is written, changed or gone, in every script."""

import datetime as dt

import pytest

from cs_workbench.core.searching import Found
from cs_workbench.store.account_merge import merge_accounts
from cs_workbench.store.database import Database, write
from cs_workbench.store.erasure import erase
from cs_workbench.store.search import read_queue, search, waiting
from cs_workbench.store.search_tables import WRITTEN
from tests.factories import (
    add_account,
    add_contact,
    add_promise,
    add_survey,
    add_ticket,
    add_touchpoint,
    insert,
)


def found(db: Database, query: str, account_key: int | None = None, limit: int = 50) -> list[Found]:
    list(read_queue(db))
    assert waiting(db) == 0
    return search(db, query, account_key=account_key, limit=limit)


def sound(db: Database) -> bool:
    db.connection.execute(
        "INSERT INTO search_long_fts (search_long_fts, rank) VALUES ('integrity-check', 1)"
    )
    return True


@pytest.fixture
def key(db: Database) -> int:
    with write(db) as connection:
        key = add_account(connection)
        add_touchpoint(
            connection, key, summary="Invoice was wrong", occurred_at="2026-11-03T09:00:00Z"
        )
        add_ticket(connection, key, subject="東京の請求書", opened_at="2026-11-05T09:00:00Z")
        add_survey(connection, key, comment="价格太贵", answered_on="2026-11-04")
        add_promise(connection, key, what="a new invoice", made_on="2026-11-06")
    return key


def test_words_are_found_in_every_table_the_newest_first(db: Database, key: int) -> None:
    hits = found(db, "INVOICE")
    assert [(one.source, one.on, one.text) for one in hits] == [
        ("promise", dt.date(2026, 11, 6), "a new invoice"),
        ("touchpoint", dt.date(2026, 11, 3), "Invoice was wrong"),
    ]
    assert {one.account_key for one in hits} == {key}
    assert found(db, "invoice", limit=1) == hits[:1]


def test_what_is_said_of_us_by_nobody_known_is_found_too(db: Database, key: int) -> None:
    with write(db) as connection:
        said = {"mention_id": "m", "source": "X", "said_on": "2026-11-07", "severity": "low"}
        insert(connection, "mention", said | {"text": "their invoice was a joke"})
    first, *others = found(db, "invoice")  # wrong: every search ends in an error from then on
    assert (first.source, first.account_key, first.account) == ("mention", 0, "nobody's")
    assert len(others) == 2
    assert len(found(db, "invoice", account_key=key)) == 2


@pytest.mark.parametrize("query", ["東京", "東", "京の", "請求書", "書", "東京 請求書"])
def test_one_character_is_enough(db: Database, key: int, query: str) -> None:
    for account_key in (None, key):
        assert [one.source for one in found(db, query, account_key)] == ["ticket"]
    assert not found(db, query, key + 1)


@pytest.mark.parametrize("few", [5_000, 0])
def test_long_words_and_short_ones_are_found_together(
    db: Database, key: int, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cs_workbench.store.search.FEW", few)  # whichever index is asked first
    with write(db) as connection:
        add_touchpoint(connection, key, summary="Invoice 東", occurred_at="2026-11-07T09:00:00Z")
        add_touchpoint(connection, key, summary="Bill 東", occurred_at="2026-11-08T09:00:00Z")
    assert [one.text for one in found(db, "invoice 東")] == ["Invoice 東"]
    assert [one.text for one in found(db, "invoice wa")] == ["Invoice was wrong"]
    assert not found(db, "invoice 京")


def test_nothing_is_found_for_no_word_and_quotes_are_text(db: Database, key: int) -> None:
    assert not found(db, " ")
    assert not found(db, '"invoice" OR x')
    with write(db) as connection:
        insert(connection, "note", {"note_id": "n", "account_key": key, "author": "ana",
               "text": 'he said "wow', "written_on": "2026-11-01"})  # fmt: skip
    assert [one.row_id for one in found(db, '"wow')] == ["n"]


def test_what_changes_or_goes_is_found_no_more(db: Database, key: int) -> None:
    assert found(db, "wrong")
    with write(db) as connection:
        connection.execute("UPDATE touchpoint SET summary = 'All 良い'")
        connection.execute("DELETE FROM ticket")
    assert not found(db, "wrong")
    assert not found(db, "東京")
    assert not found(db, "東")
    assert [one.source for one in found(db, "良い")] == ["touchpoint"]
    assert sound(db)


def test_rows_of_a_merged_account_are_found_under_the_other(db: Database, key: int) -> None:
    assert len(found(db, "invoice", key)) == 2
    with write(db) as connection:
        add_account(connection, "other")
    merge_accounts(db, "acme", into="other", actor="ana")
    assert [one.account_key for one in found(db, "invoice")] == [key + 1, key + 1]
    assert not found(db, "invoice", key)


def test_what_is_erased_leaves_the_index_and_its_bytes(db: Database, key: int) -> None:
    with write(db) as connection:
        add_contact(connection, key, contact_id="lena", name="Lena Vosskuhl")
        add_touchpoint(connection, key, contact_id="lena", summary="her garden 庭園")
    assert found(db, "garden")
    erase(db, account_key=key, contact_id="lena")
    assert not search(db, "garden")
    assert not search(db, "庭")
    assert b"garden" not in db.path.read_bytes()
    assert found(db, "invoice")
    assert not found(db, "garden")
    assert sound(db)


def test_a_dry_run_of_erasing_leaves_the_index(db: Database, key: int) -> None:
    assert found(db, "invoice")
    erase(db, account_key=key, dry_run=True)
    assert len(found(db, "invoice")) == 2
    assert sound(db)


def test_every_table_of_the_list_is_watched(db: Database) -> None:
    names = {row[0] for row in db.connection.execute("SELECT name FROM sqlite_schema")}
    for source in WRITTEN:
        assert {f"{source}_search_{one}" for one in ("ai", "au", "ad")} <= names
