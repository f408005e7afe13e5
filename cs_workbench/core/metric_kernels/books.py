"""Subscriptions as arrays: from columns in any order to a book sorted by account.

Takes and gives plain columns; days are ordinals.
"""

import datetime as dt
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from cs_workbench.core.metric_kernels.columns import SPAN, Column, Ints, ints, plain
from cs_workbench.core.metrics.book import NEVER, OPEN, Book, Line
from cs_workbench.core.metrics.policy import MetricPolicy
from cs_workbench.errors import InputError

NEGATIVE = (
    "Subscription {} has a negative ARR ({} minor units). A credit note is an invoice; correct the "
    "subscription and import it again."
)
UNKNOWN = -1  # a price that nobody knows
_CHAINS = 1 << 32  # more than there are products
_DAY = 10  # characters of `2026-11-23`
_EPOCH = 719_163  # the ordinal of 1970-01-01


class Named(NamedTuple):
    """A column of names: each of them once, and the place of every row's among them."""

    names: list[str | None]
    places: "array[int]"

    def extend(self, more: "Named") -> None:
        """Append another column."""
        numbered = _Numbered((name, place) for place, name in enumerate(self.names))
        there = np.fromiter(map(numbered.__getitem__, more.names), np.int64, len(more.names))
        self.places.extend(plain(there[ints(more.places)]))
        self.names[:] = numbered


class Columns(NamedTuple):
    """Subscriptions in parallel columns, in any order.

    Attributes:
        start, due, cancelled, signed: ordinals, `NEVER` where none is told.
        arr: minor units a year, `UNKNOWN` without a price.
        term, notice: months and days, 0 where none.
        is_trial: 1 or 0; `discounted`: 1 sold below the list price, 0 not, -1 not told.
    """

    account_key: "array[int]"
    product: Named
    plan: Named
    currency: Named
    arr: "array[int]"
    start: "array[int]"
    due: "array[int]"
    cancelled: "array[int]"
    signed: "array[int]"
    term: "array[int]"
    notice: "array[int]"
    is_trial: "array[int]"
    discounted: "array[int]"

    def extend(self, more: "Columns") -> None:
        """Append other subscriptions."""
        for name in self._fields:
            getattr(self, name).extend(getattr(more, name))


def named(values: Sequence[str | None]) -> Named:
    """A column of names."""
    numbered = _Numbered()
    places = np.fromiter(map(numbered.__getitem__, values), np.int64, len(values))
    return Named(list(numbered), plain(places))


def whole_numbers(text: str) -> "array[int]":
    """Numbers with commas between them, as a column."""
    return plain(np.fromstring(text, np.int64, sep=","))


def day_numbers(text: str) -> "array[int]":
    """Days like `2026-11-23`, one after another without a gap; `0000-00-00` is `NEVER`."""
    written = np.frombuffer(text.encode("ascii"), np.uint8).reshape(-1, _DAY)

    def number(*places: int) -> Ints:
        found = np.zeros(len(written), np.int64)
        for place in places:
            found = found * 10 + (written[:, place] - ord("0"))
        return found

    year, month, day = number(0, 1, 2, 3), number(5, 6), number(8, 9)
    days = _month_starts()[year * 12 + month] + day - 1
    return plain(np.where(year > 0, days, NEVER))


@cache
def _month_starts() -> Ints:
    """The ordinal of the first day of each month, at year * 12 + month."""
    months = np.arange(12 * 10_000 + 1) - 12 * 1970 - 1
    return months.astype("M8[M]").astype("M8[D]").astype(np.int64) + _EPOCH


def columns_of(lines: Iterable[Line]) -> Columns:
    """Columns of single subscriptions.

    Raises:
        InputError: an ARR is negative.
    """
    rows = list(lines)
    for one in rows:
        if one.arr_minor is not None and one.arr_minor < 0:
            raise InputError(NEGATIVE.format(one.subscription_id, one.arr_minor))
    return Columns(
        account_key=array("q", [one.account_key for one in rows]),
        product=named([one.product for one in rows]),
        plan=named([one.plan for one in rows]),
        currency=named([one.currency for one in rows]),
        arr=array("q", [UNKNOWN if one.arr_minor is None else one.arr_minor for one in rows]),
        start=_ordinals(one.start_date for one in rows),
        due=_ordinals(one.end_date for one in rows),
        cancelled=_ordinals(one.cancelled_on for one in rows),
        signed=_ordinals(one.signed_on for one in rows),
        term=array("q", [one.term_months or 0 for one in rows]),
        notice=array("q", [one.notice_days for one in rows]),
        is_trial=array("q", [one.is_trial for one in rows]),
        discounted=array(
            "q", [-1 if (cut := one.discount_e4) is None else cut > 0 for one in rows]
        ),
    )


