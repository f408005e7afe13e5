import datetime as dt
from dataclasses import fields

import pytest

from cs_workbench.core.metric_kernels.books import book_of
from cs_workbench.core.metrics.book import Book, Line
from cs_workbench.core.metrics.policy import DEFAULT_POLICY, MetricPolicy
from cs_workbench.store.changes import Change, apply_changes
from cs_workbench.store.database import Database, write
from cs_workbench.store.known import read_known
from cs_workbench.store.metric_books import read_book
from tests.core.metrics.lines import line
from tests.factories import add_account, insert

TODAY = dt.date(2026, 11, 23)
LINES = (
    line(2, 900, "2026-02-01", product='API, "EU"]', plan=None, currency="EUR", discount_e4=0),
    line(2, 100, "2024-02-29", "2025-02-28", product=None, plan="Pilot", notice_days=60),
    line(1, 300, "2026-01-01", "9999-12-31", plan="プロ", term_months=12, discount_e4=2_500),
    line(1, 0, "2025-01-01", "2025-12-31", product="Free"),
    line(1, 250, "0999-01-01", cancelled_on="2026-06-01", signed_on="2025-12-24"),
    line(3, 10, "2026-03-01", is_trial=True, cancelled_on="2026-02-01"),
)


def wrote(db: Database, lines: tuple[Line, ...]) -> None:
    with write(db) as c:
        for key in sorted({one.account_key for one in lines}):
            add_account(c, f"a{key}", account_key=key)
        for one in lines:
            insert(c, "subscription", one._asdict())


@pytest.mark.parametrize(
    "policy", [DEFAULT_POLICY, MetricPolicy(outside_arr=("pilot", "free"), count_trials=True)]
)
def test_a_book_is_read_as_its_lines_say(db: Database, policy: MetricPolicy) -> None:
    wrote(db, LINES)
    book = read_book(db.connection, read_known(db.connection, TODAY), policy)
    expected = sorted(LINES, key=lambda one: (one.account_key, one.start_date))
    assert [book.products[at] for at in book.product] == [one.product for one in expected]
    assert [book.currencies[at] for at in book.currency] == [one.currency for one in expected]
    numbered = {"products", "product", "currencies", "currency"}
    for one in fields(Book):
        if one.name not in numbered:
            assert getattr(book, one.name) == getattr(book_of(LINES, policy), one.name), one.name


def test_an_empty_portfolio_is_an_empty_book(db: Database) -> None:
    assert len(read_book(db.connection, read_known(db.connection, TODAY), DEFAULT_POLICY)) == 0


def test_what_was_changed_later_is_read_as_it_was_then(db: Database) -> None:
    wrote(db, LINES)
    before = book_of(LINES, DEFAULT_POLICY)
    changed = LINES[2].subscription_id
    with write(db) as c:
        changes = [
            Change("subscription", changed, "arr_minor", 300, 700),
            Change("subscription", changed, "end_date", "9999-12-31", None),
        ]
        apply_changes(c, actor="ana", summary="a larger one", changes=changes)
    then = read_known(db.connection, TODAY - dt.timedelta(1))
    assert sorted(read_book(db.connection, then, DEFAULT_POLICY).arr) == sorted(before.arr)
    assert list(read_book(db.connection, then, DEFAULT_POLICY).due) == list(before.due)
    now = read_known(db.connection, dt.date(2100, 1, 1))
    assert 700 in read_book(db.connection, now, DEFAULT_POLICY).arr


def test_a_contract_without_a_known_price_is_in_no_figure_until_it_has_one(db: Database) -> None:
    wrote(db, LINES)
    unpriced = LINES[0].subscription_id
    with write(db) as c:
        c.execute("UPDATE subscription SET arr_minor = NULL WHERE subscription_id = ?", (unpriced,))
    unknown = (LINES[0]._replace(arr_minor=None), *LINES[1:])
    others = read_book(db.connection, read_known(db.connection, TODAY), DEFAULT_POLICY)
    expected = book_of(unknown, DEFAULT_POLICY)
    assert (others.counted, others.unpriced) == (expected.counted, expected.unpriced)
    assert (sum(others.unpriced), sum(others.arr)) == (
        1,
        sum(one.arr_minor or 0 for one in LINES[1:]),
    )
    with write(db) as c:
        changes = [Change("subscription", unpriced, "arr_minor", None, 900)]
        apply_changes(c, actor="ana", summary="its price", changes=changes)
    then = read_known(db.connection, TODAY - dt.timedelta(1))
    assert list(read_book(db.connection, then, DEFAULT_POLICY).arr) == list(others.arr)
    assert sum(read_book(db.connection, then, DEFAULT_POLICY).unpriced) == 1
    now = read_known(db.connection, dt.date(2100, 1, 1))
    assert sum(read_book(db.connection, now, DEFAULT_POLICY).unpriced) == 0
    assert 900 in read_book(db.connection, now, DEFAULT_POLICY).arr
