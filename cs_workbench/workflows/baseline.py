"""The questions to answer before anything is changed, for this book, on this day."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median_low

from cs_workbench.core.metric_kernels import history as kernel
from cs_workbench.core.metric_kernels.buying import bought
from cs_workbench.core.metrics import purchases
from cs_workbench.core.metrics.book import NEVER
from cs_workbench.core.metrics.periods import Period, year_to
from cs_workbench.core.metrics.results import Metric
from cs_workbench.core.metrics.survival import Survival
from cs_workbench.core.metrics.words import part_name
from cs_workbench.workflows.cohorts import read_cohorts
from cs_workbench.workflows.ledger import Ledger
from cs_workbench.workflows.metric_activity import activity_metrics
from cs_workbench.workflows.metric_groups import By, places_by
from cs_workbench.workflows.metrics import Answer, answer_of

PARTS: tuple[By, ...] = ("segment", "region", "industry", "discount")
FEW = 5


@dataclass(frozen=True)
class Stays:
    """How many of the accounts that are alike in something stayed."""

    by: By
    name: str
    crr: Metric


@dataclass(frozen=True)
class Baseline:
    """What is known of a book before a change.

    Attributes:
        answer: of the twelve months to the day.
        activity: voice, service, outreach and adoption of the same months.
        stays: parts that kept clearly more or fewer than the book, the clearest first.
        milestones: by name, how long accounts take to it.
        life: how long accounts stay.
        threshold: ARR from which an account is among the largest fifth, and the days it took each.
    """

    period: Period
    as_of: dt.date
    ledger: Ledger
    answer: Answer
    activity: dict[str, Metric]
    stays: tuple[Stays, ...]
    milestones: dict[str, Survival]
    life: Survival
    threshold: int
    days_to_large: tuple[int, ...]


def read_baseline(ledger: Ledger) -> Baseline:
    """Answer the questions from what is known on the day of the ledger."""
    period = year_to(ledger.as_of)
    evidence = ledger.evidence(period)
    history = evidence.history
    first, _ = kernel.first_days(history)
    closing = evidence.moved.closing
    threshold, days = purchases.high_revenue_days(
        closing, first, kernel.reached_days(history, purchases.top_threshold(closing))
    )
    return Baseline(
        period,
        ledger.as_of,
        ledger,
        answer_of(evidence, ledger),
        activity_metrics(ledger, period),
        tuple(_stays(ledger, period)),
        _milestones(ledger, first),
        read_cohorts(ledger).curve,
        threshold,
        tuple(days),
    )


def median_days(days: Sequence[int]) -> int | None:
    """The lower median; None without any."""
    return median_low(days) if days else None


def _stays(ledger: Ledger, period: Period) -> Iterator[Stays]:
    evidence = ledger.evidence(period)
    whole = answer_of(evidence, ledger).metrics["crr"]
    found = []
    for by in PARTS:
        for name, places in places_by(ledger, period, by).items():
            crr = answer_of(evidence.only(places), ledger).metrics["crr"]
            if FEW <= crr.n < whole.n and crr.value is not None and whole.value is not None:
                found.append((abs(crr.value - whole.value), Stays(by, part_name(name), crr)))
    found.sort(key=lambda one: (-one[0], one[1].by, one[1].name))
    yield from (one for _, one in found)


def _milestones(ledger: Ledger, first: Sequence[int]) -> dict[str, Survival]:
    history = ledger.history(ledger.as_of)
    as_of = ledger.as_of.toordinal()
    began = [at for at, day in enumerate(first) if day != NEVER and day <= as_of]
    again = bought(ledger.book, as_of).second_days()
    grown = kernel.first_rises(history)
    lost = kernel.first_losses(ledger.customers(ledger.as_of), as_of)
    reached: dict[str, list[int | None]] = {
        "second purchase": [again.get(at) for at in began],
        "first expansion": [grown[at] if 0 < grown[at] <= as_of else None for at in began],
        "leaving": [lost[at] or None for at in began],
    }
    return {
        name: purchases.milestone(when, [first[at] for at in began], [as_of] * len(began))
        for name, when in reached.items()
    }
