"""`python -m benchmarks.churn_truth [--seeds 40] [--events 30,100,300]`: the truth test.

Books of which the true probabilities are known, one a seed; on each the whole protocol. Prints the
table of `docs/churn.md`.
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.churn_book import SEGMENTS, history_of, source_with_health
from benchmarks.churn_world import Book, World, make_book
from cs_workbench.churn.backtest import judge
from cs_workbench.churn.leaks import feature_alarms
from cs_workbench.churn.panel import labels_of, snapshot_days, take_panel
from cs_workbench.churn.quality import log_losses
from cs_workbench.churn.samples import Sample, sample_of
from cs_workbench.churn.selection import Task
from cs_workbench.churn.walking import MODEL, walk

ACCOUNTS_PER_CHURN = 4.3
FEWEST_ACCOUNTS = 120
NEAR = 0.1
DRAWS = 2_000


@dataclass(frozen=True)
class Trial:
    """One book.

    Attributes:
        events: churned accounts that were predicted.
        skill, rival, truth: log-loss skill of the model, of health x calendar, of the true
            probabilities; on the base rate by segment.
        gain_low, gain_high: of what the model saves of the log loss of health x calendar.
        said, came: sums over the rows predicted.
        o_e_low, o_e_high: of came to said, by the backtest (90 %).
        is_on: whether the interval lies above zero.
    """

    seed: int
    events: int
    skill: float
    rival: float
    truth: float
    gain_low: float
    gain_high: float
    said: float
    came: int
    o_e_low: float
    o_e_high: float
    auc: float
    is_on: bool
    alarms: int


def main(arguments: Sequence[str] | None = None) -> int:
    """Run and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.churn_truth", description=__doc__)
    parser.add_argument("--seeds", type=int, default=40)
    parser.add_argument("--events", default="30,100,300")
    parser.add_argument("--shuffled", action="store_true", help="only the kind of contract decides")
    given = parser.parse_args(arguments)
    print(
        "| churns | seeds | skill | above 0 | truth | on health x calendar | worse | O/E "
        "| near 1 | holds 1 | on |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|---|")
    for churns in map(int, given.events.split(",")):
        trials = []
        for seed in range(given.seeds):
            one = trial(churns, seed, shuffled=given.shuffled)
            if one is not None:
                trials.append(one)
                print(one, file=sys.stderr, flush=True)
        print(row(churns, trials), flush=True)
    return 0


def row(churns: int, trials: Sequence[Trial]) -> str:
    """One line of the table."""
    skill = np.array([one.skill for one in trials])
    rival = np.array([one.rival for one in trials])
    worse = np.mean([one.gain_high < 0 for one in trials])
    cells = (
        str(churns),
        str(len(trials)),
        f"{100 * skill.mean():.1f} %",
        f"{100 * (skill > 0).mean():.0f} %",
        f"{100 * np.mean([one.truth for one in trials]):.1f} %",
        f"{100 * (skill - rival).mean():+.1f} points",
        f"{100 * worse:.0f} %",
        "{:.2f} ({:.2f}-{:.2f})".format(*pooled_o_e(trials)),
        f"{100 * np.mean([abs(one.came / one.said - 1) <= NEAR for one in trials]):.0f} %",
        f"{100 * np.mean([one.o_e_low <= 1 <= one.o_e_high for one in trials]):.0f} %",
        f"{100 * np.mean([one.is_on for one in trials]):.0f} %",
    )
    return f"| {' | '.join(cells)} |"


def pooled_o_e(trials: Sequence[Trial]) -> tuple[float, float, float]:
    """Came to said of all books together, and its 90 % interval: books drawn anew."""
    came, said = (np.array([getattr(one, name) for one in trials]) for name in ("came", "said"))
    drawn = np.random.default_rng(0).integers(0, len(trials), (DRAWS, len(trials)))
    low, high = np.percentile(came[drawn].sum(axis=1) / said[drawn].sum(axis=1), [5, 95])
    return float(came.sum() / said.sum()), float(low), float(high)


def trial(churns: int, seed: int, *, shuffled: bool = False) -> Trial | None:
    """The protocol on one book; None where too few left for any test."""
    accounts = max(FEWEST_ACCOUNTS, round(churns * ACCOUNTS_PER_CHURN))
    book = make_book(accounts, seed=seed, churns=churns * 1.1, world=World(shuffled=shuffled))
    sample = sample_from(book)
    walked = walk(sample, Task())
    if walked is None:
        return None
    found = judge(walked, segments=SEGMENTS, k=20)
    tested = walked.sample
    truths = {day: book.truth(day) for day in np.unique(tested.panel.day).tolist()}
    truth = np.array([truths[day][account] for account, day in _places(tested)])
    null = found.records["base_rate"].log_loss
    model, rival = found.records[MODEL], found.records["health_x_calendar"]
    probability = walked.probabilities[MODEL]
    gain = model.gain
    return Trial(
        seed=seed,
        events=found.events,
        skill=model.skill.value or 0.0,
        rival=rival.skill.value or 0.0,
        truth=float(1 - log_losses(truth, tested.churned).mean() / null),
        gain_low=gain.low or 0.0,
        gain_high=gain.high or 0.0,
        said=float(probability.sum()),
        came=int(tested.churned.sum()),
        o_e_low=model.o_e.low or 0.0,
        o_e_high=model.o_e.high or 0.0,
        auc=model.auc.value or 0.5,
        is_on=(gain.low or 0.0) > 0,
        alarms=len(feature_alarms(sample)),
    )


def sample_from(book: Book) -> Sample:
    """The snapshots of a book whose window has closed."""
    history = history_of(book)
    source = source_with_health(history)
    panel = take_panel(source, snapshot_days(source, history.data_end))
    return sample_of(panel, labels_of(panel, source, horizon=90, lead=0))


def _places(sample: Sample) -> list[tuple[int, int]]:
    return list(zip(sample.account.tolist(), sample.panel.day.tolist(), strict=True))


if __name__ == "__main__":
    sys.exit(main())
