"""What a signal is, what it is found from, and the thresholds."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal, Protocol

from cs_workbench.core.accounts import Band
from cs_workbench.core.depletion import Supply
from cs_workbench.core.facts import AccountFacts
from cs_workbench.core.health import HealthScore, Standing
from cs_workbench.core.loyalty import BadExperience
from cs_workbench.core.scorecards import POINT
from cs_workbench.core.usage_findings import UsageState

Severity = Literal["high", "medium", "low"]
SEVERITIES: tuple[Severity, ...] = ("high", "medium", "low")
Ruler = Literal["usage", "seats"]


@dataclass(frozen=True, slots=True)
class Signal:
    """Something about one account that a person should know.

    Attributes:
        kind: one of the names in the table of kinds.
        reason: what it is about, in words that stay the same while it lasts (a ticket, a term); an
            account has at most one open signal of a kind and reason.
        evidence: numbers and dates in a sentence.
        resolves_when: what would end it.
        is_opportunity: good news to act on; otherwise a risk.
    """

    kind: str
    reason: str
    severity: Severity
    evidence: str
    resolves_when: str
    is_opportunity: bool = False


@dataclass(frozen=True, slots=True)
class PastScore:
    """A score of an earlier refresh, made by the scorecard of today."""

    as_of: dt.date
    points_e4: int | None
    band: Band


@dataclass(frozen=True, slots=True)
class SignalPolicy:
    """When something is worth a signal; the defaults are in `docs/signals.md` with their reasons.

    Attributes:
        fall_points_e4: a fast fall loses so much since the score of about four weeks before, or
            since the last refresh; it ends when less than `fall_over_e4` is left of it.
        base_count: a usual week holds at least so much, before growth is told from chance.
        base_weeks: of the twelve have to be known, and `recent_days` of the last seven.
        stale_days: usage older than this says nothing about today.
        silence_days: by segment (lower case), how long without a two-way contact is too long.
        silence_default: the same for other segments.
        champion_days: a champion who left longer ago is no news.
        answer_days, urgent_days: an urgent ticket is answered, and closed, within so many days.
        detractor_score: an answer to "would you recommend us" of at most this.
        detractor_days: an older answer is no news.
        kickoff_days: the customer has taken part in a contact so long after the start.
        first_use_days: they use the product so long after the start, at least every `idle_days`.
        onboarding_days: nobody is in onboarding for longer.
        deadline_days: a deadline this near is urgent.
        overage: users per seat above which seats are missing; it ends at `overage_over`.
        expansion, expansion_growth: nearly full seats with usage growing by so much.
    """

    fall_points_e4: int = 15 * POINT
    fall_over_e4: int = 10 * POINT
    base_count: float = 40
    base_weeks: int = 8
    recent_days: int = 4
    stale_days: int = 14
    silence_days: Mapping[str, int] = field(
        default_factory=lambda: MappingProxyType({"enterprise": 45, "mid-market": 60, "smb": 120})
    )
    silence_default: int = 90
    champion_days: int = 365
    answer_days: int = 1
    urgent_days: int = 3
    detractor_score: int = 6
    detractor_days: int = 90
    kickoff_days: int = 7
    first_use_days: int = 30
    idle_days: int = 14
    onboarding_days: int = 120
    deadline_days: int = 14
    overage: float = 1.0
    overage_over: float = 0.95
    expansion: float = 0.9
    expansion_growth: float = 0.1

    def silence(self, segment: str | None) -> int:
        """Days without a two-way contact that are still usual for an account of this segment."""
        return self.silence_days.get((segment or "").casefold(), self.silence_default)


DEFAULT_POLICY = SignalPolicy()


@dataclass(frozen=True, slots=True)
class Situation:
    """One account today, and what signals compare it with.

    Attributes:
        previous: its score at the last refresh; `month_ago` the one about four weeks before.
                None where there was none, or where another scorecard made it.
        is_partial: the scores leave out what is measured with a ruler that cannot be trusted.
        usage: what the detectors of usage say; None where they were not asked.
        supplies: what is left of credits and allowances.
        bad: bad experiences of late that were not made good.
        standing: kinds of the account's signals that go on.
    """

    facts: AccountFacts
    score: HealthScore | Standing
    previous: PastScore | None = None
    month_ago: PastScore | None = None
    policy: SignalPolicy = DEFAULT_POLICY
    is_partial: bool = False
    usage: UsageState | None = None
    standing: frozenset[str] = frozenset()
    supplies: tuple[Supply, ...] = ()
    bad: tuple[BadExperience, ...] = ()

    @property
    def as_of(self) -> dt.date:
        """The day."""
        return self.facts.portfolio.as_of


class Find(Protocol):
    """Gives the signals of one kind: usually none or one."""

    def __call__(self, now: Situation, /) -> Iterator[Signal]:
        """Find them."""


class Lasts(Protocol):
    """Whether an open signal still holds, though it would not be found anew."""

    def __call__(self, now: Situation, reason: str, /) -> bool:
        """Say so, also where the data cannot tell."""


def is_over(now: Situation, reason: str) -> bool:
    """What is not found any more has ended: the rule for most kinds."""
    del now, reason
    return False


@dataclass(frozen=True, slots=True)
class SignalKind:
    """A row of the table of kinds.

    Attributes:
        find: today's signals of the kind.
        lasts: keeps an open one although `find` does not give it; thresholds that let go later than
            they bite keep a signal from flickering.
        rulers: what it is measured with; where one of them changed, the kind is left as it was.
    """

    kind: str
    find: Find
    lasts: Lasts = is_over
    rulers: frozenset[Ruler] = frozenset()


def short_date(day: dt.date) -> str:
    """As people write it: 2 Nov 2026."""
    return f"{day.day} {day:%b %Y}"


def days(count: int) -> str:
    """`1 day`, `20 days`."""
    return f"{count} day" if count == 1 else f"{count} days"
