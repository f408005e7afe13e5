"""All subscriptions of a portfolio as columns, which stay small and fast at a million of them."""

import datetime as dt
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from cs_workbench.core.metrics.policy import MetricPolicy
from cs_workbench.errors import InputError

OPEN = 3_700_000  # a day after the calendar's last: no end is written down
NEVER = 0  # no day
NEGATIVE = (
    "Subscription {} has a negative ARR ({} minor units). A credit note is an invoice; correct the "
    "subscription and import it again."
)


class Line(NamedTuple):
    """One subscription.

    Attributes:
        account_key: whose.
        end_date: last day of entitlement; cancelled_on: first day without it.
        signed_on: when it was agreed, where that is told.
        discount_e4: how far below the list price it was sold, in 1/10,000; None: not told.
    """

    subscription_id: str
    account_key: int
    product: str | None
    plan: str | None
    arr_minor: int
    currency: str
    start_date: dt.date
    end_date: dt.date | None = None
    term_months: int | None = None
    notice_days: int = 0
    is_trial: bool = False
    cancelled_on: dt.date | None = None
    signed_on: dt.date | None = None
    discount_e4: int | None = None


@dataclass
class Book:
    """Subscriptions in parallel columns, by account.

    Attributes:
        keys: of the accounts that have any, ascending.
        account, product, currency: places in `keys`, `products`, `currencies`.
        start: the first day, `stop` the first day without entitlement (`OPEN` without an end).
        due: the last day of the term that was agreed, `NEVER` for an open end.
        cancelled: 1 where somebody ended it, 0 where its term ran out.
        arr: minor units a year; `counted`: 1 where the policy takes it for recurring revenue.
        discounted: 1 sold below the list price, 0 not, -1 not told.
    """

    keys: "array[int]" = field(default_factory=lambda: array("q"))
    products: list[str | None] = field(default_factory=list)
    currencies: list[str] = field(default_factory=list)
    account: "array[int]" = field(default_factory=lambda: array("q"))
    product: "array[int]" = field(default_factory=lambda: array("q"))
    currency: "array[int]" = field(default_factory=lambda: array("q"))
    start: "array[int]" = field(default_factory=lambda: array("q"))
    stop: "array[int]" = field(default_factory=lambda: array("q"))
    due: "array[int]" = field(default_factory=lambda: array("q"))
    term: "array[int]" = field(default_factory=lambda: array("q"))
    notice: "array[int]" = field(default_factory=lambda: array("q"))
    signed: "array[int]" = field(default_factory=lambda: array("q"))
    arr: "array[int]" = field(default_factory=lambda: array("q"))
    cancelled: "array[int]" = field(default_factory=lambda: array("b"))
    counted: "array[int]" = field(default_factory=lambda: array("b"))
    discounted: "array[int]" = field(default_factory=lambda: array("b"))

    def __len__(self) -> int:
        """How many subscriptions there are."""
        return len(self.account)


