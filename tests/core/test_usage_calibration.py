import random

import numpy as np
import pytest

from cs_workbench.core.kernels.replay import count_false, count_openings, replay
from cs_workbench.core.usage_calibration import HIGHEST, LOWEST, fit
from cs_workbench.core.usage_detection import limits
from cs_workbench.core.usage_findings import DEFAULT_THRESHOLDS

YEAR = 7 * 60


def history(accounts: int, noise: float, days: int = YEAR, seed: int = 3) -> list[list[float]]:
    """Accounts whose weeks swing by so much and drag on."""
    rng = random.Random(seed)
    rows = []
    for _ in range(accounts):
        level = 0.0
        row: list[float] = []
        for _ in range(days // 7):
            level = 0.6 * level + rng.gauss(0, noise)
            row += [round(40 * 2**level)] * 7
        rows.append(row)
    return rows


def test_openings_last_until_they_are_over() -> None:
    strength = np.array([[0.0, 1.0, 0.9, 1.2, 0.0, 0.0, 1.1]])
    over = np.array([[True, True, False, False, False, True, True]])
    assert count_openings(strength, over, 1.0) == 2
    assert count_openings(strength, over, 1.15) == 1
    assert count_openings(strength, over, 2.0) == 0


def test_a_false_alarm_is_over_in_time_and_long_enough_ago() -> None:
    strength = np.array([[1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0]])
    soon = np.array([[False, False, True, True, True, False, True]])
    assert count_false(strength, soon, 1.0, within=2) == 1  # the second is too new to tell
    late = np.array([[False, False, False, True, True, False, False]])
    assert count_false(strength, late, 1.0, within=2) == 0
    assert count_false(strength, late, 1.0, within=3) == 1


def test_noisier_accounts_get_higher_thresholds() -> None:
    calm, wild = fit(history(60, 0.05), [0] * 60, 0.25), fit(history(60, 0.6), [0] * 60, 0.25)
    assert calm is not None
    assert wild is not None
    assert calm.is_enough
    assert calm.scale == LOWEST
    assert calm.scale < wild.scale < HIGHEST
    assert wild.false_a_year <= 0.25 < wild.false_before


@pytest.mark.deep
def test_a_smaller_budget_never_lowers_thresholds() -> None:
    rows = history(60, 0.6)
    found = [fit(rows, [0] * 60, budget) for budget in (1.0, 0.25, 0.05)]
    scales = [one.scale for one in found if one is not None]
    assert scales == sorted(scales)
    assert scales[0] < scales[-1]


def test_too_little_history_keeps_the_thresholds_of_the_program() -> None:
    few = fit(history(10, 0.6), [0] * 10, 0.25)
    assert few is not None
    assert not few.is_enough
    assert (few.scale, few.thresholds) == (1.0, DEFAULT_THRESHOLDS)
    assert fit(history(10, 0.6, days=7 * 25), [0] * 10, 0.25) is None
    assert fit([], [], 0.25) is None


def test_a_drop_that_stays_is_no_false_alarm() -> None:
    rows = history(60, 0.02)
    fallen = [
        [value if day < 210 else value * 0.3 for day, value in enumerate(row)] for row in rows
    ]
    alone = fit([*rows[:50], *fallen[50:]], [0] * 50 + list(range(1, 11)), 0.25)
    assert alone is not None
    assert alone.alarms == 10
    assert alone.false_a_year == 0


@pytest.mark.parametrize("every", [1, 7])
def test_a_replay_looks_from_the_end_of_the_first_half_year(every: int) -> None:
    days = np.array(history(3, 0.1, days=7 * 30))
    nights = replay(days, [], limits(DEFAULT_THRESHOLDS), edge=-0.1, every=every)
    assert nights.falls.shape == (3, (7 * 4) // every + 1)
    assert nights.tested.all()
