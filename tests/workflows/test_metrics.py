import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from cs_workbench.core.metrics.periods import between, parse_period
from cs_workbench.core.metrics.policy import DEFAULT_POLICY
from cs_workbench.core.metrics.rates import read_rates
from cs_workbench.errors import ConflictError, InputError, NotFoundError, UsageError
from cs_workbench.store.account_merge import merge_accounts
from cs_workbench.store.changes import Change, apply_changes
from cs_workbench.store.database import Database, write
from cs_workbench.store.sqlite import Connection
from cs_workbench.workflows.closing import close
from cs_workbench.workflows.metrics import measure
from tests.factories import add_account, add_import, add_subscription, portfolio

Q3 = parse_period("2026-Q3")
TODAY = dt.date(2026, 11, 23)


def sub(
    connection: Connection, key: int, arr: int | None, start: str, end: str, **fields: object
) -> str:
    return add_subscription(
        connection, key, arr_minor=arr, start_date=start, end_date=end, **fields
    )


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Database]:
    """Five accounts; in the third quarter one grows, one shrinks, one leaves, one is new."""
    with portfolio(tmp_path) as db:
        with write(db) as c:
            first = add_import(c, known_policy="assumed", recorded_at="2026-11-01T02:00:00Z")
            for name, csm, terms in (
                (
                    "grow",
                    "ana",
                    ((100, "2025-08-01", "2026-07-31"), (130, "2026-08-01", "2027-07-31")),
                ),
                (
                    "fall",
                    "ana",
                    ((100, "2025-08-01", "2026-07-31"), (60, "2026-08-01", "2027-07-31")),
                ),
                ("gone", "bo", ((100, "2025-08-01", "2026-07-31"),)),
                ("stay", "bo", ((200, "2026-01-01", "2026-12-31"),)),
                ("new", "bo", ((80, "2026-09-01", "2027-08-31"),)),
            ):
                key = add_account(c, name, csm=csm, segment="SMB", import_id=first)
                for arr, start, end in terms:
                    sub(c, key, arr, start, end, import_id=first)
        yield db


def key_of(db: Database, account_id: str) -> int:
    row = db.connection.execute(
        "SELECT account_key FROM account WHERE account_id = ?", (account_id,)
    ).fetchone()
    return int(row[0])


def grr_of(db: Database, as_of: dt.date = TODAY) -> Fraction | None:
    return measure(db, Q3, DEFAULT_POLICY, as_of=as_of).whole.metrics["grr"].value


def test_who_goes_on_without_a_known_price_stays_and_is_in_no_amount(book: Database) -> None:
    with write(book) as c:
        sub(c, key_of(book, "gone"), None, "2026-08-01", "2027-07-31")
    found = measure(book, Q3, DEFAULT_POLICY, as_of=TODAY).whole
    assert found.metrics["crr"].value == 1
    told = "1 account left out: at the start or at the end one of their prices is unknown."
    for name in ("grr", "nrr", "gross_churn", "clv", "existing_share"):
        assert found.metrics[name].flags[-1] == told
    assert found.bridge is not None
    assert (found.bridge.opening, found.bridge.churn, found.bridge.unpriced) == (500, 0, -100)


def test_a_book_without_any_known_price_has_customers_and_no_bridge_of_zeros(db: Database) -> None:
    with write(db) as c:
        sub(c, add_account(c, "kestrel"), None, "2026-01-01", "2026-12-31")
    found = measure(db, Q3, DEFAULT_POLICY, as_of=TODAY).whole
    assert (found.bridge, found.metrics["grr"].value) == (None, None)
    crr = found.metrics["crr"]
    assert (crr.numerator, crr.denominator) == (1, 1)  # a customer all the same
    assert found.trust.startswith("Nobody left")


def test_a_quarter_of_a_real_portfolio(book: Database) -> None:
    report = measure(book, Q3, DEFAULT_POLICY, as_of=TODAY, by="csm")
    assert report.whole.bridge is not None
    assert report.whole.bridge.plain() == {
        "opening": 500,
        "new": 80,
        "expansion": 30,
        "reactivation": 0,
        "contraction": 40,
        "churn": 100,
        "closing": 470,
        "escalators": 0,
        "restated": 0,
        "unpriced": 0,
    }
    assert report.whole.metrics["grr"].value == Fraction(360, 500)
    parts = {one.name: one.metrics["crr"].value for one in report.groups}
    assert parts == {"Bo": Fraction(1, 2), "Ana": Fraction(1)}


