"""Did the customers change, or the ruler that they are measured with?

An account *moved up* on a day if its value is above those of the same weekday of each of the four
weeks before, and at least half as much again as their mean; *down* likewise. If days were
exchangeable, the new one would be the highest of them in at most one case of five (of four, where
one of the weeks is missing), whatever the values' distribution: `usual`. The tail of the binomial
distribution says how unlikely the share that moved is; because accounts share seasons and growth,
and so are not independent, at least half of them must have moved besides.
"""

import datetime as dt
import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from cs_workbench.core.facts import Portfolio
from cs_workbench.core.measures import MISSING, NOT_APPLICABLE, Outcome
from cs_workbench.core.scorecards import Scorecard

Direction = Literal["up", "down"]
WEEKS = 4


@dataclass(frozen=True, slots=True)
class RulerPolicy:
    """When a move of the portfolio is called a change of the ruler.

    Attributes:
        least_accounts: fewer that can be compared say nothing.
        least_share: of them have to move the same way.
        usual: the share that may by chance.
        tail: how unlikely the share has to be.
        factor: a move is at least by this, up or down.
        least_value: a mean below this says nothing: one more or less is a large part of it.
        test_days: at most so many of the newest days are tested.
        lasts_days: after it, all that signals compare was measured with the new ruler.
    """

    least_accounts: int = 20
    least_share: float = 0.5
    usual: float = 1 / WEEKS
    tail: float = 1e-6
    factor: float = 1.5
    least_value: float = 5
    test_days: int = 7
    lasts_days: int = 112


DEFAULT_POLICY = RulerPolicy()


@dataclass(frozen=True, slots=True)
class DayMoves:
    """How the accounts moved on a day.

    Attributes:
        accounts: those that could be compared.
        up, down: those that moved.
        factor_up, factor_down: the sum of their values against that of their weeks before.
    """

    accounts: int
    up: int
    down: int
    factor_up: float
    factor_down: float


@dataclass(frozen=True, slots=True)
class RulerChange:
    """A day on which most accounts moved the same way on one metric."""

    metric: str
    label: str
    day: dt.date
    direction: Direction
    accounts: int
    moved: int
    factor: float


def find_move(
    moves: DayMoves, policy: RulerPolicy = DEFAULT_POLICY
) -> tuple[Direction, int, float] | None:
    """The direction, how many went there and by what factor; None on a usual day."""
    direction: Direction = "up" if moves.up >= moves.down else "down"
    moved = max(moves.up, moves.down)
    if moves.accounts < policy.least_accounts or moved < policy.least_share * moves.accounts:
        return None
    if binomial_tail(moved, moves.accounts, policy.usual) > policy.tail:
        return None
    return direction, moved, moves.factor_up if direction == "up" else moves.factor_down


def still_moved(
    moves: DayMoves, direction: Direction, policy: RulerPolicy = DEFAULT_POLICY
) -> bool:
    """Whether most accounts are still away from where they were; yes if too few can be compared."""
    moved = moves.up if direction == "up" else moves.down
    return moves.accounts < policy.least_accounts or moved >= policy.least_share * moves.accounts


def binomial_tail(successes: int, trials: int, chance: float) -> float:
    """How likely at least so many successes are, in independent trials."""
    if successes <= 0:
        return 1.0
    total = 0.0
    for count in range(successes, trials + 1):
        part = math.exp(
            math.lgamma(trials + 1)
            - math.lgamma(count + 1)
            - math.lgamma(trials - count + 1)
            + count * math.log(chance)
            + (trials - count) * math.log1p(-chance)
        )
        total += part
        if count > trials * chance and part <= total * 1e-12:
            break
    return min(1.0, total)


def tell_change(change: RulerChange, others: Collection[str] = ()) -> str:
    """The alarm in one sentence; `others` are metrics that moved alike on that day."""
    told = (
        f"The ruler changed, not the customers: {change.metric} went {change.direction} for "
        f"{change.moved:,} of {change.accounts:,} accounts on {change.day.isoformat()}, "
        f"by a factor of about {change.factor:.2g}."
    )
    if others:
        told += (
            f" {', '.join(sorted(others))} moved the same way: a holiday, or an outage of what "
            "collects usage, looks like this too."
        )
    return (
        f"{told} Signals that rest on it wait until it is put right or back where it was, or until "
        f"`csw signals accept {change.metric}` says that it is real."
    )


def without_metrics(
    scorecard: Scorecard,
    portfolio: Portfolio,
    outcomes: Sequence[Outcome],
    metrics: Collection[str],
) -> tuple[Outcome, ...]:
    """The outcomes with those that were measured with these metrics taken for missing."""
    blanked = []
    for line, outcome in zip(scorecard.measures, outcomes, strict=True):
        default = (
            portfolio.seat_metric if line.source == "seat utilisation" else portfolio.main_metric
        )
        is_usage = "metric" in line.given
        reads = str(line.given.get("metric") or default or "") if is_usage else ""
        is_gone = reads in metrics and outcome is not NOT_APPLICABLE
        blanked.append(MISSING if is_gone else outcome)
    return tuple(blanked)
