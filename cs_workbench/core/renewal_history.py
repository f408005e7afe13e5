"""What was known of an account's renewals, and from which day to which."""

import datetime as dt
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from cs_workbench.core.agreements import as_agreed, turning_days
from cs_workbench.core.renewal_terms import Renewal, renewals_of
from cs_workbench.core.renewals import DEFAULT_POLICY, RenewalPolicy, Subscription

_DAY = dt.timedelta(days=1)


class KnownContracts(NamedTuple):
    """An account's subscriptions as they were known from a day on."""

    since: dt.date
    subscriptions: tuple[Subscription, ...]
    segment: str | None


class KnownRenewal(NamedTuple):
    """A renewal as it was known from a day until before another; None: it still is."""

    renewal: Renewal
    known_from: dt.date
    known_to: dt.date | None


def renewal_history(
    known: Sequence[KnownContracts], *, until: dt.date, policy: RenewalPolicy = DEFAULT_POLICY
) -> list[KnownRenewal]:
    """Every renewal with the time over which it was known so, by end and time.

    Args:
        known: what was known, by day; each holds until the next.
        until: the day up to which contracts without an end are followed.
        policy: what the team assumes.
    """
    found: list[KnownRenewal] = []
    standing: dict[Renewal, dt.date] = {}
    for day, renewals in _moments(known, until, policy):
        now = set(renewals)
        for one in [one for one in standing if one not in now]:
            if standing[one] < day:
                found.append(KnownRenewal(one, standing[one], day))
            del standing[one]
        for one in renewals:
            standing.setdefault(one, day)
    found.extend(KnownRenewal(one, since, None) for one, since in standing.items())
    return sorted(found, key=lambda one: (one.renewal.end_date, one.known_from))


def _moments(
    known: Sequence[KnownContracts], until: dt.date, policy: RenewalPolicy
) -> Iterator[tuple[dt.date, tuple[Renewal, ...]]]:
    """The days on which something may have changed, and what was so then."""
    ends = [*(after.since for _, after in pairwise(known)), None]
    for contracts, stop in zip(known, ends, strict=True):
        day = contracts.since
        ended = turning_days(contracts.subscriptions, grace_days=policy.grace_days)
        before: Sequence[Subscription] | None = None
        rolling: list[dt.date] = []
        while True:
            agreed = as_agreed(contracts.subscriptions, day, grace_days=policy.grace_days)
            if agreed != before or day in rolling:
                renewals = renewals_of(agreed, until=day, segment=contracts.segment, policy=policy)
                yield day, renewals
                before = agreed
                rolling = [one.end_date + _DAY for one in renewals if one.is_rolling]
            turning = (*ended, *rolling)
            later = [one for one in turning if day < one <= until and (not stop or one < stop)]
            if not later:
                break
            day = min(later)
