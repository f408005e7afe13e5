from fractions import Fraction

from cs_workbench.core.metric_kernels.buying import bought
from cs_workbench.core.metrics.policy import DEFAULT_POLICY
from cs_workbench.core.metrics.purchases import (
    as_metric,
    high_revenue_days,
    milestone,
    purchase_cycle,
    repeat_purchase_rate,
    top_threshold,
)
from tests.core.metrics.lines import day, evidence, line

LINES = [
    line(1, 100, "2024-01-01", "2024-12-31"),
    line(1, 100, "2025-01-01", "2025-12-31"),
    line(1, 20, "2025-01-01", "2025-12-31", product="Q"),
    line(2, 100, "2025-03-01", "2026-02-28"),
    line(3, 100, "2025-03-01", is_trial=True),
]


def test_buying_again_counts_days_and_not_lines() -> None:
    given = evidence(LINES, "2025")
    found = bought(given.history.book, day("2025-12-31").toordinal())
    rate = repeat_purchase_rate(found, given.history.book.keys)
    assert (rate.value, rate.n) == (Fraction(1, 2), 2)  # a trial is no purchase
    cycle = purchase_cycle(found, given.history.book.keys)
    assert (cycle.value, cycle.n) == (Fraction(366), 1)
    assert found.second_days() == {0: day("2025-01-01").toordinal()}
    assert list(found.only([1]).account) == [1]


def test_nobody_bought_twice() -> None:
    given = evidence(LINES[3:], "2025")
    found = bought(given.history.book, day("2025-12-31").toordinal())
    assert purchase_cycle(found, given.history.book.keys).value is None
    assert given.bought == found


def test_a_milestone_counts_those_who_are_not_there_yet() -> None:
    curve = milestone([10, None, 30], [0, 0, 0], [100, 100, 100])
    metric = as_metric("first_expansion", curve)
    assert (metric.value, metric.n) == (Fraction(30), 3)
    waiting = as_metric("first_expansion", milestone([10, None, None], [0] * 3, [100] * 3))
    assert waiting.value is None
    assert "1 of 3" in waiting.flags[0]


def test_the_largest_fifth_and_when_it_came() -> None:
    closing = [10, 20, 30, 40, 500, 0]
    assert top_threshold(closing) == 500
    assert top_threshold([]) == 0
    threshold, days = high_revenue_days(closing, [0] * 6, [None, None, None, None, 90, None])
    assert (threshold, days) == (500, [90])


def test_existing_accounts_and_policy_reach_the_metrics() -> None:
    assert list(evidence(LINES, "2025", policy=DEFAULT_POLICY).moved.opening) == [100, 0, 0]
