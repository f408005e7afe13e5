"""Service as metrics: how soon requests are answered and closed, and whether for good."""

import datetime as dt
from array import array
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple

from cs_workbench.core.measure_words import plural
from cs_workbench.core.metric_kernels import columns
from cs_workbench.core.metrics.results import Members, Metric, unknown
from cs_workbench.core.metrics.shares import Shares

REPEAT = dt.timedelta(7)
HOUR = 3600


class Request(NamedTuple):
    """A ticket; instants in seconds, None where it has not come to that."""

    account: int
    opened: int
    responded: int | None
    closed: int | None
    priority: str
    driver: str | None
    reopened: int


class Service:
    """What the tickets of a period say, added some accounts at a time."""

    def __init__(self, now: int, targets: Mapping[str, int]) -> None:
        """As of an instant (seconds), with the hours in which each priority is to be closed."""
        self._last = now - int(REPEAT.total_seconds())
        self._targets = targets
        self._answered, self._taken = _Waits(), _Waits()
        self._in_time, self._first = Shares(), Shares()
        self._nameless = 0

    def add(self, tickets: Sequence[Request], later: Sequence[Request] = ()) -> None:
        """Add all tickets of some accounts.

        Args:
            tickets: of the period.
            later: opened after those; they are outside, but an account may come back with them.
        """
        for one in tickets:
            if one.responded is not None and one.responded >= one.opened:
                self._answered.add(one.account, one.responded - one.opened)
            if one.closed is None or one.closed < one.opened:
                continue
            taken = one.closed - one.opened
            self._taken.add(one.account, taken)
            if (hours := self._targets.get(one.priority)) is not None:
                self._in_time.add(one.account, taken <= hours * HOUR)
        self._add_contacts(tickets, later)

    def first_response(self) -> Metric:
        """Median hours from opening to the first human answer, by the calendar clock."""
        return self._answered.median("first_response", "No ticket was answered.")

    def turnaround(self) -> tuple[Metric, Metric]:
        """Median hours from opening to closing; the share closed within its priority's target."""
        within = self._in_time.metric("tat_met", "tickets")
        return self._taken.median("tat", "No ticket was closed."), within

    def first_contact_resolution(self) -> Metric:
        """Tickets closed for good at first contact over tickets closed at least seven days ago.

        Reopened ones, and those after which the account came back with the same driver within
        seven days, are not first contact; open ones and those closed less than seven days ago are
        outside.
        """
        flags: tuple[str, ...] = ()
        if self._nameless:
            named = plural(self._nameless, "ticket")
            flags = (f"{named} with no driver: repeats cannot be seen.",)
        return self._first.metric("fcr", "tickets", flags)

    def _add_contacts(self, tickets: Sequence[Request], later: Sequence[Request]) -> None:
        week = int(REPEAT.total_seconds())
        opened: dict[tuple[int, str], list[int]] = defaultdict(list)
        for one in (*tickets, *later):
            if one.driver is not None:
                opened[one.account, one.driver].append(one.opened)
        for days in opened.values():
            days.sort()
        for one in tickets:
            if one.closed is None or one.closed > self._last:
                continue
            again = 0
            if one.driver is None:
                self._nameless += 1
            else:
                days = opened[one.account, one.driver]
                again = bisect_right(days, one.closed + week) - bisect_right(days, one.closed)
            self._first.add(one.account, not one.reopened and not again)


@dataclass(frozen=True)
class _Waits:
    """Whose each was, and how many seconds it took."""

    accounts: "array[int]" = field(default_factory=lambda: array("q"))
    seconds: "array[int]" = field(default_factory=lambda: array("q"))

    def add(self, account: int, seconds: int) -> None:
        """Add one."""
        self.accounts.append(account)
        self.seconds.append(seconds)

    def median(self, key: str, why: str) -> Metric:
        """In hours, with the 90th percentile said beside it; its members give minutes."""
        count = len(self.seconds)
        if not count:
            return unknown(key, "hours", why)
        places = columns.ascending(self.seconds, self.accounts)
        ordered = columns.picked(self.seconds, places)
        ninth = ordered[min(count - 1, -(-9 * count // 10) - 1)]
        minutes = columns.divided(ordered, 60)
        return Metric(
            key,
            "hours",
            Fraction(ordered[(count - 1) // 2] + ordered[count // 2], 2),
            HOUR,
            count,
            flags=(f"nine of ten within {ninth / HOUR:.1f} hours",),
            members=Members(columns.picked(self.accounts, places), minutes),
            by="formula",
            of="tickets",
        )
