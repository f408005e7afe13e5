"""Voice and adoption as metrics, from plain rows of what happened."""

from collections.abc import Iterable, Mapping
from fractions import Fraction

from cs_workbench.core.measure_words import plural
from cs_workbench.core.metric_kernels.engagement import Drift, Moved
from cs_workbench.core.metrics import intervals
from cs_workbench.core.metrics.results import Members, Metric, unknown


def nps(scores: Mapping[tuple[int, str], int]) -> Metric:
    """Promoters (9, 10) less detractors (0 to 6) over all answers, from -100 to +100.

    Args:
        scores: the latest answer of each person, by account and person.
    """
    if not scores:
        return unknown("nps", "score", "Nobody answered in the 90 days before the end.")
    n = len(scores)
    points = [100 if one >= 9 else -100 if one <= 6 else 0 for one in scores.values()]
    good, bad = points.count(100) / n, points.count(-100) / n
    spread = intervals.Z * 100 * ((good + bad - (good - bad) ** 2) / n) ** 0.5
    value = Fraction(sum(points), n)
    members = Members([account for account, _ in scores], points, [1] * n)
    return Metric(
        "nps",
        "score",
        sum(points),
        n,
        n,
        interval=(max(-100.0, float(value) - spread), min(100.0, float(value) + spread)),
        members=members,
        of="answers",
    )


def actions_per_engagement(moved: Iterable[Moved], drift: Drift) -> Metric:
    """Usage a day in the 14 days from a contact against the 14 before, less the segment's drift.

    Contacts after a drop of more than a quarter are held against drops of accounts that nobody
    touched then, not against calm ones: what fell by chance comes back.
    """
    found: list[tuple[int, float]] = []
    for account, day, change, fell in moved:
        by_itself = drift.of(day, drift.segments.get(account), fell=fell)
        if by_itself is not None:
            found.append((account, change - by_itself))
    if not found:
        return unknown("actions_per_engagement", "count", "No contact has usage on both sides.")
    values = [change for _, change in found]
    mean = sum(values) / len(values)
    return Metric(
        "actions_per_engagement",
        "count",
        Fraction(mean).limit_denominator(10**6),
        1,
        len(values),
        interval=intervals.of_mean(values),
        members=Members([account for account, _ in found], [round(one) for one in values]),
        by="formula",
    )


def seat_use(
    people: Mapping[int, int], contracted: Mapping[int, int], *, is_peak: bool = False
) -> Metric:
    """People active in 28 days over contracted seats of the day; above 100 % is an overage.

    Args:
        people: by account.
        contracted: seats by account; who has none is left out.
        is_peak: of daily users the highest day of 28 stands for users of 28 days.
    """
    keys = sorted(key for key in people if contracted.get(key))
    used, bought = [people[key] for key in keys], [contracted[key] for key in keys]
    over = sum(1 for a, b in zip(used, bought, strict=True) if a > b)
    flags = [f"More seats used than contracted: {plural(over, 'account')}."] if over else []
    if is_peak and keys:
        flags.append("Peak daily: the most people of one day stand for those of 28 days.")
    return Metric(
        "seat_use",
        "share",
        sum(used),
        sum(bought),
        len(keys),
        interval=intervals.of_ratio(used, bought),
        flags=tuple(flags),
        members=Members(keys, used, bought),
    )


def stickiness(daily: Mapping[int, float], monthly: Mapping[int, float]) -> Metric:
    """Mean daily actives over monthly actives, summed over the accounts that state both."""
    keys = sorted(key for key in daily if monthly.get(key))
    tops, bottoms = [round(daily[key]) for key in keys], [round(monthly[key]) for key in keys]
    return Metric(
        "stickiness",
        "share",
        sum(tops),
        sum(bottoms),
        len(keys),
        interval=intervals.of_ratio(tops, bottoms),
        members=Members(keys, tops, bottoms),
    )
