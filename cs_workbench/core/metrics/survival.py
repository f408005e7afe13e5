"""Kaplan-Meier: how long things last, or take, when some have not ended yet."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import compress

from cs_workbench.core.metrics.intervals import Z


@dataclass(frozen=True, slots=True)
class Survival:
    """A step curve: at each time, the share still there, with its 95 % interval.

    Attributes:
        times: days, ascending, at which anything ended.
        shares, lows, highs: from that day on (Greenwood, on the log-log scale).
        at_risk: how many were still there just before.
        n, events: how many in all, and for how many the end is known.
    """

    times: Sequence[int]
    shares: Sequence[float]
    lows: Sequence[float]
    highs: Sequence[float]
    at_risk: Sequence[int]
    n: int
    events: int

    def at(self, day: int) -> float:
        """The share still there after a day."""
        share = 1.0
        for time, after in zip(self.times, self.shares, strict=True):
            if time > day:
                break
            share = after
        return share

    @property
    def median(self) -> int | None:
        """The first day with half or fewer left; None where that was never reached."""
        return _first(self.times, self.shares)

    @property
    def median_interval(self) -> tuple[int | None, int | None]:
        """The days on which both limits of the curve pass one half."""
        return _first(self.times, self.lows), _first(self.times, self.highs)


def survival(durations: Sequence[int], ended: Sequence[bool]) -> Survival:
    """The curve of durations, of which those that have not ended are censored."""
    leaving, ending = Counter(durations), Counter(compress(durations, ended))
    left, share, hazard_sum, events = len(durations), 1.0, 0.0, 0
    times: list[int] = []
    rows: list[tuple[float, float, float, int]] = []
    for time in sorted(leaving):
        gone = ending[time]
        if gone:
            share *= 1 - gone / left
            hazard_sum += gone / (left * (left - gone)) if left > gone else math.inf
            times.append(time)
            rows.append((share, *_limits(share, hazard_sum), left))
            events += gone
        left -= leaving[time]
    shares, lows, highs, risk = (
        (list(column) for column in zip(*rows, strict=True)) if rows else ([], [], [], [])
    )
    return Survival(times, shares, lows, highs, risk, len(durations), events)


def _limits(share: float, hazard_sum: float) -> tuple[float, float]:
    if share <= 0 or math.isinf(hazard_sum):
        return 0.0, 0.0
    if share >= 1:
        return 1.0, 1.0
    spread = Z * math.sqrt(hazard_sum) / abs(math.log(share))
    return share ** math.exp(spread), share ** math.exp(-spread)


def _first(times: Sequence[int], shares: Sequence[float]) -> int | None:
    return next((time for time, share in zip(times, shares, strict=True) if share <= 0.5), None)
