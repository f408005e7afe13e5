"""The array kernel against sums worked out by hand, and the promises of its benchmark (deep)."""

import numpy as np
import pytest

from cs_workbench.core.kernels import detection as kernel
from cs_workbench.core.kernels.replay import count_openings
from cs_workbench.core.usage_detection import limits
from cs_workbench.core.usage_findings import DEFAULT_THRESHOLDS

NAN = float("nan")


def test_the_median_of_each_row_is_of_what_is_known() -> None:
    values = np.array([[3.0, 1.0, 2.0], [4.0, NAN, 1.0], [NAN, NAN, NAN]])
    assert kernel.median(values) == pytest.approx([2.0, 2.5, NAN], nan_ok=True)


def test_weekly_sums_end_on_any_day_and_know_gaps() -> None:
    days = np.full((1, 26 * 7 + 3), 10.0)
    days[0, -3:] = NAN
    days[0, 3:7] = NAN
    sums = kernel.weekly(days, 26 * 7 + 2)
    assert sums.shape == (1, 26)
    assert np.isnan(sums[0, 0])  # three known days
    assert sums[0, 1:] == pytest.approx([70.0] * 25)  # the last of them scaled from four


def test_week_sums_scale_and_leave_out() -> None:
    sums = kernel.week_sums([(20.0, 9.0, 0.0)], [(4, 3, 7)])
    assert sums[0] == pytest.approx([35.0, NAN, 0.0], nan_ok=True)


def test_the_cusum_adds_what_is_below_by_more_than_half_and_forgets() -> None:
    weeks = np.full((1, 26), 100.0)
    found = kernel.measure(weeks, np.zeros((1, 26)))
    assert found.fade[0] == 0
    weeks[0, -3:] = 80.0
    low = kernel.measure(weeks, np.zeros((1, 26)))
    step = float(np.log(80.5 / 100.5)) / low.spread[0]
    assert low.fade[0] == pytest.approx(3 * (-step - kernel.SLACK), rel=0.05)
    assert low.begins[0] == 23


def test_the_spread_is_no_less_than_chance_makes_of_a_count() -> None:
    small = kernel.measure(np.full((1, 26), 9.0), np.zeros((1, 26)))
    large = kernel.measure(np.full((1, 26), 9_000.0), np.zeros((1, 26)))
    assert small.spread[0] == pytest.approx((0.06**2 + 1.5 / 9.5) ** 0.5)
    assert large.spread[0] < 0.1


def test_the_calendar_is_taken_out_of_levels() -> None:
    weeks = np.full((1, 26), 100.0)
    weeks[0, -1] = 50.0
    calendar = np.zeros((1, 26))
    calendar[0, -1] = np.log(50.5 / 100.5)
    assert kernel.measure(weeks, calendar).shock[0] == pytest.approx(0.0)
    assert kernel.measure(weeks, np.zeros((1, 26))).shock[0] < -5


@pytest.mark.deep
def test_the_benchmark_keeps_its_promises() -> None:
    from pathlib import Path

    from benchmarks.detection import measure

    missed = [one.what for one in measure((), Path()) if one.verdict == "missed"]
    assert missed == []


@pytest.mark.deep
@pytest.mark.parametrize("seed", [11, 12])
def test_false_alarms_stay_in_the_budget_on_other_accounts(seed: int) -> None:
    from benchmarks.detection import BUDGET, look
    from benchmarks.usage_simulation import simulate

    simulation = simulate(600, seed=seed)
    nights = look(simulation, simulation.counts())
    assert count_openings(nights.falls, nights.back) / (nights.falls.size / 365) <= BUDGET


def test_thresholds_reach_the_kernel_with_their_least_changes() -> None:
    rules = limits(DEFAULT_THRESHOLDS.times(2))
    assert rules.shock == (2 * DEFAULT_THRESHOLDS.shock, 0.30)
    assert rules.fade == (2 * DEFAULT_THRESHOLDS.fade, 0.20)


def test_idle_are_those_who_came_once_and_were_counted_in_vain_for_two_weeks() -> None:
    totals = [[5.0, 0, 0], [5.0, 0, 0], [0.0, 0, 0], [5.0, 0, 1], [5.0, 1, 0], [5.0, 0, 0]]
    days = [[7, 7, 4], [7, 7, 3], [7, 7, 7], [7, 7, 7], [7, 7, 7], [7, 0, 7]]
    assert kernel.idle(totals, days) == [0]
