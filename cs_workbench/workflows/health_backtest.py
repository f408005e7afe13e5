"""The backtest of the health score, and weights that history would have chosen."""

import datetime as dt
from dataclasses import dataclass

import numpy as np

from cs_workbench.churn.contracts import read_contracts
from cs_workbench.churn.features import no_health, source_of
from cs_workbench.churn.health_check import HealthCheck, check_health
from cs_workbench.churn.history import History, Ints
from cs_workbench.churn.panel import Panel, labels_of, snapshot_days, take_panel
from cs_workbench.churn.samples import Sample, sample_of
from cs_workbench.churn.selection import FEWEST, Task
from cs_workbench.churn.weights import Fitted, fit_weights
from cs_workbench.core.record_figures import spanned
from cs_workbench.core.scorecards import Scorecard
from cs_workbench.errors import ConflictError
from cs_workbench.store.database import Database, snapshot
from cs_workbench.store.health import account_names_of
from cs_workbench.workflows.churn_health import PastScores, past_scores
from cs_workbench.workflows.churn_history import load_history

GOOD_AUC, FEWEST_RED = 0.6, 10


@dataclass(frozen=True)
class HealthBacktest:
    """What was found; `names` pairs of id and name by the account's number in the history."""

    as_of: dt.date
    scorecard: str
    check: HealthCheck
    verdict: str
    names: dict[int, tuple[str, str]]


@dataclass(frozen=True)
class Proposal:
    """Weights by measure id: in use, and proposed (whole numbers of about the same sum)."""

    as_of: dt.date
    now: dict[str, int]
    proposed: dict[str, int]
    fitted: Fitted


@dataclass(frozen=True)
class _Judged:
    """Monthly scores whose window has closed."""

    history: History
    panel: Panel
    sample: Sample
    scores: PastScores
    days: list[int]


def backtest_health(
    db: Database, *, as_of: dt.date, card: Scorecard, question: tuple[int, int]
) -> HealthBacktest:
    """Hold the scorecard against who left.

    Args:
        db: the portfolio.
        as_of: nothing after it is looked at.
        card: the scorecard.
        question: horizon and lead in days.
    """
    judged = _judged(db, as_of, card, question)
    rows, columns = _places(judged)
    found = check_health(judged.sample, judged.scores.bands[rows, columns])
    keys = [int(judged.history.account_keys[one.account]) for one in found.missed]
    with snapshot(db) as connection:
        named = account_names_of(connection, keys)
    names = {one.account: named[key] for one, key in zip(found.missed, keys, strict=True)}
    return HealthBacktest(as_of, card.name, found, _verdict(found), names)


def propose_weights(db: Database, *, as_of: dt.date, card: Scorecard) -> Proposal:
    """Weights that history would have chosen; nothing is changed.

    Raises:
        ConflictError: too few accounts left to propose any.
    """
    judged = _judged(db, as_of, card, (Task().horizon, 0))
    if judged.sample.events < 2 * FEWEST:
        raise ConflictError(
            f"Too few to tell: {judged.sample.events} accounts left in windows that have closed, "
            f"and weights need {2 * FEWEST}. The present ones stay."
        )
    rows, columns = _places(judged)
    present = np.array([one.weight for one in card.measures], np.float64)
    fitted = fit_weights(judged.sample, judged.scores.worths[rows, columns], present)
    ids = [one.measure_id for one in card.measures]
    # A file has no weight of 0 but for a profile: the least that can be said is 1.
    whole = np.maximum(np.round(fitted.weights), np.minimum(present, 1)).astype(int).tolist()
    now = {name: one.weight for name, one in zip(ids, card.measures, strict=True)}
    return Proposal(as_of, now, dict(zip(ids, whole, strict=True)), fitted)


def _judged(db: Database, as_of: dt.date, card: Scorecard, question: tuple[int, int]) -> _Judged:
    history = load_history(db, as_of=as_of, metrics=card.metrics)
    contracts = read_contracts(history)
    bare = source_of(history, contracts, no_health(history.size))
    days = snapshot_days(bare, history.data_end)
    scores = past_scores(db, history, contracts, days, card)
    source = source_of(history, contracts, scores.health)
    panel = take_panel(source, days)
    horizon, lead = question
    sample = sample_of(panel, labels_of(panel, source, horizon=horizon, lead=lead))
    return _Judged(history, panel, sample, scores, days)


def _places(judged: _Judged) -> tuple[Ints, Ints]:
    """Of each row, the account and the place of its day."""
    sample = judged.sample
    return sample.account, np.searchsorted(np.array(judged.days), sample.panel.day)


def _verdict(found: HealthCheck) -> str:
    if found.events < FEWEST:
        who = "1 account" if found.events == 1 else f"{found.events} accounts"
        return f"Too few to tell: {who} left in windows that have closed."
    red = next(one for one in found.bands if one.band == "red")
    green = next(one for one in found.bands if one.band == "green")
    if found.auc.low is not None and found.auc.low > 0.5 and (found.auc.value or 0) >= GOOD_AUC:
        how = "Low scores do come before departures"
    elif found.auc.low is not None and found.auc.low > 0.5:
        how = "Low scores come before departures a little more often than not"
    else:
        how = "The score does not tell who leaves"
    area = spanned(found.auc.value, found.auc.low, found.auc.high)
    return f"{how}: AUC {area}; {red.told()}; {green.told()}."
