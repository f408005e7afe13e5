import math

import pytest

from cs_workbench.core.metrics import intervals


def test_wilson_of_the_literature() -> None:
    """Newcombe (1998): 81 of 263 gives 0.2553 to 0.3662."""
    found = intervals.of_counts(81, 263)
    assert found is not None
    assert found == pytest.approx((0.2553, 0.3662), abs=5e-5)


def test_all_and_none_are_not_certain() -> None:
    assert intervals.of_counts(10, 10) == pytest.approx((0.7225, 1.0), abs=5e-5)
    assert intervals.of_counts(0, 10) == pytest.approx((0.0, 0.2775), abs=5e-5)
    assert intervals.of_counts(0, 0) is None


def test_equal_weights_count_as_many_and_one_large_one_as_few() -> None:
    assert intervals.effective_size([5] * 40) == 40
    assert intervals.effective_size([1_000_000, 1, 1, 1]) == pytest.approx(1, abs=1e-3)
    assert intervals.effective_size([]) == 0
    assert intervals.of_weights(0.9, [7] * 50) == intervals.of_counts(45, 50)


def test_a_ratio_may_pass_one() -> None:
    found = intervals.of_ratio([120, 90, 130], [100, 100, 100])
    assert found is not None
    assert found[0] < 340 / 300 < found[1]
    assert found[1] > 1
    assert intervals.of_ratio([1], [1]) is None


def test_a_mean() -> None:
    found = intervals.of_mean([1.0, 2.0, 3.0])
    assert found is not None
    assert found[1] - 2 == pytest.approx(intervals.Z * math.sqrt(1 / 3))
    assert intervals.of_mean([1.0]) is None
