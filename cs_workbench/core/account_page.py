"""Everything that the page of one account shows, as values."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from statistics import median

from cs_workbench.core.accounts import AccountLine, Band
from cs_workbench.core.cadence import ContactDue
from cs_workbench.core.churn_said import ChurnSaid
from cs_workbench.core.dates import short_date
from cs_workbench.core.health import Contribution
from cs_workbench.core.judgements import Rating
from cs_workbench.core.money import short_told
from cs_workbench.core.page_memory import PageMemory
from cs_workbench.core.page_people import PageContact, PagePromise
from cs_workbench.core.plurals import counted
from cs_workbench.core.renewals import NextRenewal, Subscription
from cs_workbench.core.rollup import FamilyHealth
from cs_workbench.core.score_history import ScoreDay, ScoreEvent
from cs_workbench.core.signals.model import Severity
from cs_workbench.core.timeline import TimelineEntry

THREAD_DAYS = 90  # a contact spoken with more recently is a thread
RECENT_WEEKS = 4
BASE_WEEKS = 12


@dataclass(frozen=True, slots=True)
class PageHealth:
    """A score with the lines that add up to it.

    Attributes:
        dimensions: their labels by name.
    """

    as_of: dt.date
    band: Band
    points_e4: int | None
    dimensions: Mapping[str, str]
    contributions: tuple[Contribution, ...]


@dataclass(frozen=True, slots=True)
class UsageHistory:
    """One metric in weeks of seven days that end on the last day known of it, as in the score.

    Attributes:
        ends: the last day of each week, oldest first.
        totals, days: sum and number of the days with data in each week.
        newest: the last day on which this account has data.
        rollup: how days make a week, and `values` what each week comes to by it; None without data.
        daily: seven days of each week, None without data.
    """

    metric: str
    label: str
    unit: str
    ends: tuple[dt.date, ...]
    totals: tuple[float, ...]
    days: tuple[int, ...]
    newest: dt.date
    rollup: str = "mean"
    values: tuple[float | None, ...] = ()
    daily: tuple[float | None, ...] = ()

    @property
    def levels(self) -> tuple[float | None, ...]:
        """The mean of the days with data in each week, None where there are none."""
        return tuple(
            total / days if days else None
            for total, days in zip(self.totals, self.days, strict=True)
        )

    @property
    def per_day(self) -> str:
        """What a number of it is of: one of a day, or how high it stands."""
        return "" if self.rollup == "last" else " a day"

    @property
    def recent(self) -> float | None:
        """The mean of the days with data in the last four weeks."""
        days = sum(self.days[-RECENT_WEEKS:])
        return sum(self.totals[-RECENT_WEEKS:]) / days if days else None

    @property
    def base(self) -> float | None:
        """The account's own baseline: the median of the twelve weeks before the last four."""
        known = [
            level
            for level in self.levels[-BASE_WEEKS - RECENT_WEEKS : -RECENT_WEEKS]
            if level is not None
        ]
        return median(known) if known else None

    @property
    def change(self) -> float | None:
        """The last four weeks against the twelve before, as a share."""
        return self.recent / self.base - 1 if self.recent is not None and self.base else None

    def last(self, weeks: int) -> "UsageHistory":
        """Its last weeks alone."""
        return replace(
            self,
            ends=self.ends[-weeks:],
            totals=self.totals[-weeks:],
            days=self.days[-weeks:],
            values=self.values[-weeks:],
            daily=self.daily[-7 * weeks :],
        )

    def up_to(self, today: dt.date) -> "UsageHistory":
        """The same with the silent weeks from the last day known to today."""
        silent = max(0, (today - self.ends[-1]).days // 7)
        return replace(
            self,
            ends=(*self.ends, *(self.ends[-1] + dt.timedelta(7 * n + 7) for n in range(silent))),
            totals=(*self.totals, *[0.0] * silent),
            days=(*self.days, *[0] * silent),
            values=(*self.values, *[None] * silent),
            daily=(*self.daily, *[None] * 7 * silent),
        )

    def level_before(self, day: dt.date) -> float | None:
        """The level of the last whole week that ended by that day."""
        ended = [level for end, level in zip(self.ends, self.levels, strict=True) if end <= day]
        return ended[-1] if ended else None


@dataclass(frozen=True, slots=True)
class PageSubscription:
    """A subscription as it is written down; `in_force` today."""

    contract: Subscription
    plan: str | None
    in_force: bool

    @property
    def name(self) -> str:
        """Product and plan; once where both say the same."""
        return " ".join(dict.fromkeys(part for part in (self.contract.product, self.plan) if part))

    @property
    def price_told(self) -> str:
        """What it costs in a year, in words: `412k USD`, `trial`, or that billing has the price."""
        held = self.contract
        if held.is_trial:
            return "trial"
        return "priced by billing" if held.is_billed else short_told(held.arr_minor, held.currency)


@dataclass(frozen=True, slots=True)
class Problem:
    """A ticket or complaint."""

    ticket_id: str
    subject: str | None
    priority: str
    is_complaint: bool
    opened_on: dt.date
    closed_on: dt.date | None


@dataclass(frozen=True, slots=True)
class Family:
    """What the account is part of, and how many accounts are parts of it."""

    parent_id: str | None = None
    parent_name: str | None = None
    children: int = 0

    @property
    def words(self) -> tuple[str, ...]:
        """The family in words: `part of Summit Foods LLC`, `3 subsidiaries`."""
        above = f"part of {self.parent_name}" if self.parent_name else ""
        noun = "subsidiary" if self.children == 1 else "subsidiaries"
        below = f"{self.children:,} {noun}" if self.children else ""
        return tuple(text for text in (above, below) if text)


@dataclass(frozen=True, slots=True)
class PageSignal:
    """A signal that is open; silent before `snoozed_until`."""

    signal_id: str
    kind: str
    severity: Severity
    is_opportunity: bool
    evidence: str
    resolves_when: str
    opened_on: dt.date
    snoozed_until: dt.date | None

    def speaks(self, today: dt.date) -> bool:
        """Whether it is not snoozed."""
        return self.snoozed_until is None or self.snoozed_until <= today


@dataclass(frozen=True, slots=True)
class PagePlay:
    """A play of the account.

    Attributes:
        state: `suggested`, `active`, or how it ended.
        standing: how an active one stands: `on track`, `behind`, `stuck`, `waiting`.
        step: that it is at, the `number` of so many `steps`; None where only its end is left to
            say, and for others than active ones.
        told: what suggested it, or why it ended.
        on: the day on which it was suggested, started, or ended.
    """

    play_id: str
    title: str
    state: str
    standing: str
    step: str | None
    number: int
    steps: int
    due: dt.date | None
    owner: str | None
    told: str
    on: dt.date | None

    @property
    def is_active(self) -> bool:
        """Whether it runs."""
        return self.state == "active"


@dataclass(frozen=True, slots=True)
class AccountPage:
    """One account as it is known now.

    Attributes:
        started_on: the first day as a customer, as far as is known.
        health: None where no refresh has scored the account.
        renewal: the decision that comes next.
        usage: the metric that the score reads first.
        promises: open ones, the most urgent first.
        problems: the last three.
        spoke_on: the last two-way contact, and `since` what happened after it, in words.
        ratings: of each thing that was rated the newest, also where it has faded.
        scores: all that are stored, oldest first; `events` are marked beside them, newest first.
        rolled: how its parent and the accounts below it are, if there are any.
        signals: open ones, most severe first; those that are silent come last.
        churn: what the churn model in use says; None where none is.
        memory: what people wrote down: goals, complaints, what we imposed and others.
        plays: running ones, then those suggested, then those that are over; where they were asked
            for, as is `contact`, by when to speak with them again.
    """

    line: AccountLine
    today: dt.date
    domain: str | None
    started_on: dt.date | None
    health: PageHealth | None
    renewal: NextRenewal | None
    usage: tuple[UsageHistory, ...]
    subscriptions: tuple[PageSubscription, ...]
    contacts: tuple[PageContact, ...]
    promises: tuple[PagePromise, ...]
    problems: tuple[Problem, ...]
    timeline: tuple[TimelineEntry, ...]
    spoke_on: dt.date | None
    since: tuple[str, ...]
    scores: tuple[ScoreDay, ...] = ()
    events: tuple[ScoreEvent, ...] = ()
    family: Family = Family()
    rolled: FamilyHealth | None = None
    ratings: tuple[Rating, ...] = ()
    signals: tuple[PageSignal, ...] = ()
    memory: PageMemory = field(default_factory=PageMemory)
    churn: ChurnSaid | None = None
    plays: tuple[PagePlay, ...] = ()
    contact: ContactDue | None = None

    @property
    def speaking(self) -> tuple[PageSignal, ...]:
        """The signals that are not snoozed."""
        return tuple(one for one in self.signals if one.speaks(self.today))

    @property
    def beside_arr(self) -> str:
        """What has to be said beside a known ARR: ` a year and 1 contract of unknown price`."""
        if self.line.arr_minor is None:
            return ""
        unpriced = sum(one.in_force and one.contract.is_unpriced for one in self.subscriptions)
        more = f" and {counted(unpriced, 'contract')} of unknown price" if unpriced else ""
        return f" a year{more}"

    @property
    def question(self) -> str:
        """What to ask first: of the red measures with a question, that which costs most."""
        lines = self.health.contributions if self.health else ()
        asked = [one for one in lines if one.question]
        return max(asked, key=lambda one: one.lost_e4).question if asked else ""

    @property
    def present(self) -> tuple[PageContact, ...]:
        """The contacts who have not left."""
        return tuple(one for one in self.contacts if one.left_on is None)

    @property
    def threads(self) -> int:
        """With how many people there was two-way contact lately."""
        floor = self.today - dt.timedelta(THREAD_DAYS)
        return sum(1 for one in self.present if one.last_on is not None and one.last_on >= floor)


def customer_for(started_on: dt.date, today: dt.date) -> str:
    """`customer for 3 y 9 mo`, or `customer from 1 Jan 2027` of one that is still to begin."""
    if started_on > today:
        return f"customer from {short_date(started_on)} {started_on.year}"
    return f"customer for {tenure(started_on, today)}"


def tenure(started_on: dt.date, today: dt.date) -> str:
    """How long they have been a customer: `3 y 9 mo`, `5 mo`, `12 d`."""
    months = (today.year - started_on.year) * 12 + today.month - started_on.month
    months -= today.day < started_on.day
    if months < 1:
        return f"{max(0, (today - started_on).days)} d"
    years, rest = divmod(months, 12)
    return " ".join(
        part for part in (f"{years} y" * bool(years), f"{rest} mo" * bool(rest)) if part
    )
