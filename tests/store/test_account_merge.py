import datetime as dt

import pytest

from cs_workbench.errors import ConflictError, NotFoundError
from cs_workbench.store.account_merge import merge_accounts, rekey_account
from cs_workbench.store.database import Database, write
from cs_workbench.store.imports import account_keys
from tests.factories import (
    add_account,
    add_contact,
    add_subscription,
    add_summary,
    add_ticket,
    add_usage,
)

MONDAY = dt.date(2026, 11, 2)


def one(db: Database, sql: str) -> tuple[object, ...]:
    return tuple(db.connection.execute(sql).fetchone())


def days(db: Database, key: int) -> list[tuple[object, ...]]:
    sql = "SELECT day, value FROM usage_day WHERE account_key = ? ORDER BY day"
    return [tuple(row) for row in db.connection.execute(sql, (key,))]


def pair(db: Database) -> tuple[int, int]:
    with write(db) as connection:
        return add_account(connection, "from"), add_account(connection, "into")


def test_everything_moves_and_the_log_says_so(db: Database) -> None:
    source, target = pair(db)
    with write(db) as connection:
        contact = add_contact(connection, source)
        add_ticket(connection, source)
        add_ticket(connection, source)
        add_subscription(connection, target)
        add_summary(connection, source)
    report = merge_accounts(db, "from", "into", actor="ana")
    assert {name: n for name, n in report.moved.items() if n} == {"contact": 1, "ticket": 2}
    assert one(db, "SELECT count(*), min(account_key), max(account_key) FROM ticket") == (
        2,
        target,
        target,
    )
    assert one(db, "SELECT merged_into FROM account WHERE account_id = 'from'") == (target,)
    assert one(db, "SELECT count(*) FROM account_summary") == (0,)
    assert one(db, "SELECT actor, cause, summary FROM change_set") == (
        "ana",
        "merge",
        "from merged into into",
    )
    logged = one(db, f"SELECT field, old, new FROM change WHERE entity_id = '{contact}'")
    assert logged == ("account_key", str(source), str(target))
    assert account_keys(db.connection, ["from", "into"]) == {"from": target, "into": target}


@pytest.mark.parametrize(("rollup", "both"), [("sum", 7.0), ("mean", 7.0), ("max", 4.0)])
def test_usage_of_the_same_day_is_combined(db: Database, rollup: str, both: float) -> None:
    source, target = pair(db)
    with write(db) as connection:
        add_usage(connection, source, MONDAY, [1.0, 3.0, None])
        add_usage(connection, target, MONDAY, [None, 4.0, 5.0])
        connection.execute("UPDATE usage_metric SET rollup = ?", (rollup,))
    assert merge_accounts(db, "from", "into", actor="ana").days_combined == 1
    expected = [("2026-11-02", 1.0), ("2026-11-03", both), ("2026-11-04", 5.0)]
    assert days(db, target) == expected
    assert days(db, source) == []
    logged = db.connection.execute(
        "SELECT account_key, day, old, new FROM usage_correction ORDER BY 1, 2"
    )
    changed = [(target, "2026-11-03", 4.0, both)] if both != 4.0 else []
    assert [tuple(row) for row in logged] == [
        (source, "2026-11-02", 1.0, None),
        (source, "2026-11-03", 3.0, None),
        (target, "2026-11-02", None, 1.0),
        *changed,
    ]


def test_a_chain_of_merges_ends_at_the_last(db: Database) -> None:
    source, target = pair(db)
    with write(db) as connection:
        add_account(connection, "last")
    merge_accounts(db, "from", "into", actor="ana")
    merge_accounts(db, "into", "last", actor="ana")
    found = account_keys(db.connection, ["from", "into", "last"])
    assert len(set(found.values())) == 1
    assert found["from"] not in {source, target}