def test_a_credit_note_is_an_invoice_and_no_contraction(book: Database) -> None:
    before = measure(book, Q3, DEFAULT_POLICY, as_of=TODAY).whole
    with write(book) as c:
        for at, (name, amount) in enumerate((("stay", 200), ("stay", -50), ("grow", -130))):
            c.execute(
                "INSERT INTO invoice (invoice_id, account_key, amount_minor, currency, issued_on) "
                "VALUES (?, ?, ?, 'USD', '2026-08-15')",
                (f"I{at}", key_of(book, name), amount),
            )
    after = measure(book, Q3, DEFAULT_POLICY, as_of=TODAY).whole
    assert (after.metrics, after.bridge) == (before.metrics, before.bridge)
    netted = Fraction(360 - 50 - 100, 500)  # credits taken for ARR that was lost
    assert after.metrics["grr"].value == Fraction(360, 500) != netted


def test_yesterday_is_unaffected_by_what_is_entered_today(book: Database) -> None:
    before = grr_of(book, dt.date(2026, 11, 22))
    with write(book) as c:
        late = add_import(c, "again", known_policy="recorded", recorded_at="2026-11-23T08:00:00Z")
        sub(c, key_of(book, "gone"), 100, "2026-08-01", "2027-07-31", import_id=late)
        subscription_id = c.execute(
            "SELECT subscription_id FROM subscription WHERE arr_minor = 200"
        ).fetchone()[0]
        apply_changes(
            c,
            actor="ana",
            summary="a price that was wrong",
            changes=[Change("subscription", subscription_id, "arr_minor", None, 100)],
        )
    assert grr_of(book, dt.date(2026, 11, 22)) == before == Fraction(360, 500)
    assert grr_of(book, dt.date(2100, 1, 1)) == Fraction(360, 400)


def test_a_closed_quarter_is_never_restated_and_the_next_one_corrects(book: Database) -> None:
    given: dict[str, Any] = {
        "actor": "ana",
        "today": dt.date(2026, 10, 5),
        "policy_source": "name = 'x'",
    }
    close(book, Q3, DEFAULT_POLICY, **given)
    with write(book) as c:
        late = add_import(c, "again", known_policy="recorded", recorded_at="2026-10-20T08:00:00Z")
        c.execute(
            "UPDATE subscription SET cancelled_on = '2026-09-20', import_id = ? "
            "WHERE arr_minor = 200",
            (late,),
        )
    again = measure(book, Q3, DEFAULT_POLICY, as_of=TODAY)
    assert again.closed is not None
    assert again.whole.metrics["grr"].value == Fraction(360, 500)
    following = measure(book, parse_period("2026-Q4"), DEFAULT_POLICY, as_of=TODAY)
    bridge = following.whole.bridge
    assert bridge is not None
    assert (bridge.opening, bridge.churn, bridge.restated) == (470, 200, -200)
    assert [(one.account_key, one.frozen, one.now) for one in following.corrections] == [
        (key_of(book, "stay"), 200, 0)
    ]
    with pytest.raises(ConflictError, match="never restated"):
        close(book, Q3, DEFAULT_POLICY, **given)


def test_parts_after_a_closed_quarter_open_with_what_is_theirs(book: Database) -> None:
    with write(book) as c:
        key = add_account(c, "euro", currency="EUR")
        sub(c, key, 1000, "2026-01-01", "2026-12-31", currency="EUR")
        sub(c, key_of(book, "stay"), 50, "2026-01-01", "2026-12-31", product="API")
    close(book, Q3, DEFAULT_POLICY, actor="ana", today=dt.date(2026, 10, 5), policy_source="")
    following = parse_period("2026-Q4")
    opening = {
        by: {
            one.name: one.bridge.opening
            for one in measure(book, following, DEFAULT_POLICY, as_of=TODAY, by=by).groups
            if one.bridge
        }
        for by in ("currency", "product")
    }
    assert opening["currency"] == {"EUR": 1000, "USD": 520}
    only = measure(book, following, DEFAULT_POLICY, as_of=TODAY, currency="EUR").whole.bridge
    assert only is not None
    assert (only.opening, only.restated) == (1000, 0)
    euros = measure(book, following, DEFAULT_POLICY, as_of=TODAY, currency="USD", by="product")
    parts = {one.name: one.bridge.opening for one in euros.groups if one.bridge}
    assert parts == {None: 470, "API": 50}


def test_before_it_was_closed_a_quarter_was_open(book: Database) -> None:
    close(book, Q3, DEFAULT_POLICY, actor="ana", today=dt.date(2026, 10, 5), policy_source="")
    assert measure(book, Q3, DEFAULT_POLICY, as_of=dt.date(2026, 10, 4)).closed is None


@pytest.mark.parametrize(
    ("period", "today", "word"),
    [("2026-Q3", "2026-09-30", "can be closed from"), ("2026-H2", "2027-01-05", "")],
)
def test_what_can_be_closed(book: Database, period: str, today: str, word: str) -> None:
    asked, on = parse_period(period), dt.date.fromisoformat(today)
    if not word:
        close(book, asked, DEFAULT_POLICY, actor="ana", today=on, policy_source="")
        return
    with pytest.raises(UsageError, match=word):
        close(book, asked, DEFAULT_POLICY, actor="ana", today=on, policy_source="")


