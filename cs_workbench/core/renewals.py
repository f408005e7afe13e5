"""When a renewal is decided: terms, notice, the real deadline, and the ARR on a day.

`end_date` is the last day of entitlement; `cancelled_on` the first day without it.
"""

import calendar
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal, NamedTuple

from cs_workbench.core.money import added, sum_known

DeadlineBy = Literal["notice", "procurement", "end"]
_DAY = dt.timedelta(days=1)


class Subscription(NamedTuple):
    """What an account has contracted; a named tuple because a refresh builds a million of them.

    Attributes:
        arr_minor: None where the price is not known, as of a CRM's contract that has no amount.
        source: who told of it, None where a person did; `hand` is 1 where the contracts are that
            source's own, 2 where it bills them, 3 where it lists them.
        is_billed: its price stands in other subscriptions, and `no_decision`: nobody decides on its
            end (both follow from what several sources tell: `core.agreements`).
    """

    subscription_id: str
    product: str | None
    seats: int | None
    arr_minor: int | None
    currency: str
    start_date: dt.date
    end_date: dt.date | None
    term_months: int | None
    notice_days: int
    auto_renew: bool
    is_trial: bool
    cancelled_on: dt.date | None
    source: str | None = None
    hand: int = 1
    is_billed: bool = False
    no_decision: bool = False

    @property
    def has_decision(self) -> bool:
        """Whether somebody decides on it, as it is paid for and stands for itself."""
        return not self.is_trial and not self.no_decision

    @property
    def is_unpriced(self) -> bool:
        """Whether it is paid for, and nobody knows how much."""
        return self.arr_minor is None and not self.is_billed and not self.is_trial


@dataclass(frozen=True)
class RenewalPolicy:
    """What a team assumes about renewals.

    Attributes:
        procurement_days: by segment (lower case), how long the customer's purchasing takes.
        procurement_default: the same where the segment is unknown or not listed.
        commit_days: a commitment is wanted this long before the deadline.
        grace_days: a late renewal within these days after the end is not churn.
        price_days: a price change is announced this long before the last day for notice.
    """

    procurement_days: Mapping[str, int] = field(
        default_factory=lambda: MappingProxyType({"enterprise": 45, "mid-market": 30, "smb": 14})
    )
    procurement_default: int = 30
    commit_days: int = 30
    grace_days: int = 30
    price_days: int = 30

    def procurement(self, segment: str | None) -> int:
        """Days that purchasing takes for an account of this segment."""
        return self.procurement_days.get((segment or "").casefold(), self.procurement_default)


DEFAULT_POLICY = RenewalPolicy()


class NextRenewal(NamedTuple):
    """The next decision on a contract; a named tuple for speed of building.

    Attributes:
        subscription_id: the subscription whose term ends.
        end_date: last day of entitlement of the term, or of the follower already agreed.
        notice_date: last day to give notice; None where the term ends by itself.
        deadline: last day on which the decision can still be won, and `deadline_by` why that day.
        commit_by: a commitment is wanted by then.
        auto_renew: it goes on when nobody says anything.
    """

    subscription_id: str
    end_date: dt.date
    notice_date: dt.date | None
    deadline: dt.date
    deadline_by: DeadlineBy
    commit_by: dt.date
    auto_renew: bool

    def renews_by_itself(self, day: dt.date) -> bool:
        """Whether the last day to give notice is over, so that the next term is certain."""
        return self.auto_renew and self.notice_date is not None and day > self.notice_date


def notice_date(end_date: dt.date, notice_days: int) -> dt.date:
    """The last day to give notice: 28 Feb 2027 and 60 days is 30 Dec 2026."""
    return end_date - dt.timedelta(days=notice_days)


def deadline_of(
    end_date: dt.date, *, notice_days: int, auto_renew: bool, procurement_days: int
) -> tuple[dt.date, DeadlineBy]:
    """The last day to act: the notice date or the start of purchasing, whichever is earlier."""
    purchase = end_date - dt.timedelta(days=procurement_days)
    by: DeadlineBy = "procurement" if procurement_days else "end"
    if not auto_renew or not notice_days:
        return purchase, by
    notice = notice_date(end_date, notice_days)
    return (notice, "notice") if notice <= purchase else (purchase, by)


def last_day(subscription: Subscription) -> dt.date | None:
    """The last day with entitlement that is written down; None for an open end."""
    end, cancelled = subscription.end_date, subscription.cancelled_on
    if cancelled is None:
        return end
    before = cancelled - _DAY
    return before if end is None else min(end, before)


def in_force(subscription: Subscription, day: dt.date) -> bool:
    """Whether the customer is entitled on that day."""
    if subscription.start_date > day:
        return False
    end = subscription.end_date
    if end is not None and day > end:
        return False
    cancelled = subscription.cancelled_on
    return cancelled is None or day < cancelled


def subscriptions_in_force(
    subscriptions: Iterable[Subscription], day: dt.date
) -> tuple[Subscription, ...]:
    """Those that entitle on that day, in their given order."""
    return tuple([one for one in subscriptions if in_force(one, day)])


def known_arr(subscriptions: Iterable[Subscription]) -> int | None:
    """What those with a known price are worth in a year; None where there are only others."""
    return sum_known(one.arr_minor for one in subscriptions)


def arr_on(subscriptions: Iterable[Subscription], day: dt.date) -> dict[str, int | None]:
    """ARR in force on a day, in minor units by currency, as `known_arr`; trials are outside."""
    return _by_currency(one for one in subscriptions if not one.is_trial and in_force(one, day))


