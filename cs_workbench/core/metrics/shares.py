"""Shares of things that are each one: accounts that stayed, tickets in time, renewals won."""

from collections.abc import Sequence

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
