"""`python -m benchmarks.churn_intervals [--events 30,100,300] [--books 12]`: do intervals hold?

Books of one world, a model of each, all asked about the accounts of one more book. An 80 %
interval says how far a model would have moved had other accounts been in the book: so it has to
hold what the models of the other books say, four times in five. What chance an account has beyond
its record is no part of it: how often it holds the true probability is told beside.
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.churn_book import history_of, source_with_health
from benchmarks.churn_truth import ACCOUNTS_PER_CHURN, FEWEST_ACCOUNTS, sample_from
from benchmarks.churn_world import make_book
from cs_workbench.churn.columns import inputs_of
from cs_workbench.churn.logistic import logit_of
from cs_workbench.churn.models import Z80
from cs_workbench.churn.panel import snapshot, snapshot_days
from cs_workbench.churn.selection import Task
from cs_workbench.churn.training import train

ASKED_ACCOUNTS, ASKED_SEED = 500, 999
MONTHS_BACK = 5  # so that the windows of those who are asked about lie inside the book


@dataclass(frozen=True)
class Held:
    """How the intervals of some models held.

    Attributes:
        others: share that holds the mean log-odds of the other books' models.
        truth: share that holds the true probability.
        spread: typical standard deviation between books to the one that the intervals say.
        width: mean width, as a probability.
    """

    churns: int
    books: int
    others: float
    truth: float
    spread: float
    width: float


def main(arguments: Sequence[str] | None = None) -> int:
    """Run and print."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.churn_intervals", description=__doc__
    )
    parser.add_argument("--books", type=int, default=12)
    parser.add_argument("--events", default="30,100,300")
    given = parser.parse_args(arguments)
    print("| churns | books | hold the others | hold the truth | spread to said | width |")
    print("|---|---|---|---|---|---|")
    for churns in map(int, given.events.split(",")):
        one = held(churns, given.books)
        print(
            f"| {one.churns} | {one.books} | {100 * one.others:.0f} % | {100 * one.truth:.0f} % "
            f"| {one.spread:.2f} | {100 * one.width:.1f} points |",
            flush=True,
        )
    return 0


def held(churns: int, books: int) -> Held:
    """Ask the models of so many books about the accounts of one more that can leave."""
    asked = make_book(ASKED_ACCOUNTS, seed=ASKED_SEED, churns=ASKED_ACCOUNTS / ACCOUNTS_PER_CHURN)
    history = history_of(asked)
    source = source_with_health(history)
    panel = snapshot(source, snapshot_days(source, history.data_end)[-MONTHS_BACK])
    truth = asked.truth(int(panel.day[0]))[panel.account]
    rows = panel.rows(truth > 0)
    inputs, true = inputs_of(rows, horizon=90, lead=0), logit_of(truth[truth > 0])
    found = []
    for seed in range(books):
        accounts = max(FEWEST_ACCOUNTS, round(churns * ACCOUNTS_PER_CHURN))
        own = sample_from(make_book(accounts, seed=seed, churns=churns * 1.1))
        model = train(own, Task(), data_cut="")
        found.append([model.logits(inputs), *map(logit_of, model.intervals(inputs))])
    said, low, high = np.moveaxis(np.array(found), 1, 0)
    others = (said.sum(axis=0) - said) / (books - 1)
    reach = (high - low).mean(axis=0) / (2 * Z80)
    return Held(
        churns,
        books,
        float(((low <= others) & (others <= high)).mean()),
        float(((low <= true) & (true <= high)).mean()),
        float(np.median(said.std(axis=0, ddof=1) / reach)),
        float((1 / (1 + np.exp(-high)) - 1 / (1 + np.exp(-low))).mean()),
    )


if __name__ == "__main__":
    sys.exit(main())
