"""Logistic regression with a Gaussian prior on each coefficient, by Newton's method in numpy.

Deterministic, exact, and small: what a model of some dozen columns needs. Rows may carry weights,
coefficients their own prior mean and precision.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cs_workbench.churn.history import Floats

STEPS, CLOSE = 60, 1e-9
CHUNK = 100_000
MOST_LOGIT = 30.0

Columns = NDArray[np.float64] | NDArray[np.float32]


@dataclass(frozen=True)
class Prior:
    """Mean and precision (1 / variance) of each coefficient, the intercept first."""

    mean: Floats
    precision: Floats


@dataclass(frozen=True)
class Fit:
    """The most probable coefficients, the intercept first, and the curvature around them.

    Attributes:
        hessian: of the negative log posterior.
        evidence: its Laplace approximation, to compare priors on the same rows.
    """

    coefficients: Floats
    hessian: Floats
    evidence: float


def sigmoid(logit: Floats) -> Floats:
    """1 / (1 + exp(-logit)), without overflow."""
    found: Floats = 1 / (1 + np.exp(-np.clip(logit, -MOST_LOGIT, MOST_LOGIT)))
    return found


def logit_of(probability: Floats | float) -> Floats:
    """The log-odds."""
    clipped = np.clip(np.asarray(probability, np.float64), 1e-9, 1 - 1e-9)
    found: Floats = np.log(clipped) - np.log1p(-clipped)
    return found


def linear(columns: Columns, coefficients: Floats, offset: Floats | float = 0.0) -> Floats:
    """The log-odds of each row."""
    found: Floats = columns @ coefficients[1:].astype(columns.dtype) + coefficients[0] + offset
    return found.astype(np.float64)


def fit_logistic(
    columns: Columns,
    happened: Floats,
    prior: Prior,
    *,
    weights: Floats | None = None,
    offset: Floats | None = None,
    start: Floats | None = None,
) -> Fit:
    """Find the most probable coefficients.

    `columns` has none for the intercept; `weights` of the rows are 1 if not given; `offset` is
    added to each row's log-odds; `start` are coefficients to begin with.
    """
    found = prior.mean.copy() if start is None else start.copy()
    weight = np.ones(len(happened)) if weights is None else weights
    moved = np.zeros(len(happened)) if offset is None else offset
    value = _objective(columns, (happened, weight, moved), found, prior)
    hessian = np.diag(prior.precision)
    for _ in range(STEPS):
        gradient, hessian = _derivatives(columns, happened, weight, moved, found)
        gradient -= prior.precision * (found - prior.mean)
        hessian += np.diag(prior.precision)
        step = np.linalg.solve(hessian, gradient)
        size = 1.0
        while size > 1e-4:
            tried = found + size * step
            reached = _objective(columns, (happened, weight, moved), tried, prior)
            if reached >= value - 1e-12:
                break
            size /= 2
        gain, found, value = reached - value, tried, reached
        if gain < CLOSE * (1 + abs(value)):
            break
    strong = prior.precision > 0
    evidence = value + 0.5 * np.log(prior.precision[strong]).sum()
    return Fit(found, hessian, float(evidence - 0.5 * np.linalg.slogdet(hessian)[1]))


def _objective(
    columns: Columns, given: tuple[Floats, Floats, Floats], coefficients: Floats, prior: Prior
) -> float:
    happened, weight, offset = given
    logit = linear(columns, coefficients, offset)
    fits = weight @ (happened * logit - np.logaddexp(0, logit))
    away = coefficients - prior.mean
    return float(fits - 0.5 * (prior.precision * away**2).sum())


def _derivatives(
    columns: Columns, happened: Floats, weight: Floats, offset: Floats, coefficients: Floats
) -> tuple[Floats, Floats]:
    """Gradient and Hessian, some rows at a time so that large panels stay within memory."""
    size = columns.shape[1] + 1
    gradient, hessian = np.zeros(size), np.zeros((size, size))
    for first in range(0, len(happened), CHUNK):
        part = slice(first, first + CHUNK)
        rows = columns[part].astype(np.float64)
        probability = sigmoid(linear(rows, coefficients, offset[part]))
        residual = weight[part] * (happened[part] - probability)
        curve = weight[part] * probability * (1 - probability)
        gradient[0] += residual.sum()
        gradient[1:] += residual @ rows
        bent = rows * curve[:, None]
        hessian[0, 0] += curve.sum()
        hessian[0, 1:] += bent.sum(axis=0)
        hessian[1:, 1:] += rows.T @ bent
    hessian[1:, 0] = hessian[0, 1:]
    return gradient, hessian
