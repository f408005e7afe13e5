"""When credits or an allowance run out: the date, and how sure it is.

What is left falls by what is burnt a day, and jumps up when it is refilled or a new period begins;
such a day says nothing about the burning and is left out.
"""

import datetime as dt
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import pvariance
from typing import Any, Final

from cs_workbench.core.usage_findings import amount

WINDOW: Final = 56  # days that say how fast it burns
LEAST_DAYS: Final = 14  # of them with a known burning
NORMAL_80: Final = 1.2816  # standard deviations that hold four of five
FARTHEST: Final = 1_095  # days; beyond three years nobody knows
REMIND_DAYS: Final = 20
WEEK: Final = 7


@dataclass(frozen=True, slots=True)
class Supply:
    """What is left of something that runs out, and until when.

    Attributes:
        left: on `as_of`, the last day known.
        a_day: how much is burnt.
        on: the first day on which nothing is left; None beyond three years, or if nothing is burnt.
        earliest, latest: within them four times of five; `latest` None beyond three years.
        refilled_on: the last day on which it jumped up; None within the days that were looked at.
    """

    metric: str
    label: str
    as_of: dt.date
    left: float
    a_day: float
    on: dt.date | None
    earliest: dt.date | None
    latest: dt.date | None
    refilled_on: dt.date | None

    @property
    def is_out(self) -> bool:
        """Whether nothing is left."""
        return self.left <= 0

    def days_left(self, today: dt.date) -> int | None:
        """Days from today; below zero once it has run out, as far as was foreseen."""
        return None if self.on is None else (self.on - today).days

    def told(self, today: dt.date) -> str:
        """The forecast in one sentence."""
        label = self.label.lower()
        if self.is_out:
            return f"{label}: nothing left since {_day(self.on or self.as_of)}"
        head = f"{label}: {amount(self.left)} left, {amount(self.a_day)} a day"
        if self.on is None:
            return f"{head}: lasts for more than three years"
        latest = "open" if self.latest is None else _day(self.latest)
        early = _day(self.earliest or self.on)
        days = (self.on - today).days
        return f"{head}: runs out about {_day(self.on)}, in {days} days ({early} to {latest})"


def supply_document(supply: Supply) -> dict[str, Any]:
    """What is left, under its stable keys."""
    return {
        "metric": supply.metric,
        "as_of": supply.as_of,
        "left": supply.left,
        "a_day": round(supply.a_day, 4),
        "on": supply.on,
        "earliest": supply.earliest,
        "latest": supply.latest,
        "refilled_on": supply.refilled_on,
    }


def foresee(
    metric: str, label: str, left: Sequence[float | None], last_day: dt.date
) -> Supply | None:
    """When it runs out; None where too little is known, or the newest day is a gap of a week.

    Args:
        metric: its name.
        label: what people call it.
        left: what is left on each day up to `last_day`, oldest first; None without data.
        last_day: the day of the last value.
    """
    days = list(left[-WINDOW:])
    known = [(at, value) for at, value in enumerate(days) if value is not None]
    if not known or len(days) - 1 - known[-1][0] >= WEEK:
        return None
    begin = last_day - dt.timedelta(len(days) - 1)
    as_of, now = begin + dt.timedelta(known[-1][0]), known[-1][1]
    jumps = [after for (_, before), (after, value) in pairwise(known) if value > before]
    refilled = begin + dt.timedelta(jumps[-1]) if jumps else None
    if now <= 0:
        emptied = _emptied(known)
        since = begin + dt.timedelta(emptied)
        return Supply(metric, label, as_of, now, 0.0, since, since, since, refilled)
    burnt = list(_burnt(known))
    if len(burnt) < LEAST_DAYS:
        return None
    rate, spread = sum(burnt) / len(burnt), _spread(burnt)
    on = _runs_out(as_of, now, rate, 0.0, len(burnt))
    return Supply(
        metric,
        label,
        as_of,
        now,
        rate,
        on,
        _runs_out(as_of, now, rate, spread, len(burnt)),
        None if on is None else _runs_out(as_of, now, rate, -spread, len(burnt)),
        refilled,
    )


def _burnt(known: Sequence[tuple[int, float]]) -> Iterator[float]:
    """What was burnt on each day; over a gap evenly, and nothing of a day that was refilled."""
    for (before, had), (after, has) in pairwise(known):
        if has <= had:
            yield from [(had - has) / (after - before)] * (after - before)


def _emptied(known: Sequence[tuple[int, float]]) -> int:
    """The first day of the newest stretch on which nothing was left."""
    first = known[-1][0]
    for at, value in reversed(known):
        if value > 0:
            break
        first = at
    return first


def _spread(burnt: Sequence[float]) -> float:
    """Standard deviation of a day's burning; from whole weeks, so that weekends are no chance."""
    weeks = [sum(burnt[at : at + WEEK]) for at in range(0, len(burnt) - WEEK + 1, WEEK)]
    return math.sqrt(pvariance(weeks) / WEEK) if len(weeks) > 1 else 0.0


def _runs_out(as_of: dt.date, left: float, rate: float, spread: float, seen: int) -> dt.date | None:
    """The first day on which the burning has come to what is left.

    `spread` widens it with the days ahead and with what is not known of the rate: a sum of T days
    has the variance spread² (T + T² / days seen). Below zero it burns slower than expected.
    """
    for days in range(1, FARTHEST + 1):
        wide = NORMAL_80 * spread * math.sqrt(days + days * days / seen)
        if rate * days + wide >= left:
            return as_of + dt.timedelta(days)
    return None


def _day(day: dt.date) -> str:
    return f"{day.day} {day:%b %Y}"
