import numpy as np
import pytest

from cs_workbench.churn.quality import (
    auc,
    average_precision,
    captured,
    ece,
    ece_floor,
    first_ranked,
    log_losses,
    observed_to_expected,
    reliability,
    slope,
    wilson,
    worth_of,
)

SCORE = np.array([0.9, 0.8, 0.7, 0.6, 0.5])
BAD = np.array([True, False, True, False, False])


def test_the_auc_is_the_share_of_pairs_in_order() -> None:
    assert auc(SCORE, BAD) == pytest.approx(5 / 6)  # accuracy would be 3 / 5


def test_ties_count_half() -> None:
    assert auc(np.full(5, 0.3), BAD) == pytest.approx(0.5)
    assert auc(np.array([1.0, 1.0, 0.0]), np.array([True, False, False])) == pytest.approx(0.75)


def test_pairs_of_one_day_alone_count() -> None:
    """Each day is ranked rightly; the second day's base rate alone would turn the whole around."""
    score = np.array([0.8, 0.9, 0.1, 0.2, 0.15])
    bad = np.array([False, True, False, True, True])
    day = np.array([1, 1, 2, 2, 2])
    assert auc(score, bad, day=day) == 1.0
    assert auc(score, bad) == pytest.approx(4 / 6)
    order = np.array([3, 0, 4, 2, 1])
    assert auc(score[order], bad[order], day=day[order]) == 1.0
    assert auc(np.zeros(0), np.zeros(0, bool)) is None


def test_without_both_kinds_there_is_no_auc() -> None:
    assert auc(SCORE, np.zeros(5, bool)) is None


def test_weights_count_as_that_many_rows() -> None:
    weights = np.array([1.0, 2.0, 1.0, 1.0, 3.0])
    rows = np.repeat(np.arange(5), weights.astype(int))
    assert auc(SCORE, BAD, weights) == pytest.approx(auc(SCORE[rows], BAD[rows]) or 0)


def test_the_loss_of_a_coin_is_log_two() -> None:
    assert log_losses(np.full(5, 0.5), BAD) == pytest.approx([np.log(2)] * 5)
    assert np.isfinite(log_losses(np.array([0.0, 1.0]), np.array([True, False]))).all()


def test_average_precision() -> None:
    assert average_precision(SCORE, BAD) == pytest.approx((1 + 2 / 3) / 2)


def test_observed_to_expected() -> None:
    assert observed_to_expected(np.full(5, 0.2), BAD) == pytest.approx(2.0)


@pytest.mark.parametrize(
    ("events", "n", "low", "high"),
    [(9, 12, 0.47, 0.91), (0, 10, 0.0, 0.278), (0, 0, 0.0, 1.0)],
)
def test_wilson(events: int, n: int, low: float, high: float) -> None:
    """9 of 12: 47 to 91 %, too few to tell."""
    assert list(wilson(events, n)) == pytest.approx([low, high], abs=0.005)


def test_the_slope_of_what_is_too_extreme_is_below_one() -> None:
    rng = np.random.default_rng(1)
    logit = rng.normal(0, 1, 20_000) - 1
    bad = rng.random(20_000) < 1 / (1 + np.exp(-logit))
    true = 1 / (1 + np.exp(-logit))
    extreme = 1 / (1 + np.exp(-(2 * logit)))
    assert slope(true, bad) == pytest.approx(1.0, abs=0.06)
    assert slope(extreme, bad) == pytest.approx(0.5, abs=0.04)


@pytest.mark.parametrize(("n", "floor"), [(30, 0.066), (300, 0.025), (1000, 0.013)])
def test_a_perfect_model_shows_an_error_that_is_noise(n: int, floor: float) -> None:
    """At 4.4 % churn, as measured elsewhere: .066, .025 and .013."""
    bins = reliability(np.full(n, 0.044), np.zeros(n, bool), np.arange(n))
    found = ece_floor(bins, seed=0, draws=2000)
    assert found == pytest.approx(floor, rel=0.3)


def test_the_floor_and_the_intervals_count_a_departure_once() -> None:
    """Three snapshots see each: what is exactly true must not look wrong more often than it is."""
    rng = np.random.default_rng(4)
    accounts = 900
    account = np.repeat(np.arange(accounts), 3)
    true = np.repeat(rng.uniform(0.02, 0.2, accounts), 3)
    errors, floors, held = [], [], []
    for _ in range(40):
        bad = np.repeat(rng.random(accounts) < true[::3], 3)
        bins = reliability(true, bad, account)
        errors.append(ece(bins))
        floors.append(ece_floor(bins, seed=0))
        held += [one.low <= one.expected <= one.high for one in bins]
    assert np.mean(floors) == pytest.approx(np.mean(errors), rel=0.1)
    assert 0.92 < np.mean(held) < 0.98  # rows taken for independent: .71
    assert (bins[0].n, bins[0].apart) == (270, 90)


def test_groups_of_equal_size_with_what_came() -> None:
    probability = np.linspace(0.01, 0.5, 100)
    bins = reliability(probability, np.arange(100) % 10 == 0, np.arange(100))
    assert [one.n for one in bins] == [10] * 10
    assert [one.observed for one in bins] == [0.1] * 10
    assert ece(bins) == pytest.approx(abs(np.array([b.expected for b in bins]) - 0.1).mean())


def test_ranking_is_by_arr_at_risk() -> None:
    probability = np.array([0.5, 0.1, 0.02, 0.3])
    arr = np.array([100.0, 10_000.0, 100.0, 200.0])
    bad = np.array([True, True, False, False])
    day = np.zeros(4, int)
    worth = worth_of(arr)
    found = captured(first_ranked(probability, worth, day, share=1), bad, worth)
    assert found.arr_share == pytest.approx(10_000 / 10_100)  # by probability alone: 100 / 10,100
    assert found.precision == 1.0


def test_without_arr_accounts_count_alike() -> None:
    worth = worth_of(np.full(5, np.nan))
    found = captured(first_ranked(SCORE, worth, np.zeros(5, int), share=1), BAD, worth)
    assert found.arr_share == pytest.approx(0.5)