class BookBuilder:
    """Fills a book from rows in the order of their accounts."""

    def __init__(self, policy: MetricPolicy) -> None:
        self.book = Book()
        self.policy = policy
        self._products = _Places()
        self._currencies = _Places()
        self._numbers = _DayNumbers({None: NEVER})

    def extend(self, rows: Sequence[Sequence[Any]]) -> None:
        """More subscriptions: the fields of `Line` in order, dates as such or as ISO text.

        What was cancelled before it began stays without entitlement, and counts for nothing.

        Raises:
            InputError: an ARR is negative.
            ValueError: an account comes before the last one's.
        """
        if not rows:
            return
        columns = list(zip(*rows, strict=True))
        names, keys, products, plans, arr, currencies, starts, ends, terms = columns[:9]
        notices, trials, cancels, signed, discounted = columns[9:]
        if min(arr) < 0:
            at = next(at for at, paid in enumerate(arr) if paid < 0)
            raise InputError(NEGATIVE.format(names[at], arr[at]))
        book, number = self.book, self._numbers
        start, due, cancelled = ([number[one] for one in days] for days in (starts, ends, cancels))
        stop, ended = _stops(due, cancelled)
        counted = self._counted(arr, trials, products, plans)
        book.account.extend(self._places(keys))
        book.product.extend([self._products[one] for one in products])
        book.currency.extend([self._currencies[one] for one in currencies])
        book.start.extend(start)
        book.stop.extend(stop)
        book.due.extend(due)
        book.term.extend([one or 0 for one in terms])
        book.notice.extend(notices)
        book.signed.extend([number[one] for one in signed])
        book.arr.extend(arr)
        book.cancelled.extend(ended)
        book.counted.extend(
            [one and day < last for one, day, last in zip(counted, start, stop, strict=True)]
        )
        book.discounted.extend([-1 if one is None else one > 0 for one in discounted])

    def finish(self) -> Book:
        """The book."""
        self.book.products = list(self._products)
        self.book.currencies = list(self._currencies)
        return self.book

    def _places(self, keys: Sequence[int]) -> list[int]:
        book_keys, found = self.book.keys, []
        place = len(book_keys) - 1
        last = book_keys[-1] if book_keys else -1
        for key in keys:
            if key != last:
                if key < last:
                    raise ValueError("the rows are not in the order of their accounts")
                book_keys.append(key)
                last, place = key, place + 1
            found.append(place)
        return found

    def _counted(
        self,
        arr: Sequence[int],
        trials: Sequence[int],
        products: Sequence[str | None],
        plans: Sequence[str | None],
    ) -> list[bool]:
        policy = self.policy
        if not policy.outside_arr:
            return [
                paid > 0 and (policy.count_trials or not trial)
                for paid, trial in zip(arr, trials, strict=True)
            ]
        named = {(product, plan) for product, plan in zip(products, plans, strict=True)}
        outside = {
            pair
            for pair in named
            if not {(name or "").casefold() for name in pair}.isdisjoint(policy.outside_arr)
        }
        return [
            paid > 0 and (policy.count_trials or not trial) and (product, plan) not in outside
            for paid, trial, product, plan in zip(arr, trials, products, plans, strict=True)
        ]


def _stops(due: Sequence[int], cancelled: Sequence[int]) -> tuple[list[int], list[bool]]:
    """The first day without entitlement, and whether somebody ended it before its term ran out."""
    agreed = [one + 1 if one else OPEN for one in due]
    ended = [0 < day <= last for day, last in zip(cancelled, agreed, strict=True)]
    return [
        day if is_ended else last
        for day, is_ended, last in zip(cancelled, ended, agreed, strict=True)
    ], ended


class _Places(dict[Any, int]):
    """Numbers what it is asked for, in the order in which it first comes."""

    def __missing__(self, name: Any) -> int:
        place = len(self)
        self[name] = place
        return place


class _DayNumbers(dict[Any, int]):
    """Days as ordinals; a book has few different ones."""

    def __missing__(self, day: str | dt.date) -> int:
        found = (dt.date.fromisoformat(day) if isinstance(day, str) else day).toordinal()
        self[day] = found
        return found


def book_of(lines: Iterable[Line], policy: MetricPolicy) -> Book:
    """A book of lines in any order."""
    builder = BookBuilder(policy)
    ordered = sorted(lines, key=lambda one: (one.account_key, one.start_date, one.subscription_id))
    builder.extend(ordered)
    return builder.finish()


def day_of(ordinal: int) -> dt.date:
    """The date of a day's number."""
    return dt.date.fromordinal(ordinal)


def only_lines(book: Book, column: "array[int]", place: int) -> Book:
    """The same accounts with those lines alone counted that have a value in one of the columns."""
    wanted = [one and mine == place for one, mine in zip(book.counted, column, strict=True)]
    return replace(book, counted=array("b", wanted))
