"""Voice, service, outreach and adoption as metrics, from plain rows of what happened."""

import datetime as dt
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from statistics import median
from typing import NamedTuple

from cs_workbench.core.measure_words import plural
from cs_workbench.core.metric_kernels.engagement import Drift, Moved
from cs_workbench.core.metrics import intervals
from cs_workbench.core.metrics.results import Members, Metric, unknown
from cs_workbench.core.metrics.shares import share_of

REPEAT = dt.timedelta(7)
REPLY = dt.timedelta(14)
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


class Touch(NamedTuple):
    """A touchpoint: who, when (seconds), whether ours alone, theirs, or both; what kind."""

    account: int
    at: int
    is_ours: bool
    is_theirs: bool
    kind: str


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


def first_contact_resolution(
    tickets: Sequence[Request], now: int, later: Sequence[Request] = ()
) -> Metric:
    """Tickets closed for good at first contact over tickets closed at least seven days ago.

    Reopened ones, and those after which the account came back with the same driver within seven
    days, are not first contact; open ones and those closed less than seven days ago are outside.

    Args:
        tickets: of the period.
        now: in seconds.
        later: opened after those; they are outside, but an account may come back with them.
    """
    week = int(REPEAT.total_seconds())
    opened: dict[tuple[int, str], list[int]] = defaultdict(list)
    for one in (*tickets, *later):
        if one.driver is not None:
            opened[one.account, one.driver].append(one.opened)
    for days in opened.values():
        days.sort()
    keys, hits, nameless = [], [], 0
    for one in tickets:
        if one.closed is None or one.closed > now - week:
            continue
        again = 0
        if one.driver is None:
            nameless += 1
        else:
            days = opened[one.account, one.driver]
            again = bisect_right(days, one.closed + week) - bisect_right(days, one.closed)
        keys.append(one.account)
        hits.append(int(not one.reopened and not again))
    flags: tuple[str, ...] = ()
    if nameless:
        flags = (f"{plural(nameless, 'ticket')} with no driver: repeats cannot be seen.",)
    return share_of("fcr", keys, hits, of="tickets", flags=flags)


def first_response(tickets: Sequence[Request]) -> Metric:
    """Median hours from opening to the first human answer, by the calendar clock."""
    waits = [
        (one.responded - one.opened, one.account)
        for one in tickets
        if one.responded is not None and one.responded >= one.opened
    ]
    return _median("first_response", waits, "No ticket was answered.")


def turnaround(tickets: Sequence[Request], targets: Mapping[str, int]) -> tuple[Metric, Metric]:
    """Median hours from opening to closing, and the share closed within its priority's target."""
    closed = [one for one in tickets if one.closed is not None and one.closed >= one.opened]
    taken = [((one.closed or 0) - one.opened, one.account) for one in closed]
    aimed = [one for one in closed if one.priority in targets]
    hits = [int((one.closed or 0) - one.opened <= targets[one.priority] * HOUR) for one in aimed]
    within = share_of("tat_met", [one.account for one in aimed], hits, of="tickets")
    return _median("tat", taken, "No ticket was closed."), within


def conversion_rate(touches: Sequence[Touch], now: int, later: Sequence[Touch] = ()) -> Metric:
    """Outreaches that were answered within 14 days over those at least 14 days old.

    Args:
        touches: of the period.
        now: in seconds.
        later: after those; they are outside, but may answer them.
    """
    window = int(REPLY.total_seconds())
    replies: dict[int, list[int]] = defaultdict(list)
    for one in (*touches, *later):
        if one.is_theirs:
            replies[one.account].append(one.at)
    for days in replies.values():
        days.sort()
    keys, hits = [], []
    for one in touches:
        if not one.is_ours or one.is_theirs or one.at > now - window or one.kind == "bounced":
            continue
        mine = replies[one.account]
        keys.append(one.account)
        hits.append(int(bisect_right(mine, one.at + window) > bisect_right(mine, one.at)))
    return share_of("conversion_rate", keys, hits, of="touchpoints")


def drop_rate(delivered: Sequence[int], unsubscribed: Sequence[int]) -> Metric:
    """Contacts that unsubscribed over outreaches delivered; both as lists of accounts."""
    gone: dict[int, int] = defaultdict(int)
    for account in unsubscribed:
        gone[account] += 1
    sent: dict[int, int] = defaultdict(int)
    for account in delivered:
        sent[account] += 1
    keys = sorted({*gone, *sent})
    interval = intervals.of_counts(min(len(unsubscribed), len(delivered)), len(delivered))
    return Metric(
        "drop_rate",
        "share",
        len(unsubscribed),
        len(delivered),
        len(delivered),
        interval=interval,
        members=Members(keys, [gone[key] for key in keys], [sent[key] for key in keys]),
        of="touchpoints",
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


def _median(key: str, taken: Iterable[tuple[int, int]], why: str) -> Metric:
    """The median in hours, with the 90th percentile said beside it; its members give minutes."""
    ordered = sorted(taken)
    if not ordered:
        return unknown(key, "hours", why)
    seconds = [one for one, _ in ordered]
    ninth = seconds[min(len(seconds) - 1, -(-9 * len(seconds) // 10) - 1)]
    return Metric(
        key,
        "hours",
        Fraction(median(seconds)),
        HOUR,
        len(seconds),
        flags=(f"nine of ten within {ninth / HOUR:.1f} hours",),
        members=Members([account for _, account in ordered], [one // 60 for one in seconds]),
        by="formula",
        of="tickets",
    )
