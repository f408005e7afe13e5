"""A range of accounts on one day, as columns beside the plain facts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from cs_workbench.core.facts import AccountFacts, Portfolio
from cs_workbench.core.kernels.columns import Ints
from cs_workbench.core.kernels.usage import UsageColumns

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


@dataclass(frozen=True, eq=False, slots=True)
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

    def per_account(self, account: Ints, values: Ints | None = None) -> Ints:
        """How many rows each account has, or the sum of their whole-numbered values."""
        if values is None:
            return np.bincount(account, minlength=self.size).astype(np.int64)
        found = np.bincount(account, weights=values, minlength=self.size)
        return found.astype(np.int64)

    def of_metric(self, name: str | int | None) -> UsageColumns | None:
        """The usage of a metric; None where nobody has any."""
        return self.usage.get(str(name)) if name else None
