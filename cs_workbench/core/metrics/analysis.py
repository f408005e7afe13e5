"""All metrics of revenue and customers for one period, from the history of a book."""

from array import array
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from cs_workbench.core.metric_kernels import columns
from cs_workbench.core.metric_kernels import history as kernel
from cs_workbench.core.metric_kernels.books import not_to_compare, with_unpriced_on
from cs_workbench.core.metric_kernels.buying import Bought, bought
from cs_workbench.core.metric_kernels.history import History
from cs_workbench.core.metrics import customers, lifetime_value, purchases, renewal_rates, revenue
from cs_workbench.core.metrics.book import Book
from cs_workbench.core.metrics.movements import Movements
from cs_workbench.core.metrics.periods import Period
from cs_workbench.core.metrics.policy import MetricPolicy
from cs_workbench.core.metrics.rates import turned
from cs_workbench.core.metrics.renewal_rates import DueRenewal
from cs_workbench.core.metrics.results import Metric
from cs_workbench.core.metrics.revenue import Bridge


@dataclass(frozen=True)
class Evidence:
    """What the metrics of a period are taken from.

    Attributes:
        history, arr: ARR over time, and of each line of the book in one currency.
        known: the accounts over the period, by what is known of them.
        moved: the same, without amounts of those that are left out.
        due: renewals due in it.
        bought: purchases until the end.
        escalators: of each account, the rise that its contracts provided for.
        there: the accounts as customers, also those that pay a price which nobody knows.
        left_out: keys of accounts whose known ARR cannot be compared between both ends; they
            are in no movement.
    """

    history: History
    arr: Sequence[int]
    known: Movements
    moved: Movements
    due: Sequence[DueRenewal]
    bought: Bought
    escalators: Sequence[int]
    there: Movements
    left_out: frozenset[int] = frozenset()

    def without(self, places: Sequence[int]) -> "Evidence":
        """With some accounts in no movement; what is known of them stays."""
        keys = frozenset(columns.picked(self.known.keys, places))
        return replace(self, moved=self.known.without(places), left_out=keys)

    def only(self, places: Iterable[int]) -> "Evidence":
        """That of some accounts, by their places."""
        wanted = sorted(set(places))
        inside = set(wanted)
        moved = self.moved.only(wanted)
        return Evidence(
            self.history,
            self.arr,
            moved if self.known is self.moved else self.known.only(wanted),
            moved,
            [one for one in self.due if one.account in inside],
            self.bought.only(wanted),
            [self.escalators[at] for at in wanted] if self.escalators else (),
            moved if self.there is self.moved else self.there.only(wanted),
            self.left_out & frozenset(self.history.book.keys[at] for at in wanted),
        )


def line_values(book: Book, rates: Sequence[Fraction] | None) -> Sequence[int]:
    """ARR of each line in one currency."""
    if rates is None:
        return book.arr
    return [
        turned(minor, rates[currency])
        for minor, currency in zip(book.arr, book.currency, strict=True)
    ]


def evidence_of(
    history: History,
    arr: Sequence[int],
    policy: MetricPolicy,
    period: Period,
    as_of: int,
    *,
    frozen: Mapping[int, int] | None = None,
    with_all: History | None = None,
) -> Evidence:
    """Collect what a period's metrics are taken from.

    Args:
        history: of the book, as known on a day.
        arr: of each line of the book, in the currency of the history.
        policy: what counts.
        period: over by the day, or cut there.
        as_of: the day, as an ordinal.
        frozen: by account key, the closing ARR of the period before where that is closed.
        with_all: the same history with all that has no known price, where there is such.
    """
    book, span = history.book, (period.start.toordinal(), period.end.toordinal())
    known = movements_in(history, span, policy, frozen)
    due = renewal_rates.due_renewals(book, policy, span, as_of, arr)
    found = Evidence(
        *(history, arr, known, known, due),
        bought=bought(book, span[1]),
        escalators=planned_rises(book, policy, span, arr) if policy.escalators else (),
        there=known,
    )
    if with_all is None:
        return found
    there = None if frozen is None else _there_when_closed(frozen, book, span[0])
    return replace(
        found.without(not_to_compare(book, span, known.opening, known.closing)),
        there=movements_in(with_all, span, policy, there),
    )


