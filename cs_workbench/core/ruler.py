"""Did the customers change, or the ruler that they are measured with?

Over some newest days (one, and seven) an account *moved up* if its mean is above those of the same
weekdays of each of the four weeks before, and at least half as much again as their mean; *down*
likewise. If weeks were exchangeable, the new one would be the highest of them in at most one case
of five (of four, where one of the weeks is missing), whatever the values' distribution: `usual`.
The tail of the binomial distribution says how unlikely the share that moved is; because accounts
share seasons and growth, and so are not independent, at least half of them must have moved besides.

A holiday moves most accounts down, too. It looks like a Sunday, on every metric that knows Sundays,
and it is soon over.
"""

import datetime as dt
import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import astuple, dataclass
from typing import Literal

from cs_workbench.core.facts import Portfolio
from cs_workbench.core.measures import MISSING, NOT_APPLICABLE, Outcome
from cs_workbench.core.scorecards import Scorecard, ScoredMeasure
from cs_workbench.core.usage_measures import metrics_read

Direction = Literal["up", "down"]
WEEKS = 4
DAILY_DAYS = 20  # of the 28 before: data came daily


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
        window_days: at most so many of the newest days are tested, and at least seven.
        rest: of its quietest day in the weeks before, the level at which an account rests.
        rhythm: a metric knows rest if its quietest day is at most this share of the mean.
        rest_days: nobody rests for longer.
        stale_days: usage that is older says nothing about today.
        lasts_days: after it, all that signals compare was measured with the new ruler.
    """

    least_accounts: int = 20
    least_share: float = 0.5
    usual: float = 1 / WEEKS
    tail: float = 1e-6
    factor: float = 1.5
    least_value: float = 5
    window_days: int = 28
    rest: float = 0.8
    rhythm: float = 0.6
    rest_days: int = 10
    stale_days: int = 14
    lasts_days: int = 112


DEFAULT_POLICY = RulerPolicy()


@dataclass(frozen=True, slots=True)
class DayMoves:
    """How accounts moved on a day.

    Attributes:
        accounts: those that could be compared.
        up, down: those that moved.
        values_up, means_up: of those the sum of their values, and of their weeks before.
        values_down, means_down: likewise.
    """

    accounts: int = 0
    up: int = 0
    down: int = 0
    values_up: float = 0
    means_up: float = 0
    values_down: float = 0
    means_down: float = 0

    @property
    def factor_up(self) -> float:
        """How many times as much those that moved up have."""
        return self.values_up / self.means_up if self.means_up else 1.0

    @property
    def factor_down(self) -> float:
        """What is left of those that moved down, as a share."""
        return self.values_down / self.means_down if self.means_down else 1.0

    def __add__(self, other: "DayMoves") -> "DayMoves":
        """Both together."""
        pairs = zip(astuple(self), astuple(other), strict=True)
        return DayMoves(*(one + two for one, two in pairs))


@dataclass(frozen=True, slots=True)
class Rest:
    """How far a fall looks like a holiday.

    Attributes:
        fell: accounts that fell by the factor, and `resting` those of them on a Sunday's level.
        accounts: those that could be compared, and `rhythmic` those of them that have quiet days.
    """

    fell: int
    resting: int
    accounts: int
    rhythmic: int


@dataclass(frozen=True, slots=True)
class Quiet:
    """Accounts whose data came daily, and those of them from which nothing came for a week."""

    accounts: int
    quiet: int


@dataclass(frozen=True, slots=True)
class FeedStop:
    """A metric that no longer arrives for most of the accounts that sent it daily."""

    metric: str
    label: str
    until: dt.date
    accounts: int
    quiet: int


@dataclass(frozen=True, slots=True)
class Pause:
    """Days on which most accounts are as quiet as on a Sunday: a holiday, as far as can be seen."""

    metric: str
    day: dt.date
    accounts: int
    moved: int


@dataclass(frozen=True, slots=True)
class RulerChange:
    """A day on which most accounts moved the same way on one metric.

    Attributes:
        segments: of which accounts this is; empty: of all.
    """

    metric: str
    label: str
    day: dt.date
    direction: Direction
    accounts: int
    moved: int
    factor: float
    segments: tuple[str, ...] = ()


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


def find_segments(
    moves: Mapping[str, DayMoves], policy: RulerPolicy = DEFAULT_POLICY
) -> tuple[str, ...]:
    """Segments that moved by themselves, all the same way; none where the portfolio has but one.

    Where some went up and others down, those that are more.
    """
    ways: dict[Direction, list[str]] = {"up": [], "down": []}
    for name, one in moves.items():
        move = find_move(one, policy) if name else None
        if move is not None:
            ways[move[0]].append(name)
    larger = ways["up"] if len(ways["up"]) >= len(ways["down"]) else ways["down"]
    return tuple(sorted(larger)) if len(moves) > 1 else ()


def is_rest(
    rest: Rest, lasted_days: int, others: Sequence[bool], policy: RulerPolicy = DEFAULT_POLICY
) -> bool:
    """Whether a fall is to be taken for a holiday.

    Args:
        rest: how the accounts stand that fell.
        lasted_days: since the first day of it.
        others: of each other metric that has quiet days, whether it fell alike.
        policy: the limits.
    """
    if lasted_days > policy.rest_days or not all(others):
        return False
    return 2 * rest.resting >= rest.fell > 0 and knows_rest(rest)


def knows_rest(rest: Rest) -> bool:
    """Whether most accounts have quiet days on this metric, so that a holiday would show."""
    return rest.accounts > 0 and 2 * rest.rhythmic >= rest.accounts


def has_stopped(quiet: Quiet, policy: RulerPolicy = DEFAULT_POLICY) -> bool:
    """Whether a feed is down for so many accounts at once that it cannot be the customers."""
    enough = quiet.accounts >= policy.least_accounts
    return enough and quiet.quiet >= policy.least_share * quiet.accounts


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
        f"{change.moved:,} of {change.accounts:,} accounts{_of_segments(change)} on "
        f"{change.day.isoformat()}, "
        f"{tell_factor(change.factor)}."
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


def _of_segments(change: RulerChange) -> str:
    if not change.segments:
        return ""
    word = "segment" if len(change.segments) == 1 else "segments"
    return f" of the {word} {', '.join(change.segments)}"


def tell_factor(factor: float) -> str:
    """`to about 10 times as much`, `to about a tenth`, `to about 35 %`."""
    if factor >= 1:
        return f"to about {factor:.2g} times as much"
    if factor < 0.005:
        return "to nothing"
    return f"to about {100 * factor:.2g} % of what it was"


def tell_stop(stop: FeedStop) -> str:
    """The alarm about a feed in one sentence."""
    return (
        f"The feed stopped, not the customers: in the week to {stop.until.isoformat()} no "
        f"{stop.metric} arrived for {stop.quiet:,} of the {stop.accounts:,} accounts that used to "
        "send it every day. Their scores are compared without it; look at where it comes from."
    )


def tell_pauses(pauses: Sequence[Pause]) -> str:
    """Metrics at rest, in one sentence."""
    largest = max(pauses, key=lambda one: one.accounts)
    names = ", ".join(sorted(one.metric for one in pauses))
    return (
        f"A quiet time, as on a holiday, began on {min(one.day for one in pauses).isoformat()}: "
        f"{largest.moved:,} of {largest.accounts:,} accounts went down to the level of a weekend "
        f"({names}). Signals that rest on it wait until a whole week is usual again."
    )


def with_trusted(
    scorecard: Scorecard,
    portfolio: Portfolio,
    outcomes: Sequence[Outcome],
    metrics: Collection[str],
    instead: Sequence[Outcome] | None = None,
) -> tuple[Outcome, ...]:
    """The outcomes, but of measures that read one of these metrics those in `instead`.

    Without `instead` these are taken for missing.
    """
    others = [MISSING] * len(outcomes) if instead is None else instead
    return tuple(
        other if outcome is not NOT_APPLICABLE and _reads(line, portfolio, metrics) else outcome
        for line, outcome, other in zip(scorecard.measures, outcomes, others, strict=True)
    )


def _reads(line: ScoredMeasure, portfolio: Portfolio, metrics: Collection[str]) -> bool:
    """Whether a measure reads one of the metrics."""
    named = metrics_read(line.given)
    if line.given.get("metric") == "":
        is_seats = line.source in {"seat utilisation", "onboarding progress"}
        named.add((portfolio.seat_metric if is_seats else portfolio.main_metric) or "")
    return bool(metrics) and ("*" in named or not named.isdisjoint(metrics))
