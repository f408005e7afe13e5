"""Renewals that fell due in a period, and how many were won: not the same thing as GRR.

A term is due on its last agreed day, also where it was renewed before; an open end with a term of
a year or more is due on each anniversary. Terms of one account that end on one day are one renewal,
or one of each product where the policy says so.
"""

import calendar
import datetime as dt
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from operator import itemgetter
from typing import Literal, NamedTuple

from cs_workbench.core.measure_words import plural
from cs_workbench.core.metric_kernels.buying import with_renewals
from cs_workbench.core.metrics import intervals
from cs_workbench.core.metrics.book import OPEN, Book
from cs_workbench.core.metrics.policy import MetricPolicy
from cs_workbench.core.metrics.results import Members, Metric
from cs_workbench.core.metrics.shares import share_of

YEAR = 366


class DueRenewal(NamedTuple):
    """One renewal.

    Attributes:
        account: place of the account in the book.
        due: its day, as an ordinal.
        amount: ARR that was due; `renewed` what follows it, which may be more. None where a price
            in it is not known.
        state: `open` where the days of grace are not over and nothing is decided.
        on_time: agreed by the due date.
    """

    account: int
    due: int
    amount: int | None
    renewed: int | None
    state: Literal["won", "lost", "open"]
    on_time: bool


class _Term(NamedTuple):
    """A subscription of one account; `place` in the book, `arr` None where it is not known."""

    place: int
    product: int
    start: int
    stop: int
    due: int
    signed: int
    arr: int | None
    cancelled: bool


def due_renewals(
    book: Book, policy: MetricPolicy, span: tuple[int, int], as_of: int, arr: Sequence[int]
) -> list[DueRenewal]:
    """All renewals due in (start, end], as known on a day.

    Args:
        book: the subscriptions.
        policy: grace, early renewals, and what is one renewal.
        span: start and end, as ordinals.
        as_of: the day.
        arr: of each line, in one currency.
    """
    start, end = span
    reach = end + YEAR if policy.early_renewal == "signed" else end
    found: list[DueRenewal] = []
    for account in with_renewals(book, start, reach):
        found += _of_account(_terms(book, account, arr), account, policy, (start, end, as_of))
    return found


def gross_renewal_rate(due: Sequence[DueRenewal], keys: Sequence[int]) -> Metric:
    """ARR renewed, at most what was due, over ARR due; of what both are known of."""
    decided = [one for one in due if one.state != "open"]
    known = [
        (keys[one.account], min(one.renewed, one.amount), one.amount)
        for one in decided
        if one.amount is not None and one.renewed is not None
    ]
    accounts, tops, bottoms = ([one[place] for one in known] for place in range(3))
    below = sum(bottoms)
    interval = intervals.of_weights(sum(tops) / below, bottoms) if below else None
    unknown = len(decided) - len(known)
    flags = (
        (f"Of unknown price and in no amount: {plural(unknown, 'renewal')}.",) if unknown else ()
    )
    return Metric(
        "gross_renewal_rate",
        "share",
        sum(tops),
        below,
        len(known),
        interval=interval,
        flags=(*_flags(due), *flags),
        members=Members(accounts, tops, bottoms),
        of="money",
    )


def logo_renewal_rate(due: Sequence[DueRenewal], keys: Sequence[int]) -> Metric:
    """Renewals won over renewals due."""
    return _counted("logo_renewal_rate", due, keys, [int(one.state == "won") for one in due])


def on_time_renewal_rate(due: Sequence[DueRenewal], keys: Sequence[int]) -> Metric:
    """Renewals agreed on or before the due date over renewals due."""
    hits = [int(one.state == "won" and one.on_time) for one in due]
    return _counted("on_time_renewal_rate", due, keys, hits)


def _counted(
    key: str, due: Sequence[DueRenewal], keys: Sequence[int], hits: Sequence[int]
) -> Metric:
    decided = [at for at, one in enumerate(due) if one.state != "open"]
    accounts = [keys[due[at].account] for at in decided]
    return share_of(key, accounts, [hits[at] for at in decided], of="renewals", flags=_flags(due))


def _flags(due: Sequence[DueRenewal]) -> tuple[str, ...]:
    waiting = sum(one.state == "open" for one in due)
    return (f"In grace and not counted yet: {plural(waiting, 'renewal')}.",) if waiting else ()


