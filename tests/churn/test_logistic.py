import numpy as np
import pytest

from cs_workbench.churn.logistic import (
    Prior,
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


def test_the_evidence_prefers_the_right_strength() -> None:
    rng = np.random.default_rng(5)
    columns = rng.normal(size=(300, 8))
    noise = (rng.random(300) < 0.3).astype(float)

    def evidence(strength: float) -> float:
        prior = Prior(np.zeros(9), np.array([1e-4, *[strength] * 8]))
        return fit_logistic(columns, noise, prior).evidence

    assert evidence(100.0) > evidence(1.0)
