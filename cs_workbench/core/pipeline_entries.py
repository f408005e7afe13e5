"""A renewal in the pipeline: the account it is of, what is said of it, and where it stands."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from cs_workbench.core.accounts import Band
from cs_workbench.core.dates import near_date
from cs_workbench.core.forecast_moves import Position
from cs_workbench.core.forecast_policy import FULL, ForecastPolicy
from cs_workbench.core.forecasts import Said
from cs_workbench.core.money import short
from cs_workbench.core.pipeline import (
    Section,
    Standing,
    disagreement,
    gate_finding,
    is_overdue,
    is_stale,
    section_of,
    standing,
)
from cs_workbench.core.projections import Chance
from cs_workbench.core.renewal_terms import Renewal

Grouping = Literal["clock", "category", "week", "month", "CSM"]


class Brief(NamedTuple):
    """What the pipeline shows of an account, as it is now.

    Attributes:
        csm: the id, and `csm_name` the name of its CSM.
        promises_late: how many promises of ours are past their day.
        leaves_e4: the model's probability that it leaves, where there is one; its 80 % interval
            lies between `leaves_low_e4` and `leaves_high_e4`.
        hurt: two bad experiences or more that were not made good, in words.
    """

    account_key: int
    account_id: str
    name: str
    csm: str | None
    csm_name: str | None
    segment: str | None
    region: str | None
    band: Band
    points_e4: int | None
    trend_e4: int | None
    coverage_e4: int
    next_step: str | None
    next_step_owner: str | None
    next_step_due: dt.date | None
    next_step_said_on: dt.date | None
    last_two_way_on: dt.date | None
    promises_late: int
    leaves_e4: int | None = None
    leaves_low_e4: int | None = None
    leaves_high_e4: int | None = None
    hurt: str | None = None

    @property
    def leaves_span(self) -> tuple[float, float, float] | None:
        """The model's probability, and the bounds of its interval; None where there is none."""
        if self.leaves_e4 is None:
            return None
        low, high = self.leaves_low_e4 or 0, self.leaves_high_e4 or 0
        return self.leaves_e4 / FULL, low / FULL, high / FULL


class Entry(NamedTuple):
    """One renewal on a day.

    Attributes:
        filed_as: the end date under which statements on it are kept.
    """

    account: Brief
    renewal: Renewal
    filed_as: dt.date
    said: Said
    standing: Standing

    @property
    def key(self) -> tuple[int, dt.date]:
        """Its account and the end date under which it is kept."""
        return self.account.account_key, self.filed_as

    @property
    def due_told(self) -> str:
        """What ends, short: `412k`, `412k+` where only a part has a known price, or a dash."""
        one = self.renewal
        return short(one.due_minor, one.currency, and_more=one.is_partly_priced)

    @property
    def amount_told(self) -> str:
        """What it is expected to be renewed at, likewise."""
        now = self.standing
        return short(now.amount_minor, self.renewal.currency, and_more=now.is_part)

    @property
    def loss_minor(self) -> int | None:
        """ARR due x the churn model's probability; None where one of them is not known."""
        share, due = self.account.leaves_e4, self.renewal.due_minor
        return None if share is None or due is None else round(due * share / FULL)

    @property
    def chance(self) -> Chance:
        """What the totals reckon with."""
        now = self.standing
        part = self.renewal.is_partly_priced
        return Chance(
            self.renewal.due_minor, now.amount_minor, now.probability_e4, now.category, part
        )

    @property
    def position(self) -> Position:
        """What is compared with another day."""
        said, renewal = self.said, self.renewal
        decisive = said.outcome and said.outcome.outcome_id
        if decisive is None and self.standing.why == "notice" and said.notice is not None:
            decisive = said.notice.notice_id
        if decisive is None and said.forecast is not None:
            decisive = said.forecast.forecast_id
        closes = said.forecast.closes_on if said.forecast is not None else None
        return Position(
            *(renewal.due_minor, renewal.end_date, renewal.deadline, closes),
            *(self.standing, decisive),
        )

    def days(self, day: dt.date) -> int:
        """Days to the deadline; negative when it has passed."""
        return (self.renewal.deadline - day).days


