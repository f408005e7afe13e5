"""Weights that history would have chosen: never negative, drawn towards the present ones."""

from dataclasses import dataclass

import numpy as np

from cs_workbench.churn.columns import matrix
from cs_workbench.churn.draws import Interval
from cs_workbench.churn.history import Flags, Floats, Ints
from cs_workbench.churn.linear import calendar_columns
from cs_workbench.churn.logistic import Prior, fit_logistic, linear, sigmoid
from cs_workbench.churn.quality import account_weights, auc, log_losses
from cs_workbench.churn.samples import Sample
from cs_workbench.churn.threads import on_one_thread

ROUNDS, RATE = 300, 0.5
DRAWN = 30.0  # the present weights are worth so many churned accounts
DRAWS = 300
TESTED = 0.5  # of the departures, the later ones


@dataclass(frozen=True)
class Fitted:
    """A proposal.

    Attributes:
        weights: adding up to the present ones' sum, not rounded.
        gain: the share of the log loss saved on later days than those fitted on, 90 % interval.
        auc_now, auc_then: of the present and of the proposed weights on those days.
        events: different accounts that left, fitted on and tested on.
    """

    weights: Floats
    gain: Interval
    auc_now: float | None
    auc_then: float | None
    events: tuple[int, int]


def score_of(worths: Floats, weights: Floats) -> Floats:
    """The weighted mean of what is known; 50 where nothing is."""
    known = np.isfinite(worths)
    total = known @ weights
    summed = np.where(known, worths, 0) @ weights
    return np.where(total > 0, summed / np.where(total > 0, total, 1), 50.0)


@on_one_thread
def fit_weights(sample: Sample, worths: Floats, present: Floats) -> Fitted:
    """Propose weights, and test the same procedure on later days than it has seen.

    Args:
        sample: snapshots whose window has closed.
        worths: rows x measures, what each value is worth by itself, NaN where missing.
        present: the weights in use.
    """
    days = np.unique(sample.panel.day)
    first = days[_half(sample, days)]
    embargo = sample.labels.horizon + sample.labels.lead
    early = sample.panel.day + embargo <= first
    late = sample.panel.day >= first
    tried = _weights(sample.rows(early), worths[early], present)
    gain, now, then = _tested(sample, worths, (present, tried), (early, late))
    return Fitted(
        _weights(sample, worths, present),
        gain,
        now,
        then,
        (sample.rows(early).events, sample.rows(late).events),
    )


def _half(sample: Sample, days: Ints) -> int:
    """The first day by which half of the departures that can be learned from were known."""
    known = [sample.closed_by(day).events for day in days.tolist()]
    wanted = TESTED * max(known)
    return int(np.argmax(np.array(known) >= wanted))


def _weights(sample: Sample, worths: Floats, present: Floats) -> Floats:
    """Projected gradient on the weights' shares, level and calendar fitted beside."""
    total = present.sum()
    shares = present / total
    start = shares.copy()
    clock = matrix(calendar_columns(sample.inputs), sample.inputs)
    known = np.isfinite(worths)
    filled = np.where(known, worths, 0.0) / 100
    strength = DRAWN / max(1.0, float((sample.happened * sample.weight).sum()))
    scale = float((sample.happened * sample.weight).sum())
    for _ in range(ROUNDS):
        score = score_of(worths, shares) / 100
        rows = np.column_stack([score, clock])
        prior = Prior(np.zeros(rows.shape[1] + 1), np.array([1e-4, *[0.05] * rows.shape[1]]))
        fit = fit_logistic(rows, sample.happened, prior, weights=sample.weight)
        residual = (sample.happened - sigmoid(linear(rows, fit.coefficients))) * sample.weight
        mass = np.maximum(known @ shares, 1e-9)
        pull = residual * fit.coefficients[1] / mass
        gradient = (filled.T @ pull - known.T @ (pull * score)) / max(scale, 1.0)
        gradient -= strength * (shares - start) / np.maximum(start, 0.02)
        moved = _simplex(shares + RATE * 0.1 * gradient * (present > 0))
        if np.abs(moved - shares).max() < 1e-5:
            break
        shares = moved
    found: Floats = shares * total
    return found


def _simplex(values: Floats) -> Floats:
    """The nearest shares that are not negative and add up to one."""
    ordered = np.sort(values)[::-1]
    excess = np.cumsum(ordered) - 1
    place = np.flatnonzero(ordered - excess / np.arange(1, len(values) + 1) > 0)[-1]
    found: Floats = np.maximum(values - excess[place] / (place + 1), 0)
    return found


def _tested(
    sample: Sample,
    worths: Floats,
    weights: tuple[Floats, Floats],
    parts: tuple[Flags, Flags],
) -> tuple[Interval, float | None, float | None]:
    early, late = parts
    known, tested = sample.rows(early), sample.rows(late)
    columns = calendar_columns(known.inputs)
    losses, found = [], []
    for one in weights:
        rows = [
            np.column_stack([score_of(worths[part], one) / 100, matrix(columns, rows.inputs)])
            for part, rows in ((early, known), (late, tested))
        ]
        prior = Prior(np.zeros(rows[0].shape[1] + 1), np.array([1e-4, *[0.05] * rows[0].shape[1]]))
        fit = fit_logistic(rows[0], known.happened, prior, weights=known.weight)
        losses.append(log_losses(sigmoid(linear(rows[1], fit.coefficients)), tested.churned))
        found.append(auc(-score_of(worths[late], one), tested.churned, day=tested.panel.day))
    counts, places = account_weights(tested.account, draws=DRAWS, seed=0)
    sums = [counts @ np.bincount(places, one, counts.shape[1]) for one in losses]
    low, high = np.percentile(1 - sums[1] / sums[0], [5, 95])
    value = float(1 - losses[1].sum() / losses[0].sum())
    return Interval(value, float(low), float(high)), found[0], found[1]
