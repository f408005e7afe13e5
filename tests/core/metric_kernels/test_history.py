import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from cs_workbench.core.metric_kernels import history as kernel
from cs_workbench.core.metric_kernels.books import book_of
from cs_workbench.core.metrics.book import Line
from cs_workbench.core.metrics.policy import DEFAULT_POLICY, MetricPolicy
from cs_workbench.errors import InputError
from tests.core.metrics.lines import LATE, day, line

STRICT = replace(DEFAULT_POLICY, grace_days=0, reactivation_days=0)


def paid(
    lines: list[Line], on: str, policy: MetricPolicy = STRICT, as_of: dt.date = LATE
) -> list[int]:
    history = kernel.history_of(book_of(lines, policy), policy, as_of.toordinal())
    return list(history.positions(day(on).toordinal()))


def test_the_end_date_is_the_last_day_of_entitlement() -> None:
    lines = [line(1, 100, "2026-01-01", "2026-06-30")]
    assert paid(lines, "2026-06-30") == [100]
    assert paid(lines, "2026-07-01") == [0]
    assert paid(lines, "2025-12-31") == [0]


def test_what_was_cancelled_has_no_entitlement_from_that_day() -> None:
    lines = [line(1, 100, "2026-01-01", "2026-12-31", cancelled_on="2026-06-30")]
    assert paid(lines, "2026-06-29") == [100]
    assert paid(lines, "2026-06-30") == [0]


def test_an_open_end_goes_on() -> None:
    assert paid([line(1, 100, "2024-02-29")], "2029-12-31") == [100]


def test_a_leap_day_ends_a_term_like_any_other() -> None:
    lines = [line(1, 100, "2027-03-01", "2028-02-29"), line(1, 120, "2028-03-01", "2029-02-28")]
    assert paid(lines, "2028-02-28") == [100]
    assert paid(lines, "2028-02-29") == [100]
    assert paid(lines, "2028-03-01") == [120]


def test_several_products_and_a_change_in_mid_term_add_up() -> None:
    lines = [
        line(1, 100, "2026-01-01", "2026-12-31", cancelled_on="2026-07-01"),
        line(1, 150, "2026-07-01", "2026-12-31"),
        line(1, 30, "2026-03-01", "2028-02-29", product="Q"),
        line(2, 7, "2026-01-01", "2026-12-31"),
    ]
    assert paid(lines, "2026-06-30") == [130, 7]
    assert paid(lines, "2026-07-01") == [180, 7]


def test_trials_free_plans_and_services_are_outside() -> None:
    lines = [
        line(1, 0, "2026-01-01", product="Free"),
        line(2, 100, "2026-01-01", is_trial=True),
        line(3, 100, "2026-01-01", product="Services"),
        line(4, 100, "2026-01-01", plan="Pilot"),
        line(5, 100, "2026-01-01"),
    ]
    policy = replace(STRICT, outside_arr=("services", "pilot"))
    assert paid(lines, "2026-02-01", policy) == [0, 0, 0, 0, 100]
    assert paid(lines, "2026-02-01", replace(policy, count_trials=True)) == [0, 100, 0, 0, 100]


@pytest.mark.parametrize("fields", [{}, {"is_trial": True}, {"plan": "pilot"}])
def test_a_negative_arr_is_an_error_and_not_netted(fields: dict[str, Any]) -> None:
    lines = [line(1, 100, "2026-01-01"), line(1, -20, "2026-02-01", product="Q", **fields)]
    with pytest.raises(InputError, match=r"1-Q-2026-02-01 .* \(-20 .* credit note is an invoice"):
        book_of(lines, replace(STRICT, outside_arr=("pilot",)))


@pytest.mark.parametrize(("back", "between"), [("2026-07-31", 100), ("2026-08-01", 0)])
def test_back_within_the_window_never_left(back: str, between: int) -> None:
    lines = [
        line(1, 100, "2026-01-01", "2026-06-30", cancelled_on="2026-07-01"),
        line(1, 60, back, "2027-06-30", product="Other"),
    ]
    policy = replace(STRICT, reactivation_days=30)
    assert paid(lines, "2026-07-15", policy) == [between]
    assert paid(lines, "2026-08-02", policy) == [60]


