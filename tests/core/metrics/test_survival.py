import pytest

from cs_workbench.core.metrics.survival import survival


def test_the_curve_of_a_textbook() -> None:
    """Six weeks of remission of 21 patients (Freireich 1963): S(6) = 0.857, S(10) = 0.753."""
    days = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
    ended = [one in {0, 1, 2, 4, 6, 9, 10, 14, 15} for one in range(21)]
    curve = survival(days, ended)
    assert curve.at(6) == pytest.approx(0.857, abs=5e-4)
    assert curve.at(10) == pytest.approx(0.753, abs=5e-4)
    assert curve.at(23) == pytest.approx(0.448, abs=5e-4)
    assert (curve.n, curve.events, curve.median) == (21, 9, 23)


def test_censored_ones_are_not_dropped_nor_taken_for_ended() -> None:
    curve = survival([10, 20, 30, 40], [True, False, True, False])
    assert curve.at(10) == 0.75
    assert curve.at(30) == 0.375  # dropped: 0 of 2 after 30; taken for ended: 0.25
    assert curve.median == 30


def test_a_median_that_was_not_reached_is_unknown() -> None:
    curve = survival([10, 50, 50], [True, False, False])
    assert curve.median is None
    assert curve.median_interval == (10, None)


def test_nobody() -> None:
    curve = survival([], [])
    assert (curve.n, curve.median, curve.at(5)) == (0, None, 1.0)


def test_the_interval_holds_the_curve_within_bounds() -> None:
    curve = survival(list(range(1, 21)), [True] * 20)
    for low, share, high in zip(curve.lows, curve.shares, curve.highs, strict=True):
        assert 0 <= low <= share <= high <= 1
