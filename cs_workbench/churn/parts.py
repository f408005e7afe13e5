"""A model on some of the rows: one origin, one segment, one distance to a renewal, one lead."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from cs_workbench.churn.draws import FEWER_DRAWS, Draws, Interval, auc_of, draws_of
from cs_workbench.churn.history import FAR, Flags, Floats
from cs_workbench.churn.quality import log_losses
from cs_workbench.churn.samples import Sample
from cs_workbench.churn.walking import MODEL, Walk

NULL = "base_rate"
RENEWAL_DAYS = (120, 90, 60, 30)
LATE_DAYS = 31
UNTOLD = Interval(None)

# Rows, the model's probability and log loss of each, and the log loss of the base rate.
Judged = tuple[Sample, Floats, Floats, Floats]


@dataclass(frozen=True)
class Part:
    """The model on some of the rows; intervals of 90 % are from account bootstraps."""

    name: str
    n: int
    events: int
    auc: Interval = UNTOLD
    o_e: Interval = UNTOLD
    skill: Interval = UNTOLD


def part_of(name: str, judged: Judged, chosen: Flags, draws: Draws) -> Part:
    """The chosen rows of those judged."""
    sample, probability, loss, null = judged
    inside = chosen.astype(np.float64)
    return Part(
        name=name,
        n=int(chosen.sum()),
        events=len(np.unique(sample.account[chosen & sample.churned])),
        auc=auc_of(sample, probability, chosen, draws, times=FEWER_DRAWS),
        o_e=draws.ratio(sample.happened * inside, probability * inside),
        skill=draws.ratio((null - loss) * inside, null * inside),
    )


def whole_part(name: str, walk: Walk, *, seed: int) -> Part:
    """All rows that a walk predicted."""
    sample, probability = walk.sample, walk.probabilities[MODEL]
    loss, null = (log_losses(walk.probabilities[one], sample.churned) for one in (MODEL, NULL))
    everybody = np.ones(len(sample), np.bool_)
    judged = (sample, probability, loss, null)
    return part_of(name, judged, everybody, draws_of(sample, seed=seed))


def renewals_of(sample: Sample, probability: Floats, draws: Draws) -> Iterator[Part]:
    """Each renewal, judged by the snapshot so many days before its deadline."""
    panel = sample.panel
    deadline = panel.end
    ahead = deadline - panel.day
    for days in RENEWAL_DAYS:
        chosen = (deadline < FAR) & (ahead <= days) & (ahead > days - LATE_DAYS)
        bad = chosen & (panel.left <= deadline + LATE_DAYS)
        if chosen.any():
            ranks = auc_of(sample, probability, chosen, draws, happened=bad, times=FEWER_DRAWS)
            yield Part(str(days), int(chosen.sum()), len(np.unique(panel.account[bad])), ranks)
