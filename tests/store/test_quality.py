import datetime as dt
from typing import Any

import pytest

from cs_workbench.store.database import Database, write
from cs_workbench.store.quality import find_contradictions
from cs_workbench.store.sqlite import Connection
from tests.factories import (
    add_account,
    add_import,
    add_promise,
    add_subscription,
    add_ticket,
    add_usage,
    insert,
)


def found(db: Database) -> dict[str, tuple[int, tuple[str, ...]]]:
    return {f.code: (f.count, f.examples) for f in find_contradictions(db, dt.date(2026, 11, 23))}


def add_churn(connection: Connection, key: int, on: str = "2026-03-01", **more: Any) -> None:
    row = {"churn_event_id": f"C{key}", "account_key": key, "churned_on": on, "currency": "USD"}
    insert(connection, "churn_event", {**row, **more})


def test_sound_data_has_no_contradiction(db: Database) -> None:
    with write(db) as connection:
        key = add_account(connection, has_churned=0, started_on="2026-01-01")
        add_subscription(connection, key)
        add_usage(connection, key, dt.date(2026, 1, 1), [1.0, 2.0])
        add_usage(connection, key, dt.date(2026, 12, 30), [1.0, 2.0])
        add_ticket(connection, key)
        add_promise(connection, key)
        gone = add_account(connection, "gone", has_churned=1, lifecycle_stage="churned")
        add_churn(connection, gone)
    assert found(db) == {}


def test_flags_are_held_against_events(db: Database) -> None:
    with write(db) as connection:
        for name in ("c", "a", "b", "d"):
            add_account(connection, name, has_churned=1)
        add_churn(connection, add_account(connection, "loyal", has_churned=0))
        add_churn(connection, add_account(connection, "unsaid"))
    assert found(db) == {
        "churned-without-event": (4, ("a", "b", "c")),
        "event-without-churned": (1, ("loyal",)),
    }


@pytest.mark.parametrize(
    ("end", "on", "more", "count"),
    [
        (None, "2026-03-01", {}, 1),
        (None, "2026-03-01", {"is_reactivation": 1}, 0),
        (None, "2026-01-01", {}, 0),
        ("2026-03-15", "2026-03-01", {}, 0),
        ("2026-12-31", "2026-03-01", {}, 1),
    ],
)
def test_a_churn_while_subscribed(
    db: Database, end: str | None, on: str, more: dict[str, int], count: int
) -> None:
    with write(db) as connection:
        key = add_account(connection)
        add_subscription(connection, key, end_date=end, auto_renew=0)
        add_churn(connection, key, on, **more)
    assert found(db).get("churn-while-subscribed", (0,))[0] == count


def test_terms_that_renewed_before_the_last_one_was_cancelled_are_no_contradiction(
    db: Database,
) -> None:
    with write(db) as connection:
        key = add_account(connection, has_churned=1, lifecycle_stage="churned")
        add_subscription(connection, key, subscription_id="S1", end_date="2026-12-31")
        last = {"start_date": "2027-01-01", "end_date": "2027-12-31", "cancelled_on": "2028-01-01"}
        add_subscription(connection, key, subscription_id="S2", **last)
        add_churn(connection, key, "2028-01-01")
    assert found(db) == {}


def test_dates_in_the_wrong_order(db: Database) -> None:
    with write(db) as connection:
        key = add_account(connection, started_on="2026-02-01", lifecycle_stage="churned")
        add_subscription(connection, key, subscription_id="S", end_date="2025-12-31")
        add_subscription(
            connection, key, subscription_id="O", start_date="2026-03-01", end_date=None
        )
        opened = "2026-11-02T10:00:00Z"
        before, after = "2026-11-01T10:00:00Z", "2026-11-03T10:00:00Z"
        add_ticket(connection, key, ticket_id="T1", opened_at=opened, closed_at=before)
        times = {"closed_at": opened, "first_response_at": after}
        add_ticket(connection, key, ticket_id="T2", opened_at=opened, **times)
        add_promise(connection, key, promise_id="P", due_on="2026-10-01")
        insert(
            connection,
            "invoice",
            {
                "invoice_id": "I",
                "account_key": key,
                "amount_minor": 1,
                "currency": "USD",
                "issued_on": "2026-02-01",
                "due_on": "2026-01-01",
            },
        )
    assert found(db) == {
        "churned-in-force": (1, ("acme",)),
        "subscription-ends-before-start": (1, ("S",)),
        "subscription-before-account": (1, ("S",)),
        "ticket-times": (1, ("T1",)),
        "response-after-closing": (1, ("T2",)),
        "promise-dates": (1, ("P",)),
        "invoice-dates": (1, ("I",)),
    }


@pytest.mark.parametrize(
    ("day", "code"),
    [
        ("2025-12-31", "usage-before-subscription"),
        ("2025-06-01", "usage-before-subscription"),
        ("2026-01-01", None),
        ("2026-12-31", None),
        ("2027-01-01", "usage-after-subscription"),
        ("2027-06-01", "usage-after-subscription"),
    ],
)
def test_usage_outside_subscriptions(db: Database, day: str, code: str | None) -> None:
    with write(db) as connection:
        key = add_account(connection)
        add_subscription(connection, key, auto_renew=0)
        add_usage(connection, key, dt.date(2026, 5, 1), [1.0])
        add_usage(connection, key, dt.date.fromisoformat(day), [1.0])
    assert found(db) == ({code: (1, ("acme",))} if code else {})


def test_usage_and_currency_without_reason(db: Database) -> None:
    with write(db) as connection:
        add_usage(connection, add_account(connection, "free"), dt.date(2026, 5, 1), [1.0])
        key = add_account(connection, "euro", currency="EUR")
        add_subscription(connection, key, subscription_id="S")
        add_import(connection, file_name="late.csv", state="running")
    assert found(db) == {
        "usage-unsubscribed": (1, ("free",)),
        "currency-differs": (1, ("S",)),
        "import-unfinished": (1, ("late.csv",)),
    }
