"""The record of a model: everything that a sceptic asks, beside what it has to beat."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cs_workbench.churn import quality
from cs_workbench.churn.draws import Draws, Interval, auc_of, draws_of
from cs_workbench.churn.history import FAR, Floats
from cs_workbench.churn.parts import NULL, Part, part_of, renewals_of
from cs_workbench.churn.quality import Bin, Captured, log_losses
from cs_workbench.churn.threads import on_one_thread
from cs_workbench.churn.walking import MODEL, Origin, Walk

SLOPE_DRAWS = 60  # each is dear
RIVAL = "health_x_calendar"
TENTH = 0.1


@dataclass(frozen=True)
class Record:
    """How good one model or baseline was on rows it had not seen.

    Attributes:
        auc: among those who were there on one day; intervals of 90 % are from account bootstraps.
        auc_in_window: among accounts whose renewal is due, or that can leave at any time.
        auc_pre_notice: while notice could still be given.
        skill, gain: the share that it saves of the base rate's log loss, and of that of health and
            calendar together.
        slope: of calibration.
        ece, ece_floor: calibration error, and what a perfect model would show.
        captured: of the first tenth by ARR at risk, `captured_share` its share of the ARR that
            left; `captured_k` of the first so many.
    """

    name: str
    auc: Interval
    auc_in_window: Interval
    auc_pre_notice: Interval
    average_precision: float | None
    log_loss: float
    skill: Interval
    gain: Interval
    brier: float
    brier_skill: float
    ece: float
    ece_floor: float
    o_e: Interval
    slope: Interval
    captured: Captured
    captured_share: Interval
    captured_k: Captured
    bins: tuple[Bin, ...]


@dataclass(frozen=True)
class Backtest:
    """All of it.

    Attributes:
        n, events: rows predicted, and the different accounts among them that left.
        records: by name, the model first.
    """

    horizon: int
    lead: int
    origins: tuple[Origin, ...]
    per_origin: tuple[Part, ...]
    per_segment: tuple[Part, ...]
    renewals: tuple[Part, ...]
    n: int
    accounts: int
    events: int
    k: int
    records: dict[str, Record]


@on_one_thread
def judge(walk: Walk, *, segments: Sequence[str], k: int, seed: int = 0) -> Backtest:
    """Measure every model on the same rows.

    Args:
        walk: the predictions.
        segments: names, by their numbers.
        k: how many accounts a team can call at each snapshot.
        seed: of the bootstraps.
    """
    sample = walk.sample
    draws = draws_of(sample, seed=seed)
    losses = {name: log_losses(one, sample.churned) for name, one in walk.probabilities.items()}
    records = {name: _record(walk, name, losses, draws, k=k) for name in losses}
    whole = (sample, walk.probabilities[MODEL], losses[MODEL], losses[NULL])
    return Backtest(
        horizon=sample.labels.horizon,
        lead=sample.labels.lead,
        origins=walk.origins,
        per_origin=tuple(
            part_of(str(place), whole, walk.origin == place, draws)
            for place in range(len(walk.origins))
        ),
        per_segment=tuple(
            part_of(name, whole, sample.panel.segment == place, draws)
            for place, name in enumerate(segments)
            if (sample.panel.segment == place).any()
        ),
        renewals=tuple(renewals_of(sample, walk.probabilities[MODEL], draws)),
        n=len(sample),
        accounts=len(np.unique(sample.account)),
        events=sample.events,
        k=k,
        records=records,
    )


def _record(walk: Walk, name: str, losses: dict[str, Floats], draws: Draws, *, k: int) -> Record:
    sample, probability = walk.sample, walk.probabilities[name]
    bad, panel, loss = sample.churned, sample.panel, losses[name]
    bins = quality.reliability(probability, bad, sample.account)
    worth = quality.worth_of(panel.arr)
    first = quality.first_ranked(probability, worth, panel.day, share=TENTH)
    first_k = quality.first_ranked(probability, worth, panel.day, share=k)
    square = float(((probability - bad) ** 2).mean())
    null = float(((walk.probabilities[NULL] - bad) ** 2).mean())
    lost = worth * bad
    return Record(
        name=name,
        auc=auc_of(sample, probability, np.ones(len(bad), np.bool_), draws),
        auc_in_window=auc_of(sample, probability, sample.labels.is_due | (panel.end == FAR), draws),
        auc_pre_notice=auc_of(sample, probability, ~panel.is_past_notice, draws),
        average_precision=quality.average_precision(probability, bad),
        log_loss=float(loss.mean()),
        skill=draws.ratio(losses[NULL] - loss, losses[NULL]),
        gain=draws.ratio(losses[RIVAL] - loss, losses[RIVAL]),
        brier=square,
        brier_skill=1 - square / null if null else 0.0,
        ece=quality.ece(bins),
        ece_floor=quality.ece_floor(bins, seed=0),
        o_e=draws.ratio(sample.happened, probability),
        slope=draws.measure(
            SLOPE_DRAWS,
            quality.slope(probability, bad),
            lambda weights: quality.slope(probability, bad, weights),
        ),
        captured=quality.captured(first, bad, worth),
        captured_share=draws.ratio(lost * first, lost),
        captured_k=quality.captured(first_k, bad, worth),
        bins=tuple(bins),
    )
