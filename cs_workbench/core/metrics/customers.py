"""Customers that stayed, and churn three ways with a word on which to trust.

`S0` are the customers at the opening, `E` at the closing, `N` those who are new and still there,
`L0` the lost among `S0`, `L` all lost. CRR = (E - N) / S0 is taken from the sets of accounts, so
that it equals 1 - L0 / S0.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from cs_workbench.core.metric_kernels import columns
from cs_workbench.core.metrics import intervals
from cs_workbench.core.metrics.movements import Movements
from cs_workbench.core.metrics.results import Members, Metric
from cs_workbench.core.metrics.shares import share_of

YEAR = 365
ABOVE_ALL = "Above 100 %: {} left, and the mean of both ends is {:g}; simple churn tells it better."


@dataclass(frozen=True, slots=True)
class Counts:
    """How many customers there were, came and went, and the days that all of them were there."""

    start: int
    end: int
    new: int
    lost_of_start: int
    lost: int
    days: int


def counts(moved: Movements) -> Counts:
    """Count them."""
    there = moved.there_at_start()
    return Counts(
        start=len(there),
        end=columns.paying(moved.closing),
        new=columns.arrivals(moved.opening, moved.closing),
        lost_of_start=len(there) - columns.paying(columns.picked(moved.closing, there)),
        lost=sum(_left(moved)),
        days=sum(moved.days),
    )


def crr(moved: Movements, key: str = "crr") -> Metric:
    """Customer retention rate: who is still there of those who were."""
    there = moved.there_at_start()
    stayed = columns.above_zero(columns.picked(moved.closing, there))
    return share_of(key, columns.picked(moved.keys, there), stayed)


def crr_by_tenure(moved: Movements) -> tuple[Metric, Metric]:
    """CRR of accounts that had paid for less than twelve months at the opening, and of the rest."""
    there = moved.there_at_start()
    firsts = columns.picked(moved.first, there)
    young = [at for at, day in zip(there, firsts, strict=True) if moved.start - day < YEAR]
    old = [at for at, day in zip(there, firsts, strict=True) if moved.start - day >= YEAR]
    return crr(moved.only(young), "crr_under_12"), crr(moved.only(old), "crr_over_12")


def ccr(moved: Movements, key: str = "ccr") -> Metric:
    """Customer churn rate, 1 - CRR: simple churn, and logo churn, by another name."""
    there = moved.there_at_start()
    left = columns.zero(columns.picked(moved.closing, there))
    return share_of(key, columns.picked(moved.keys, there), left)


def churn_simple(moved: Movements, fast_growth: Fraction) -> Metric:
    """L0 / S0, with a warning where so many are new that it tells of too few of all customers."""
    found = ccr(moved, "churn_simple")
    seen = counts(moved)
    if seen.start and Fraction(seen.new, seen.start) > fast_growth:
        share = 100 * seen.new / seen.start
        warning = (
            f"{seen.new} new customers are {share:.0f} % of those at the start: "
            "simple churn is unreliable for fast growers."
        )
        return replace(found, flags=(*found.flags, warning))
    return found


def churn_adjusted(moved: Movements) -> Metric:
    """L over the mean of customers at both ends; wrong when growth is uneven inside the period."""
    seen = counts(moved)
    mean = Fraction(seen.start + seen.end, 2)
    gone = columns.places_above_zero(_left(moved))
    is_proportion = 0 < mean >= seen.lost  # more may have come and left than were at both ends
    interval = intervals.wilson(float(seen.lost / mean), float(mean)) if is_proportion else None
    above = (ABOVE_ALL.format(seen.lost, float(mean)),) if mean and not is_proportion else ()
    return Metric(
        "churn_adjusted",
        "share",
        seen.lost,
        mean,
        seen.start + seen.new,
        interval=interval,
        flags=("Assumes that customers came evenly over the period.", *above),
        members=Members(columns.picked(moved.keys, gone), [1] * len(gone)),
        by="formula",
    )


def churn_predictive(moved: Movements) -> Metric:
    """Churns a customer-day, times the days of the period; interval: Poisson limits by Byar."""
    seen = counts(moved)
    gone = _left(moved)
    survival = survival_form(seen, moved.length)
    flags = (
        ()
        if survival is None
        else (
            f"One customer leaves within {moved.length} days with a probability of "
            f"{100 * survival:.3f} %.",
        )
    )
    low, high = _poisson(seen.lost)
    scale = moved.length / seen.days if seen.days else 0
    return Metric(
        "churn_predictive",
        "share",
        moved.length * seen.lost,
        seen.days,
        seen.lost,
        interval=(low * scale, high * scale) if seen.days else None,
        flags=flags,
        members=Members(moved.keys, columns.times(gone, moved.length), moved.days),
        of="days",
    )


def survival_form(seen: Counts, length: int) -> float | None:
    """1 - (1 - p)^P: the probability that one customer leaves within the period."""
    if not seen.days or seen.lost > seen.days:
        return None
    return float(1 - (1 - seen.lost / seen.days) ** length)


def which_churn(moved: Movements, fast_growth: Fraction) -> str:
    """One sentence on which of the three to trust here, and why."""
    seen = counts(moved)
    if not seen.days:
        return "There were no customers in this period, so no churn can be told."
    if seen.lost < 5:
        who = f"Only {seen.lost}" if seen.lost else "Nobody"
        return (
            f"{who} left: all three are too uncertain to compare periods; "
            "read the list of accounts."
        )
    if not seen.start:
        return "Nobody was there at the start: trust predictive churn, which counts days."
    if Fraction(seen.new, seen.start) <= fast_growth:
        return (
            f"Trust simple churn here: new customers are {100 * seen.new / seen.start:.0f} % "
            "of the old, so the customers of the start are nearly all there were."
        )
    even = Fraction(seen.start + seen.end, 2) * moved.length
    uneven = abs(Fraction(seen.days) - even) / even
    if uneven <= Fraction(5, 100):
        return (
            f"Trust predictive churn; adjusted agrees, because customers came evenly. "
            f"Simple churn leaves out the {seen.new} new ones."
        )
    return (
        f"Trust predictive churn: customers came unevenly ({100 * float(uneven):.0f} % off the "
        "mean of both ends), which adjusted churn does not see."
    )


def _left(moved: Movements) -> Sequence[int]:
    """1 for who left inside the period, of the opening or of those who came since, else 0."""
    return columns.left(moved.opening, moved.closing, moved.lost)


def _poisson(events: int) -> tuple[float, float]:
    """Byar's approximation of the exact 95 % limits of a count."""
    z = intervals.Z
    low = events * (1 - 1 / (9 * events) - z / (3 * math.sqrt(events))) ** 3 if events else 0.0
    more = events + 1
    return low, more * (1 - 1 / (9 * more) + z / (3 * math.sqrt(more))) ** 3
