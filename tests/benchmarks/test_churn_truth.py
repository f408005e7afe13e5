import numpy as np
import pytest

from benchmarks.churn_intervals import held
from benchmarks.churn_truth import Trial, pooled_o_e, row, trial

ONE = Trial(
    seed=0, events=20, skill=0.1, rival=0.08, truth=0.3, gain_low=-0.01, gain_high=0.05,
    said=40.0, came=42, o_e_low=0.8, o_e_high=1.4, auc=0.8, is_on=False, alarms=0,
)  # fmt: skip


def test_a_line_of_the_table() -> None:
    assert row(30, [ONE]) == (
        "| 30 | 1 | 10.0 % | 100 % | 30.0 % | +2.0 points | 0 % | 1.05 (1.05-1.05) | 100 % | 100 % "
        "| 0 % |"
    )


@pytest.mark.deep
@pytest.mark.parametrize("churns", [30, 100, 300])
def test_the_truth_test(churns: int) -> None:
    """Forty books of which the true probabilities are known."""
    trials = [one for seed in range(40) if (one := trial(churns, seed)) is not None]
    assert len(trials) == 40
    skill = np.array([one.skill for one in trials])
    gained = skill - np.array([one.rival for one in trials])
    assert skill.mean() > 0
    assert (skill > 0).mean() >= 0.9
    # No worse than health x calendar: of intervals of 90 % one in twenty lies below by chance.
    assert sum(one.gain_high < 0 for one in trials) <= 2
    assert gained.mean() > 2 * gained.std() / np.sqrt(40)
    # Of all books together; one book's own is held against its own noise.
    _, low, high = pooled_o_e(trials)
    assert 0.9 < low < high < 1.1
    assert np.mean([one.o_e_low <= 1 <= one.o_e_high for one in trials]) >= 0.85
    assert not any(one.alarms for one in trials)


@pytest.mark.deep
def test_where_only_contracts_decide_no_model_beats_the_calendar() -> None:
    trials = [one for seed in range(12) if (one := trial(100, seed, shuffled=True)) is not None]
    assert np.mean([one.skill - one.rival for one in trials]) < 0.005
    assert sum(one.is_on for one in trials) <= 2  # a 90 % interval: one in twenty by chance
    assert not any(one.alarms for one in trials)


@pytest.mark.deep
@pytest.mark.parametrize(("churns", "books"), [(30, 12), (100, 8)])
def test_intervals_hold_what_models_of_other_books_say(churns: int, books: int) -> None:
    """Of 80 %: some books and one world do not tell 80 from 70, but from half and from all."""
    found = held(churns, books)
    assert 0.65 <= found.others <= 0.92
    assert 0.75 < found.spread < 1.4
