from dataclasses import replace
from fractions import Fraction

from cs_workbench.core.metrics.analysis import bridge_of, revenue_metrics
from cs_workbench.core.metrics.policy import DEFAULT_POLICY
from tests.core.metrics.lines import evidence, line


def test_a_frozen_closing_is_the_next_opening_and_corrections_count_there() -> None:
    """Churn that was found after the quarter was closed falls into the next one."""
    lines = [line(1, 100, "2025-07-01", "2026-06-15"), line(2, 50, "2026-01-01", "2026-12-31")]
    open_again = evidence(lines, "2026-Q3")
    assert bridge_of(open_again).churn == 0  # it left in June
    given = evidence(lines, "2026-Q3", frozen={1: 100, 2: 50})
    bridge = bridge_of(given)
    assert (bridge.opening, bridge.churn, bridge.restated) == (150, 100, -100)
    assert bridge.balances
    assert "from the closed period before" in revenue_metrics(given, DEFAULT_POLICY)["grr"].flags[0]


def test_currencies_are_turned_over_at_one_rate() -> None:
    lines = [line(1, 100, "2026-01-01"), line(2, 100, "2026-01-01", currency="EUR")]
    found = evidence(lines, "2026-Q3", rates=[Fraction(1), Fraction(11, 10)])
    assert list(found.moved.opening) == [100, 110]
    assert found.arr == [100, 110]


def test_escalators_come_from_followers() -> None:
    policy = replace(DEFAULT_POLICY, escalators={"p": Fraction(5, 100)})
    lines = [line(1, 1000, "2025-07-01", "2026-06-30"), line(1, 1200, "2026-07-01", "2027-06-30")]
    bridge = bridge_of(evidence(lines, "2026-Q3", policy=policy))
    assert (bridge.expansion, bridge.escalators) == (200, 50)
    assert bridge_of(evidence(lines, "2026-Q3")).escalators == 0


def test_an_account_that_left_and_came_back_inside_is_retained() -> None:
    lines = [
        line(1, 100, "2026-01-01", "2026-02-28"),
        line(1, 90, "2026-08-01", "2026-12-31"),
    ]
    found = revenue_metrics(evidence(lines, "2026-02-01..2026-09-30"), DEFAULT_POLICY)
    assert found["crr"].value == 1
    assert found["grr"].value == Fraction(9, 10)
    half = revenue_metrics(evidence(lines, "2026-H2"), DEFAULT_POLICY)
    assert half["crr"].value is None
    assert bridge_of(evidence(lines, "2026-H2")).reactivation == 90


def test_a_merger_of_two_accounts_is_no_churn() -> None:
    """Merged in the store, both histories belong to one account; its ends do not move."""
    lines = [
        line(1, 100, "2025-01-01", "2026-08-31"),
        line(1, 50, "2025-01-01", "2026-08-31", product="Q"),
        line(1, 150, "2026-09-01", "2027-08-31"),
    ]
    found = evidence(lines, "2026-Q3")
    assert (bridge_of(found).churn, bridge_of(found).contraction) == (0, 0)


def test_who_pays_a_price_that_nobody_knows_is_a_customer_and_no_amount() -> None:
    lines = [
        line(1, 100, "2025-07-01", "2026-08-15"),  # goes on, at a price unknown
        line(1, None, "2026-08-16", "2027-08-15"),
        line(2, None, "2026-01-01", "2026-07-31"),  # was there before
        line(2, 50, "2026-08-01", "2026-12-31"),
        line(3, 30, "2026-01-01", "2026-12-31"),
        line(3, None, "2026-01-01", "2026-12-31", product="Q"),
        line(4, 20, "2025-07-01", "2026-08-15"),  # all of it ended
        line(4, None, "2025-07-01", "2026-09-29", product="Q", cancelled_on="2026-09-01"),
        line(5, None, "2026-01-01"),
        line(6, None, "2025-07-01", "2026-08-15"),
        line(7, None, "2026-08-01", "2026-12-31"),
        line(8, None, "2026-01-01", "2026-12-31", is_trial=True),
    ]
    found = evidence(lines, "2026-Q3")
    assert found.left_out == {1, 2, 5, 6, 7}
    some = [at for at, key in enumerate(found.history.book.keys) if key in {2, 3, 5}]
    assert found.only(some).left_out == {2, 5}
    bridge = bridge_of(found)
    assert (bridge.opening, bridge.new, bridge.churn, bridge.closing) == (150, 0, 20, 80)
    assert (bridge.unpriced, bridge.balances) == (50 - 100, True)  # 2 and 1, of which half is known
    behind = bridge.members["unpriced"]
    assert dict(zip(behind.keys, behind.numerators, strict=True)) == {1: -100, 2: 50}
    metrics = revenue_metrics(found, DEFAULT_POLICY)
    assert metrics["grr"].value == Fraction(3, 5)
    assert (metrics["crr"].numerator, metrics["crr"].denominator) == (4, 6)  # 4 and 6 left
    assert metrics["logo_renewal_rate"].n == 5
    assert metrics["gross_renewal_rate"].n == 1
    priced = [one for one in lines if one.arr_minor is not None]
    only_priced = revenue_metrics(evidence(priced, "2026-Q3"), DEFAULT_POLICY)
    assert only_priced["crr"].value == Fraction(1, 3)  # 1 would have left, and 5 not been there
    assert evidence(priced, "2026-Q3").left_out == frozenset()