def arr_at_stake(
    subscriptions: Sequence[Subscription], day: dt.date, policy: RenewalPolicy = DEFAULT_POLICY
) -> dict[str, int | None]:
    """ARR in force; where nothing is, that of what ended within the days of grace."""
    return arr_on(subscriptions, day) or _by_currency(lapsing(subscriptions, day, policy))


def seats_on(subscriptions: Iterable[Subscription], day: dt.date) -> int | None:
    """Contracted seats on a day; None where no subscription in force states any."""
    seats = [one.seats for one in subscriptions if one.seats is not None and in_force(one, day)]
    return sum(seats) if seats else None


def term_end(subscription: Subscription, day: dt.date) -> dt.date | None:
    """The end of the term that runs on `day`.

    An open end with a term of twelve months or more ends the day before the next anniversary;
    a shorter term rolls from month to month and has no deadline.
    """
    end = last_day(subscription)
    if end is not None:
        return end
    months = subscription.term_months or 0
    if months < 12:
        return None
    begin = subscription.start_date
    passed = (day.year - begin.year) * 12 + day.month - begin.month
    terms = max(1, passed // months)
    while add_months(begin, terms * months) <= day:
        terms += 1
    return add_months(begin, terms * months) - _DAY


def renewed_end(
    subscriptions: Sequence[Subscription], subscription: Subscription, day: dt.date
) -> tuple[Subscription, dt.date | None]:
    """The last of the subscriptions that follow without a gap, and the end of its term.

    A follower of the same product that begins on the day after means: already renewed.
    """
    current, end = subscription, term_end(subscription, day)
    while end is not None and current.end_date == end:
        follower = _follower(subscriptions, current, end + _DAY)
        if follower is None:
            break
        current, end = follower, term_end(follower, max(day, follower.start_date))
    return current, end


def next_renewal(
    subscriptions: Sequence[Subscription],
    day: dt.date,
    *,
    segment: str | None,
    policy: RenewalPolicy = DEFAULT_POLICY,
) -> NextRenewal | None:
    """The decision that comes first; None where nothing paid ends.

    Terms that already renew by themselves come last. Inside the days of grace it is the term that
    has just ended.
    """
    running = [one for one in subscriptions if one.has_decision and in_force(one, day)]
    if not running:
        running = lapsing(subscriptions, day, policy)
    found = [
        renewal
        for one in running
        if (renewal := _renewal_of(subscriptions, one, day, (segment, policy))) is not None
    ]
    if len(found) == 1:
        return found[0]
    return min(
        found,
        key=lambda one: (one.renews_by_itself(day), one.deadline, one.subscription_id),
        default=None,
    )


def lapsing(
    subscriptions: Iterable[Subscription], day: dt.date, policy: RenewalPolicy = DEFAULT_POLICY
) -> list[Subscription]:
    """Paid subscriptions that ended within the days of grace; of one in parts the last."""
    floor = day - dt.timedelta(days=policy.grace_days)
    every = list(subscriptions)
    return [
        one
        for one in every
        if one.has_decision
        and (end := last_day(one)) is not None
        and floor <= end < day
        and not any(_takes_over(other, one) and end < other.start_date <= day for other in every)
    ]


def _takes_over(other: Subscription, one: Subscription) -> bool:
    """Whether it is the same that went on: another part of it, or as another source tells it."""
    is_same = other.subscription_id == one.subscription_id or other.source != one.source
    return is_same and other is not one and not other.is_trial


def is_former(
    subscriptions: Sequence[Subscription],
    day: dt.date,
    *,
    stage: str | None,
    policy: RenewalPolicy = DEFAULT_POLICY,
) -> bool:
    """A customer no longer: nothing in force, and grace over or marked as churned."""
    if any(in_force(one, day) for one in subscriptions):
        return False
    if stage == "churned":
        return True
    begun = any(one.start_date <= day for one in subscriptions)
    ahead = any(one.start_date > day for one in subscriptions)
    return begun and not ahead and not lapsing(subscriptions, day, policy)


def _renewal_of(
    subscriptions: Sequence[Subscription],
    subscription: Subscription,
    day: dt.date,
    rules: tuple[str | None, RenewalPolicy],
) -> NextRenewal | None:
    segment, policy = rules
    one, end = renewed_end(subscriptions, subscription, day)
    if end is None:
        return None
    deadline, by = deadline_of(
        end,
        notice_days=one.notice_days,
        auto_renew=one.auto_renew,
        procurement_days=policy.procurement(segment),
    )
    return NextRenewal(
        subscription_id=one.subscription_id,
        end_date=end,
        notice_date=notice_date(end, one.notice_days) if one.auto_renew else None,
        deadline=deadline,
        deadline_by=by,
        commit_by=deadline - dt.timedelta(days=policy.commit_days),
        auto_renew=one.auto_renew and one.cancelled_on is None,
    )


def _by_currency(subscriptions: Iterable[Subscription]) -> dict[str, int | None]:
    total: dict[str, int | None] = {}
    for one in subscriptions:
        total[one.currency] = added(total.get(one.currency), one.arr_minor)
    return total


def _follower(
    subscriptions: Sequence[Subscription], current: Subscription, begins: dt.date
) -> Subscription | None:
    for one in subscriptions:
        if (
            one.start_date == begins
            and one.product == current.product
            and not one.is_trial
            and one is not current
            and (one.cancelled_on is None or one.cancelled_on > begins)
        ):
            return one
    return None


def add_months(day: dt.date, months: int) -> dt.date:
    """The same day so many months later, or the last one of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