def _terms(book: Book, account: int, arr: Sequence[int]) -> list[_Term]:
    low, high = bisect_left(book.account, account), bisect_right(book.account, account)
    return [
        _Term(
            at,
            book.product[at],
            book.start[at],
            book.stop[at],
            book.due[at],
            book.signed[at],
            None if book.unpriced[at] else arr[at],
            bool(book.cancelled[at]),
        )
        for at in range(low, high)
        if book.counted[at] or book.unpriced[at]
    ]


def _of_account(
    terms: Sequence[_Term], account: int, policy: MetricPolicy, days: tuple[int, int, int]
) -> Iterator[DueRenewal]:
    start, end, as_of = days
    groups: dict[tuple[int, int], list[_Term]] = defaultdict(list)
    for term in terms:
        product = term.product if policy.minimum_per == "subscription" else -1
        for due in _due_days(term, (start, end if policy.early_renewal == "due" else end + YEAR)):
            if not _is_replaced(term, terms, policy.grace_days):
                groups[product, due].append(term)
    followers = _followers(groups, terms, policy)
    for (product, due), group in sorted(groups.items()):
        renewal = _decided(group, due, followers[product, due], (account, as_of, policy.grace_days))
        counts_on = due
        if policy.early_renewal == "signed" and followers[product, due]:
            counts_on = min(due, *(one.signed or one.start for one in followers[product, due]))
        if start < counts_on <= min(end, as_of):
            yield renewal


def _due_days(term: _Term, span: tuple[int, int]) -> Iterator[int]:
    start, end = span
    if term.due:
        if start < term.due <= end:
            yield term.due
        return
    months = 12
    begin = dt.date.fromordinal(term.start)
    for number in range(1, 200):
        due = _months_on(begin, months * number) - 1
        if due > end or due >= term.stop:
            return
        if due > start:
            yield due


def _is_replaced(term: _Term, terms: Sequence[_Term], grace: int) -> bool:
    """A change in mid-term: what took its place ends no later, so nothing was renewed."""
    return term.cancelled and any(
        other.due
        and other.due <= term.due
        and term.stop <= other.start <= term.stop + grace
        and other.product == term.product
        and other.place != term.place
        for other in terms
    )


def _followers(
    groups: dict[tuple[int, int], list[_Term]], terms: Sequence[_Term], policy: MetricPolicy
) -> dict[tuple[int, int], list[_Term]]:
    """What begins when a group's terms stop, each once, for the group that stopped last."""
    found: dict[tuple[int, int], list[_Term]] = {key: [] for key in groups}
    ends = [
        (stop, key, {one.place for one in group})
        for key, group in groups.items()
        for stop in {one.stop for one in group}
    ]
    for term in terms:
        fitting = [
            (stop, key)
            for stop, key, members in ends
            if stop <= term.start <= stop + policy.grace_days
            and key[0] in {-1, term.product}
            and term.place not in members
        ]
        if fitting:
            found[max(fitting, key=itemgetter(0))[1]].append(term)
    return found


def _decided(
    group: Sequence[_Term], due: int, followers: Sequence[_Term], context: tuple[int, int, int]
) -> DueRenewal:
    account, as_of, grace = context
    amount = _total(group)
    running_on = [one for one in group if one.stop > due + 1]  # an open end, past its anniversary
    if running_on or followers:
        on_time = all(
            (one.signed <= due if one.signed else one.start <= due + 1) for one in followers
        )
        renewed = _total((*running_on, *followers))
        return DueRenewal(account, due, amount, renewed, "won", on_time)
    stop = max(one.stop for one in group)
    is_open = as_of <= stop + grace and grace > 0 and not all(one.cancelled for one in group)
    state: Literal["open", "lost"] = "open" if is_open else "lost"
    return DueRenewal(account, due, amount, 0, state, on_time=False)


def _total(terms: Sequence[_Term]) -> int | None:
    """ARR of all of them; None where one has no known price."""
    known = [one.arr for one in terms if one.arr is not None]
    return sum(known) if len(known) == len(terms) else None


def _months_on(day: dt.date, months: int) -> int:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year > 9000:
        return OPEN
    last = calendar.monthrange(year, month + 1)[1]
    return dt.date(year, month + 1, min(day.day, last)).toordinal()
