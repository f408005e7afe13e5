"""One reading of all subscriptions, from which any number of periods can be told."""

import datetime as dt
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property

from cs_workbench.core.metric_kernels import history as kernel
from cs_workbench.core.metric_kernels.books import only_lines
from cs_workbench.core.metric_kernels.history import History
from cs_workbench.core.metrics.analysis import Evidence, evidence_of, line_values
from cs_workbench.core.metrics.book import Book
from cs_workbench.core.metrics.periods import Period
from cs_workbench.core.metrics.policy import MetricPolicy
from cs_workbench.core.metrics.rates import turned
from cs_workbench.errors import InputError
from cs_workbench.store.closed_periods import closing_positions
from cs_workbench.store.database import Database, snapshot
from cs_workbench.store.known import read_known
from cs_workbench.store.metric_books import read_book

Rates = tuple[Fraction, ...] | None
SEVERAL = (
    "Several currencies and no exchange rates: amounts are not added up. Put [rates] into "
    "metrics.toml, or take --by currency or --currency."
)


@dataclass
class Ledger:
    """The subscriptions of a portfolio as known on a day, under a policy.

    Attributes:
        currency: of the money; None where several are not turned into one: then no amounts may be
            shown, and counts of accounts alone hold.
        closed_in: the currencies of which a closed period's amounts are its own; None: all. They
            are kept by account and currency, so of a product none are.
    """

    db: Database
    policy: MetricPolicy
    as_of: dt.date
    book: Book
    currency: str | None
    closed_in: frozenset[str] | None = None
    _histories: dict[Rates, tuple[History, Sequence[int]]] = field(default_factory=dict)

    def evidence(self, period: Period) -> Evidence:
        """What the metrics of a period are taken from; it is cut at the day of the ledger."""
        cut = period.until(self.as_of)
        rates = self.rates_on(cut.start)
        history, arr = self._history(rates)
        frozen = self._frozen(cut.start, rates)
        return evidence_of(
            *(history, arr, self.policy, cut, self.as_of.toordinal()),
            frozen=frozen,
            with_all=self._with_all,
        )

    def history(self, day: dt.date) -> History:
        """ARR over time, at the rates of a day."""
        return self._history(self.rates_on(day))[0]

    def customers(self, day: dt.date) -> History:
        """Who is a customer over time, at a known price or not; its amounts mean nothing more."""
        return self._with_all or self.history(day)

    def without_unpriced(self) -> "Ledger":
        """Of those alone of whom it is known what they pay."""
        none = array("b", bytes(len(self.book)))
        return replace(self, book=replace(self.book, unpriced=none), _histories={})

    def only(self, column: str, place: int) -> "Ledger":
        """With the lines of one product (`product`) or one currency (`currency`) alone counted."""
        book = only_lines(self.book, getattr(self.book, column), place)
        currency, closed_in = self.currency, frozenset[str]()
        if column == "currency":
            closed_in = frozenset({self.book.currencies[place]})
            if not self.policy.rates.base:
                currency = self.book.currencies[place]
        if self.closed_in is not None:
            closed_in &= self.closed_in
        return Ledger(self.db, self.policy, self.as_of, book, currency, closed_in)

    def rates_on(self, day: dt.date) -> Rates:
        """What a minor unit of each currency of the book is worth on a day; None: all the same.

        Raises:
            InputError: the policy has no rate for a currency of the book.
        """
        if not self.policy.rates.base or set(self.book.currencies) <= {self.policy.rates.base}:
            return None
        known = self.policy.rates.on(day)
        for currency in self.book.currencies:
            if currency not in known:
                raise InputError(
                    f"The policy has no rate of {currency} for {day}. Add it to [[rates.table]] in "
                    "metrics.toml, with a day from which it holds."
                )
        return tuple(known[currency] for currency in self.book.currencies)

    @cached_property
    def _with_all(self) -> History | None:
        return kernel.history_with_unpriced(self.book, self.policy, self.as_of.toordinal())

    def _history(self, rates: Rates) -> tuple[History, Sequence[int]]:
        if rates not in self._histories:
            self._histories[rates] = (
                kernel.history_of(self.book, self.policy, self.as_of.toordinal(), rates),
                line_values(self.book, rates),
            )
        return self._histories[rates]

    def _frozen(self, start: dt.date, rates: Rates) -> Mapping[int, int] | None:
        if self.currency is None or self.closed_in == frozenset():
            return None
        amounts = closing_positions(self.db.connection, start, self.as_of)
        if amounts is None:
            return None
        worth = dict(zip(self.book.currencies, rates, strict=True)) if rates else {}
        return {
            key: sum(
                turned(minor, worth.get(one, Fraction(1)))
                for one, minor in mine.items()
                if self.closed_in is None or one in self.closed_in
            )
            for key, mine in amounts.items()
        }


def read_ledger(db: Database, policy: MetricPolicy, *, as_of: dt.date) -> Ledger:
    """Read all subscriptions as they were known on a day."""
    with snapshot(db) as connection:
        book = read_book(connection, read_known(connection, as_of), policy)
    return Ledger(db, policy, as_of, book, currency_of(book, policy))


def currency_of(book: Book, policy: MetricPolicy) -> str | None:
    """The currency in which amounts of a book can be added up; None: there is none."""
    if policy.rates.base:
        return policy.rates.base
    used = {
        currency for currency, counted in zip(book.currency, book.counted, strict=True) if counted
    }
    if len(used) > 1:
        return None
    return book.currencies[used.pop()] if used else ""
