"""Our loyalty to a whole book: the plain mean, how many it rests on, and whom it may cost us."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, NamedTuple

from cs_workbench.core.metrics import intervals
from cs_workbench.core.metrics.results import Members, Metric
from cs_workbench.core.scorecards import POINT

STANDINGS: Final[Mapping[str, str]] = {
    "loyal and squeezed": "two years a customer or longer, our loyalty below 50",
    "neglected and valuable": "ARR above the middle of the book, our loyalty below 50",
}
SCORED: Final = "Of the newest scoring, {}, whatever period is chosen; no part of health."


class Scored(NamedTuple):
    """A customer's newest score of our loyalty; None where too little is known."""

    account_key: int
    points_e4: int | None
    standing: str


@dataclass(frozen=True)
class LoyaltySummary:
    """Our loyalty to some customers.

    Attributes:
        as_of: the newest day that was scored.
        customers: scored, those with an unknown score included.
        mean: in points over those with a known score, with its interval and its accounts.
        standings: by standing its accounts, each with its points of 100.
    """

    as_of: dt.date
    customers: int
    mean: Metric
    standings: Mapping[str, Members]

    @property
    def known(self) -> str:
        """`119 of 134 customers`: how many the mean rests on."""
        return f"{self.mean.n:,} of {self.customers:,} customers"


def summarise_loyalty(as_of: dt.date, scored: Sequence[Scored]) -> LoyaltySummary:
    """The mean over known scores (unknown ones are left out, never 0), and the standings."""
    known = [(one, one.points_e4) for one in scored if one.points_e4 is not None]
    missing = len(scored) - len(known)
    flags = [SCORED.format(as_of)]
    if missing:
        flags.append(f"Too little is known of {missing:,} to tell.")
    mean = Metric(
        "our_loyalty",
        "count",
        Fraction(sum(points for _, points in known), POINT),
        len(known),
        len(known),
        interval=_within(intervals.of_mean([points / POINT for _, points in known])),
        flags=tuple(flags),
        members=_members([one for one, _ in known]),
        by="formula",
    )
    standings = {
        name: _members([one for one, _ in known if one.standing == name]) for name in STANDINGS
    }
    return LoyaltySummary(as_of, len(scored), mean, standings)


def _members(scored: Sequence[Scored]) -> Members:
    points = [(one.points_e4 or 0) // POINT for one in scored]
    return Members([one.account_key for one in scored], points, [100] * len(scored))


def _within(limits: tuple[float, float] | None) -> tuple[float, float] | None:
    return None if limits is None else (max(0.0, limits[0]), min(100.0, limits[1]))
