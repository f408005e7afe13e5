import datetime as dt
from pathlib import Path

import pytest

from cs_workbench.core.facts import AccountFacts, Contact, Invoice
from cs_workbench.core.scorecard_files import read_scorecard
from cs_workbench.core.scorecards import Scorecard
from cs_workbench.store.changes import Change, record_change_set
from cs_workbench.store.database import Database, write
from cs_workbench.store.facts import facts_between, read_portfolio
from cs_workbench.store.facts_history import Day, columns_on_days
from cs_workbench.store.known import read_known
from tests.cards import plain_scorecard
from tests.factories import (
    TODAY,
    add_account,
    add_contact,
    add_import,
    add_promise,
    add_touchpoint,
    add_usage,
    insert,
)

SOURCES = ("champion present", "overdue promises", "overdue invoices", "breadth")


def asking(*sources: str) -> Scorecard:
    lines = "".join(
        f'[[measures]]\nid = "{name}"\nlabel = "L"\ndimension = "voice"\nsource = "{name}"\n'
        "weight = 1\nmap = [[0, 0], [1, 100]]\n"
        for name in sources
    )
    return read_scorecard(
        'name = "x"\nbands = { yellow_from = 1, green_from = 2, minimum_coverage = 0 }\n'
        f'usage = {{ metrics = [] }}\ndimensions = {{ voice = "Voice" }}\n{lines}'
    )


def read(db: Database, card: Scorecard, day: dt.date = TODAY) -> AccountFacts:
    known = read_known(db.connection, day)
    portfolio, usage = read_portfolio(db.connection, known, card)
    (facts,) = facts_between(db.connection, known, portfolio, usage, (1, 1))
    return facts


@pytest.fixture
def key(db: Database) -> int:
    with write(db) as connection:
        key = add_account(connection, "acme", started_on="2025-01-01")
        lena = add_contact(connection, key, role="champion", left_on="2026-11-20")
        add_touchpoint(connection, key, contact_id=lena, occurred_at="2026-10-05T09:00:00Z")
        add_touchpoint(
            connection,
            key,
            contact_id=lena,
            occurred_at="2026-11-05T09:00:00Z",
            direction="outbound",
            kind="tip",
        )
        add_promise(connection, key, promise_id="p1", due_on="2026-11-20")
        add_promise(connection, key, due_on="2026-11-10", state="kept", kept_on="2026-11-15")
        add_promise(connection, key, promised_by="customer")
        bills = (
            (100, "2026-10-01", "2026-11-01"),
            (100, "2026-11-01", None),
            (-100, "2026-10-02", None),  # a credit note, which the customer does not owe
        )
        for number, (amount, due, paid) in enumerate(bills):
            row = {"invoice_id": f"i{number}", "account_key": key, "amount_minor": amount}
            dates = {"issued_on": "2026-09-01", "due_on": due, "paid_on": paid}
            insert(connection, "invoice", {**row, "currency": "USD", **dates})
    return key


def test_people_promises_and_invoices_are_read_as_of_the_day(db: Database, key: int) -> None:
    assert key == 1
    now, then = read(db, asking(*SOURCES)), read(db, asking(*SOURCES), dt.date(2026, 11, 12))
    left, spoke = dt.date(2026, 11, 20), dt.date(2026, 10, 5)
    assert now.contacts == then.contacts == (Contact("Lena Voss", "champion", left, spoke),)
    assert now.promises_due == (dt.date(2026, 11, 20),)
    assert then.promises_due == (dt.date(2026, 11, 10), dt.date(2026, 11, 20))
    assert now.invoices == (
        Invoice(dt.date(2026, 10, 1), dt.date(2026, 11, 1)),
        Invoice(dt.date(2026, 11, 1), None),
    )
    assert now.portfolio.kinds >= {"contacts", "promises", "invoices"}


def test_what_nobody_asks_for_is_not_read(db: Database, key: int) -> None:
    facts = read(db, plain_scorecard())
    assert (facts.contacts, facts.promises_due, facts.invoices) == ((), (), ())
    assert not facts.portfolio.kinds & {"contacts", "promises", "invoices"}


def test_a_kind_that_never_came_is_missing(db: Database, tmp_path: Path) -> None:
    with write(db) as connection:
        add_account(connection, "acme")
    assert not read(db, asking(*SOURCES)).portfolio.kinds


def test_the_role_of_a_first_load_was_not_known_before_it(db: Database) -> None:
    with write(db) as connection:
        loaded = add_import(connection, recorded_at="2026-11-10T09:00:00Z")
        key = add_account(connection, "acme", import_id=loaded, started_on="2025-01-01")
        add_contact(connection, key, role="champion", import_id=loaded)
    card = asking(*SOURCES)
    assert read(db, card).contacts[0].role == "champion"
    assert read(db, card, dt.date(2026, 11, 9)).contacts[0].role is None


def test_later_changes_are_taken_back(db: Database, key: int) -> None:
    with write(db) as connection:
        connection.execute("UPDATE promise SET due_on = '2026-12-24' WHERE promise_id = 'p1'")
        record_change_set(
            connection,
            actor="ana",
            cause="person",
            summary="later",
            known_at="2026-11-22T09:00:00Z",
            changes=[Change("promise", "p1", "due_on", "2026-11-20", "2026-12-24")],
        )
    card = asking(*SOURCES)
    assert dt.date(2026, 12, 24) in read(db, card).promises_due
    assert dt.date(2026, 11, 20) in read(db, card, dt.date(2026, 11, 21)).promises_due


def test_metrics_that_a_scorecard_names_are_read_also_where_lower_is_better(db: Database) -> None:
    with write(db) as connection:
        key = add_account(connection, "acme")
        for name in ("logins", "errors", "reports"):
            add_usage(connection, key, TODAY - dt.timedelta(days=6), [1] * 7, name)
        connection.execute("UPDATE usage_metric SET higher_is_better = 0 WHERE name = 'errors'")
    assert set(read(db, asking("usage metric")).usage) == {"logins"}
    assert set(read(db, asking("breadth")).usage) == {"logins", "reports"}
    named = asking("usage metric").text + 'parameters = { metric = "errors" }\n'
    assert set(read(db, read_scorecard(named)).usage) == {"logins", "errors"}


def test_days_that_are_read_together_have_the_same_relations(db: Database, key: int) -> None:
    card = asking(*SOURCES)
    days: list[Day] = []
    for back in (20, 11, 0):
        known = read_known(db.connection, TODAY - dt.timedelta(days=back))
        days.append((known, *read_portfolio(db.connection, known, card)))
    every_day = columns_on_days(db.connection, days, (1, 1))
    for (known, _, _), facts in zip(days, (one.facts for one in every_day), strict=True):
        assert facts == [read(db, card, known.as_of)]
        assert facts[0].contacts
