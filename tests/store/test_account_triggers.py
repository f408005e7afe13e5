"""Schema 2: the search index follows the name alone, and parents are looked up by an index."""

from cs_workbench.store.database import Database, write
from tests.factories import add_account


def index_bytes(db: Database) -> list[tuple[object, ...]]:
    return [tuple(row) for row in db.connection.execute("SELECT id, block FROM account_fts_data")]


def found(db: Database, word: str) -> list[int]:
    rows = db.connection.execute(
        "SELECT rowid FROM account_fts WHERE account_fts MATCH ? ORDER BY rowid", (word,)
    )
    return [row[0] for row in rows]


def test_only_another_text_is_written_into_the_search_index(db: Database) -> None:
    with write(db) as connection:
        key = add_account(connection, name="Kestrel", search_text="kestrel")
    before = index_bytes(db)
    with write(db) as connection:
        connection.execute("UPDATE account SET next_step = 'call', search_text = 'kestrel'")
    assert index_bytes(db) == before
    with write(db) as connection:
        connection.execute("UPDATE account SET search_text = 'falcon'")
    assert index_bytes(db) != before
    assert (found(db, "kestrel"), found(db, "falcon")) == ([], [key])
    db.connection.execute("INSERT INTO account_fts (account_fts) VALUES ('integrity-check')")


def test_children_are_found_by_an_index(db: Database) -> None:
    (plan,) = db.connection.execute(
        "EXPLAIN QUERY PLAN SELECT count(*) FROM account WHERE parent_key = 1 "
        "AND merged_into IS NULL"
    )
    assert "USING INDEX account_of_parent" in plan["detail"]
