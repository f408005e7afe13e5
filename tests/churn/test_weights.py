import numpy as np
import pytest

from cs_workbench.churn.weights import _simplex, fit_weights, score_of
from tests.churn.histories import invented_sample


def test_a_score_is_the_mean_of_what_is_known() -> None:
    worths = np.array([[100.0, 0.0], [100.0, np.nan], [np.nan, np.nan]])
    assert score_of(worths, np.array([3.0, 1.0])).tolist() == [75.0, 100.0, 50.0]


@pytest.mark.parametrize(
    ("given", "found"),
    [([0.5, 0.5], [0.5, 0.5]), ([0.9, 0.3], [0.8, 0.2]), ([1.5, -0.5], [1.0, 0.0])],
)
def test_the_nearest_shares(given: list[float], found: list[float]) -> None:
    assert _simplex(np.array(given)) == pytest.approx(found)


def test_weight_moves_to_what_decides() -> None:
    sample = invented_sample(300, 90.0)
    rng = np.random.default_rng(0)
    knows = np.clip(85 - 40 * sample.happened + rng.normal(0, 12, len(sample)), 0, 100)
    noise = rng.uniform(0, 100, (len(sample), 2))
    worths = np.column_stack([knows, noise])
    worths[::7, 1] = np.nan
    present = np.array([10.0, 10.0, 20.0])
    found = fit_weights(sample, worths, present)
    assert found.weights.sum() == pytest.approx(40)
    assert (found.weights >= 0).all()
    assert found.weights[0] > 15
    assert found.weights[2] < 18
    assert found.gain.low is not None
    assert found.gain.low > 0
    assert (found.auc_then or 0) > (found.auc_now or 1)


def test_noise_leaves_the_weights_near_where_they_were() -> None:
    sample = invented_sample(300, 90.0)
    rng = np.random.default_rng(1)
    worths = rng.uniform(0, 100, (len(sample), 3))
    present = np.array([10.0, 10.0, 20.0])
    found = fit_weights(sample, worths, present)
    assert np.abs(found.weights - present).max() < 6
    assert found.gain.low is not None
    assert found.gain.low < 0.01
