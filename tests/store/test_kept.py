import dataclasses

import pytest

from cs_workbench.core import memory
from cs_workbench.core.memory import CHOICES
from cs_workbench.errors import NotFoundError, UsageError
from cs_workbench.store.database import Database, write
from cs_workbench.store.entities import ENTITIES
from cs_workbench.store.kept import KINDS, find_row_id, read_kept, read_one
from cs_workbench.store.sqlite import sqlite3
from tests.factories import TODAY, add_account, add_contact, add_promise


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_the_columns_of_its_table(db: Database, kind: type) -> None:
    entity = ENTITIES[KINDS[kind][0]]
    names = {one.name for one in dataclasses.fields(kind)}
    assert names - {entity.key} <= entity.fields
    columns = {row[1] for row in db.connection.execute(f"PRAGMA table_info({entity.table})")}
    assert names | {entity.key} <= columns


@pytest.mark.parametrize("place", CHOICES)
def test_the_tables_take_the_known_values_and_no_others(db: Database, place: str) -> None:
    table, column = place.split(".")
    (made,) = db.connection.execute(
        "SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = ?", (table,)
    ).fetchone()
    known = ", ".join(f"'{one}'" for one in CHOICES[place])
    assert f"CHECK ({column} IN ({known}))" in " ".join(made.split())


def test_rows_come_back_as_values_the_newest_first(db: Database) -> None:
    with write(db) as connection:
        key = add_account(connection)
        add_promise(connection, key, promise_id="one", made_on="2026-11-01")
        add_promise(connection, key, promise_id="two", made_on="2026-11-02", due_on=None)
        other = add_account(connection, "other", merged_into=key)
        add_promise(connection, other, promise_id="gone")
        add_contact(connection, key, contact_id="lena", opted_out=1)
    assert [one.promise_id for one in read_kept(db, memory.Promise)] == ["two", "one"]
    first = read_one(db, memory.Promise, "one")
    assert (first.made_on.isoformat(), first.due_on is None) == ("2026-11-01", False)
    (lena,) = read_kept(db, memory.Contact, key)
    assert lena.opted_out is True


def test_the_end_of_an_id_will_do_where_it_is_clear(db: Database) -> None:
    with write(db) as connection:
        key = add_account(connection)
        for promise_id in ("aaa-123", "bbb-123", "123"):
            add_promise(connection, key, promise_id=promise_id)
    assert find_row_id(db, memory.Promise, "a-123") == "aaa-123"
    assert find_row_id(db, memory.Promise, "123") == "123"
    with pytest.raises(UsageError, match="Several ids end in '23'"):
        find_row_id(db, memory.Promise, "23")
    for typed in ("", " ", "999"):
        with pytest.raises(NotFoundError):
            find_row_id(db, memory.Promise, typed)


def test_a_complaint_without_a_human_is_refused_by_the_table(db: Database) -> None:
    with write(db) as connection:
        key = add_account(connection)
        with pytest.raises(sqlite3.IntegrityError):
            connection.execute(
                "INSERT INTO complaint (complaint_id, account_key, what, severity, owner, state, "
                "arrived_on, author) VALUES ('c', ?, 'w', 'low', ' ', 'received', ?, 'a')",
                (key, TODAY.isoformat()),
            )
