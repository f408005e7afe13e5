"""The record of a model: everything that a sceptic asks, beside what it has to beat."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from cs_workbench.churn import quality
from cs_workbench.churn.history import FAR, Flags, Floats, Ints
from cs_workbench.churn.quality import Bin, Captured, auc, log_losses
from cs_workbench.churn.samples import Sample
from cs_workbench.churn.threads import on_one_thread
from cs_workbench.churn.walking import MODEL, Origin, Walk

DRAWS = 300
AUC_DRAWS, FEWER_DRAWS, SLOPE_DRAWS = 200, 60, 60  # of those, where each draw is dear
MANY_ROWS = 20_000
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
    draws = Draws(*quality.account_weights(sample.account, draws=DRAWS, seed=seed))
    losses = {name: log_losses(one, sample.churned) for name, one in walk.probabilities.items()}
    records = {name: _record(walk, name, losses, draws, k=k) for name in losses}
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


class Draws(NamedTuple):
    """How often each account is drawn (draws x accounts), and the place of each row's account."""

    counts: Floats
    places: Ints

    def ratio(self, above: Floats, below: Floats) -> Interval:
        """Of two sums over rows; nothing where there is nothing to divide by."""
        total = float(below.sum())
        if not total:
            return Interval(None)
        drawn = self._sums(above) / np.maximum(self._sums(below), 1e-12)
        return _between(float(above.sum()) / total, drawn.tolist())

    def measure(
        self, draws: int, value: float | None, again: Callable[[Floats], float | None]
    ) -> Interval:
        """Of something that is measured anew with the weights of the rows."""
        if value is None:
            return Interval(None)
        found = [again(one[self.places]) for one in self.counts[:draws]]
        return _between(value, [one for one in found if one is not None])

    def _sums(self, rows: Floats) -> Floats:
        found: Floats = self.counts @ np.bincount(self.places, rows, self.counts.shape[1])
        return found


def _between(value: float, drawn: Sequence[float]) -> Interval:
    low, high = np.percentile(drawn, [LOW, HIGH])
    return Interval(value, float(low), float(high))


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
        auc=_auc_of(sample, probability, np.ones(len(bad), np.bool_), draws),
        auc_in_window=_auc_of(
            sample, probability, sample.labels.is_due | (panel.end == FAR), draws
        ),
        auc_pre_notice=_auc_of(sample, probability, ~panel.is_past_notice, draws),
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


def _auc_of(sample: Sample, probability: Floats, chosen: Flags, draws: Draws) -> Interval:
    bad, day, score = sample.churned[chosen], sample.panel.day[chosen], probability[chosen]
    if bad.sum() < FEWEST_FOR_AUC:
        return Interval(None)
    return draws.measure(
        FEWER_DRAWS if len(sample) > MANY_ROWS else AUC_DRAWS,
        auc(score, bad, day=day),
        lambda weights: auc(score, bad, weights[chosen], day=day),
    )


def _part(
    name: str, sample: Sample, probability: Floats, losses: dict[str, Floats], chosen: Flags
) -> Part:
    bad = sample.churned[chosen]
    null = losses[NULL][chosen].sum()
    return Part(
        name=name,
        n=int(chosen.sum()),
        events=len(np.unique(sample.account[chosen][bad])),
        auc=_plain_auc(sample, probability, chosen),
        o_e=quality.observed_to_expected(probability[chosen], bad),
        skill=float(1 - losses[MODEL][chosen].sum() / null) if null else None,
    )


def _plain_auc(sample: Sample, probability: Floats, chosen: Flags) -> float | None:
    bad = sample.churned[chosen]
    if bad.sum() < FEWEST_FOR_AUC:
        return None
    return auc(probability[chosen], bad, day=sample.panel.day[chosen])


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
