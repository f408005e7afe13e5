import pytest

from cs_workbench.core.records import KINDS, Record, Value
from cs_workbench.store.database import Database, write
from cs_workbench.store.import_records import merge_records
from cs_workbench.store.imports import ImportRun
from cs_workbench.store.incoming_rows import Incoming, Merged
from tests.factories import add_account, add_import, add_subscription, insert


def bring(
    db: Database,
    kind: str,
    columns: tuple[str, ...],
    *records: tuple[str, str, tuple[Value, ...]],
    through: str | None = None,
) -> Merged:
    with write(db) as connection:
        import_id = add_import(connection, kind=kind)
        run = ImportRun(import_id, "crm", kind, "ana", "2026-11-20T10:00:00Z", assumed=False)
        incoming = Incoming(run, KINDS[kind], columns, through)
        return merge_records(connection, incoming, [Record(*one, 2, "") for one in records])


def outcome(merged: Merged) -> tuple[int, int, int, int]:
    return merged.new, merged.changed, merged.same, len(merged.refused)


def one(db: Database, sql: str) -> tuple[object, ...]:
    return tuple(db.connection.execute(sql).fetchone())


def test_a_csm_becomes_a_person(db: Database) -> None:
    columns = ("name", "csm", "currency")
    bring(db, "accounts", columns, ("A", "A", ("Acme", "ana", "USD")))
    assert one(db, "SELECT person_id, name FROM person") == ("ana", "ana")


def test_an_account_answers_to_the_id_it_had(db: Database) -> None:
    with write(db) as connection:
        key = add_account(connection, "new", name="Acme")
        alias = {"source": "rekey", "alias": "old", "account_key": key}
        insert(connection, "account_alias", alias)
    columns = ("name", "currency")
    merged = bring(db, "accounts", columns, ("old", "old", ("Acme 2", "USD")))
    assert outcome(merged) == (0, 1, 0, 0)
    assert one(db, "SELECT account_id, name, search_text FROM account") == (
        "new",
        "Acme 2",
        "acme 2 new ",
    )


def test_rows_of_a_merged_account_go_to_the_other(db: Database) -> None:
    with write(db) as connection:
        key = add_account(connection, "into")
        add_account(connection, "from", merged_into=key)
    columns = ("opened_at", "priority")
    ticket = ("T", "from", ("2026-11-01T10:00:00Z", "low"))
    assert outcome(bring(db, "tickets", columns, ticket)) == (1, 0, 0, 0)
    assert one(db, "SELECT account_key FROM ticket") == (key,)


def test_a_row_may_name_its_account_through_another(db: Database) -> None:
    with write(db) as connection:
        key = add_account(connection)
        subscription = add_subscription(connection, key)
    values = ("2026-11-01T10:00:00Z", "low")
    merged = bring(
        db,
        "tickets",
        ("opened_at", "priority"),
        ("T", subscription, values),
        ("U", "none", values),
        through="subscriptions",
    )
    assert outcome(merged) == (1, 0, 0, 1)
    assert merged.refused[0][1] == "account 'none' is not known"


def test_a_row_that_moves_to_another_account_is_a_change(db: Database) -> None:
    with write(db) as connection:
        keys = [add_account(connection, name) for name in ("a", "b")]
    bring(db, "contacts", ("name",), ("C", "a", ("Lena",)))
    assert outcome(bring(db, "contacts", ("name",), ("C", "b", ("Lena",)))) == (0, 1, 0, 0)
    assert one(db, "SELECT field, old, new, known_at FROM change") == (
        "account_key",
        str(keys[0]),
        str(keys[1]),
        "2026-11-20T10:00:00Z",
    )


@pytest.mark.parametrize(
    ("second", "expected"),
    [
        (("likely", "2026-11-01T00:00:00Z"), (0, 0, 1, 0)),
        (("commit", "2026-11-01T00:00:00Z"), (0, 1, 0, 0)),
        (("likely", "2026-11-02T00:00:00Z"), (0, 1, 0, 0)),
        (("likely", None), (0, 0, 1, 0)),
    ],
)
def test_what_was_said_of_an_opportunity_stays(
    db: Database, second: tuple[Value, ...], expected: tuple[int, ...]
) -> None:
    with write(db) as connection:
        add_account(connection)
    columns = ("category", "made_at", "currency")
    first = ("likely", "2026-11-01T00:00:00Z", "USD")
    bring(db, "opportunities", columns, ("O", "acme", first))
    merged = bring(db, "opportunities", columns, ("O", "acme", (*second, "USD")))
    assert outcome(merged) == expected
    assert one(db, "SELECT category, made_at, author FROM forecast") == (*first[:2], "ana")


def test_an_account_that_comes_under_two_ids_is_compared_with_what_it_just_became(
    db: Database,
) -> None:
    with write(db) as connection:
        key = add_account(connection, "new", name="One")
        alias = {"source": "rekey", "alias": "old", "account_key": key}
        insert(connection, "account_alias", alias)
    columns = ("name", "currency")
    rows = (("old", "old", ("Two", "USD")), ("new", "new", ("One", "USD")))
    assert outcome(bring(db, "accounts", columns, *rows)) == (0, 2, 0, 0)
    assert one(db, "SELECT name FROM account") == ("One",)
    logged = db.connection.execute("SELECT old, new FROM change ORDER BY seq").fetchall()
    assert [tuple(row) for row in logged] == [('"One"', '"Two"'), ('"Two"', '"One"')]
