import numpy as np
import pytest

from benchmarks.churn_truth import Trial, row, trial

ONE = Trial(
    seed=0, events=20, skill=0.1, rival=0.08, truth=0.3, gain_low=-0.01, gain_high=0.05,
    said=40.0, came=44, auc=0.8, is_on=False, alarms=0,
)  # fmt: skip


def test_a_line_of_the_table() -> None:
    assert row(30, [ONE]) == (
        "| 30 | 1 | 10.0 % | 100 % | 30.0 % | +2.0 points | 0 % | 1.10 | 0 % |"
    )


@pytest.mark.deep
@pytest.mark.parametrize(("churns", "books"), [(30, 20), (100, 8), (300, 2)])
def test_the_truth_test(churns: int, books: int) -> None:
    """Books of which the true probabilities are known; the benchmark takes forty of each.

    So few books cannot tell the model from health x calendar: that comparison is the benchmark's.
    """
    trials = [one for seed in range(books) if (one := trial(churns, seed)) is not None]
    skill = np.array([one.skill for one in trials])
    rival = np.array([one.rival for one in trials])
    assert skill.mean() > 0
    assert (skill > 0).mean() >= 0.9
    assert (skill - rival).mean() > -0.05
    assert 0.85 < sum(one.came for one in trials) / sum(one.said for one in trials) < 1.15
    assert not any(one.alarms for one in trials)