def test_periods_that_overlap_in_part_are_refused(book: Database) -> None:
    given: dict[str, Any] = {"actor": "ana", "today": TODAY, "policy_source": ""}
    close(book, Q3, DEFAULT_POLICY, **given)
    with pytest.raises(UsageError, match="overlaps 2026-Q3"):
        close(book, between(dt.date(2026, 8, 1), dt.date(2026, 10, 31)), DEFAULT_POLICY, **given)


def test_currencies_are_never_added_up_without_a_rate(book: Database) -> None:
    with write(book) as c:
        key = add_account(c, "euro", currency="EUR")
        sub(c, key, 1000, "2026-01-01", "2026-12-31", currency="EUR")
    report = measure(book, Q3, DEFAULT_POLICY, as_of=TODAY, by="currency")
    assert (report.whole.currency, report.whole.bridge) == (None, None)
    assert report.whole.metrics["grr"].value is None
    assert "not added up" in report.whole.metrics["grr"].flags[0]
    assert report.whole.metrics["crr"].n == 5
    parts = {one.name: one.bridge.opening for one in report.groups if one.bridge}
    assert parts == {"EUR": 1000, "USD": 500}
    only = measure(book, Q3, DEFAULT_POLICY, as_of=TODAY, currency="eur")
    assert only.whole.currency == "EUR"
    with pytest.raises(NotFoundError, match="EUR, USD"):
        measure(book, Q3, DEFAULT_POLICY, as_of=TODAY, currency="JPY")


def test_currencies_are_added_up_at_the_rate_of_the_opening(book: Database) -> None:
    with write(book) as c:
        key = add_account(c, "euro", currency="EUR")
        sub(c, key, 1000, "2026-01-01", "2026-12-31", currency="EUR")
    table = [{"from": "2026-01-01", "EUR": "1.10"}, {"from": "2026-08-01", "EUR": "2"}]
    policy = replace(DEFAULT_POLICY, rates=read_rates({"base": "USD", "table": table}))
    bridge = measure(book, Q3, policy, as_of=TODAY).whole.bridge
    assert bridge is not None
    assert (bridge.opening, bridge.closing) == (1600, 1570)
    with pytest.raises(InputError, match="no rate of EUR"):
        measure(book, parse_period("2025-Q3"), policy, as_of=TODAY)


def test_a_csm_answers_for_the_accounts_of_the_opening_or_the_closing(book: Database) -> None:
    """Bo hands the account that leaves over to Ana in the middle of the quarter."""
    with write(book) as c:
        apply_changes(
            c,
            actor="bo",
            summary="hand over",
            changes=[Change("account", str(key_of(book, "gone")), "csm", None, "ana")],
        )
    later = dt.date(2100, 1, 1)
    long = between(Q3.first, dt.date(2099, 12, 31))  # the change is logged by the clock
    found = {}
    for handover in ("opening", "closing"):
        policy = replace(DEFAULT_POLICY, handover=handover)
        report = measure(book, long, policy, as_of=later, by="csm")
        found[handover] = {one.name: one.metrics["crr"].n for one in report.groups}
    assert found == {"opening": {"Ana": 2, "Bo": 2}, "closing": {"Ana": 3, "Bo": 1}}


def test_products_and_cohorts_and_discounts_are_parts(book: Database) -> None:
    with write(book) as c:
        key = key_of(book, "stay")
        sub(c, key, 50, "2026-01-01", "2026-12-31", product="API")
        c.execute("UPDATE subscription SET discount_e4 = 1000 WHERE arr_minor = 60")
        c.execute(
            "UPDATE subscription SET discount_e4 = 1000 WHERE account_key = ? "
            "AND start_date = '2025-08-01'",
            (key_of(book, "fall"),),
        )
    found = {}
    for by in ("product", "cohort", "discount", "segment"):
        report = measure(book, Q3, DEFAULT_POLICY, as_of=TODAY, by=by)
        found[by] = {one.name: one.bridge.opening for one in report.groups if one.bridge}
    assert found["product"] == {None: 500, "API": 50}
    assert found["cohort"] == {"2025": 300, "2026": 250}
    assert found["discount"] == {None: 450, "with discount": 100}
    assert found["segment"] == {"SMB": 550}


def test_a_merged_account_keeps_its_frozen_positions(book: Database) -> None:
    close(book, Q3, DEFAULT_POLICY, actor="ana", today=dt.date(2026, 10, 5), policy_source="")
    merge_accounts(book, "fall", "grow", actor="ana")
    report = measure(book, parse_period("2026-Q4"), DEFAULT_POLICY, as_of=TODAY)
    assert report.whole.bridge is not None
    assert report.whole.bridge.opening == 470
    assert report.corrections == ()
