"""The record of a model: everything that a sceptic asks, beside what it has to beat."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cs_workbench.churn import quality
from cs_workbench.churn.history import FAR, Flags, Floats, Ints
from cs_workbench.churn.quality import Bin, Captured, auc, log_losses
from cs_workbench.churn.samples import Sample
from cs_workbench.churn.threads import on_one_thread
from cs_workbench.churn.walking import MODEL, Origin, Walk

DRAWS = 300
LOW, HIGH = 5.0, 95.0  # percentiles: a 90 % interval
RIVAL = "health_x_calendar"
NULL = "base_rate"
TENTH = 0.1
RENEWAL_DAYS = (120, 90, 60, 30)
LATE_DAYS = 31
FEWEST_FOR_AUC = 5


@dataclass(frozen=True)
class Interval:
    """A number between two others; all None where it cannot be told."""

    value: float | None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Record:
    """How good one model or baseline was on rows it had not seen.

    Attributes:
        auc: among those who were there on one day; with a 90 % interval from account bootstraps,
            as `skill` and `gain` have: `skill` is the share of the
            base rate's log loss that it saves, `gain` of that of health and calendar together.
        auc_in_window: among accounts whose renewal is due, or that can leave at any time.
        auc_pre_notice: while notice could still be given.
        slope: of calibration.
        ece, ece_floor: calibration error, and what a perfect model would show.
        captured: of the first tenth by ARR at risk; `captured_k` of the first so many.
    """

    name: str
    auc: Interval
    auc_in_window: float | None
    auc_pre_notice: float | None
    average_precision: float | None
    log_loss: float
    skill: Interval
    gain: Interval
    brier: float
    brier_skill: float
    ece: float
    ece_floor: float
    o_e: float | None
    slope: float | None
    captured: Captured
    captured_k: Captured
    bins: tuple[Bin, ...]


@dataclass(frozen=True)
class Part:
    """The model on some of the rows: one origin, one segment, one distance to a renewal."""

    name: str
    n: int
    events: int
    auc: float | None
    o_e: float | None
    skill: float | None = None


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
    counts, places = quality.account_weights(sample.account, draws=DRAWS, seed=seed)
    size = counts.shape[1]
    losses = {name: log_losses(one, sample.churned) for name, one in walk.probabilities.items()}
    sums = {name: counts @ np.bincount(places, one, size) for name, one in losses.items()}
    records = {name: _record(walk, name, losses, sums, (counts, places), k=k) for name in losses}
    probability = walk.probabilities[MODEL]
    return Backtest(
        horizon=sample.labels.horizon,
        lead=sample.labels.lead,
        origins=walk.origins,
        per_origin=tuple(
            _part(str(place), sample, probability, losses, walk.origin == place)
            for place in range(len(walk.origins))
        ),
        per_segment=tuple(
            _part(name, sample, probability, losses, sample.panel.segment == place)
            for place, name in enumerate(segments)
            if (sample.panel.segment == place).any()
        ),
        renewals=tuple(_renewals(sample, probability)),
        n=len(sample),
        accounts=len(np.unique(sample.account)),
        events=sample.events,
        k=k,
        records=records,
    )


def _record(
    walk: Walk,
    name: str,
    losses: dict[str, Floats],
    sums: dict[str, Floats],
    draws: tuple[Floats, Ints],
    *,
    k: int,
) -> Record:
    sample, probability = walk.sample, walk.probabilities[name]
    bad, panel = sample.churned, sample.panel
    bins = quality.reliability(probability, bad)
    inside = sample.labels.is_due | (panel.end == FAR)
    square = float(((probability - bad) ** 2).mean())
    null = float(((walk.probabilities[NULL] - bad) ** 2).mean())
    return Record(
        name=name,
        auc=_auc_interval(sample, probability, *draws),
        auc_in_window=_auc_of(sample, probability, inside),
        auc_pre_notice=_auc_of(sample, probability, ~panel.is_past_notice),
        average_precision=quality.average_precision(probability, bad),
        log_loss=float(losses[name].mean()),
        skill=_saved(losses, sums, name, NULL),
        gain=_saved(losses, sums, name, RIVAL),
        brier=square,
        brier_skill=1 - square / null if null else 0.0,
        ece=quality.ece(bins),
        ece_floor=quality.ece_floor(probability, seed=0),
        o_e=quality.observed_to_expected(probability, bad),
        slope=quality.slope(probability, bad),
        captured=quality.captured(probability, bad, panel.arr, panel.day, share=TENTH),
        captured_k=quality.captured(probability, bad, panel.arr, panel.day, share=k),
        bins=tuple(bins),
    )


def _saved(losses: dict[str, Floats], sums: dict[str, Floats], name: str, other: str) -> Interval:
    """The share of the other's log loss that is saved."""
    total = losses[other].sum()
    drawn = 1 - sums[name] / np.maximum(sums[other], 1e-12)
    low, high = np.percentile(drawn, [LOW, HIGH])
    return Interval(float(1 - losses[name].sum() / total), float(low), float(high))


def _auc_interval(sample: Sample, probability: Floats, counts: Floats, places: Ints) -> Interval:
    day, bad = sample.panel.day, sample.churned
    value = auc(probability, bad, day=day)
    if value is None:
        return Interval(None)
    draws = counts[: 60 if len(bad) > 20_000 else 200]
    found = [auc(probability, bad, one[places], day=day) for one in draws]
    known = [one for one in found if one is not None]
    low, high = np.percentile(known, [LOW, HIGH])
    return Interval(value, float(low), float(high))


def _auc_of(sample: Sample, probability: Floats, chosen: Flags) -> float | None:
    bad = sample.churned[chosen]
    if bad.sum() < FEWEST_FOR_AUC:
        return None
    return auc(probability[chosen], bad, day=sample.panel.day[chosen])


def _part(
    name: str, sample: Sample, probability: Floats, losses: dict[str, Floats], chosen: Flags
) -> Part:
    bad = sample.churned[chosen]
    null = losses[NULL][chosen].sum()
    return Part(
        name=name,
        n=int(chosen.sum()),
        events=len(np.unique(sample.account[chosen][bad])),
        auc=_auc_of(sample, probability, chosen),
        o_e=quality.observed_to_expected(probability[chosen], bad),
        skill=float(1 - losses[MODEL][chosen].sum() / null) if null else None,
    )


def _renewals(sample: Sample, probability: Floats) -> list[Part]:
    """Each renewal, judged by the snapshot so many days before its deadline."""
    panel = sample.panel
    found = []
    for days in RENEWAL_DAYS:
        deadline = panel.end
        ahead = deadline - panel.day
        chosen = (deadline < FAR) & (ahead <= days) & (ahead > days - LATE_DAYS)
        bad = chosen & (panel.left <= deadline + LATE_DAYS)
        n = int(chosen.sum())
        value = None
        if bad.sum() >= FEWEST_FOR_AUC:
            value = auc(probability[chosen], bad[chosen], day=panel.day[chosen])
        if n:
            found.append(Part(str(days), n, len(np.unique(panel.account[bad])), value, None))
    return found
