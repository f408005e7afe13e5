"""How well a silence is found: accounts that come on some days, in bursts, with breaks."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from benchmarks.measurement import Measurement
from cs_workbench.core.usage_silence import activity_of, find_silence

ACCOUNTS: Final = 400
YEAR: Final = 365
WINDOW: Final = 182
SEED: Final = 7
STOPS: Final = 300  # the day
SHARES: Final = (0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9)  # of days with use
OFTEN: Final = 0.2
BURSTS: Final = (0.0, 0.0, 0.5)  # how likely a day is like the one before
BREAKS: Final = (9, 16)  # days in which nobody of an account comes: a week or two with weekends
HOLIDAY: Final = range(350, YEAR)  # of each year, for all
WITHIN: Final = 56  # days
Days = list[float]


@dataclass(frozen=True)
class Account:
    """One that comes on such a share of the days."""

    share: float
    days: Days


def accounts(breaks: int, *, count: int = ACCOUNTS, seed: int = SEED) -> list[Account]:
    """A year and a half of days, with so many breaks of an account's own."""
    chance = random.Random(seed)
    return [_account(chance, breaks) for _ in range(count)]


def _account(chance: random.Random, breaks: int) -> Account:
    share, burst = chance.choice(SHARES), chance.choice(BURSTS)
    size = WINDOW + YEAR
    away: set[int] = set()
    for _ in range(breaks):
        begin = chance.randrange(size)
        away.update(range(begin, begin + chance.choice(BREAKS)))
    days: Days = []
    for day in range(size):
        likely = share * (0.15 if day % 7 > 4 else 1.25) * (0.05 if day % YEAR in HOLIDAY else 1)
        came = bool(days and days[-1]) if chance.random() < burst else chance.random() < likely
        days.append(float(chance.randint(1, 3)) if came and day not in away else 0.0)
    return Account(share, days)


def measure() -> Iterator[Measurement]:
    """False silences of an account and year, with and without breaks; who stopped and is found."""
    for breaks in (0, 2):
        found = false_silences(accounts(breaks))
        what = f"silence: of accounts with {breaks} breaks a year, false ones an account and year"
        yield Measurement(what, None, found, "", 0.25)
    missed = 1 - found_share([one for one in accounts(1) if one.share >= OFTEN])
    what = "silence: who came one day in five or more and stops, missed after 8 weeks"
    yield Measurement(what, None, 100 * missed, "%", 3)


def false_silences(book: Sequence[Account]) -> float:
    """How many begin to be told in a year of nights, of an account that goes on."""
    activity = activity_of([one.days for one in book])
    begun = 0
    for one in book:
        was = False
        for day in range(WINDOW, WINDOW + YEAR):
            span = slice(day - WINDOW + 1, day + 1)
            is_told = find_silence(one.days[span], activity[span]) is not None
            begun += is_told and not was
            was = is_told
    return begun / len(book)


def found_share(book: Sequence[Account]) -> float:
    """The share of accounts that is told of within eight weeks of their last day."""
    activity = activity_of([one.days for one in book])
    found = 0
    for one in book:
        days = [*one.days[:STOPS], *[0.0] * WITHIN]
        span = slice(STOPS + WITHIN - WINDOW, STOPS + WITHIN)
        found += find_silence(days[span], activity[span]) is not None
    return found / len(book)
