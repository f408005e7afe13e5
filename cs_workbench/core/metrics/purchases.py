"""How often customers buy again, how long that takes, and the road an account usually takes."""

from collections.abc import Sequence

from cs_workbench.core.metric_kernels import columns
from cs_workbench.core.metric_kernels.buying import Bought
from cs_workbench.core.metrics.results import Members, Metric, unknown
from cs_workbench.core.metrics.shares import share_of
from cs_workbench.core.metrics.survival import Survival, survival

TOP_SHARE = 5  # the largest fifth of the accounts


def repeat_purchase_rate(bought: Bought, keys: Sequence[int]) -> Metric:
    """Accounts that bought again (a renewal, or something else) over accounts that bought."""
    buyers, times = bought.counts()
    hits = columns.above_zero([one - 1 for one in times])
    running = "Counts accounts whose first term still runs among those that bought once."
    accounts = columns.picked(keys, buyers)
    return share_of("repeat_purchase_rate", accounts, hits, flags=(running,))


def purchase_cycle(bought: Bought, keys: Sequence[int]) -> Metric:
    """Median days from one purchase of an account to its next."""
    whose, lengths = bought.gaps()
    if not lengths:
        return unknown("purchase_cycle", "days", "Nobody has bought twice yet.")
    return Metric(
        "purchase_cycle",
        "days",
        columns.middle(lengths),
        1,
        len(lengths),
        members=Members(columns.picked(keys, whose), lengths),
        by="formula",
    )


def milestone(
    reached: Sequence[int | None], began: Sequence[int], last_seen: Sequence[int]
) -> Survival:
    """Days from the beginning to a milestone; accounts that did not reach it are censored."""
    durations, ended = [], []
    for day, start, until in zip(reached, began, last_seen, strict=True):
        durations.append(max(0, (until if day is None else day) - start))
        ended.append(day is not None)
    return survival(durations, ended)


def as_metric(key: str, curve: Survival, *flags: str) -> Metric:
    """The median of a curve as a metric."""
    middle = curve.median
    if middle is None:
        reached = f"{curve.events} of {curve.n} have reached it, not yet half."
        return Metric(key, "days", 0, 0, curve.n, flags=(*flags, reached), by="formula")
    low, high = curve.median_interval
    return Metric(
        key,
        "days",
        middle,
        1,
        curve.n,
        interval=(None if low is None else float(low), None if high is None else float(high)),
        flags=flags,
        by="formula",
    )


def high_revenue_days(
    closing: Sequence[int], first: Sequence[int], reached: Sequence[int | None]
) -> tuple[int, list[int]]:
    """The ARR from which an account is among the largest fifth, and when those came to it.

    Args:
        closing: ARR of each account now.
        first: the day on which each began.
        reached: the day on which each first paid the threshold, as `reached_at` finds it.

    Returns:
        the threshold, and days from the beginning to it.
    """
    threshold = top_threshold(closing)
    days = [
        day - start
        for paid, start, day in zip(closing, first, reached, strict=True)
        if threshold and paid >= threshold and day is not None
    ]
    return threshold, days


def top_threshold(closing: Sequence[int]) -> int:
    """The smallest ARR among the largest fifth of the paying accounts; 0 without any."""
    paying = sorted((paid for paid in closing if paid), reverse=True)
    return paying[(len(paying) - 1) // TOP_SHARE] if paying else 0
