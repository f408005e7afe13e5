"""Usage as accounts make it: weekdays, holidays by region, over-dispersed counts, noise that lasts.

Every account has its own size, steadiness, weekend and trend; a change is planted as a factor.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
START: Final = dt.date(2024, 11, 25)
WEEKS: Final = 104
REGIONS: Final = 3
FIXED: Final = (
    {(5, 1), (10, 3), (4, 18), (4, 21), (4, 3), (4, 6), (5, 29), (5, 14)},
    {(7, 4), (9, 1), (11, 27), (11, 28), (5, 26), (2, 17)},
    {(5, 1), (5, 5), (9, 15), (11, 3)},
)


@dataclass(frozen=True)
class Simulation:
    """Accounts without any change.

    Attributes:
        rate: (accounts, days) what is expected of each day, its over-dispersion already drawn.
        region: of each account.
    """

    rate: Array
    region: NDArray[np.int64]
    random: np.random.Generator

    def counts(self, factor: Array | float = 1.0) -> Array:
        """Whole numbers a day, with a planted factor of the same shape."""
        return self.random.poisson(self.rate * factor).astype(np.float64)


def simulate(accounts: int, *, seed: int, weeks: int = WEEKS) -> Simulation:
    """Two years of accounts from 2 to 2,000 daily users, the middle one at 25.

    A week deviates by 8 to 30 % (one standard deviation), and a third to two thirds of it carry
    over into the next. On these accounts the common rule "four weeks below 70 % of the twelve
    before" raises about 2.5 alarms an account and year.
    """
    random = np.random.default_rng(seed)
    days = 7 * weeks
    region = random.integers(0, REGIONS, accounts)
    size = np.exp(random.normal(np.log(25), 1.1, accounts)).clip(2.5, 2000)
    level = np.repeat(_noise(random, accounts, weeks), 7, axis=1)
    level += random.normal(0, 0.10, accounts)[:, None] * np.arange(days) / 365
    dates = [START + dt.timedelta(day) for day in range(days)]
    weekend = np.array([date.weekday() >= 5 for date in dates])
    share = random.uniform(0.05, 0.25, accounts)[:, None]
    keeps = random.beta(12, 2, accounts)[:, None]  # how closely an account keeps its holidays
    holidays = np.array([[_holiday(date, at) for date in dates] for at in range(REGIONS)])
    rate = size[:, None] * np.exp(level) * np.where(weekend, share, 1.0) * holidays[region] ** keeps
    scatter = random.uniform(0.05, 0.2, accounts)[:, None]
    drawn = random.gamma(np.broadcast_to(1 / scatter, rate.shape), scatter)
    return Simulation(rate * drawn, region, random)


def _noise(random: np.random.Generator, accounts: int, weeks: int) -> Array:
    """Deviations of the weeks' logarithms, each partly that of the week before."""
    spread = np.exp(random.uniform(np.log(0.08), np.log(0.30), accounts))[:, None]
    carried = random.uniform(0.3, 0.7, accounts)
    fresh = random.normal(size=(accounts, weeks))
    for week in range(1, weeks):
        part = np.sqrt(1 - carried**2) * fresh[:, week]
        fresh[:, week] = carried * fresh[:, week - 1] + part
    return np.asarray(fresh * spread)


def _holiday(day: dt.date, region: int) -> float:
    """The share of normal use on that day in a region that keeps all of its holidays."""
    date = (day.month, day.day)
    if date >= (12, 22) or date <= (1, 3):
        return 0.6 if region == 2 else 0.25
    if date in FIXED[region]:
        return 0.15
    if region == 0 and (8, 1) <= date <= (8, 25):
        return 0.65
    if region == 2 and ((1, 25) <= date <= (2, 5) or (10, 1) <= date <= (10, 7)):
        return 0.2
    return 1.0
