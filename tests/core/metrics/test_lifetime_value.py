from fractions import Fraction

import pytest

from cs_workbench.core.metrics.lifetime_value import (
    clv,
    clv_metric,
    clv_of_cohorts,
    clv_uncapped,
    monthly_churn,
)

MARGIN, CHURN = Fraction(8, 10), Fraction(2, 100)


def test_the_vector_of_the_definitions() -> None:
    assert clv_uncapped(2000, MARGIN, CHURN) == 80_000
    assert round(clv(2000, MARGIN, CHURN, months=60)) == 56_196
    discounted = clv(2000, MARGIN, CHURN, months=60, discount_rate=Fraction(1, 10))
    assert round(discounted, -2) == 47_000
    assert clv(2000, MARGIN, Fraction(0), months=60) == 96_000


def test_nobody_leaving_is_capped_and_not_endless() -> None:
    assert clv_uncapped(2000, MARGIN, Fraction(0)) is None
    metric = clv_metric(
        arr=24_000, accounts=1, churn=Fraction(0), margin=MARGIN, months=60, discount_rate=None
    )
    assert metric.value == 96_000
    assert "capped at 60 months" in metric.flags


def test_without_a_margin_it_is_unknown() -> None:
    metric = clv_metric(arr=100, accounts=1, churn=CHURN, margin=None, months=60)
    assert metric.value is None
    assert "gross_margin" in metric.flags[0]


def test_without_customers_it_is_unknown() -> None:
    assert clv_metric(arr=0, accounts=0, churn=None, margin=MARGIN, months=60).value is None


def test_churn_by_the_month_comes_from_days() -> None:
    assert monthly_churn(1, 0) is None
    found = monthly_churn(12, 36_525)
    assert found is not None
    assert float(found) == pytest.approx(0.01)


def test_cohorts_count_only_what_was_seen() -> None:
    # Two accounts, 1200 a year each; the second cohort has been seen for one month only.
    metric = clv_of_cohorts([[1200, 0], [1200, 0]], [1, 1], [2, 1], margin=MARGIN, months=60)
    assert metric.value == Fraction(100) * MARGIN
    assert "seen for 2 of 60 months" in metric.flags[0]
    wrong = Fraction(100 + 0, 1) * MARGIN / 2  # ages not seen taken for zero
    assert metric.value != wrong
