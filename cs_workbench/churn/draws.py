"""Intervals by drawing accounts anew: all rows of an account come together, or not at all."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from cs_workbench.churn.history import Flags, Floats, Ints
from cs_workbench.churn.quality import account_weights, auc
from cs_workbench.churn.samples import Sample

DRAWS = 300
AUC_DRAWS, FEWER_DRAWS = 200, 60  # of those, where each draw is dear
MANY_ROWS = 20_000
LOW, HIGH = 5.0, 95.0  # percentiles: a 90 % interval
FEWEST_FOR_AUC = 5


@dataclass(frozen=True)
class Interval:
    """A number between two others; all None where it cannot be told."""

    value: float | None
    low: float | None = None
    high: float | None = None


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


def draws_of(sample: Sample, *, seed: int) -> Draws:
    """Of the accounts of some rows."""
    return Draws(*account_weights(sample.account, draws=DRAWS, seed=seed))


def auc_of(
    sample: Sample,
    score: Floats,
    chosen: Flags,
    draws: Draws,
    *,
    happened: Flags | None = None,
    times: int | None = None,
) -> Interval:
    """How some of the rows are ranked, within each day; nothing where too few left.

    Args:
        sample: the rows.
        score: of each.
        chosen: which of them.
        draws: of all rows.
        happened: what is ranked, if not leaving in the window.
        times: how many draws, if not as many as their number allows.
    """
    bad = (sample.churned if happened is None else happened)[chosen]
    if bad.sum() < FEWEST_FOR_AUC:
        return Interval(None)
    ranked, day = score[chosen], sample.panel.day[chosen]
    usual = FEWER_DRAWS if len(sample) > MANY_ROWS else AUC_DRAWS
    return draws.measure(
        times or usual,
        auc(ranked, bad, day=day),
        lambda weights: auc(ranked, bad, weights[chosen], day=day),
    )
