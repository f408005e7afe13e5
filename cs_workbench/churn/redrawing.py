"""How far a model would move if other accounts were in the book: all of it fitted again.

A bootstrap of accounts. Every account is drawn with all of its rows, an account drawn twice counts
as two, and strength, coefficients, trees, calibration and level are found again on each drawing.
What is chosen (method, number of trees) stays: the backtest answers for that.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from cs_workbench.churn.columns import Inputs, matrix
from cs_workbench.churn.history import Floats
from cs_workbench.churn.models import Model
from cs_workbench.churn.samples import Sample

Logits = Callable[[Inputs], Floats]

DRAWINGS = 30
MOST_ROWS = 15_000  # of a drawing: fewer accounts are drawn from a larger book,
FEWEST_EVENTS = 60  # but so many that about as many left
MOST_LOOKED_AT = 4_000
TINY = 1e-6  # a direction in which columns differ so little is none


def spread_of(model: Model, sample: Sample, again: Callable[[Sample], Logits]) -> Floats:
    """The covariance of the log-odds, as one of intercept and columns.

    Log-odds of all drawings are told by the model's own columns (exactly, where it is linear), rows
    counting by p (1 - p); the variance of what these cannot tell is added to the intercept's.

    Args:
        model: fitted on the sample.
        sample: what it was fitted on.
        again: the same fit on a drawing; it gives the log-odds of any rows.
    """
    rng = np.random.default_rng(model.seed)
    accounts = len(np.unique(sample.account))
    share = max(MOST_ROWS / len(sample), FEWEST_EVENTS / max(1, sample.events))
    size = round(accounts * min(1.0, share))
    step = -(-len(sample) // MOST_LOOKED_AT)
    seen = sample.rows(np.arange(len(sample)) % step == 0)
    logits = np.stack(
        [again(redrawn(sample, rng, size))(seen.inputs) for _ in range(DRAWINGS)], axis=1
    )
    shrunk = size / accounts  # the variance falls as the number of accounts rises
    moved = (logits - logits.mean(axis=1, keepdims=True)) * np.sqrt(shrunk / (DRAWINGS - 1))
    probability = model.probabilities(seen.inputs)
    weight = np.sqrt(probability * (1 - probability))[:, None]
    rows = np.concatenate([np.ones((len(seen), 1)), matrix(model.columns, seen.inputs)], axis=1)
    told = np.linalg.lstsq(rows * weight, moved * weight, rcond=TINY)[0]
    untold = (((moved - rows @ told) * weight) ** 2).sum() / (weight**2).sum()
    found: Floats = told @ told.T
    found[0, 0] += untold
    return found / model.slope**2


def redrawn(sample: Sample, rng: np.random.Generator, size: int) -> Sample:
    """So many accounts, drawn with all of their rows; who is drawn twice counts as two."""
    order = np.argsort(sample.account, kind="stable")
    _, starts, counts = np.unique(sample.account[order], return_index=True, return_counts=True)
    drawn = rng.integers(0, len(starts), size)
    lengths = counts[drawn]
    within = np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    rows = sample.rows(order[np.repeat(starts[drawn], lengths) + within])
    number = np.repeat(np.arange(size), lengths)
    by_day = np.argsort(rows.panel.day, kind="stable")
    renamed = replace(rows, panel=replace(rows.panel, account=number))
    return renamed.rows(by_day)
