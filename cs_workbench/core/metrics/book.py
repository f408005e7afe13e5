"""All subscriptions of a portfolio as columns, which stay small and fast at a million of them."""

import datetime as dt
from array import array
from dataclasses import dataclass, field
from typing import NamedTuple

OPEN = 3_700_000  # a day after the calendar's last: no end is written down
NEVER = 0  # no day


class Line(NamedTuple):
    """One subscription.

    Attributes:
        account_key: whose.
        end_date: last day of entitlement; cancelled_on: first day without it.
        arr_minor: None where the price is not known.
        signed_on: when it was agreed, where that is told.
        discount_e4: how far below the list price it was sold, in 1/10,000; None: not told.
    """

    subscription_id: str
    account_key: int
    product: str | None
    plan: str | None
    arr_minor: int | None
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
        arr: minor units a year, 0 where not known; `counted`: 1 where the policy takes it for
            recurring revenue, `unpriced`: 1 where it would, if only its price were known.
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
    unpriced: "array[int]" = field(default_factory=lambda: array("b"))
    discounted: "array[int]" = field(default_factory=lambda: array("b"))

    def __len__(self) -> int:
        """How many subscriptions there are."""
        return len(self.account)


def day_of(ordinal: int) -> dt.date:
    """The date of a day's number."""
    return dt.date.fromordinal(ordinal)
