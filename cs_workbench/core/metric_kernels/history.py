"""The arrays behind the metrics: ARR of each account as steps over time.

Takes and gives plain columns. Days are ordinals. A *holder* is an account, or a chain: one product
of one account through all its terms.
"""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from cs_workbench.core.metric_kernels.books import with_unpriced
from cs_workbench.core.metric_kernels.columns import SPAN, Ints, ints, plain
from cs_workbench.core.metrics.book import NEVER, OPEN, Book
from cs_workbench.core.metrics.policy import MetricPolicy
from cs_workbench.core.metrics.rates import turned


class Steps(NamedTuple):
    """What each holder pays from which day on: `key` is holder * SPAN + day, ascending."""

    key: Ints
    level: Ints

    @property
    def holder(self) -> Ints:
        """Whose step it is."""
        return self.key // SPAN

    @property
    def day(self) -> Ints:
        """From which day it holds."""
        return self.key % SPAN

    def ends(self) -> Ints:
        """The day before which each step ends: the holder's next, or `OPEN`."""
        following = np.append(self.key[1:], -1)
        return np.where(following // SPAN == self.holder, following % SPAN, OPEN)

    def on(self, day: int, holders: int) -> Ints:
        """What each of so many holders pays on a day."""
        if not len(self.key):
            return np.zeros(holders, np.int64)
        ids = np.arange(holders, dtype=np.int64)
        at = np.searchsorted(self.key, ids * SPAN + day, side="right") - 1
        safe = np.maximum(at, 0)
        return np.where((at >= 0) & (self.key[safe] // SPAN == ids), self.level[safe], 0)


@dataclass(frozen=True)
class History:
    """ARR of all accounts over time under a policy, as known on a day.

    Attributes:
        accounts, chains: steps of the accounts, and of their products.
        chain_account: the place of each chain's account in the book.
        book: what it was made of.
        in_grace: 1 for an account of which something is in grace on the day.
    """

    accounts: Steps
    chains: Steps
    chain_account: Ints
    book: Book
    in_grace: "array[int]"

    @property
    def size(self) -> int:
        """How many accounts."""
        return len(self.book.keys)

    def positions(self, day: int) -> "array[int]":
        """ARR of each account on a day."""
        return plain(self.accounts.on(day, self.size))

    def kept_by_chain(self, start: int, end: int) -> "array[int]":
        """Of each account, the smaller ARR of two days of each of its products."""
        size = len(self.chain_account)
        kept = np.zeros(self.size, np.int64)
        smaller = np.minimum(self.chains.on(start, size), self.chains.on(end, size))
        np.add.at(kept, self.chain_account, smaller)
        return plain(kept)


def history_of(
    book: Book, policy: MetricPolicy, as_of: int, rates: Sequence[Fraction] | None = None
) -> History:
    """Turn subscriptions into steps.

    Args:
        book: the subscriptions, as known on the day.
        policy: what counts, and since when.
        as_of: the day on which this was known.
        rates: what a minor unit of each currency of the book is worth; None: all have one.
    """
    counted = np.flatnonzero(ints(book.counted))
    account, product = ints(book.account)[counted], ints(book.product)[counted]
    start, stop = ints(book.start)[counted], ints(book.stop)[counted]
    value = _values(book, counted, rates)
    names, chain = np.unique(account * (len(book.products) + 1) + product, return_inverse=True)
    chain_account = names // (len(book.products) + 1)
    cancelled = ints(book.cancelled)[counted] != 0
    if policy.churn_date == "notice":
        first = bridged(_steps(chain, start, stop, value), policy.grace_days)
        gone = _level_at(first, chain, stop) == 0
        notice = ints(book.notice)[counted]
        certain = gone & (notice > 0) & ((stop <= as_of + 1) | cancelled) & (stop < OPEN)
        stop = np.where(certain, np.maximum(stop - 1 - notice, start + 1), stop)
    steps = bridged(_steps(chain, start, stop, value), policy.grace_days)
    ended = np.unique((chain * SPAN + stop)[cancelled])
    steps, waiting = _with_grace(steps, as_of, policy.grace_days, ended)
    accounts = bridged(_added_up(steps, chain_account), policy.reactivation_days)
    in_grace = np.zeros(len(book.keys), np.int64)
    in_grace[chain_account[waiting]] = 1
    return History(accounts, steps, chain_account, book, plain(in_grace))


def history_with_unpriced(book: Book, policy: MetricPolicy, as_of: int) -> History | None:
    """Who is a customer over time; None where every price is known, so that ARR tells it."""
    if not ints(book.unpriced).any():
        return None
    return history_of(with_unpriced(book), policy, as_of)


def bridged(steps: Steps, window: int) -> Steps:
    """Gaps of at most so many days filled with what was paid before them."""
    ends = steps.ends()
    gaps = np.flatnonzero((steps.level == 0) & (ends < OPEN) & (ends - steps.day <= window))
    level = steps.level.copy()
    level[gaps] = steps.level[gaps - 1]
    return _changes_only(steps.key, level)


def customer_days(history: History, start: int, end: int) -> "array[int]":
    """Days of each account as a customer from the end of one day to the end of another.

    A customer counts on the day on which it is lost, not on the day on which it is new.
    """
    steps = history.accounts
    days = np.minimum(steps.ends(), end) - np.maximum(steps.day, start)
    days = np.where(steps.level > 0, np.maximum(days, 0), 0)
    total = np.zeros(history.size, np.int64)
    np.add.at(total, steps.holder, days)
    return plain(total)


def last_losses(history: History, start: int, end: int) -> "array[int]":
    """The last day in (start, end] on which each account stopped paying; `NEVER`: none."""
    steps = history.accounts
    lost = (steps.level == 0) & (steps.day > start) & (steps.day <= end)
    found = np.full(history.size, NEVER, np.int64)
    found[steps.holder[lost]] = steps.day[lost]
    return plain(found)


def first_days(history: History) -> "tuple[array[int], array[int]]":
    """The first paid day of each account (`NEVER`: none), and what it paid then."""
    steps = history.accounts
    firsts = np.flatnonzero(np.append(-1, steps.holder[:-1]) != steps.holder)
    day, paid = (np.full(history.size, NEVER, np.int64) for _ in range(2))
    day[steps.holder[firsts]] = steps.day[firsts]
    paid[steps.holder[firsts]] = steps.level[firsts]
    return plain(day), plain(paid)


def first_rises(history: History) -> "array[int]":
    """The day on which each account first paid more than just before; `NEVER`: it never did."""
    steps = history.accounts
    before = np.append(0, steps.level[:-1])
    same = np.append(-1, steps.holder[:-1]) == steps.holder
    return _firsts(history, same & (before > 0) & (steps.level > before))


def first_losses(history: History, end: int) -> "array[int]":
    """The first day, up to one, on which each account stopped paying; `NEVER`: none."""
    steps = history.accounts
    return _firsts(history, (steps.level == 0) & (steps.day <= end))


def reached_days(history: History, amount: int) -> list[int | None]:
    """The first day on which each account paid so much or more; None: it never did."""
    return [day or None for day in _firsts(history, history.accounts.level >= max(amount, 1))]


class Triangle(NamedTuple):
    """Accounts and ARR of each row (cohort) at each age, and who it began with.

    Attributes:
        active, arr: by row, then by age.
        size, began: accounts that began in the row, and their first ARR.
    """

    active: list[list[int]]
    arr: list[list[int]]
    size: list[int]
    began: list[int]


def triangle(
    history: History, rows: Sequence[int], births: Sequence[int], ends: Sequence[int]
) -> Triangle:
    """Count the accounts of each cohort at the end of each span after its birth.

    Args:
        history: of the accounts.
        rows: the cohort of each account, -1 for none.
        births: the place in `ends` of the span in which each account began.
        ends: the last days of all spans, ascending.
    """
    steps = history.accounts
    row_of, birth_of = np.asarray(rows, np.int64), np.asarray(births, np.int64)
    height, width = int(row_of.max(initial=-1)) + 1, len(ends) + 1
    ladder = np.asarray(ends, np.int64)
    row, birth = row_of[steps.holder], birth_of[steps.holder]
    low = np.searchsorted(ladder, steps.day) - birth
    high = np.searchsorted(ladder, steps.ends()) - birth
    wanted = (row >= 0) & (steps.level > 0) & (low < high)
    row, low, high = row[wanted], np.maximum(low[wanted], 0), high[wanted]
    paid = steps.level[wanted]
    tables = []
    for amounts in (np.ones_like(paid), paid):
        flat = np.zeros(height * width, np.int64)
        np.add.at(flat, row * width + low, amounts)
        np.add.at(flat, row * width + high, -amounts)
        tables.append(np.cumsum(flat.reshape(height, width), axis=1)[:, :-1].tolist())
    _, paid_first = first_days(history)
    inside = row_of >= 0
    size = np.bincount(row_of[inside], minlength=height)
    began = np.zeros(height, np.int64)
    np.add.at(began, row_of[inside], np.asarray(paid_first, np.int64)[inside])
    return Triangle(tables[0], tables[1], size.tolist(), began.tolist())


def _firsts(history: History, wanted: npt.NDArray[np.bool_]) -> "array[int]":
    """The first day of each account's wanted steps; `NEVER`: it has none."""
    steps = history.accounts
    found = np.full(history.size, NEVER, np.int64)
    found[steps.holder[wanted][::-1]] = steps.day[wanted][::-1]
    return plain(found)


def _values(book: Book, counted: Ints, rates: Sequence[Fraction] | None) -> Ints:
    value = ints(book.arr)[counted]
    if rates is None:
        return value
    currency = ints(book.currency)[counted]
    for place, rate in enumerate(rates):
        mine = currency == place
        if rate != 1 and mine.any():
            amounts, back = np.unique(value[mine], return_inverse=True)
            worth = np.asarray([turned(int(one), rate) for one in amounts], np.int64)
            value[mine] = worth[back]
    return value


def _steps(holder: Ints, start: Ints, stop: Ints, value: Ints) -> Steps:
    key = np.concatenate((holder * SPAN + start, holder * SPAN + stop))
    return _summed(key, np.concatenate((value, -value)))


def _summed(key: Ints, delta: Ints) -> Steps:
    """Steps of changes in any order; the changes of each holder add up to nothing."""
    order = np.argsort(key, kind="stable")
    key, level = key[order], np.cumsum(delta[order])
    last = np.append(key[1:] != key[:-1], True) if len(key) else np.zeros(0, bool)
    return _changes_only(key[last], level[last])


def _changes_only(key: Ints, level: Ints) -> Steps:
    before = np.append(0, level[:-1])
    before[np.append(-1, key[:-1] // SPAN) != key // SPAN] = 0
    changed = level != before
    return Steps(key[changed], level[changed])


def _level_at(steps: Steps, holder: Ints, day: Ints) -> Ints:
    """What the holders pay on days of their own; each has a step by then."""
    at = np.searchsorted(steps.key, holder * SPAN + day, side="right") - 1
    return steps.level[at]


def _with_grace(steps: Steps, as_of: int, grace: int, ended: Ints) -> tuple[Steps, Ints]:
    """Terms that ran out within the days of grace go on until the day; and whose they are."""
    open_end = (steps.level == 0) & (steps.day <= as_of) & (as_of <= steps.day + grace)
    open_end &= (steps.ends() > as_of) & ~np.isin(steps.key, ended)
    if not grace:
        open_end[:] = False
    key = np.where(open_end, steps.holder * SPAN + as_of + 1, steps.key)
    return Steps(key, steps.level), steps.holder[open_end]


def _added_up(chains: Steps, owner: Ints) -> Steps:
    before = np.append(0, chains.level[:-1])
    before[np.append(-1, chains.holder[:-1]) != chains.holder] = 0
    return _summed(owner[chains.holder] * SPAN + chains.day, chains.level - before)