def test_a_late_renewal_of_one_product_leaves_no_dip() -> None:
    lines = [
        line(1, 100, "2026-01-01", "2026-06-30"),
        line(1, 110, "2026-07-20", "2027-06-30"),
        line(1, 50, "2026-01-01", product="Q"),
    ]
    assert paid(lines, "2026-07-10") == [50]
    assert paid(lines, "2026-07-10", replace(STRICT, grace_days=30)) == [150]


@pytest.mark.parametrize(("as_of", "still"), [("2026-07-31", 100), ("2026-08-01", 0)])
def test_in_grace_counts_as_staying_until_it_is_over(as_of: str, still: int) -> None:
    lines = [line(1, 100, "2026-01-01", "2026-06-30")]
    policy = replace(STRICT, grace_days=30)
    assert paid(lines, "2026-07-15", policy, day(as_of)) == [still]
    history = kernel.history_of(book_of(lines, policy), policy, day(as_of).toordinal())
    assert list(history.in_grace) == [int(still > 0)]


def test_who_cancelled_is_not_in_grace() -> None:
    lines = [line(1, 100, "2026-01-01", "2026-12-31", cancelled_on="2026-07-01")]
    assert paid(lines, "2026-07-15", replace(STRICT, grace_days=30), day("2026-07-15")) == [0]


def test_churn_at_notice_falls_on_the_last_day_for_notice() -> None:
    lines = [line(1, 100, "2026-03-01", "2027-02-28", notice_days=60)]
    policy = replace(STRICT, churn_date="notice")
    assert paid(lines, "2026-12-29", policy) == [100]
    assert paid(lines, "2026-12-30", policy) == [0]
    assert paid(lines, "2026-12-30", policy, day("2026-12-30")) == [100]  # not known to be churn


def test_churn_at_notice_leaves_renewals_alone() -> None:
    lines = [
        line(1, 100, "2026-03-01", "2027-02-28", notice_days=60),
        line(1, 100, "2027-03-01", "2028-02-29", notice_days=60),
    ]
    policy = replace(STRICT, churn_date="notice")
    assert paid(lines, "2027-01-15", policy, day("2027-06-01")) == [100]


def test_customer_days_count_the_day_of_the_loss_and_not_the_first() -> None:
    lines = [line(1, 5, "2026-01-11", "2026-01-20")]
    history = kernel.history_of(book_of(lines, STRICT), STRICT, LATE.toordinal())
    start, end = day("2025-12-31").toordinal(), day("2026-01-31").toordinal()
    assert list(kernel.customer_days(history, start, end)) == [10]
    assert list(kernel.last_losses(history, start, end)) == [day("2026-01-21").toordinal()]
    assert [list(one) for one in kernel.first_days(history)] == [
        [day("2026-01-11").toordinal()],
        [5],
    ]


def test_an_empty_book_has_no_accounts() -> None:
    history = kernel.history_of(book_of([], STRICT), STRICT, LATE.toordinal())
    assert list(history.positions(LATE.toordinal())) == []
    assert list(kernel.customer_days(history, 1, 2)) == []
    assert kernel.triangle(history, [], [], [10]) == ([], [], [], [])


def test_a_triangle_counts_by_age() -> None:
    lines = [
        line(1, 100, "2026-01-10", "2026-02-27"),
        line(2, 50, "2026-01-20"),
        line(3, 70, "2026-02-05"),
    ]
    history = kernel.history_of(book_of(lines, STRICT), STRICT, LATE.toordinal())
    ends = [day(text).toordinal() for text in ("2026-01-31", "2026-02-28", "2026-03-31")]
    found = kernel.triangle(history, [0, 0, 1], [0, 0, 1], ends)
    assert found.active == [[2, 1, 1], [1, 1, 0]]
    assert found.arr == [[150, 50, 50], [70, 70, 0]]
    assert (found.size, found.began) == ([2, 1], [150, 70])
