"""Training: the step of the ladder that the number of churned accounts allows, calibrated."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from cs_workbench.churn.boosting import compiled
from cs_workbench.churn.columns import Column, matrix
from cs_workbench.churn.logistic import Prior, fit_logistic
from cs_workbench.churn.models import Model
from cs_workbench.churn.redrawing import Logits, spread_of
from cs_workbench.churn.samples import Sample
from cs_workbench.churn.selection import Chosen, Task, boost, choose, choose_again, step_of
from cs_workbench.churn.threads import on_one_thread

LEVEL = 11.0  # precision of the shift of the offset: a factor of 1.35 is one standard deviation
RECENT_DAYS = 100  # of closed windows, for the offset
MOST_ROWS = 400_000


@on_one_thread
def train(
    sample: Sample,
    task: Task,
    *,
    data_cut: str,
    segments: Sequence[str] = (),
    quick: bool = False,
    with_intervals: bool = True,
) -> Model:
    """Learn from rows whose windows have all closed; the same rows and seed give the same model.

    Of a very large book every n-th account is used. `data_cut` is the last day that was looked at;
    `quick` takes the linear step with its usual strength, not calibrated and without intervals;
    `with_intervals` fits everything again on accounts drawn anew.
    """
    used = thinned(sample)
    chosen = choose(used, task, quick=quick)
    model = replace(
        _fitted(used, task, chosen),
        data_cut=data_cut,
        segments=tuple(segments),
        card=_card(sample, chosen),
    )
    if quick or not with_intervals or chosen.method == "band":
        return model

    def again(drawn: Sample) -> Logits:
        return _fitted(drawn, task, choose_again(drawn, task, chosen)).logits

    return replace(model, covariance=spread_of(model, used, again))


def thinned(sample: Sample) -> Sample:
    """The rows of every n-th account, so that there are not more than memory and time allow."""
    if len(sample) <= MOST_ROWS:
        return sample
    step = -(-len(sample) // MOST_ROWS)
    return sample.rows(sample.account % step == 0)


def _fitted(sample: Sample, task: Task, chosen: Chosen) -> Model:
    """What was chosen as a model, its level that of the newest windows.

    Of a band the covariance is what prior and data leave open.
    """
    columns: Sequence[Column] = chosen.linear.columns
    coefficients = chosen.linear.fit.coefficients
    if chosen.method == "boosting":
        intercept, columns = compiled(boost(sample, chosen.linear, chosen.stages))
        coefficients = np.array([intercept, *[1.0] * len(columns)])
    size = len(coefficients)
    open_yet = np.zeros((size, size))
    if chosen.method == "band":
        open_yet = np.linalg.inv(chosen.linear.fit.hessian).astype(np.float64)
    model = Model(
        method=chosen.method,
        horizon=task.horizon,
        lead=task.lead,
        seed=task.seed,
        data_cut="",
        segments=(),
        columns=tuple(columns),
        coefficients=coefficients,
        slope=chosen.slope,
        offset=chosen.offset,
        covariance=open_yet,
        means={},
    )
    return _with_recent_level(model, sample)


def _with_recent_level(model: Model, sample: Sample) -> Model:
    """The offset re-fitted on the newest closed windows, and what is typical now.

    Weak accounts leave first, so that a model of the whole past expects too many.
    """
    if not len(sample):
        return model
    offset = model.offset
    if model.method != "band":
        offset += recent_level(sample, model.logits)
    last = sample.rows(sample.panel.day == sample.panel.day.max())
    parts = matrix(model.columns, last.inputs) * model.coefficients[1:]
    means = dict.fromkeys(model.drivers, 0.0)
    for column, mean in zip(model.columns, parts.mean(axis=0), strict=True):
        means[column.driver] += float(mean)
    return replace(model, offset=offset, means=means)


def recent_level(sample: Sample, logits: Logits) -> float:
    """How far the log-odds are to be shifted to fit the newest closed windows, held towards 0."""
    newest = sample.rows(sample.panel.day > int(sample.panel.day.max(initial=0)) - RECENT_DAYS)
    if not len(newest):
        return 0.0
    fit = fit_logistic(
        np.zeros((len(newest), 0)),
        newest.happened,
        Prior(np.zeros(1), np.array([LEVEL])),
        weights=newest.weight,
        offset=logits(newest.inputs),
    )
    return float(fit.coefficients[0])


def _iso(ordinal: int) -> str:
    return dt.date.fromordinal(int(ordinal)).isoformat()


def _card(sample: Sample, chosen: Chosen) -> dict[str, object]:
    days = sample.panel.day
    return {
        "step": step_of(sample.events),
        "churned_accounts": sample.events,
        "accounts": len(np.unique(sample.account)),
        "snapshots": len(sample),
        "first_day": _iso(days.min()) if len(days) else None,
        "last_day": _iso(days.max()) if len(days) else None,
        "rate": float(sample.happened.mean()) if len(sample) else None,
        "strength": chosen.linear.strength,
        "trees": chosen.stages,
    }
