"""A range of accounts on one day, as columns beside the plain facts."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from cs_workbench.core.facts import AccountFacts, Portfolio
from cs_workbench.core.kernels.columns import NEVER, Floats, Ints
from cs_workbench.core.kernels.usage import UsageColumns
from cs_workbench.core.renewals import seats_on

LATER = 4_000_000  # as an ordinal: after every day


@dataclass(frozen=True, eq=False, slots=True)
class TicketColumns:
    """A row for each ticket, of all accounts one after the other.

    Attributes:
        account: the place of its account in the range.
        opened, responded, closed: days as ordinals, LATER where it did not happen.
        urgent: what an open one counts: 2 urgent, 1 high, else 0.
    """

    account: Ints
    opened: Ints
    responded: Ints
    closed: Ints
    urgent: Ints
    reopened: Ints
    complaint: Ints


@dataclass(frozen=True, eq=False, slots=True)
class AnswerColumns:
    """A row for each answer of one kind: the place of its account, its day, and its score."""

    account: Ints
    day: Ints
    score: Ints


@dataclass(frozen=True, eq=False)
class ChunkColumns:
    """What the column measures and detectors read of a range of accounts.

    Attributes:
        facts: of every account, in the order of all columns.
        usage: by metric.
        answers: by kind.
        two_way, started: days as ordinals, NEVER where there is none.
    """

    portfolio: Portfolio
    facts: Sequence[AccountFacts]
    usage: Mapping[str, UsageColumns]
    tickets: TicketColumns
    answers: Mapping[str, AnswerColumns]
    two_way: Ints
    started: Ints

    @property
    def size(self) -> int:
        """How many accounts."""
        return len(self.facts)

    @property
    def today(self) -> int:
        """The day as an ordinal."""
        return self.portfolio.as_of.toordinal()

    @cached_property
    def last_contact(self) -> Ints:
        """The last two-way contact, or the first day on which one could have been recorded."""
        begun = self.portfolio.begins.get("touchpoints", self.portfolio.as_of).toordinal()
        start = np.where(self.started == NEVER, begun, np.maximum(begun, self.started))
        return np.where(self.two_way == NEVER, start, self.two_way)

    @cached_property
    def seats_at_peak(self) -> tuple[Floats, Ints]:
        """How many used a seat at the peak of 28 days, and the seats of that day; 0 if unknown."""
        return self.seats_used(self.portfolio.seat_metric)

    def seats_used(self, metric: str | int | None) -> tuple[Floats, Ints]:
        """The peak of a metric, and the seats contracted on that day; both 0 where unknown."""
        seats = np.zeros(self.size, np.int64)
        usage = self.of_metric(metric)
        if usage is None:
            return seats.astype(np.float64), seats
        there = usage.there & ~np.isnan(usage.peak)
        days = usage.peak_on.tolist()
        for at in np.flatnonzero(there).tolist():
            day = dt.date.fromordinal(days[at])
            seats[at] = seats_on(self.facts[at].subscriptions, day) or 0
        return np.where(there, usage.peak, 0.0), seats

    def per_account(self, account: Ints, values: Ints | None = None) -> Ints:
        """How many rows each account has, or the sum of their whole-numbered values."""
        if values is None:
            return np.bincount(account, minlength=self.size).astype(np.int64)
        found = np.bincount(account, weights=values, minlength=self.size)
        return found.astype(np.int64)

    def of_metric(self, name: str | int | None) -> UsageColumns | None:
        """The usage of a metric; None where nobody has any."""
        return self.usage.get(str(name)) if name else None
