"""Choosing a method and its calibration on days that it had not learned from."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np

from cs_workbench.churn.boosting import STAGES, Boosted, fit_boosting
from cs_workbench.churn.history import Floats
from cs_workbench.churn.linear import USUAL_STRENGTH, Linear, fit_band, fit_ridge
from cs_workbench.churn.logistic import Prior, fit_logistic, sigmoid
from cs_workbench.churn.models import Method
from cs_workbench.churn.quality import log_losses
from cs_workbench.churn.samples import Sample

FEWEST, SOME, MANY = 15, 100, 1_000  # churned accounts at which the next step begins
INNER_FOLDS = 3
FEWEST_TO_CALIBRATE = 10
CALIBRATION = Prior(np.array([0.0, 1.0]), np.array([4.0, 16.0]))
FLATTEST = 0.2
LEAST_LEAF, LEAF_EVENTS = 40, 6
MOST_INPUTS = 16  # of boosting: those that weigh most in the ridge

Step = Literal["band", "ridge", "choice", "boosting"]


@dataclass(frozen=True)
class Task:
    """What is asked: who leaves within `horizon` days, from `lead` days on."""

    horizon: int = 90
    lead: int = 0
    seed: int = 0


class Chosen(NamedTuple):
    """What selection found: the method, its calibration, the linear fit, how many trees."""

    method: Method
    slope: float
    offset: float
    linear: Linear
    stages: int = 0


class OutOfTime(NamedTuple):
    """Rows that were not learned from: log-odds by the ridge and by each stage of boosting."""

    ridge: Floats
    staged: list[Floats]
    happened: Floats
    account: Floats
    weight: Floats


def step_of(events: int) -> Step:
    """The step of the ladder for so many churned accounts."""
    if events < FEWEST:
        return "band"
    if events < SOME:
        return "ridge"
    return "choice" if events < MANY else "boosting"


def choose(sample: Sample, task: Task, *, quick: bool) -> Chosen:
    """The method that the ladder and, from its third step on, later days ask for.

    Args:
        sample: rows whose windows have closed.
        task: what is asked.
        quick: the linear step with its usual strength, not calibrated.
    """
    step = step_of(sample.events)
    if step == "band":
        return Chosen("band", 1.0, 0.0, fit_band(sample, horizon=task.horizon))
    if quick:
        return Chosen("ridge", 1.0, 0.0, ridge_of(sample, USUAL_STRENGTH))
    linear = ridge_of(sample)
    found = _out_of_time(sample, task, STAGES if step in {"choice", "boosting"} else (), linear)
    if found is None:
        return Chosen("ridge", 1.0, 0.0, linear)
    if not found.staged:
        return Chosen("ridge", *calibration(found.ridge, found), linear)
    truth = found.happened > 0
    losses = [log_losses(sigmoid(one), truth) for one in found.staged]
    best = int(np.argmin([one.mean() for one in losses]))
    gain = log_losses(sigmoid(found.ridge), truth) - losses[best]
    # Within one standard error the simpler one is taken, unless there are very many events.
    needed = 0.0 if step == "boosting" else clustered_error(gain, found.account)
    if gain.mean() > needed:
        return Chosen("boosting", *calibration(found.staged[best], found), linear, STAGES[best])
    return Chosen("ridge", *calibration(found.ridge, found), linear)


def choose_again(sample: Sample, task: Task, chosen: Chosen) -> Chosen:
    """The same method and number of trees on other rows; strength, fit and calibration anew."""
    linear = ridge_of(sample)
    stages = (chosen.stages,) if chosen.stages else ()
    found = _out_of_time(sample, task, stages, linear)
    if found is None:
        return chosen._replace(linear=linear, slope=1.0, offset=0.0)
    slope, offset = calibration(found.staged[0] if stages else found.ridge, found)
    return chosen._replace(linear=linear, slope=slope, offset=offset)


def inner_folds(sample: Sample) -> list[tuple[int, int]]:
    """Days from which later rows are tested with what had closed by then, oldest first."""
    days = np.unique(sample.panel.day)
    usable = [day for day in days.tolist() if sample.closed_by(day).events >= FEWEST / 2]
    if len(usable) < 2:
        return []
    parts = np.array_split(np.array(usable), min(INNER_FOLDS, len(usable)))
    return [(int(part[0]), int(part[-1])) for part in parts]


def _out_of_time(
    sample: Sample, task: Task, stages: Sequence[int], linear: Linear
) -> OutOfTime | None:
    ridge, boosted, rows = [], [], []
    for first, last in inner_folds(sample):
        known = sample.closed_by(first)
        test = sample.rows((sample.panel.day >= first) & (sample.panel.day <= last))
        is_few = known.events < FEWEST
        one = fit_band(known, horizon=task.horizon) if is_few else ridge_of(known, linear.strength)
        ridge.append(one.logits(test.inputs))
        if stages:
            boosted.append(boost(known, linear, stages[-1]).staged(test.inputs, stages))
        rows.append(test)
    if not rows:
        return None
    return OutOfTime(
        np.concatenate(ridge),
        [np.concatenate(one) for one in zip(*boosted, strict=True)],
        np.concatenate([one.happened for one in rows]),
        np.concatenate([one.account for one in rows]).astype(np.float64),
        np.concatenate([one.weight for one in rows]),
    )


def calibration(logit: Floats, found: OutOfTime) -> tuple[float, float]:
    """Platt's slope and offset, drawn towards 1 and 0; those where too few left to tell."""
    if len(np.unique(found.account[found.happened > 0])) < FEWEST_TO_CALIBRATE:
        return 1.0, 0.0
    fit = fit_logistic(logit[:, None], found.happened, CALIBRATION, weights=found.weight)
    return float(max(FLATTEST, fit.coefficients[1])), float(fit.coefficients[0])


def clustered_error(gain: Floats, account: Floats) -> float:
    """The standard error of a mean whose rows belong to accounts."""
    _, places = np.unique(account, return_inverse=True)
    sums = np.bincount(places, gain - gain.mean())
    return float(np.sqrt((sums**2).sum()) / len(gain))


def ridge_of(sample: Sample, strength: float | None = None) -> Linear:
    """The linear step, with few features where few left."""
    return fit_ridge(sample, few=sample.events < SOME, strength=strength)


def boost(sample: Sample, linear: Linear, stages: int) -> Boosted:
    """Trees over what weighs most in the ridge; no leaf rests on a handful of events."""
    rate = max(float(sample.happened.mean()), 1e-4)
    most = max(LEAST_LEAF, len(sample) // 20)
    least = int(np.clip(LEAF_EVENTS / rate, LEAST_LEAF, most))
    names = _heaviest(linear, sample)
    return fit_boosting(sample.inputs, names, sample.happened, least_leaf=least, stages=stages)


def _heaviest(linear: Linear, sample: Sample) -> Sequence[str]:
    """Health, the notice date, and the features whose standardised coefficients are largest."""
    weights: dict[str, float] = {}
    for column, coefficient in zip(linear.columns, linear.fit.coefficients[1:], strict=True):
        if column.kind in {"value", "missing"} and column.source not in {"health", "weeks_left"}:
            weights[column.source] = weights.get(column.source, 0) + abs(float(coefficient))
    ranked = sorted(weights, key=lambda name: (-weights[name], name))[:MOST_INPUTS]
    chosen = ("health", "past_notice", *ranked)
    return [
        name
        for name in chosen
        if np.isfinite(sample.inputs[name]).any()
        and np.nanmax(sample.inputs[name]) > np.nanmin(sample.inputs[name])
    ]
