"""What the systems of an invented book would have recorded: usage, tickets, surveys, contacts."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from benchmarks.churn_world import FAR, Book, Flags, Floats, Ints, season
from cs_workbench.churn.contracts import add_months


class Rows(NamedTuple):
    """Subscriptions: one line a term, or an open one for contracts by the month."""

    account: Ints
    start: Ints
    end: Ints
    cancelled: Ints
    arr: Floats


class Events(NamedTuple):
    """Which account, on which day, with what number."""

    account: Ints
    day: Ints
    value: Floats


@dataclass(frozen=True)
class Recorded:
    """All of it; usage by account and week, events in the order of their days."""

    usage: Floats
    active_days: Floats
    actions: Floats
    contracts: Rows
    tickets: Events
    complaints: Flags
    csat: Floats
    nps: Events
    touches: Events


def record(book: Book) -> Recorded:
    """Draw what is recorded while each account is a customer."""
    rng = np.random.default_rng([book.seed, 1])
    mondays = book.first_monday + 7 * np.arange(book.weeks)
    there = (mondays >= book.began[:, None]) & (mondays + 6 < book.left[:, None])
    rate = book.base[:, None] * np.exp(0.6 * book.mood) * season(book.first_monday, book.weeks)
    users = rng.poisson(5 * rate).astype(np.float64) * there
    active = np.where(users > 0, rng.binomial(5, 1 - np.exp(-np.minimum(rate, 50))), 0.0)
    active = np.where(users > 0, np.maximum(active, 1), 0.0)
    tickets, complaints, csat = _tickets(rng, book, there, mondays)
    return Recorded(
        usage=users,
        active_days=active,
        actions=rng.poisson(8 * users * np.exp(0.3 * book.mood)).astype(np.float64),
        contracts=_contracts(book, rng),
        tickets=tickets,
        complaints=complaints,
        csat=csat,
        nps=_nps(rng, book, there, mondays),
        touches=_drawn(rng, 0.3 * np.exp(0.5 * book.mood) * there, mondays),
    )


def _drawn(rng: np.random.Generator, rate: Floats, mondays: Ints) -> Events:
    """Events at a rate a week, on any weekday."""
    account, week = np.nonzero(rng.poisson(rate))
    day = mondays[week] + rng.integers(0, 5, len(week))
    order = np.argsort(day, kind="stable")
    return Events(account[order], day[order], week[order].astype(np.float64))


def _tickets(
    rng: np.random.Generator, book: Book, there: Flags, mondays: Ints
) -> tuple[Events, Flags, Floats]:
    found = _drawn(rng, 0.12 * np.exp(0.7 * book.trouble) * there, mondays)
    trouble = book.trouble[found.account, found.value.astype(np.int64)]
    complaint = rng.random(len(trouble)) < 1 / (1 + np.exp(2.3 - trouble))
    score = np.clip(np.round(4 - 0.6 * trouble + rng.normal(0, 0.8, len(trouble))), 1, 5)
    return found, complaint, np.where(rng.random(len(trouble)) < 0.4, score, np.nan)


def _nps(rng: np.random.Generator, book: Book, there: Flags, mondays: Ints) -> Events:
    """Asked twice a year; the unhappy mostly do not answer."""
    weeks = np.arange(8, book.weeks, 26)
    account, place = np.nonzero(there[:, weeks])
    week = weeks[place]
    mood, trouble = book.mood[account, week], book.trouble[account, week]
    answers = rng.random(len(week)) < 1 / (1 + np.exp(0.3 - 1.4 * mood + 0.8 * trouble))
    score = np.clip(
        np.round(7.6 + 1.5 * mood - 0.9 * trouble + rng.normal(0, 1.1, len(week))), 0, 10
    )
    day = mondays[week] + 2
    return Events(account[answers], day[answers], score[answers])


def _contracts(book: Book, rng: np.random.Generator) -> Rows:
    """A line for each term until the account left; what it pays rises where the price does."""
    lines: list[tuple[int, int, int, int, float]] = []
    for account in range(book.size):
        price = 900.0 * book.seats[account] * rng.uniform(0.7, 1.4)
        begin, left = int(book.began[account]), int(book.left[account])
        if book.term[account] == 1:
            lines.append((account, begin, FAR, left, price))
            continue
        rises = dict(zip(book.decision_day[account].tolist(), book.price_up[account], strict=True))
        while begin < min(left, book.first_monday + 7 * book.weeks):
            end = int(add_months(np.array([begin]), book.term[account : account + 1])[0]) - 1
            lines.append((account, begin, end, left if left == end + 1 else FAR, price))
            begin = end + 1
            price *= 1.09 if rises.get(begin, False) else 1.0
    columns = np.array(lines, np.float64).T
    whole = [column.astype(np.int64) for column in columns[:4]]
    return Rows(whole[0], whole[1], whole[2], whole[3], columns[4])
