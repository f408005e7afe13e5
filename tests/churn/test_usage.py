import numpy as np
import pytest

from cs_workbench.churn.history import Corrections, Metric, Reach
from cs_workbench.churn.usage import (
    has_stopped,
    log_ratio,
    weeks_idle,
    weeks_known,
    window,
    with_gaps_filled,
)
from tests.churn.histories import END, day, ints, usage_metric

FIRST = "2026-01-05"  # a Monday


def metric(*rows: list[float]) -> Metric:
    return usage_metric(np.array(rows), FIRST)


def test_only_weeks_that_are_over_count() -> None:
    one = metric([10, 20, 30, 40])
    assert weeks_known(one, day("2026-01-18")) == 2
    assert weeks_known(one, day("2026-01-17")) == 1
    assert window(one, day("2026-01-17"), back=0, weeks=1).total.tolist() == [10]


def test_the_rate_is_a_known_day() -> None:
    one = metric([10, -1, 30, 40])
    found = window(one, day("2026-02-01"), back=0, weeks=4)
    assert found.days.tolist() == [15]
    assert found.rate == pytest.approx([80 / 15])


def test_a_window_without_data_is_not_known() -> None:
    one = metric([10, 20, -1, -1])
    assert np.isnan(window(one, day("2026-02-01"), back=0, weeks=2).rate).all()


def test_the_change_is_of_the_rates() -> None:
    one = metric([10.0] * 12 + [5.0] * 4)
    at = day(FIRST) + 7 * 16 - 1
    change = log_ratio(window(one, at, back=0, weeks=4), window(one, at, back=4, weeks=12))
    steady = 0.05 * 2
    assert change == pytest.approx([np.log((1 + steady) / (2 + steady))])


def test_idle_weeks_are_counted_from_the_last_use() -> None:
    one = metric([5, 0, 0, -1], [0, 0, 0, 0], [1, 1, 1, 1])
    found = weeks_idle(one, day("2026-02-01"))
    assert found[0] == 3
    assert np.isnan(found[1])
    assert found[2] == 0


def test_what_a_later_import_brought_was_not_known() -> None:
    one = metric([10, 20, 30, 40])
    late = Metric(**{**vars(one), "reach": (Reach(0, day("2026-01-18")), Reach(END - 10, END))})
    assert weeks_known(late, day("2026-03-01")) == 2
    assert weeks_known(late, END) == 4
    assert has_stopped(late, day("2026-03-01"))
    assert not has_stopped(late, day("2026-02-01"))


def test_a_day_that_was_corrected_later_counts_as_it_stood() -> None:
    one = metric([10, 20, 30, 40])
    correction = Corrections(
        ints(day("2026-03-01")), ints(0), ints(1), *(np.array([x]) for x in (15.0, 1.0, 1.0))
    )
    changed = Metric(**{**vars(one), "corrections": correction})
    before = window(changed, day("2026-02-01"), back=0, weeks=4)
    after = window(changed, day("2026-03-01"), back=0, weeks=4)
    assert (before.total.tolist(), before.days.tolist()) == ([85], [19])
    assert after.total.tolist() == [100]


def test_days_between_the_events_of_a_feed_are_days_without_use() -> None:
    rows = np.full((3, 60), -1.0)
    rows[0, [3, 9, 11, 12, 30]] = 2
    rows[1, [5, 6, 41]] = 1
    rows[2, [20, 21, 22, 23, 50, 51, 52]] = 3
    events = usage_metric(rows, "2025-01-06", days=1)
    filled = with_gaps_filled(events)
    assert filled.days[0, :3].tolist() == [0, 0, 0]
    assert set(filled.days[0, 3:].tolist()) == {7}


def test_a_monthly_feed_keeps_its_gaps() -> None:
    rows = np.full((3, 60), -1.0)
    rows[:, ::4] = 30
    monthly = usage_metric(rows, "2025-01-06", days=1)
    assert with_gaps_filled(monthly) is monthly


def test_a_feed_that_says_zero_keeps_its_gaps() -> None:
    rows = np.full((3, 60), -1.0)
    rows[0, [3, 9, 11, 12, 30]] = 2
    rows[1, [5, 6, 41, 44]] = 0
    told = usage_metric(rows, "2025-01-06", days=1)
    assert with_gaps_filled(told) is told