def test_known_amounts_of_one_account_are_compared_where_the_same_is_unknown_at_both_ends() -> None:
    lines = [
        line(1, 100, "2025-01-01"),  # Q was paid for, and goes on at a price unknown
        line(1, 40, "2025-01-01", "2026-07-31", product="Q"),
        line(1, None, "2026-08-01", product="Q"),
        line(2, 100, "2025-01-01"),  # what Q costs was found out
        line(2, None, "2025-01-01", "2026-07-31", product="Q"),
        line(2, 40, "2026-08-01", product="Q"),
        line(3, 50, "2025-01-01", "2026-07-31"),  # P grew, whatever Q costs
        line(3, 60, "2026-08-01"),
        line(3, None, "2025-01-01", product="Q"),
    ]
    found = evidence(lines, "2026-Q3")
    assert found.left_out == {1, 2}
    bridge = bridge_of(found)
    assert (bridge.opening, bridge.contraction, bridge.expansion, bridge.closing) == (
        290,
        0,
        10,
        300,
    )
    assert bridge.balances
    assert revenue_metrics(found, DEFAULT_POLICY)["nrr"].value == Fraction(60, 50)


def test_a_frozen_opening_stays_where_the_price_is_not_known_any_more() -> None:
    policy = replace(DEFAULT_POLICY, escalators={"p": Fraction(5, 100)})
    lines = [
        line(1, 100, "2025-07-01", "2026-06-15"),  # found out after the quarter was closed
        line(2, 50, "2025-07-01", "2026-08-15"),
        line(2, None, "2026-08-16", "2027-08-15"),
        line(3, None, "2026-01-01"),
        line(4, 200, "2025-07-01", "2026-07-31"),
        line(4, 300, "2026-08-01"),
    ]
    closed = {1: 100, 2: 50, 4: 200}
    found = evidence(lines, "2026-Q3", frozen=closed, policy=policy)
    bridge = bridge_of(found)
    assert bridge.opening == sum(closed.values())
    assert (bridge.churn, bridge.expansion, bridge.escalators) == (100, 100, 10)
    assert (bridge.unpriced, bridge.closing, bridge.restated) == (-50, 300, -100)
    assert bridge.balances
    crr = revenue_metrics(found, policy)["crr"]
    assert (crr.numerator, crr.denominator) == (3, 4)  # 1 was there when the quarter was closed
    assert bridge_of(evidence(lines, "2026-Q4")).opening == bridge.closing


def test_an_empty_period_tells_nothing() -> None:
    found = revenue_metrics(evidence([], "2026-Q3"), DEFAULT_POLICY)
    assert {key for key, one in found.items() if one.value is not None} == set()
    assert bridge_of(evidence([], "2026-Q3")).plain()["closing"] == 0


def test_per_subscription_a_product_that_grows_does_not_hide_one_that_shrinks() -> None:
    lines = [
        line(1, 100, "2025-01-01", "2026-08-31"),
        line(1, 100, "2025-01-01", "2026-08-31", product="Q"),
        line(1, 150, "2026-09-01"),
        line(1, 60, "2026-09-01", product="Q"),
    ]
    policy = replace(DEFAULT_POLICY, minimum_per="subscription")
    per_account = revenue_metrics(evidence(lines, "2026-Q3"), DEFAULT_POLICY)["grr"].value
    given = evidence(lines, "2026-Q3", policy=policy)
    assert per_account == 1
    assert revenue_metrics(given, policy)["grr"].value == Fraction(160, 200)
    assert (bridge_of(given).expansion, bridge_of(given).contraction) == (50, 40)