def book_of(lines: Iterable[Line], policy: MetricPolicy) -> Book:
    """A book of lines in any order."""
    return book_of_columns(columns_of(lines), policy)


def book_of_columns(given: Columns, policy: MetricPolicy) -> Book:
    """A book under a policy; what was cancelled before it began counts for nothing."""
    key, start = ints(given.account_key), ints(given.start)
    order = np.argsort(key * SPAN + start, kind="stable")
    is_first = np.diff(key[order], prepend=-1) != 0
    keys, account = key[order][is_first], np.cumsum(is_first) - 1
    start, arr = start[order], ints(given.arr)[order]
    product = ints(given.product.places)[order]
    due, cancelled = ints(given.due)[order], ints(given.cancelled)[order]
    agreed = np.where(due == NEVER, OPEN, due + 1)
    is_ended = (cancelled > NEVER) & (cancelled <= agreed)
    stop = np.where(is_ended, cancelled, agreed)
    counted = (arr != 0) & (start < stop)
    if not policy.count_trials:
        counted &= ints(given.is_trial)[order] == 0
    for names, places in (given.product, given.plan):
        counted &= ~np.isin(ints(places)[order], _outside(names, policy))
    return Book(
        keys=plain(keys),
        products=given.product.names,
        currencies=[str(one) for one in given.currency.names],
        account=plain(account),
        product=plain(product),
        currency=plain(ints(given.currency.places)[order]),
        start=plain(start),
        stop=plain(stop),
        due=plain(due),
        term=plain(ints(given.term)[order]),
        notice=plain(ints(given.notice)[order]),
        signed=plain(ints(given.signed)[order]),
        arr=plain(np.maximum(arr, 0)),
        cancelled=plain(is_ended, "b"),
        counted=plain(counted & (arr > 0), "b"),
        unpriced=plain(counted & (arr == UNKNOWN), "b"),
        discounted=plain(ints(given.discounted)[order], "b"),
    )


def only_lines(book: Book, column: "array[int]", place: int) -> Book:
    """The same accounts with those lines alone counted that have a value in one of the columns."""
    wanted = ints(column) == place
    counted, unpriced = (ints(one) * wanted for one in (book.counted, book.unpriced))
    return replace(book, counted=plain(counted, "b"), unpriced=plain(unpriced, "b"))


def with_unpriced(book: Book) -> Book:
    """The book in which that counts too, at the smallest price: it tells customers, no amounts."""
    unpriced = ints(book.unpriced) != 0
    return replace(
        book,
        arr=plain(np.maximum(ints(book.arr), unpriced)),
        counted=plain(np.maximum(ints(book.counted), unpriced), "b"),
    )


def with_unpriced_on(book: Book, day: int) -> "array[int]":
    """The places of the accounts that have something on a day of which no price is known."""
    return plain(np.unique(_unpriced_chains(book, day) // _CHAINS))


def not_to_compare(
    book: Book, days: tuple[int, int], opening: Column, closing: Column
) -> "array[int]":
    """The places of accounts whose known ARR on two days is of different things.

    Whoever pays nothing that is known, but has something, may pay as before. So may who pays, and
    has another product without a price on one day than on the other: what was known of it is not
    lost, what is known now not won. What begins or ends as a whole does so with what is known.
    """
    before, after = (_unpriced_chains(book, day) for day in days)
    opens, closes = ints(opening) > 0, ints(closing) > 0
    found = np.zeros(len(opens), bool)
    for chains, pays in ((before, opens), (after, closes)):
        has = np.unique(chains // _CHAINS)
        found[has[~pays[has]]] = True
    differs = np.unique(np.setxor1d(before, after) // _CHAINS)
    found[differs[opens[differs] & closes[differs]]] = True
    return plain(np.flatnonzero(found))


def _unpriced_chains(book: Book, day: int) -> Ints:
    """What runs on a day without a known price, each once: account * _CHAINS + product."""
    runs = (ints(book.start) <= day) & (day < ints(book.stop)) & (ints(book.unpriced) != 0)
    return np.unique(ints(book.account)[runs] * _CHAINS + ints(book.product)[runs])


def _outside(names: Sequence[str | None], policy: MetricPolicy) -> list[int]:
    """The places of what the policy does not take for recurring revenue."""
    return [
        place for place, name in enumerate(names) if (name or "").casefold() in policy.outside_arr
    ]


def _ordinals(days: Iterable[dt.date | None]) -> "array[int]":
    return array("q", [NEVER if day is None else day.toordinal() for day in days])


class _Numbered(dict[Any, int]):
    """Numbers what it is asked for, in the order in which it first comes."""

    def __missing__(self, name: Any) -> int:
        place = len(self)
        self[name] = place
        return place
