"""An invented book as native CSV files, for `csw import`."""

import csv
import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np

from benchmarks.churn_book import SEGMENTS, segment_of
from benchmarks.churn_book_facts import Recorded, record
from benchmarks.churn_world import END, FAR, Book

Row = Sequence[object]
HEADINGS = {
    "accounts": "account_id name segment started_on",
    "subscriptions": "subscription_id account_id seats arr start_date end_date term_months "
    "notice_days auto_renew cancelled_on",
    "contacts": "contact_id account_id name role left_on",
    "tickets": "ticket_id account_id opened_at first_response_at closed_at priority is_complaint "
    "csat",
    "surveys": "response_id account_id answered_at kind score",
    "touchpoints": "touchpoint_id account_id contact_id occurred_at channel direction",
    "churn_events": "churn_event_id account_id churned_on reason",
    "usage": "account_id date metric value",
}


def write_book(folder: Path, book: Book) -> Path:
    """Write the files into a new folder, and give it back."""
    folder.mkdir(parents=True)
    found = record(book)
    rows: dict[str, Iterable[Row]] = {
        "accounts": _accounts(book),
        "subscriptions": _subscriptions(book, found),
        "contacts": _contacts(book),
        "tickets": _tickets(found),
        "surveys": _surveys(found),
        "touchpoints": _touchpoints(found),
        "churn_events": _departures(book),
        "usage": _usage(book, found),
    }
    for kind, headings in HEADINGS.items():
        with (folder / f"{kind}.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(headings.split())
            writer.writerows(rows[kind])
    return folder


def _accounts(book: Book) -> Iterator[Row]:
    segment = segment_of(book)
    for a in range(book.size):
        yield _id(a), f"Simulated {a}", SEGMENTS[segment[a]], _iso(book.began[a])


def _subscriptions(book: Book, found: Recorded) -> Iterator[Row]:
    own = found.contracts
    for row, a in enumerate(own.account.tolist()):
        days = (_iso(own.start[row]), _iso(own.end[row]))
        terms = (book.term[a], book.notice[a], int(book.auto_renew[a]), _iso(own.cancelled[row]))
        yield f"C{row}", _id(a), book.seats[a], f"{own.arr[row]:.2f}", *days, *terms


def _contacts(book: Book) -> Iterator[Row]:
    for a in range(book.size):
        left = int(book.champion_left[a])
        is_known = left < min(END, book.left[a])
        yield f"P{a}", _id(a), f"Champion {a}", "champion", _iso(left if is_known else FAR)


def _tickets(found: Recorded) -> Iterator[Row]:
    own = found.tickets
    for row, (a, day) in enumerate(zip(own.account, own.day, strict=True)):
        csat = found.csat[row]
        days = (_iso(day), _iso(day + 1), _iso(day + 4))
        rating = "" if np.isnan(csat) else int(csat)
        yield f"T{row}", _id(a), *days, "normal", int(found.complaints[row]), rating


def _surveys(found: Recorded) -> Iterator[Row]:
    for row, (a, day, score) in enumerate(zip(*found.nps, strict=True)):
        yield f"R{row}", _id(a), _iso(day), "nps", int(score)


def _touchpoints(found: Recorded) -> Iterator[Row]:
    for row, (a, day, _) in enumerate(zip(*found.touches, strict=True)):
        yield f"O{row}", _id(a), f"P{a}", _iso(day), "call", "inbound"


def _departures(book: Book) -> Iterator[Row]:
    for a in np.flatnonzero(book.left < FAR).tolist():
        yield f"E{a}", _id(a), _iso(book.left[a]), "not told"


def _usage(book: Book, found: Recorded) -> Iterator[Row]:
    """One row a working day; the week's sum spread as evenly as whole numbers allow."""
    for name, total in (("active_users", found.usage), ("key_actions", found.actions)):
        for a, week in np.argwhere(found.active_days).tolist():
            monday = book.first_monday + 7 * week
            shares = _spread(int(total[a, week]), int(found.active_days[a, week]))
            for day, share in enumerate(shares):
                yield _id(a), _iso(monday + day), name, share


def _spread(total: int, active: int) -> list[int]:
    days = min(active, total)
    return [total // days + (day < total % days) if day < days else 0 for day in range(5)]


def _id(account: int) -> str:
    return f"S{account:05d}"


def _iso(day: int) -> str:
    return "" if day >= FAR else dt.date.fromordinal(int(day)).isoformat()
