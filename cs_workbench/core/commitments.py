"""What commits an account to its next renewal: the customer's own word, or the newest forecast."""

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

from cs_workbench.core.renewal_terms import end_meant
from cs_workbench.core.renewals import NextRenewal, Subscription, term_end

COMMITTED = frozenset({"commit", "closed"})


class KnownCommitment(NamedTuple):
    """That a customer agreed to a renewal which ends on a day.

    Attributes:
        begins, ends: from which day on it was known, and on which it no longer holds.
    """

    renewal_end: dt.date
    begins: dt.date
    ends: dt.date

    def covers(self, renewal: NextRenewal, day: dt.date) -> bool:
        """Whether it is about this renewal, and holds on the day."""
        return self.renewal_end == renewal.end_date and self.begins <= day < self.ends


class CommitForecast(NamedTuple):
    """An account's newest forecast, where it says that they renew.

    Attributes:
        closes_on: the closing day that came with an imported one.
        renewal_end: the end of the term that its author named; None of an imported one.
    """

    made_on: dt.date
    closes_on: dt.date | None
    renewal_end: dt.date | None

    def holds(self, subscriptions: Sequence[Subscription], day: dt.date) -> bool:
        """Whether the term that it is about is not over; of the next one it says nothing.

        Which term an imported one is about follows from what is known of the contracts on the day,
        never from where it is filed since: a day of the past has to come out the same again.
        """
        end = self.renewal_end or self._end_of_term(subscriptions)
        return end is None or day <= end

    def _end_of_term(self, subscriptions: Sequence[Subscription]) -> dt.date | None:
        ends = (
            term_end(one, self.made_on)
            for one in subscriptions
            if one.has_decision and one.start_date <= self.made_on
        )
        known = [end for end in ends if end is not None]
        return end_meant(known, made_on=self.made_on, closes_on=self.closes_on)
