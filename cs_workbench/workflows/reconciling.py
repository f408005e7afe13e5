"""Finance's figures against ours: account by account, and which policy would explain them."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from cs_workbench.core.metric_kernels import history as kernel
from cs_workbench.core.metric_kernels.books import with_unpriced_on
from cs_workbench.core.metrics.book import NEVER, OPEN, Book
from cs_workbench.core.metrics.periods import Period
from cs_workbench.core.metrics.policy import MetricPolicy
from cs_workbench.core.metrics.reconciling import Reconciliation, Side, reconcile
from cs_workbench.errors import UsageError
from cs_workbench.importers.finance import read_finance
from cs_workbench.store.database import Database
from cs_workbench.workflows.ledger import Ledger, Rates, read_ledger
from cs_workbench.workflows.metrics import names_of

Both = dict[Side, dict[str, int]]


@dataclass(frozen=True)
class Reconciled:
    """The answer, with what it is about."""

    period: Period
    currency: str
    policy: MetricPolicy
    found: Reconciliation
    names: Mapping[str, str]


def reconcile_with(
    db: Database, path: Path, period: Period, policy: MetricPolicy, *, as_of: dt.date
) -> Reconciled:
    """Read finance's file and hold it against the portfolio.

    Raises:
        UsageError: the portfolio's amounts cannot be added up in one currency.
        InputError: the file is not what it should be.
    """
    ledger = read_ledger(db, policy, as_of=as_of)
    if ledger.currency is None:
        raise UsageError(
            "The portfolio has several currencies and the policy no rates: put [rates] into "
            "metrics.toml, so that there is one currency to compare in."
        )
    currency = ledger.currency or "USD"
    finance = read_finance(path, currency)
    names = names_of(db, ledger.book.keys)
    ids = [names[key][0] if key in names else str(key) for key in ledger.book.keys]
    cut = period.until(as_of)
    others = {words: make() for words, make in _variants(ledger, cut, ids)}
    unpriced = {
        side: {ids[at] for at in with_unpriced_on(ledger.book, day.toordinal())}
        for side, day in _sides(cut)
    }
    found = reconcile(_positions(ledger, cut, ids), finance, others, unpriced=unpriced)
    return Reconciled(cut, currency, policy, found, dict(names.values()))


Variant = tuple[str, Callable[[], Both]]


def _variants(ledger: Ledger, period: Period, ids: list[str]) -> Iterator[Variant]:
    """What others may do differently, in words, and how to tell the positions then."""
    yield from _other_policies(ledger, period, ids)
    yield from _other_readings(ledger, period, ids)


def _other_policies(ledger: Ledger, period: Period, ids: list[str]) -> Iterator[Variant]:
    policy = ledger.policy

    def under(**changes: object) -> Callable[[], Both]:
        other = replace(policy, **changes)  # type: ignore[arg-type]  # they are its fields

        def make() -> Both:
            mine = Ledger(ledger.db, other, ledger.as_of, ledger.book, ledger.currency)
            if {"count_trials", "outside_arr"} & set(changes):  # another book
                mine = read_ledger(ledger.db, other, as_of=ledger.as_of)
            return _positions(mine, period, ids)

        return make

    if policy.churn_date == "entitlement":
        yield "finance counts the churn at notice", under(churn_date="notice")
    else:
        yield "finance counts the churn when entitlement ends", under(churn_date="entitlement")
    if policy.grace_days:
        yield "finance gives no days of grace for a late renewal", under(grace_days=0)
        no_window = under(grace_days=0, reactivation_days=0)
        yield "finance counts every gap as churn, however short", no_window
    words = "leaves trials out" if policy.count_trials else "counts trials as ARR"
    yield f"finance {words}", under(count_trials=not policy.count_trials)
    if policy.outside_arr:
        yield "finance counts services and one-off products as ARR", under(outside_arr=())


def _other_readings(ledger: Ledger, period: Period, ids: list[str]) -> Iterator[Variant]:
    db, policy, as_of = ledger.db, ledger.policy, ledger.as_of

    def of_book(change: Callable[[Book], Book]) -> Callable[[], Both]:
        other = Ledger(db, policy, as_of, change(ledger.book), ledger.currency)
        return lambda: _positions(other, period, ids)

    exclusive = "finance takes the end date for the first day without entitlement"
    yield exclusive, of_book(_ended_earlier)
    yield "finance counts a contract from its signing", of_book(_from_signing)
    yield "finance leaves out what starts on the first day", of_book(_started_later)
    rates = ledger.rates_on(period.end)
    if rates is not None:
        yield (
            "finance uses the rate of the closing day",
            lambda: _positions(ledger, period, ids, rates),
        )
    if period.end < as_of:
        yield (
            "finance does not know what was entered since the period ended",
            lambda: _positions_by_id(read_ledger(db, policy, as_of=period.end), period),
        )


def _positions(ledger: Ledger, period: Period, ids: list[str], rates: Rates = None) -> Both:
    used = rates or ledger.rates_on(period.start)
    history = kernel.history_of(ledger.book, ledger.policy, ledger.as_of.toordinal(), used)
    return {
        side: {
            account: minor
            for account, minor in zip(ids, history.positions(day.toordinal()), strict=True)
            if minor
        }
        for side, day in _sides(period)
    }


def _sides(period: Period) -> tuple[tuple[Side, dt.date], ...]:
    return ("opening", period.start), ("closing", period.end)


def _positions_by_id(ledger: Ledger, period: Period) -> Both:
    """For a book that may lack some of the accounts."""
    names = names_of(ledger.db, ledger.book.keys)
    ids = [names[key][0] if key in names else str(key) for key in ledger.book.keys]
    return _positions(ledger, period, ids)


def _ended_earlier(book: Book) -> Book:
    stop = type(book.stop)("q", (one - 1 if one < OPEN else one for one in book.stop))
    return replace(book, stop=stop)


def _started_later(book: Book) -> Book:
    return replace(book, start=type(book.start)("q", (one + 1 for one in book.start)))


def _from_signing(book: Book) -> Book:
    days = zip(book.start, book.signed, strict=True)
    start = (min(begin, signed) if signed != NEVER else begin for begin, signed in days)
    return replace(book, start=type(book.start)("q", start))
