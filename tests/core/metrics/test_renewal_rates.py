from dataclasses import replace
from fractions import Fraction

from cs_workbench.core.metrics.analysis import revenue_metrics
from cs_workbench.core.metrics.book import Line
from cs_workbench.core.metrics.policy import DEFAULT_POLICY, MetricPolicy
from tests.core.metrics.lines import LATE, day, evidence, line


def rates(
    lines: list[Line],
    period: str = "2026-Q2",
    policy: MetricPolicy = DEFAULT_POLICY,
    as_of: str = "",
) -> tuple[object, ...]:
    given = evidence(lines, period, policy=policy, as_of=day(as_of) if as_of else LATE)
    found = revenue_metrics(given, policy)
    gross = found["gross_renewal_rate"]
    return (
        gross.value,
        found["logo_renewal_rate"].value,
        found["on_time_renewal_rate"].value,
        gross.n,
    )


DUE = line(1, 100, "2025-07-01", "2026-06-30")
HALF = Fraction(1, 2)


def test_renewed_for_more_counts_once() -> None:
    assert rates([DUE, line(1, 130, "2026-07-01", "2027-06-30")]) == (1, 1, 1, 1)


def test_renewed_for_less_counts_in_part() -> None:
    found = rates([DUE, line(1, 50, "2026-07-01", "2027-06-30")])
    assert found == (HALF, 1, 1, 1)


def test_a_renewal_at_an_unknown_price_is_won_and_in_no_rate_of_amounts() -> None:
    beside = line(1, 70, "2025-01-01", product="Q")  # so that the account has a known ARR all along
    goes_on = line(1, None, "2026-07-01", "2027-06-30")
    assert rates([DUE, goes_on, beside]) == (None, 1, 1, 0)  # 0 would take it for lost
    unpriced_due = line(1, None, "2025-07-01", "2026-06-30")
    assert rates([unpriced_due, line(1, 50, "2026-07-01", "2027-06-30")]) == (None, 1, 1, 0)
    part = line(1, None, "2025-07-01", "2026-06-30", product="Q")  # ends with the other
    assert rates([DUE, part]) == (None, 0, 0, 0)
    others = [line(2, 100, "2025-07-01", "2026-06-30"), line(2, 100, "2026-07-01", "2027-06-30")]
    given = evidence([DUE, goes_on, beside, *others], "2026-Q2")
    found = revenue_metrics(given, DEFAULT_POLICY)["gross_renewal_rate"]
    assert found.value == 1
    assert found.n == 1
    assert found.flags == ("Of unknown price and in no amount: 1 renewal.",)


def test_not_renewed_is_lost_when_grace_is_over() -> None:
    assert rates([DUE]) == (0, 0, 0, 1)


def test_in_grace_is_neither() -> None:
    value, logo, _, n = rates([DUE], as_of="2026-07-15")
    assert (value, logo, n) == (None, None, 0)


def test_late_within_grace_is_won_but_not_on_time() -> None:
    assert rates([DUE, line(1, 100, "2026-07-20", "2027-06-30")]) == (1, 1, 0, 1)
    assert rates([DUE, line(1, 100, "2026-08-15", "2027-06-30")]) == (0, 0, 0, 1)


def test_on_time_goes_by_the_signing_where_that_is_told() -> None:
    late = line(1, 100, "2026-07-01", "2027-06-30", signed_on="2026-07-09")
    assert rates([DUE, late]) == (1, 1, 0, 1)
    early = line(1, 100, "2026-07-01", "2027-06-30", signed_on="2026-06-30")
    assert rates([DUE, early]) == (1, 1, 1, 1)


EARLY = [
    line(1, 100, "2025-07-01", "2026-06-30", cancelled_on="2026-03-01"),
    line(1, 120, "2026-03-01", "2027-02-28"),
]


def test_an_early_renewal_counts_when_it_was_due() -> None:
    assert rates(EARLY, "2026-Q1")[3] == 0
    assert rates(EARLY, "2026-Q2") == (1, 1, 1, 1)


def test_an_early_renewal_counts_when_it_was_signed_if_the_policy_says_so() -> None:
    policy = replace(DEFAULT_POLICY, early_renewal="signed")
    assert rates(EARLY, "2026-Q1", policy) == (1, 1, 1, 1)
    assert rates(EARLY, "2026-Q2", policy)[3] == 0


def test_a_change_in_mid_term_is_one_renewal() -> None:
    lines = [
        line(1, 100, "2025-07-01", "2026-06-30", cancelled_on="2026-01-01"),
        line(1, 130, "2026-01-01", "2026-06-30"),
        line(1, 130, "2026-07-01", "2027-06-30"),
    ]
    assert rates(lines) == (1, 1, 1, 1)


def test_cancelled_in_mid_term_is_lost_on_its_due_date() -> None:
    lines = [line(1, 100, "2025-07-01", "2026-06-30", cancelled_on="2026-01-01")]
    assert rates(lines, "2026-Q1")[3] == 0
    assert rates(lines, "2026-Q2") == (0, 0, 0, 1)


def test_an_open_end_is_due_on_each_anniversary() -> None:
    forever = line(1, 100, "2024-05-15", term_months=12)
    assert rates([forever]) == (1, 1, 1, 1)
    assert rates([forever], "2026-Q1")[3] == 0
    left = line(1, 100, "2024-05-15", term_months=12, cancelled_on="2026-05-15")
    assert rates([left]) == (0, 0, 0, 1)


def test_a_multi_year_term_is_due_once() -> None:
    three = line(1, 100, "2023-07-01", "2026-06-30", term_months=36)
    assert rates([three], "2025-Q2")[3] == 0
    assert rates([three], "2026-Q2")[3] == 1


def test_two_products_of_an_account_are_one_renewal_or_two() -> None:
    lines = [
        DUE,
        line(1, 100, "2025-07-01", "2026-06-30", product="Q"),
        line(1, 100, "2026-07-01", "2027-06-30"),
    ]
    assert rates(lines) == (HALF, 1, 1, 1)
    policy = replace(DEFAULT_POLICY, minimum_per="subscription")
    assert rates(lines, policy=policy) == (HALF, HALF, HALF, 2)


def test_gross_renewal_rate_is_not_grr() -> None:
    lines = [DUE, line(2, 100, "2026-01-01", "2026-12-31")]
    found = revenue_metrics(evidence(lines, "2026-07-01..2026-07-31"), DEFAULT_POLICY)
    assert found["gross_renewal_rate"].value is None  # nothing fell due in July
    assert found["grr"].value == HALF
