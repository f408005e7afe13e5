"""What holds of every book, whatever happened in it."""

import datetime as dt
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cs_workbench.core.metric_kernels import history as kernel
from cs_workbench.core.metric_kernels.books import book_of
from cs_workbench.core.metrics.analysis import Evidence, bridge_of, evidence_of, revenue_metrics
from cs_workbench.core.metrics.book import OPEN, Line
from cs_workbench.core.metrics.periods import Period
from cs_workbench.core.metrics.policy import MetricPolicy
from cs_workbench.core.metrics.results import Metric
from tests.core.metrics.books import books, days, policies

DEEP = 10_000
SUMS = ("grr", "nrr", "gross_churn", "net_churn", "crr", "ccr", "churn_predictive")
MONEY = {"clv", "clv_cohort"}
spans = st.tuples(days, st.integers(1, 400))


def taken(lines: list[Line], policy: MetricPolicy, span: tuple[dt.date, int]) -> Evidence:
    start, length = span
    end = start + dt.timedelta(length)
    as_of = (end + dt.timedelta(length % 50)).toordinal()
    book = book_of(lines, policy)
    history = kernel.history_of(book, policy, as_of)
    return evidence_of(history, book.arr, policy, Period(start, end, "p"), as_of)


def values(metrics: dict[str, Metric]) -> dict[str, Fraction | None]:
    return {key: one.value for key, one in metrics.items()}


def holds(lines: list[Line], policy: MetricPolicy, span: tuple[dt.date, int]) -> None:
    given_ = taken(lines, policy, span)
    metrics, bridge = revenue_metrics(given_, policy), bridge_of(given_)
    assert bridge.balances
    grr, nrr = metrics["grr"].value, metrics["nrr"].value
    if grr is not None and nrr is not None:
        assert 0 <= grr <= 1
        assert grr <= nrr
        assert grr == 1 - Fraction(bridge.contraction + bridge.churn, bridge.opening)
    crr, ccr = metrics["crr"].value, metrics["ccr"].value
    if crr is not None and ccr is not None:
        assert crr + ccr == 1
    for metric in metrics.values():
        if metric.by == "quotient" and metric.members.keys:
            assert metric.members.sums == (metric.numerator, metric.denominator)
        if metric.value is not None and metric.interval is not None and metric.unit == "share":
            low, high = (limit or 0 for limit in metric.interval)
            assert low - 1e-9 <= float(metric.value) <= high + 1e-9, metric.key
    _same_in_any_order(lines, policy, span, values(metrics))
    _parts_make_the_whole(given_, metrics)


def _same_in_any_order(
    lines: list[Line],
    policy: MetricPolicy,
    span: tuple[dt.date, int],
    expected: dict[str, Fraction | None],
) -> None:
    renamed = [
        one._replace(
            subscription_id=f"x{one.subscription_id}",
            account_key=1000 - one.account_key,
            product=f"renamed {one.product}",
        )
        for one in reversed(lines)
    ]
    assert values(revenue_metrics(taken(renamed, policy, span), policy)) == expected


def _parts_make_the_whole(given_: Evidence, metrics: dict[str, Metric]) -> None:
    size = given_.history.size
    parts = [
        revenue_metrics(given_.only(range(first, size, 2)), MetricPolicy()) for first in (0, 1)
    ]
    for key in SUMS:
        whole = metrics[key]
        assert sum(part[key].numerator for part in parts) == whole.numerator
        assert sum(part[key].denominator for part in parts) == whole.denominator


def split_changes_nothing(
    lines: list[Line], policy: MetricPolicy, span: tuple[dt.date, int]
) -> None:
    halves = []
    for one in lines:
        whole = one.arr_minor or 0
        part = whole // 3
        halves += [
            one._replace(arr_minor=part, subscription_id=f"{one.subscription_id}a"),
            one._replace(arr_minor=whole - part, subscription_id=f"{one.subscription_id}b"),
        ]
    before, after = (revenue_metrics(taken(some, policy, span), policy) for some in (lines, halves))
    assert values(before) == values(after)


def as_the_plain_rule_says(lines: list[Line], day: dt.date) -> None:
    """Without windows a position is what is in force, one subscription after another."""
    policy = MetricPolicy(reactivation_days=0, grace_days=0)
    book = book_of(lines, policy)
    history = kernel.history_of(book, policy, OPEN)
    expected = dict.fromkeys(book.keys, 0)
    for one in lines:
        end = one.end_date or dt.date.max
        cancelled = one.cancelled_on or dt.date.max
        if one.start_date <= day <= end and day < cancelled and not one.is_trial:
            expected[one.account_key] += one.arr_minor or 0
    assert list(history.positions(day.toordinal())) == list(expected.values())


@given(books(), policies, spans)
def test_every_book_satisfies_the_properties(
    lines: list[Line], policy: MetricPolicy, span: tuple[dt.date, int]
) -> None:
    holds(lines, policy, span)


@given(books(), policies, spans)
def test_a_subscription_in_two_changes_nothing(
    lines: list[Line], policy: MetricPolicy, span: tuple[dt.date, int]
) -> None:
    split_changes_nothing(lines, policy, span)


@given(books(), days)
def test_positions_are_those_of_the_plain_rule(lines: list[Line], day: dt.date) -> None:
    as_the_plain_rule_says(lines, day)


@given(books(), policies, spans)
def test_the_bridge_by_product_closes(
    lines: list[Line], policy: MetricPolicy, span: tuple[dt.date, int]
) -> None:
    per_product = replace(policy, minimum_per="subscription")
    given_ = taken(lines, per_product, span)
    bridge, grr = bridge_of(given_), revenue_metrics(given_, per_product)["grr"].value
    assert bridge.balances
    by_account = revenue_metrics(taken(lines, policy, span), policy)["grr"].value
    assert grr is None or (by_account is not None and grr <= by_account)


@pytest.mark.deep
@settings(max_examples=DEEP, deadline=None)
@given(books(), policies, spans, days)
def test_ten_thousand_books(
    lines: list[Line], policy: MetricPolicy, span: tuple[dt.date, int], day: dt.date
) -> None:
    holds(lines, policy, span)
    split_changes_nothing(lines, policy, span)
    as_the_plain_rule_says(lines, day)
