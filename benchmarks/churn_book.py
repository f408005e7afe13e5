"""An invented book as arrays for the model: as it would be read from a portfolio."""

from collections.abc import Iterable

import numpy as np

from benchmarks.churn_book_facts import Recorded, record
from benchmarks.churn_world import END, FAR, Book
from cs_workbench.churn.catalogue import DIMENSIONS, NAMES
from cs_workbench.churn.contracts import read_contracts
from cs_workbench.churn.features import Health, Source, features_on, no_health, source_of
from cs_workbench.churn.history import (
    NPS,
    Answers,
    Contacts,
    Departures,
    Floats,
    History,
    Ints,
    Invoices,
    Metric,
    Promises,
    Reach,
    Subscriptions,
    Tickets,
    Touches,
)
from cs_workbench.churn.panel import snapshot_days

SEGMENTS = ("enterprise", "mid-market", "smb")


def history_of(book: Book) -> History:
    """The book as it would be read from a portfolio."""
    found = record(book)
    size = book.size
    nothing, no_number = np.zeros(0, np.int64), np.zeros(0)
    left = np.flatnonzero(book.left < FAR)
    return History(
        account_keys=np.arange(1, size + 1),
        known_from=np.zeros(size, np.int64),
        started=book.began,
        segment=segment_of(book),
        segments=SEGMENTS,
        subscriptions=_subscriptions(book, found),
        tickets=_tickets(found),
        answers=Answers(
            found.nps.account,
            np.zeros(len(found.nps.day), np.int64),
            found.nps.day,
            np.full(len(found.nps.day), NPS),
            found.nps.value,
        ),
        touches=Touches(
            found.touches.account,
            np.zeros(len(found.touches.day), np.int64),
            found.touches.day,
            np.ones(len(found.touches.day), np.bool_),
            found.touches.account,
        ),
        contacts=Contacts(
            np.arange(size), np.zeros(size, np.int64), book.champion_left, np.ones(size, np.bool_)
        ),
        promises=Promises(*[nothing] * 5),
        invoices=Invoices(*[nothing] * 5),
        departures=Departures(left, book.left[left], np.zeros(len(left), np.bool_)),
        metrics=tuple(_metrics(book, found)),
        data_end=END,
        kinds=frozenset({"usage", "tickets", "answers", "touches", "contacts", "subscriptions"}),
        seat_metric="active_users",
        categories={"none": no_number.astype(object)},
    )


def source_with_health(history: History) -> Source:
    """The book with a score by hand, as a team would make one: the same for every account."""
    contracts = read_contracts(history)
    bare = source_of(history, contracts, no_health(history.size))
    days = np.array(snapshot_days(bare, history.data_end))
    points = np.stack([_points(bare, int(day)) for day in days], axis=1)
    empty = np.full((history.size, len(days), len(DIMENSIONS)), np.nan)
    return source_of(history, contracts, Health(days, points, empty))


def _points(source: Source, day: int) -> Floats:
    """Usage to own best, the change of usage, silence, complaints and the last survey."""
    values, _ = features_on(source, day, np.arange(source.history.size))
    place = {name: values[:, at] for at, name in enumerate(NAMES)}
    parts = (
        (30, place["usage_level"], (0.3, 0.95)),
        (30, np.exp(place["usage_change"]) - 1, (-0.5, -0.05)),
        (16, -place["silence"], (-150, -14)),
        (12, -place["complaints"], (-3, 0)),
        (12, place["nps"], (3, 9)),
    )
    total, weight = np.zeros(source.history.size), np.zeros(source.history.size)
    for share, value, (worst, best) in parts:
        known = np.isfinite(value)
        worth = np.clip((np.where(known, value, 0) - worst) / (best - worst), 0, 1) * 100
        total += share * np.where(known, worth, 0)
        weight += share * known
    return np.where(weight > 0, total / np.maximum(weight, 1), np.nan)


def segment_of(book: Book) -> Ints:
    """Of each account, its place in `SEGMENTS`."""
    return np.where(book.seats > 60, 0, np.where(book.seats > 20, 1, 2))


def _subscriptions(book: Book, found: Recorded) -> Subscriptions:
    own = found.contracts
    size = len(own.account)
    return Subscriptions(
        account=own.account,
        start=own.start,
        end=own.end,
        cancelled=own.cancelled,
        term_months=book.term[own.account].astype(np.float64),
        notice_days=book.notice[own.account],
        auto_renew=book.auto_renew[own.account],
        seats=book.seats[own.account].astype(np.float64),
        arr=own.arr,
        is_trial=np.zeros(size, np.bool_),
        known_from=np.zeros(size, np.int64),
        known_until=np.full(size, FAR),
        at_once=np.zeros(size, np.bool_),
    )


def _tickets(found: Recorded) -> Tickets:
    own = found.tickets
    size = len(own.day)
    return Tickets(
        account=own.account,
        known_from=np.zeros(size, np.int64),
        opened=own.day,
        answered=own.day + 1,
        closed=own.day + 4,
        is_urgent=np.zeros(size, np.bool_),
        is_complaint=found.complaints,
        csat=found.csat,
    )


def _metrics(book: Book, found: Recorded) -> Iterable[Metric]:
    for name, total in (("active_users", found.usage), ("key_actions", found.actions)):
        yield Metric(
            name=name,
            label=name,
            first_monday=book.first_monday,
            total=total.astype(np.float32),
            days=np.where(found.active_days > 0, 5, 0).astype(np.float32),
            active=np.where(total > 0, found.active_days, 0).astype(np.float32),
            reach=(Reach(0, END),),
        )
