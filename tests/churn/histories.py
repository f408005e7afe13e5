"""Small histories by hand, and invented books, each made once."""

import datetime as dt
from functools import lru_cache

import numpy as np

from benchmarks.churn_book import history_of, source_with_health
from benchmarks.churn_world import Book, World, make_book
from cs_workbench.churn.features import Source
from cs_workbench.churn.history import (
    FAR,
    Answers,
    Contacts,
    Departures,
    History,
    Invoices,
    Metric,
    Promises,
    Reach,
    Subscriptions,
    Tickets,
    Touches,
)
from cs_workbench.churn.panel import labels_of, snapshot_days, take_panel
from cs_workbench.churn.samples import Sample, sample_of


def day(text: str) -> int:
    return dt.date.fromisoformat(text).toordinal()


END = day("2026-06-30")
Term = tuple[int, str, str | None, str | None, int | None]


def ints(*values: int) -> np.ndarray:
    return np.array(values, np.int64)


def subscriptions(*terms: Term, notice: int = 0, at_once: bool = False) -> Subscriptions:
    """Lines of account, start, end, cancelled, term in months."""
    size = len(terms)

    def days(place: int) -> np.ndarray:
        return np.array([day(str(one[place])) if one[place] else FAR for one in terms], np.int64)

    return Subscriptions(
        account=np.array([one[0] for one in terms], np.int64),
        start=days(1),
        end=days(2),
        cancelled=days(3),
        term_months=np.array([np.nan if one[4] is None else one[4] for one in terms], float),
        notice_days=np.full(size, notice),
        auto_renew=np.full(size, notice > 0),
        seats=np.full(size, 10.0),
        arr=np.full(size, 1000.0),
        is_trial=np.zeros(size, np.bool_),
        known_from=np.zeros(size, np.int64),
        known_until=np.full(size, FAR),
        at_once=np.full(size, at_once),
    )


def usage_metric(rows: np.ndarray, first: str, *, days: int = 5) -> Metric:
    """Weekly sums; -1 stands for a week without data."""
    known = rows >= 0
    return Metric(
        name="active_users",
        label="Active users",
        first_monday=day(first),
        total=np.where(known, rows, 0).astype(np.float32),
        days=np.where(known, days, 0).astype(np.float32),
        active=np.where(rows > 0, days, 0).astype(np.float32),
        reach=(Reach(0, END),),
    )


_NOTHING, _NO_FLAGS = np.zeros(0, np.int64), np.zeros(0, np.bool_)
NO_TICKETS = Tickets(
    _NOTHING, _NOTHING, _NOTHING, _NOTHING, _NOTHING, _NO_FLAGS, _NO_FLAGS, np.zeros(0)
)
NO_ANSWERS = Answers(_NOTHING, _NOTHING, _NOTHING, _NOTHING, np.zeros(0))


def history(
    accounts: int,
    own: Subscriptions,
    *,
    metrics: tuple[Metric, ...] = (),
    events: tuple[tuple[int, str], ...] = (),
    tickets: Tickets | None = None,
) -> History:
    nothing = np.zeros(0, np.int64)
    no_flags = np.zeros(0, np.bool_)
    return History(
        account_keys=np.arange(1, accounts + 1),
        known_from=np.zeros(accounts, np.int64),
        started=np.full(accounts, FAR),
        segment=np.full(accounts, -1),
        segments=(),
        subscriptions=own,
        tickets=tickets or NO_TICKETS,
        answers=NO_ANSWERS,
        touches=Touches(nothing, nothing, nothing, no_flags, nothing),
        contacts=Contacts(nothing, nothing, nothing, no_flags),
        promises=Promises(*[nothing] * 5),
        invoices=Invoices(*[nothing] * 5),
        departures=Departures(
            np.array([one for one, _ in events], np.int64),
            np.array([day(when) for _, when in events], np.int64),
            np.zeros(len(events), np.bool_),
        ),
        metrics=metrics,
        data_end=END,
    )


@lru_cache(maxsize=4)
def invented(
    accounts: int, churns: float, seed: int = 1, shuffled: bool = False
) -> tuple[Book, Source]:
    book = make_book(accounts, seed=seed, churns=churns, world=World(shuffled=shuffled))
    return book, source_with_health(history_of(book))


@lru_cache(maxsize=8)
def invented_sample(
    accounts: int, churns: float, seed: int = 1, shuffled: bool = False, lead: int = 0
) -> Sample:
    _, source = invented(accounts, churns, seed, shuffled)
    panel = take_panel(source, snapshot_days(source, source.history.data_end))
    return sample_of(panel, labels_of(panel, source, horizon=90, lead=lead))
