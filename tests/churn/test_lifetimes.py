from itertools import pairwise

import numpy as np
import pytest

from cs_workbench.churn.lifetimes import Lifetimes, fit_lifetimes, paid_periods, survival

HIGH_END = (1000, 869, 743, 653, 593, 551, 517, 491)  # still customers after each renewal


def classic(alive: tuple[int, ...]) -> Lifetimes:
    lost = [before - after for before, after in pairwise(alive)]
    ended = np.repeat(np.arange(1, len(alive)), lost)
    stayed = np.full(alive[-1], len(alive) - 1)
    left = np.r_[np.ones(len(ended)), np.zeros(len(stayed))]
    return Lifetimes(np.zeros(len(left), np.int64), np.r_[ended, stayed], left)


def test_seven_renewals_of_the_classic_cohort() -> None:
    """Fader & Hardie: alpha .668, beta 3.806."""
    alpha, beta = fit_lifetimes(classic(HIGH_END).table())
    assert alpha == pytest.approx(0.668, abs=0.006)
    assert beta == pytest.approx(3.806, abs=0.04)


def test_retention_rises_with_age() -> None:
    _, stays = survival(np.array(0.668), np.array(3.806), 12)
    rates = stays[1:] / stays[:-1]
    assert rates[0] == pytest.approx(1 - 0.668 / (0.668 + 3.806))
    assert (np.diff(rates) > 0).all()
    # The classic cohort's twelfth year: 48.2 % by constant churn would be about 25 %.
    assert stays[12] == pytest.approx(0.38, abs=0.03)


def test_who_entered_late_tells_nothing_of_the_time_before() -> None:
    """Survivors of a cohort that was first watched at its third renewal give the same model."""
    whole = classic(HIGH_END)
    late = whole.ended > 3
    watched = Lifetimes(np.full(late.sum(), 3), whole.ended[late], whole.left[late])
    both = Lifetimes(
        np.r_[whole.entered, watched.entered],
        np.r_[whole.ended, watched.ended],
        np.r_[whole.left, watched.left],
    )
    alpha, beta = fit_lifetimes(both.table())
    assert alpha == pytest.approx(0.668, abs=0.08)
    naive = Lifetimes(np.zeros(late.sum(), np.int64), watched.ended, watched.left)
    wrong, _ = fit_lifetimes(naive.table())
    assert abs(wrong - 0.668) > 0.3
    assert beta > 3


def test_periods_are_paid_in_advance_up_to_the_cap() -> None:
    _, stays = survival(np.array(1.0), np.array(1.0), 2)
    assert stays.tolist() == pytest.approx([1, 1 / 2, 1 / 3])
    assert paid_periods(1.0, 1.0, 3) == pytest.approx(1 + 1 / 2 + 1 / 3)
    assert paid_periods(1.0, 1.0, 2, discount=0.1) == pytest.approx(1 + 0.5 / 1.1)
    assert paid_periods(1.0, 1.0, 0) == 0