def _there_when_closed(frozen: Mapping[int, int], book: Book, day: int) -> dict[int, int]:
    """Who was there at a closing: who paid by then, and who has something without a price."""
    unpriced = columns.picked(book.keys, with_unpriced_on(book, day))
    return {**dict.fromkeys(unpriced, 1), **frozen}


def movements_in(
    history: History,
    span: tuple[int, int],
    policy: MetricPolicy,
    frozen: Mapping[int, int] | None = None,
) -> Movements:
    """Both ends of each account, and what happened between."""
    start, end = span
    opening, closing = history.positions(start), history.positions(end)
    keys = history.book.keys
    restated: Sequence[int] = ()
    if frozen is not None:
        now = opening
        opening = array("q", [frozen.get(key, 0) for key in keys])
        restated = columns.less(now, opening)
    kept = columns.smaller(opening, closing)
    if policy.minimum_per == "subscription" and frozen is None:
        kept = history.kept_by_chain(start, end)
    return Movements(
        start,
        end,
        keys,
        opening,
        closing,
        kept=kept,
        first=kernel.first_days(history)[0],
        lost=kernel.last_losses(history, start, end),
        days=kernel.customer_days(history, start, end),
        in_grace=columns.where_both(closing, history.in_grace),
        restated=restated,
    )


def revenue_metrics(evidence: Evidence, policy: MetricPolicy) -> dict[str, Metric]:
    """The metrics of revenue and customers, by key, in the order in which they are shown."""
    moved, there, keys = evidence.moved, evidence.there, evidence.history.book.keys
    seen = customers.counts(moved)
    gross, net = revenue.grr(moved), revenue.nrr(moved)
    found = [
        gross,
        net,
        revenue.gross_churn(gross),
        revenue.net_churn(net),
        customers.crr(there),
        *customers.crr_by_tenure(there),
        customers.ccr(there),
        customers.churn_simple(there, policy.fast_growth),
        customers.churn_adjusted(there),
        customers.churn_predictive(there),
        renewal_rates.gross_renewal_rate(evidence.due, keys),
        renewal_rates.logo_renewal_rate(evidence.due, keys),
        renewal_rates.on_time_renewal_rate(evidence.due, keys),
        lifetime_value.clv_metric(
            arr=sum(moved.closing),
            accounts=seen.end,
            churn=lifetime_value.monthly_churn(seen.lost, seen.days),
            margin=policy.gross_margin,
            months=policy.clv_months,
            discount_rate=policy.discount_rate,
        ),
        purchases.repeat_purchase_rate(evidence.bought, keys),
        purchases.purchase_cycle(evidence.bought, keys),
        revenue.existing_share(moved),
    ]
    return {one.key: one for one in found}


def bridge_of(evidence: Evidence) -> Bridge:
    """The ARR bridge of the period."""
    return revenue.bridge(evidence.moved, evidence.escalators, known=evidence.known)


def planned_rises(
    book: Book, policy: MetricPolicy, span: tuple[int, int], arr: Sequence[int]
) -> list[int]:
    """Of each account, the rise that its contracts provided for where a term followed another."""
    start, end = span
    total = [0] * len(book.keys)
    ended: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
    rows = zip(book.account, book.product, book.start, book.stop, arr, book.counted, strict=True)
    for account, product, begin, stop, paid, counted in rows:
        if not counted:
            continue
        chain = ended[account, product]
        if start < begin <= end:
            at = bisect_right(chain, (begin, paid + 10**18)) - 1
            if at >= 0 and begin - chain[at][0] <= policy.grace_days:
                before = chain[at][1]
                rise = policy.escalator(book.products[product]) * before
                total[account] += max(0, min(paid - before, round(rise)))
        chain.append((stop, paid))
        chain.sort()
    return total
