import datetime as dt
from dataclasses import replace
from fractions import Fraction

import pytest

from cs_workbench.core.metrics.policy import DEFAULT_POLICY
from cs_workbench.store.database import Database, write
from cs_workbench.workflows.cohorts import cohort_value, read_cohorts
from cs_workbench.workflows.ledger import Ledger, read_ledger
from tests.factories import add_account, add_subscription

TODAY = dt.date(2026, 4, 15)


@pytest.fixture
def ledger(db: Database) -> Ledger:
    """Two began in January (one left in February), one in March, all at 1,200 USD a year."""
    with write(db) as c:
        for name, start, end, discount in (
            ("stays", "2026-01-10", "2027-01-09", 0),
            ("leaves", "2026-01-20", "2026-02-10", 2000),
            ("young", "2026-03-05", "2027-03-04", 2000),
        ):
            key = add_account(c, name, segment="smb" if name != "young" else None)
            add_subscription(
                c, key, arr_minor=120_000, start_date=start, end_date=end, discount_e4=discount
            )
    return read_ledger(db, replace(DEFAULT_POLICY, gross_margin=Fraction(1, 2)), as_of=TODAY)


def test_rows_by_start_and_ages_that_have_happened(ledger: Ledger) -> None:
    rows = read_cohorts(ledger).table.rows
    assert [(row.name, row.accounts, row.active) for row in rows] == [
        ("2026-01", 2, (2, 1, 1)),
        ("2026-03", 1, (1,)),
    ]
    assert rows[0].share(1, "accounts") == 0.5
    assert rows[0].share(2, "revenue") == 0.5
    assert rows[1].share(1, "accounts") is None  # April is not over: empty, not zero


def test_rows_of_what_is_alike_count_who_is_old_enough(ledger: Ledger) -> None:
    rows = {row.name: row for row in read_cohorts(ledger, by="discount").table.rows}
    sold = rows["with discount"]
    assert (sold.active, sold.of_accounts) == ((2, 0, 0), (2, 1, 1))
    assert rows["without discount"].share(2, "accounts") == 1
    by_segment = read_cohorts(ledger, by="segment").table.rows
    assert {row.name for row in by_segment} == {"smb", "not told"}


def test_the_curve_knows_who_has_not_left(ledger: Ledger) -> None:
    curve = read_cohorts(ledger).curve
    assert (curve.n, curve.events, curve.median) == (3, 1, None)


def test_cohorts_are_worth_what_they_paid(ledger: Ledger) -> None:
    # 100 USD a month each: all of age 0; one of two of ages 1 and 2; half is margin.
    assert cohort_value(ledger).value == Fraction(10_000 + 5_000 + 5_000, 2)


def test_who_pays_a_price_unknown_is_in_the_cohorts_and_in_no_amount(ledger: Ledger) -> None:
    with write(ledger.db) as c:
        terms = {
            "crm": ("2026-01-05", "2027-01-04"),
            "gone": ("2026-02-03", "2026-03-02"),
        }
        for name, (start, end) in terms.items():
            key = add_account(c, name)
            add_subscription(c, key, arr_minor=None, start_date=start, end_date=end)
        key = c.execute("SELECT account_key FROM account WHERE account_id = 'leaves'").fetchone()[0]
        on = {"start_date": "2026-02-11", "end_date": "2027-02-10", "subscription_id": "on"}
        add_subscription(c, key, arr_minor=None, **on)
    again = read_ledger(ledger.db, ledger.policy, as_of=TODAY)
    rows = read_cohorts(again).table.rows
    assert [(row.name, row.accounts, row.active, row.arr, row.began) for row in rows] == [
        ("2026-01", 3, (3, 3, 3), (240_000, 120_000, 120_000), 240_000),
        ("2026-02", 1, (1, 0), (0, 0), 0),
        ("2026-03", 1, (1,), (120_000,), 120_000),
    ]
    assert (read_cohorts(again).curve.n, read_cohorts(again).curve.events) == (5, 1)
    assert cohort_value(again).value == cohort_value(ledger).value


def test_an_empty_book_has_no_cohorts(db: Database) -> None:
    found = read_cohorts(read_ledger(db, DEFAULT_POLICY, as_of=TODAY), span="year")
    assert (found.table.rows, found.table.ages) == ((), 0)


def test_amounts_of_several_currencies_are_never_added_up(ledger: Ledger) -> None:
    assert cohort_value(ledger).value is not None
    with write(ledger.db) as c:
        key = add_account(c, "yen", currency="JPY")
        add_subscription(c, key, arr_minor=900_000, currency="JPY", start_date="2026-01-10")
    mixed = read_ledger(ledger.db, ledger.policy, as_of=TODAY)
    value, rows = cohort_value(mixed), read_cohorts(mixed).table.rows
    assert (value.value, "Several currencies" in value.flags[0]) == (None, True)
    assert rows[0].share(1, "accounts") is not None
    assert [row.share(0, "revenue") for row in rows] == [None] * len(rows)
