"""Every renewal of an account, past and to come, as its subscriptions say it.

Subscriptions that end on one day are one renewal (co-terming). A term is renewed by what begins
after it without a gap, or with one of no more than the days of grace; an early replacement counts
on the day on which the old term would have ended. Month-to-month contracts have no renewal.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from cs_workbench.core.renewals import (
    DEFAULT_POLICY,
    DeadlineBy,
    RenewalPolicy,
    Subscription,
    add_months,
    deadline_of,
    known_arr,
    last_day,
    notice_date,
)

SAME_RENEWAL: Final = 45  # days by which an end date may be corrected and stay the same renewal
_DAY = dt.timedelta(days=1)
_YEAR = 12


class Renewal(NamedTuple):
    """The decision on what ends on one day; a named tuple because there are very many.

    Attributes:
        end_date: the last day of entitlement, by which the renewal is known.
        subscription_ids: what ends then, in their order.
        due_minor: the ARR that ends, and `cancelled_minor` the part of it that is cancelled.
        notice_date: the last day to give notice; None where nothing renews by itself.
        deadline, deadline_by, commit_by: as of the part that is decided first.
        announce_by: the last day to announce a change of price.
        auto_renew: all of it goes on when nobody says anything.
        is_rolling: the contract has no end, and the term is a year of it.
        is_cancelled: nothing of it is left to renew, and nothing follows it.
        renewed_minor: the ARR of what follows, and `renewed_on` its first day; None without.
        unpriced: of how many of what ends no price is known; amounts are of the others, and None
            where there are only such.
    """

    end_date: dt.date
    currency: str
    subscription_ids: tuple[str, ...]
    due_minor: int | None
    cancelled_minor: int | None
    notice_date: dt.date | None
    deadline: dt.date
    deadline_by: DeadlineBy
    commit_by: dt.date
    announce_by: dt.date
    auto_renew: bool
    is_rolling: bool
    term_months: int | None
    renewed_minor: int | None = None
    renewed_on: dt.date | None = None
    is_cancelled: bool = False
    unpriced: int = 0

    @property
    def is_partly_priced(self) -> bool:
        """Whether what is due is only a part of what ends."""
        return self.unpriced > 0 and self.due_minor is not None

    @property
    def is_late(self) -> bool:
        """Whether what follows began only after a gap."""
        return self.renewed_on is not None and self.renewed_on > self.end_date + _DAY


class _Part(NamedTuple):
    """One subscription's part in a renewal."""

    subscription: Subscription
    end: dt.date
    is_rolling: bool
    goes_on: bool


def renewals_of(
    subscriptions: Sequence[Subscription],
    *,
    until: dt.date,
    segment: str | None,
    policy: RenewalPolicy = DEFAULT_POLICY,
) -> tuple[Renewal, ...]:
    """All renewals by their end; of contracts without an end those up to the term that runs.

    Args:
        subscriptions: all of one account.
        until: the day on which the present terms run.
        segment: the account's, on which the time for purchasing depends.
        policy: what the team assumes.
    """
    groups: dict[tuple[dt.date, str], list[_Part]] = defaultdict(list)
    for one in subscriptions:
        if one.has_decision and not _is_replaced(one, subscriptions, policy.grace_days):
            for part in _parts(one, until):
                groups[part.end, one.currency].append(part)
    return tuple(
        _renewal(subscriptions, groups[key], segment, policy)
        for key in sorted(groups, key=lambda key: (key[0], key[1]))
    )


def end_meant(
    ends: Iterable[dt.date], *, made_on: dt.date, closes_on: dt.date | None
) -> dt.date | None:
    """Which end of a term an imported forecast is about: the one it closes on, else the next."""
    every = sorted(set(ends))
    if closes_on is not None:
        near = [end for end in every if abs((end - closes_on).days) <= 2 * SAME_RENEWAL]
        if near:
            return min(near, key=lambda end: abs((end - closes_on).days))
    return next((end for end in every if (end - made_on).days > -SAME_RENEWAL), None)


def filed_as(ends: Iterable[dt.date], said_of: Iterable[dt.date]) -> Mapping[dt.date, dt.date]:
    """Under which end date each renewal's statements are kept, where that is another one.

    An end date that is corrected by up to `SAME_RENEWAL` days is the same renewal: what was said
    of the old date, and of no renewal that still has it, counts for the nearest one.
    """
    left = set(ends)
    loose = sorted(set(said_of) - left)
    found: dict[dt.date, dt.date] = {}
    for said in loose:
        near = [end for end in left if abs((end - said).days) <= SAME_RENEWAL and end not in found]
        if near:
            found[min(near, key=lambda end: (abs((end - said).days), end))] = said
    return found


