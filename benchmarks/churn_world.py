"""An invented book of accounts of which the true probability of leaving is known.

Annual, two-year and monthly contracts with notice; usage with holidays; champions that leave;
surveys that unhappy people do not answer; more leaving at the turn of the year. Whether an account
leaves is decided by how it was 13 weeks before. So on any day the probability that it leaves within
the next 90 days follows from what has happened already, and is known exactly.
"""

import datetime as dt
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

END = dt.date(2026, 6, 28).toordinal()  # a Sunday
WARM_UP = 26  # weeks of usage before the first decision that counts
LAG = 13  # weeks; 91 days
FAR = 4_000_000
HOLIDAYS = {51: 0.45, 52: 0.35, 1: 0.5, 31: 0.8, 32: 0.75, 33: 0.8}  # by ISO week


@dataclass(frozen=True)
class World:
    """What there is, and what decides.

    Attributes:
        months: how long decisions are recorded.
        weights: of what decides, on the scale of log-odds.
        monthly, two_year: shares of the contracts; the rest is annual.
        shuffled: only the kind of contract decides: nothing else of the account is looked at.
    """

    months: int = 27
    weights: dict[str, float] = field(
        default_factory=lambda: {
            "usage": -1.3,
            "trouble": 0.6,
            "champion": 1.1,
            "price": 0.5,
            "season": 0.35,
            "frailty": 0.3,
        }
    )
    monthly: float = 0.35
    two_year: float = 0.1
    shuffled: bool = False


@dataclass(frozen=True)
class Book:
    """One invented book.

    Attributes:
        first_monday: where the weeks begin.
        mood, trouble: accounts x weeks, what is behind usage and behind tickets.
        began: first day as a customer.
        term: months of a contract; notice days, and whether it renews by itself.
        champion_left: the day, FAR for never.
        decision_day: accounts x decisions, the day on which each would leave; FAR: no decision.
        hazard: the probability that it does.
        left: the day on which it did; FAR for those who are there.
        price_up: accounts x decisions, the price rises with that renewal; never by the month.
    """

    seed: int
    first_monday: int
    mood: Floats
    trouble: Floats
    began: Ints
    term: Ints
    notice: Ints
    auto_renew: Flags
    champion_left: Ints
    decision_day: Ints
    hazard: Floats
    price_up: Flags
    left: Ints
    base: Floats
    seats: Ints

    @property
    def size(self) -> int:
        """How many accounts there are."""
        return len(self.began)

    @property
    def weeks(self) -> int:
        """How many weeks there are."""
        return int(self.mood.shape[1])

    def truth(self, day: int, *, horizon: int = 90) -> Floats:
        """The probability that each account, there on the day, leaves within the horizon."""
        inside = (self.decision_day > day) & (self.decision_day <= day + horizon)
        stays: Floats = np.where(inside, 1 - self.hazard, 1.0).prod(axis=1)
        return 1 - stays


def make_book(accounts: int, *, seed: int, churns: float, world: World | None = None) -> Book:
    """Draw a book in which so many accounts are expected to leave."""
    return _drawn(accounts, seed, churns, world or World())


def _drawn(accounts: int, seed: int, churns: float, world: World) -> Book:
    rng = np.random.default_rng(seed)
    weeks = WARM_UP + round(world.months * 365.25 / 12 / 7)
    first = END + 1 - 7 * weeks
    mood = _wandering(rng, (accounts, weeks), keep=0.97, spread=0.55)
    mood += rng.normal(0, 0.2, (accounts, 1))
    trouble = _wandering(rng, (accounts, weeks), keep=0.95, spread=0.8)
    term = rng.choice((1, 24, 12), accounts, p=_shares(world))
    began = _beginnings(rng, accounts, first)
    loss = rng.exponential(365 / 0.18, accounts).astype(np.int64)
    champion_left = np.where(rng.random(accounts) < 0.85, np.maximum(began, first) + loss, FAR)
    days = _decision_days(began, term, world.months)
    price_up = (rng.random(days.shape) < 0.4) & (term > 1)[:, None]
    risk = _risk(rng, world, (mood, trouble, champion_left, days, price_up, first))
    base = np.where(term == 1, 0.0, 1.7)[:, None] + risk
    hazard = _calibrated(base, days, churns)
    happens = (rng.random(days.shape) < hazard) & (days < FAR)
    place = np.argmax(happens, axis=1)
    left = np.where(happens.any(axis=1), days[np.arange(accounts), place], FAR)
    seats = np.exp(rng.normal(3.3, 0.9, accounts)).astype(np.int64) + 3
    return Book(
        seed=seed,
        first_monday=first,
        mood=mood,
        trouble=trouble,
        began=began,
        term=term,
        notice=rng.choice((0, 30, 60, 90), accounts),
        auto_renew=rng.random(accounts) < 0.8,
        champion_left=champion_left,
        decision_day=days,
        hazard=hazard,
        price_up=price_up,
        left=left,
        base=np.maximum(1.5, seats * rng.uniform(0.4, 0.95, accounts)),
        seats=seats,
    )