@pytest.mark.parametrize(
    ("merged", "into", "error"),
    [
        ("from", "from", ConflictError),
        ("none", "into", NotFoundError),
        ("from", "none", NotFoundError),
    ],
)
def test_what_cannot_be_merged(
    db: Database, merged: str, into: str, error: type[Exception]
) -> None:
    pair(db)
    with pytest.raises(error):
        merge_accounts(db, merged, into, actor="ana")
    assert one(db, "SELECT count(*) FROM change_set") == (0,)


def test_an_account_is_merged_only_once(db: Database) -> None:
    pair(db)
    merge_accounts(db, "from", "into", actor="ana")
    with pytest.raises(ConflictError, match="merged into another account already"):
        merge_accounts(db, "from", "into", actor="ana")


def test_a_new_id_and_the_old_one_still_means_it(db: Database) -> None:
    source, _ = pair(db)
    rekey_account(db, "from", "acme-1", actor="ana")
    assert one(db, "SELECT account_id, search_text FROM account") == ("acme-1", "from acme-1 ")
    assert account_keys(db.connection, ["from", "acme-1"]) == {"from": source, "acme-1": source}
    assert one(db, "SELECT entity_id, field, old, new, cause FROM change JOIN change_set "
                   "USING (change_set_id)") == (
        str(source), "account_id", '"from"', '"acme-1"', "rekey",
    )  # fmt: skip
    rekey_account(db, "from", "from", actor="ana")
    assert one(db, "SELECT account_id FROM account") == ("from",)
    assert account_keys(db.connection, ["acme-1"]) == {"acme-1": source}


@pytest.mark.parametrize("new", ["into", "", "  ", "gone"])
def test_an_id_that_is_taken(db: Database, new: str) -> None:
    pair(db)
    rekey_account(db, "into", "kept", actor="ana")
    rekey_account(db, "kept", "into", actor="ana")
    with write(db) as connection:
        add_account(connection, "gone")
    with pytest.raises(ConflictError, match="taken or empty"):
        rekey_account(db, "from", new, actor="ana")


def parents(db: Database) -> dict[str, str | None]:
    rows = db.connection.execute(
        "SELECT child.account_id, parent.account_id FROM account AS child LEFT JOIN account "
        "AS parent ON parent.account_key = child.parent_key WHERE child.merged_into IS NULL"
    )
    return {row[0]: row[1] for row in rows}


def test_a_merge_takes_the_subsidiaries_along(db: Database) -> None:
    source, target = pair(db)
    with write(db) as connection:
        add_account(connection, "child", parent_key=source)
        add_account(connection, "top")
    merge_accounts(db, "from", "into", actor="ana")
    assert parents(db) == {"into": None, "child": "into", "top": None}
    logged = one(db, "SELECT field, old, new FROM change WHERE field = 'parent_key'")
    assert logged == ("parent_key", str(source), str(target))


@pytest.mark.parametrize("between", [False, True])
def test_a_parent_merged_into_what_is_below_it_leaves_no_circle(
    db: Database, *, between: bool
) -> None:
    with write(db) as connection:
        top = add_account(connection, "top")
        source = above = add_account(connection, "from", parent_key=top)
        if between:
            above = add_account(connection, "middle", parent_key=source)
        add_account(connection, "into", parent_key=above)
    merge_accounts(db, "from", "into", actor="ana")
    assert parents(db) == {"top": None, "into": "top"} | ({"middle": "into"} if between else {})


def test_what_was_part_of_and_merged_into_the_merged_one_follows(db: Database) -> None:
    source, target = pair(db)
    with write(db) as connection:
        add_account(connection, "both", parent_key=source, merged_into=source)
    merge_accounts(db, "from", "into", actor="ana")
    followed = one(db, "SELECT parent_key, merged_into FROM account WHERE account_id = 'both'")
    assert followed == (target, target)
    (logged,) = one(db, "SELECT count(*) FROM change WHERE old = " + f"'{source}'")
    assert logged == 2