def _is_replaced(one: Subscription, subscriptions: Iterable[Subscription], grace: int) -> bool:
    """A change in mid-term: what took its place ends no later, so nothing was renewed."""
    gone, end = one.cancelled_on, one.end_date
    return (
        gone is not None
        and end is not None
        and any(
            other.end_date is not None
            and other.end_date <= end
            and 0 <= (other.start_date - gone).days <= grace
            and other.product == one.product
            and not other.is_trial
            and _of_part(other) != _of_part(one)
            for other in subscriptions
        )
    )


def _parts(one: Subscription, until: dt.date) -> Iterator[_Part]:
    if one.end_date is not None:
        yield _Part(one, one.end_date, is_rolling=False, goes_on=False)
        return
    months = one.term_months or 0
    if months < _YEAR:
        return
    gone, terms = last_day(one), 1
    while True:
        end = add_months(one.start_date, terms * months) - _DAY
        is_last = end >= until or (gone is not None and end >= gone)
        yield _Part(one, end, is_rolling=True, goes_on=not is_last)
        if is_last:
            return
        terms += 1


def _renewal(
    subscriptions: Sequence[Subscription],
    parts: Sequence[_Part],
    segment: str | None,
    policy: RenewalPolicy,
) -> Renewal:
    members = [part.subscription for part in parts]
    end = parts[0].end
    automatic = [one for one in members if one.auto_renew and _lasts(one, end)]
    notice = min((notice_date(end, one.notice_days) for one in automatic), default=None)
    deadline, by = min(_deadlines(members, end, policy.procurement(segment)))
    after = _followers(subscriptions, parts, policy)
    products = {one.product for one in members}
    followers = [one for one in after if one.currency == members[0].currency]
    gone_on = [part.subscription for part in parts if part.goes_on]
    # In another currency it is renewed all the same, at nobody knows how much of this one.
    elsewhere = [] if followers else [one for one in after if one.product in products]
    begins = [one.start_date for one in (*followers, *elsewhere)]
    begins += [end + _DAY] if gone_on else []
    replaced = {one.product for one in (*followers, *elsewhere)}
    gone = [one for one in members if one.cancelled_on and one.product not in replaced]
    return Renewal(
        end_date=end,
        currency=members[0].currency,
        subscription_ids=tuple(one.subscription_id for one in members),
        due_minor=known_arr(members),
        cancelled_minor=known_arr(gone),
        notice_date=notice,
        deadline=deadline,
        deadline_by=by,
        commit_by=deadline - dt.timedelta(days=policy.commit_days),
        announce_by=(notice or deadline) - dt.timedelta(days=policy.price_days),
        auto_renew=len(automatic) == len(members),
        is_rolling=any(part.is_rolling for part in parts),
        term_months=next((one.term_months for one in members if one.term_months), None),
        renewed_minor=known_arr([*followers, *gone_on]) if followers or gone_on else None,
        renewed_on=min(begins, default=None),
        is_cancelled=len(gone) == len(members) and not begins,
        unpriced=sum(one.is_unpriced for one in members),
    )


def _deadlines(
    members: Iterable[Subscription], end: dt.date, lead: int
) -> Iterator[tuple[dt.date, DeadlineBy]]:
    for one in members:
        yield deadline_of(
            end, notice_days=one.notice_days, auto_renew=one.auto_renew, procurement_days=lead
        )


def _followers(
    subscriptions: Sequence[Subscription], parts: Sequence[_Part], policy: RenewalPolicy
) -> list[Subscription]:
    """What begins where these end, or takes the place of one of them before, in any currency."""
    end = parts[0].end
    mine = {_of_part(part.subscription) for part in parts}
    products = {part.subscription.product for part in parts}
    latest = end + _DAY + dt.timedelta(days=policy.grace_days)
    others = {
        one.product
        for one in subscriptions
        if _of_part(one) not in mine
        and not one.is_trial
        and one.start_date <= end
        and (last_day(one) or dt.date.max) > end
    }
    swaps = {
        (part.subscription.product, part.subscription.cancelled_on)
        for part in parts
        if part.subscription.cancelled_on is not None and part.subscription.cancelled_on <= part.end
    }

    ids = {part.subscription.subscription_id for part in parts}

    def follows(one: Subscription) -> bool:
        if one.no_decision and one.subscription_id in ids:
            return False  # it is only paid up beyond the end
        if one.is_trial or _of_part(one) in mine:
            return False
        if (one.product, one.start_date) in swaps:
            return True
        return end < one.start_date <= latest and (
            one.product in products or one.product not in others
        )

    return [one for one in subscriptions if follows(one)]


def _of_part(one: Subscription) -> tuple[str, dt.date]:
    """Which part of a subscription it is: a billed line is cut at the ends of its contracts."""
    return one.subscription_id, one.start_date


def _lasts(one: Subscription, end: dt.date) -> bool:
    """Whether it is not cancelled by the day after the end."""
    return one.cancelled_on is None or one.cancelled_on > end + _DAY