def _beginnings(rng: np.random.Generator, accounts: int, first: int) -> Ints:
    """Two in three were there before the history began."""
    early = rng.random(accounts) < 0.65
    before = first - rng.integers(30, 1500, accounts)
    during = rng.integers(first + 30, END - 120, accounts)
    return _first_of_month(np.where(early, before, during))


def season(first_monday: int, weeks: int) -> Floats:
    """How much is worked in each week: less at the turn of the year and in August."""
    mondays = [dt.date.fromordinal(first_monday + 7 * week) for week in range(weeks)]
    return np.array([HOLIDAYS.get(day.isocalendar().week, 1.0) for day in mondays])


def _shares(world: World) -> tuple[float, float, float]:
    return world.monthly, world.two_year, 1 - world.monthly - world.two_year


def _wandering(
    rng: np.random.Generator, shape: tuple[int, int], *, keep: float, spread: float
) -> Floats:
    """A slow random walk around zero for each account."""
    found = np.empty(shape)
    found[:, 0] = rng.normal(0, spread, shape[0])
    step = spread * np.sqrt(1 - keep**2)
    for week in range(1, shape[1]):
        found[:, week] = keep * found[:, week - 1] + rng.normal(0, step, shape[0])
    return found


def _first_of_month(days: Ints) -> Ints:
    return np.array([dt.date.fromordinal(int(day)).replace(day=1).toordinal() for day in days])


def _decision_days(began: Ints, term: Ints, months: int) -> Ints:
    """The first day without entitlement, if it should leave then, of each month."""
    end = dt.date.fromordinal(END)
    columns = []
    for back in range(months - 1, -1, -1):
        year, month = divmod(end.year * 12 + end.month - 1 - back, 12)
        first = dt.date(year, month + 1, 1)
        begun = [dt.date.fromordinal(int(day)) for day in began]
        passed = np.array([(year - one.year) * 12 + month + 1 - one.month for one in begun])
        decides = (passed > 0) & (passed % term == 0)
        columns.append(np.where(decides, first.toordinal(), FAR))
    return np.stack(columns, axis=1)


def _risk(
    rng: np.random.Generator,
    world: World,
    state: tuple[Floats, Floats, Ints, Ints, Flags, int],
) -> Floats:
    """Log-odds of each decision, from how the account was 13 weeks before."""
    mood, trouble, champion_left, days, price_up, first = state
    if world.shuffled:
        return np.zeros(days.shape)
    weight = world.weights
    week = np.clip((days - first) // 7 - LAG - 1, 0, mood.shape[1] - 1)
    rows = np.arange(len(mood))[:, None]
    then = days - 7 * LAG
    gone = (champion_left[:, None] <= then) & (champion_left[:, None] > then - 330)
    turn = np.array(
        [
            [dt.date.fromordinal(int(day)).month in {12, 1} for day in row]
            for row in np.minimum(days, END)
        ]
    )
    risk: Floats = (
        weight["usage"] * mood[rows, week]
        + weight["trouble"] * trouble[rows, week]
        + weight["champion"] * gone
        + weight["price"] * _rose_before(days, price_up)
        + weight["season"] * turn
        + rng.normal(0, weight["frailty"], (len(mood), 1))
    )
    return risk


def _rose_before(days: Ints, price_up: Flags) -> Flags:
    """Of each decision, whether the price rose at the account's renewal before."""
    found = np.zeros(days.shape, np.bool_)
    rose = np.zeros(len(days), np.bool_)
    for month in range(days.shape[1]):
        found[:, month] = rose
        rose = np.where(days[:, month] < FAR, price_up[:, month], rose)
    return found


def _calibrated(base: Floats, days: Ints, churns: float) -> Floats:
    """Hazards of which so many churns are expected; 0 where nothing is decided."""
    low, high = -15.0, 5.0
    for _ in range(50):
        middle = (low + high) / 2
        hazard = np.where(days < FAR, 1 / (1 + np.exp(-(base + middle))), 0.0)
        expected = (1 - (1 - hazard).prod(axis=1)).sum()
        low, high = (middle, high) if expected < churns else (low, middle)
    return hazard