@dataclass(frozen=True, slots=True)
class Marks:
    """What about an entry asks for attention, in words or as yes or no.

    Attributes:
        overdue: a commitment should be there and is not, whatever the score.
        gate: why it does not pass the gate.
        disagrees: which other judgement contradicts the forecast.
        stale: the forecast is older than the policy wants.
    """

    section: Section
    overdue: bool
    gate: str | None
    disagrees: str | None
    stale: bool


def entry_of(
    account: Brief,
    renewal: Renewal,
    filed_as: dt.date,
    said: Said,
    *,
    on: tuple[dt.date, ForecastPolicy],
) -> Entry:
    """The renewal as it stands on a day by a policy."""
    return Entry(account, renewal, filed_as, said, standing(renewal, said, *on))


def marks_of(entry: Entry, day: dt.date, policy: ForecastPolicy) -> Marks:
    """What about it asks for attention."""
    renewal, said, now = entry.renewal, entry.said, entry.standing
    return Marks(
        section=section_of(renewal, said, now, day),
        overdue=is_overdue(renewal, said, now, day),
        gate=gate_finding(renewal, said, now, day, policy),
        disagrees=disagreement(now, entry.account.band, entry.account.leaves_e4, policy),
        stale=is_stale(said, now, day, policy),
    )


def belongs(entry: Entry, day: dt.date) -> bool:
    """Whether it is in the pipeline: undecided, or decided before its term is over."""
    return entry.standing.is_open or entry.renewal.end_date >= day


_CLOCK: tuple[Section, ...] = ("late", "near", "gate", "later", "closed")


def ordered(entries: Iterable[Entry], day: dt.date, grouping: Grouping) -> list[Entry]:
    """The entries in groups, each by deadline, then the largest first."""

    def by_clock(one: Entry) -> tuple[object, ...]:
        return (_CLOCK.index(section_of(one.renewal, one.said, one.standing, day)), *_within(one))

    if grouping == "clock":
        return sorted(entries, key=by_clock)
    return sorted(entries, key=lambda one: (_order(one, grouping), *_within(one)))


def group_of(entry: Entry, day: dt.date, grouping: Grouping) -> str:
    """The name of the group that an entry is in."""
    if grouping == "category":
        return entry.standing.category or "no forecast"
    if grouping == "week":
        return f"week of {near_date(_monday(entry), day)}"
    if grouping == "month":
        return f"{entry.renewal.deadline:%Y-%m}"
    if grouping == "CSM":
        return entry.account.csm_name or "no CSM"
    return section_of(entry.renewal, entry.said, entry.standing, day)


def currencies(entries: Sequence[Entry]) -> list[str]:
    """Their currencies, the one with most due first; sums are of one currency alone."""
    due: dict[str, int] = {}
    for one in entries:
        due[one.renewal.currency] = due.get(one.renewal.currency, 0) + (one.renewal.due_minor or 0)
    return sorted(due, key=lambda name: (-due[name], name))


_CATEGORY_ORDER = ("at risk", "no forecast", "likely", "churn expected", "commit", "closed")


def _order(one: Entry, grouping: Grouping) -> tuple[object, ...]:
    if grouping == "category":
        name = one.standing.category or "no forecast"
        place = _CATEGORY_ORDER.index(name) if name in _CATEGORY_ORDER else 9
        return (place,)
    if grouping == "week":
        return (_monday(one),)
    if grouping == "month":
        return (one.renewal.deadline.year, one.renewal.deadline.month)
    return (one.account.csm_name is None, one.account.csm_name or "")


def _monday(one: Entry) -> dt.date:
    """The first day of the week of a deadline."""
    return one.renewal.deadline - dt.timedelta(days=one.renewal.deadline.weekday())


def _within(one: Entry) -> tuple[object, ...]:
    return (one.renewal.deadline, -(one.renewal.due_minor or 0), one.account.account_key)
