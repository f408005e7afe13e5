"""Looking back on an account that left: what was known, and when, before it did."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from cs_workbench.core.memory import ExitReason, Promise, Touchpoint
from cs_workbench.core.money import added
from cs_workbench.core.promises import Outcome, outcome_of

MONTHS: Final = 12  # how far a retro looks back
MONTH_DAYS: Final = 30
STALE_DAYS: Final = 35  # an older score says nothing of the month
LAST_TOUCHES: Final = 5
_NOT_IN_TIME: Final = frozenset({"late", "kept late", "broken"})


@dataclass(frozen=True, slots=True)
class Departure:
    """When an account left and what it paid until then, in the currency of most of it.

    Attributes:
        reason, feedback: as the source that told of it has them.
        is_former: it is no customer today, either.
    """

    account_key: int
    account_id: str
    name: str
    csm: str | None
    left_on: dt.date
    arr_minor: int | None
    currency: str
    reason: str | None
    feedback: str | None
    is_former: bool


@dataclass(frozen=True, slots=True)
class Paid:
    """A subscription as a retro needs it; `end` is None while nothing ends it.

    Attributes:
        arr_minor: None where the price is not known.
    """

    arr_minor: int | None
    currency: str
    start: dt.date
    end: dt.date | None


@dataclass(frozen=True, slots=True)
class MonthScore:
    """The newest score so many months of 30 days before; None where the month has none."""

    months_before: int
    as_of: dt.date | None
    points_e4: int | None
    band: str


@dataclass(frozen=True, slots=True)
class SignalThen:
    """A signal that spoke before they left."""

    opened_on: dt.date
    kind: str
    severity: str
    evidence: str
    resolution: str | None


@dataclass(frozen=True, slots=True)
class Fine:
    """A person who said that all was well: by an override, a rating or a forecast."""

    on: dt.date
    who: str
    what: str


@dataclass(frozen=True, slots=True)
class Retro:
    """Everything that was known of an account before it left, oldest first where it has days."""

    departure: Departure
    scores: tuple[MonthScore, ...]
    signals: tuple[SignalThen, ...]
    fine: tuple[Fine, ...]
    touches: tuple[Touchpoint, ...]
    promises: tuple[tuple[Promise, Outcome], ...]
    reasons: tuple[ExitReason, ...]

    @property
    def last_green_on(self) -> dt.date | None:
        """The newest of the days shown on which the score was green."""
        return max((one.as_of for one in self.scores if one.as_of and one.band == "green"),
                   default=None)  # fmt: skip

    @property
    def warned_days(self) -> int | None:
        """Days between the first signal shown and their leaving; None: nothing warned."""
        days = [one.opened_on for one in self.signals]
        return (self.departure.left_on - min(days)).days if days else None


def paid_until(
    paid: Sequence[Paid], told: dt.date | None, today: dt.date
) -> tuple[dt.date | None, int | None, str | None]:
    """When they left, and the ARR until then in the currency of most of it, where it is known.

    `told` is the day that a source has, if any. What ended no more than a month before they left
    is counted, so that several subscriptions may end one after the other.
    """
    ends = [one.end for one in paid if one.end is not None and one.end <= today]
    left_on = told or max(ends, default=None)
    if left_on is None:
        return None, 0, None
    begun = [one for one in paid if one.start < left_on]
    last = max((one.end or left_on for one in begun), default=left_on)
    since = min(last, left_on) - dt.timedelta(MONTH_DAYS)
    amounts: dict[str, int | None] = {}
    for one in begun:
        if one.end is None or one.end > since:
            amounts[one.currency] = added(amounts.get(one.currency), one.arr_minor)
    unit = max(amounts, key=lambda name: amounts[name] or 0, default=None)
    return left_on, amounts[unit] if unit else 0, unit


def first_day(left_on: dt.date) -> dt.date:
    """From when on a retro looks."""
    return left_on - dt.timedelta(MONTHS * MONTH_DAYS)


def scores_before(
    history: Sequence[tuple[dt.date, int | None, str]], left_on: dt.date
) -> tuple[MonthScore, ...]:
    """By month, the farthest first, the score of then: day, points in 1/10,000, band."""
    return tuple(_month(history, left_on, months) for months in range(MONTHS, -1, -1))


def promises_not_in_time(
    promises: Iterable[Promise], left_on: dt.date
) -> tuple[tuple[Promise, Outcome], ...]:
    """Ours that were late, kept late or broken as it stood when they left."""
    then = ((one, outcome_of(_as_of(one, left_on), left_on)) for one in promises
            if one.promised_by == "us" and one.made_on <= left_on)  # fmt: skip
    found = [(one, outcome) for one, outcome in then if outcome in _NOT_IN_TIME]
    return tuple(sorted(found, key=lambda pair: pair[0].due_on or pair[0].made_on))


def _as_of(promise: Promise, day: dt.date) -> Promise:
    if promise.kept_on is not None and promise.kept_on > day:
        return replace(promise, state="open", kept_on=None)
    return promise


def _month(
    history: Sequence[tuple[dt.date, int | None, str]], left_on: dt.date, months: int
) -> MonthScore:
    day = left_on - dt.timedelta(months * MONTH_DAYS)
    fresh = [one for one in history if 0 <= (day - one[0]).days <= STALE_DAYS]
    if not fresh:
        return MonthScore(months, None, None, "unknown")
    return MonthScore(months, *max(fresh, key=lambda one: one[0]))
