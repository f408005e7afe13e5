"""Shares of things that are each one: accounts that stayed, tickets in time, renewals won."""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field

from cs_workbench.core.metrics import intervals
from cs_workbench.core.metrics.results import Members, Metric, Of


def share_of(
    key: str,
    accounts: Sequence[int],
    hits: Sequence[int],
    *,
    of: Of = "accounts",
    flags: tuple[str, ...] = (),
) -> Metric:
    """Hits over all, with Wilson's interval.

    Args:
        key: of the metric.
        accounts: whose each of them is.
        hits: 1 or 0 for each.
        of: what they are.
        flags: what to be careful about.
    """
    return Metric(
        key,
        "share",
        sum(hits),
        len(hits),
        len(hits),
        interval=intervals.of_counts(sum(hits), len(hits)),
        flags=flags,
        members=Members(accounts, hits, [1] * len(hits)),
        of=of,
    )


@dataclass(frozen=True)
class Shares:
    """Things that are each one, added one after the other: whose they are, and 1 or 0."""

    accounts: "array[int]" = field(default_factory=lambda: array("q"))
    hits: "array[int]" = field(default_factory=lambda: array("b"))

    def add(self, account: int, hit: int) -> None:
        """Add one."""
        self.accounts.append(account)
        self.hits.append(hit)

    def metric(self, key: str, of: Of, flags: tuple[str, ...] = ()) -> Metric:
        """Hits over all."""
        return share_of(key, self.accounts, self.hits, of=of, flags=flags)
