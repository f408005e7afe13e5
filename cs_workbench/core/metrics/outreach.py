"""Outreach as metrics: what we sent, what was answered, and who wanted no more of it."""

import datetime as dt
from array import array
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from cs_workbench.core.metric_kernels.columns import SPAN
from cs_workbench.core.metric_kernels.engagement import Contact
from cs_workbench.core.metrics import intervals
from cs_workbench.core.metrics.results import Members, Metric
from cs_workbench.core.metrics.shares import Shares

REPLY = dt.timedelta(14)
DAY = 86_400
EPOCH = dt.date(1970, 1, 1).toordinal()


class Touch(NamedTuple):
    """A touchpoint: who, when (seconds), whether ours alone, theirs, or both; what kind."""

    account: int
    at: int
    is_ours: bool
    is_theirs: bool
    kind: str


class Outreach:
    """What the touchpoints of a period say, added some accounts at a time, in their order."""

    def __init__(self, now: int) -> None:
        """As of an instant (seconds)."""
        self._last = now - int(REPLY.total_seconds())
        self._answered = Shares()
        self._delivered: Counter[int] = Counter()
        self._days = array("q")  # account * SPAN + day, ascending

    def add(self, touches: Sequence[Touch], later: Sequence[Touch] = ()) -> None:
        """Add all touchpoints of some accounts.

        Args:
            touches: of the period.
            later: after those; they are outside, but may answer them.
        """
        window = int(REPLY.total_seconds())
        replies: dict[int, list[int]] = defaultdict(list)
        for one in (*touches, *later):
            if one.is_theirs:
                replies[one.account].append(one.at)
        for days in replies.values():
            days.sort()
        ours = [one for one in touches if one.is_ours]
        for one in ours:
            if one.kind == "bounced":
                continue
            self._delivered[one.account] += 1
            if not one.is_theirs and one.at <= self._last:
                mine = replies[one.account]
                hit = bisect_right(mine, one.at + window) > bisect_right(mine, one.at)
                self._answered.add(one.account, hit)
        days_of = {one.account * SPAN + EPOCH + one.at // DAY for one in ours}
        self._days.extend(sorted(days_of))

    def conversion_rate(self) -> Metric:
        """Outreaches that were answered within 14 days over those at least 14 days old."""
        return self._answered.metric("conversion_rate", "touchpoints")

    def drop_rate(self, unsubscribed: Sequence[int]) -> Metric:
        """Contacts that unsubscribed, given as their accounts, over outreaches delivered."""
        gone, sent = Counter(unsubscribed), self._delivered
        keys, delivered = sorted({*gone, *sent}), sent.total()
        interval = intervals.of_counts(min(len(unsubscribed), delivered), delivered)
        return Metric(
            "drop_rate",
            "share",
            len(unsubscribed),
            delivered,
            delivered,
            interval=interval,
            members=Members(keys, [gone[key] for key in keys], [sent[key] for key in keys]),
            of="touchpoints",
        )

    @property
    def accounts(self) -> list[int]:
        """The accounts that we were in touch with, ascending."""
        return sorted({one // SPAN for one in self._days})

    def contacts(self, accounts: Sequence[int]) -> list[Contact]:
        """The days on which we were in touch with some accounts (ascending), in their order."""
        if not accounts:
            return []
        first = bisect_left(self._days, accounts[0] * SPAN)
        last = bisect_left(self._days, (accounts[-1] + 1) * SPAN)
        wanted = set(accounts)
        found = (divmod(one, SPAN) for one in self._days[first:last])
        return [Contact(account, day) for account, day in found if account in wanted]
