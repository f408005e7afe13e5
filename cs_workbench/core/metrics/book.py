"""All subscriptions of a portfolio as columns, which stay small and fast at a million of them."""

import datetime as dt
from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from cs_workbench.core.metrics.policy import MetricPolicy
from cs_workbench.errors import InputError

OPEN = 3_700_000  # a day after the calendar's last: no end is written down
NEVER = 0  # no day


class Line(NamedTuple):
    """One subscription.

    Attributes:
        account_key: whose.
        end_date: last day of entitlement; cancelled_on: first day without it.
        signed_on: when it was agreed, where that is told.
        discounted: whether it was sold below the list price; None: not told.
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
    discounted: bool | None = None


@dataclass
class Book:
    """Subscriptions in parallel columns, by account.

    Attributes:
        keys: of the accounts that have any, ascending.
        ids: of the subscriptions.
        account, product, currency: places in `keys`, `products`, `currencies`.
        start: the first day, `stop` the first day without entitlement (`OPEN` without an end).
        due: the last day of the term that was agreed, `NEVER` for an open end.
        cancelled: 1 where somebody ended it, 0 where its term ran out.
        arr: minor units a year; `counted`: 1 where the policy takes it for recurring revenue.
        discounted: 1 sold below the list price, 0 not, -1 not told.
    """

    keys: "array[int]" = field(default_factory=lambda: array("q"))
    ids: list[str] = field(default_factory=list)
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
        self._products: dict[str | None, int] = {}
        self._currencies: dict[str, int] = {}
        self._outside: dict[tuple[str | None, str | None], bool] = {}

    def add(self, line: Line) -> None:
        """One subscription more; a day that never begins (cancelled at once) leaves nothing.

        Raises:
            InputError: its ARR is negative, or its account comes before the last one's.
        """
        book = self.book
        if line.arr_minor < 0:
            raise InputError(
                f"Subscription {line.subscription_id} has a negative ARR ({line.arr_minor} minor "
                "units). A credit note is an invoice; correct the subscription and import it again."
            )
        if not book.keys or book.keys[-1] < line.account_key:
            book.keys.append(line.account_key)
        elif book.keys[-1] > line.account_key:
            raise ValueError("the rows are not in the order of their accounts")
        start = line.start_date.toordinal()
        due = NEVER if line.end_date is None else line.end_date.toordinal()
        stop = due + 1 if due else OPEN
        is_cancelled = line.cancelled_on is not None and line.cancelled_on.toordinal() <= stop
        if line.cancelled_on is not None and is_cancelled:
            stop = line.cancelled_on.toordinal()
        book.ids.append(line.subscription_id)
        book.account.append(len(book.keys) - 1)
        book.product.append(self._products.setdefault(line.product, len(self._products)))
        book.currency.append(self._currencies.setdefault(line.currency, len(self._currencies)))
        book.start.append(start)
        book.stop.append(stop)
        book.due.append(due)
        book.term.append(line.term_months or 0)
        book.notice.append(line.notice_days)
        book.signed.append(NEVER if line.signed_on is None else line.signed_on.toordinal())
        book.arr.append(line.arr_minor)
        book.cancelled.append(is_cancelled)
        book.counted.append(self._is_counted(line) and start < stop)
        book.discounted.append(-1 if line.discounted is None else line.discounted)

    def finish(self) -> Book:
        """The book."""
        self.book.products = list(self._products)
        self.book.currencies = list(self._currencies)
        return self.book

    def _is_counted(self, line: Line) -> bool:
        if line.arr_minor == 0 or (line.is_trial and not self.policy.count_trials):
            return False
        if not self.policy.outside_arr:
            return True
        named = line.product, line.plan
        if named not in self._outside:
            words = {(name or "").casefold() for name in named} - {""}
            self._outside[named] = not words.isdisjoint(self.policy.outside_arr)
        return not self._outside[named]


def book_of(lines: Iterable[Line], policy: MetricPolicy) -> Book:
    """A book of lines in any order."""
    builder = BookBuilder(policy)
    for line in sorted(
        lines, key=lambda one: (one.account_key, one.start_date, one.subscription_id)
    ):
        builder.add(line)
    return builder.finish()


def day_of(ordinal: int) -> dt.date:
    """The date of a day's number."""
    return dt.date.fromordinal(ordinal)
