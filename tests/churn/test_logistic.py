import numpy as np
import pytest

from cs_workbench.churn.logistic import (
    Prior,
    account_scores,
    fit_logistic,
    logit_of,
    sigmoid,
)

FREE = Prior(np.zeros(1), np.array([1e-9]))


def test_without_columns_the_intercept_is_the_log_odds_of_the_rate() -> None:
    happened = np.array([1.0] * 3 + [0.0] * 9)
    fit = fit_logistic(np.zeros((12, 0)), happened, FREE)
    assert fit.coefficients == pytest.approx(logit_of(0.25), abs=1e-6)


def test_weights_count_as_that_many_rows() -> None:
    rng = np.random.default_rng(1)
    columns = rng.normal(size=(60, 2))
    happened = (rng.random(60) < 0.3).astype(float)
    prior = Prior(np.zeros(3), np.full(3, 0.5))
    twice = fit_logistic(np.repeat(columns, 2, axis=0), np.repeat(happened, 2), prior)
    weighted = fit_logistic(columns, happened, prior, weights=np.full(60, 2.0))
    assert weighted.coefficients == pytest.approx(twice.coefficients, abs=1e-7)


def test_it_is_what_scikit_learn_finds() -> None:
    from sklearn.linear_model import LogisticRegression

    rng = np.random.default_rng(2)
    columns = rng.normal(size=(400, 3))
    happened = (rng.random(400) < sigmoid(columns @ np.array([1.0, -0.5, 0.0]) - 1)).astype(float)
    ours = fit_logistic(columns, happened, Prior(np.zeros(4), np.array([1e-9, 2.0, 2.0, 2.0])))
    peer = LogisticRegression(C=0.5, tol=1e-10, max_iter=1000).fit(columns, happened)
    theirs = np.r_[peer.intercept_, peer.coef_.ravel()]
    assert ours.coefficients == pytest.approx(theirs, abs=1e-4)


def test_a_strong_prior_keeps_its_mean() -> None:
    columns = np.array([[1.0], [2.0], [-1.0], [0.5]])
    prior = Prior(np.array([0.0, 0.7]), np.array([1e-6, 1e9]))
    fit = fit_logistic(columns, np.array([1.0, 0.0, 1.0, 0.0]), prior)
    assert fit.coefficients[1] == pytest.approx(0.7, abs=1e-4)


def test_separable_rows_stay_finite() -> None:
    columns = np.array([[-2.0], [-1.0], [1.0], [2.0]])
    prior = Prior(np.zeros(2), np.array([1e-4, 0.1]))
    fit = fit_logistic(columns, np.array([0.0, 0.0, 1.0, 1.0]), prior)
    assert np.isfinite(fit.coefficients).all()
    assert fit.coefficients[1] > 0


def test_the_gradients_of_accounts_add_up_to_the_prior_pull() -> None:
    rng = np.random.default_rng(3)
    columns, account = rng.normal(size=(200, 2)), rng.integers(0, 30, 200)
    happened = (rng.random(200) < 0.4).astype(float)
    prior = Prior(np.zeros(3), np.full(3, 1.5))
    fit = fit_logistic(columns, happened, prior)
    scores = account_scores(columns, happened, account, fit, weights=np.ones(200))
    assert scores.sum(axis=0) == pytest.approx(1.5 * fit.coefficients, abs=1e-4)


def test_bootstraps_spread_as_the_standard_error() -> None:
    """One account a row: the spread of the draws is that of independent rows."""
    rng = np.random.default_rng(4)
    columns = rng.normal(size=(2000, 1))
    happened = (rng.random(2000) < sigmoid(columns[:, 0] * 0.8 - 1)).astype(float)
    fit = fit_logistic(columns, happened, Prior(np.zeros(2), np.full(2, 1e-6)))
    scores = account_scores(columns, happened, np.arange(2000), fit, weights=np.ones(2000))
    draws = fit.one_step_draws(scores, 2000, seed=0)
    expected = np.sqrt(np.diag(np.linalg.inv(fit.hessian)))
    assert draws.std(axis=0) == pytest.approx(expected, rel=0.12)


def test_the_evidence_prefers_the_right_strength() -> None:
    rng = np.random.default_rng(5)
    columns = rng.normal(size=(300, 8))
    noise = (rng.random(300) < 0.3).astype(float)

    def evidence(strength: float) -> float:
        prior = Prior(np.zeros(9), np.array([1e-4, *[strength] * 8]))
        return fit_logistic(columns, noise, prior).evidence

    assert evidence(100.0) > evidence(1.0)
