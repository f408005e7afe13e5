"""How well drops of usage are found: planted changes, simulated accounts, a look every night."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from benchmarks.measurement import Measurement
from benchmarks.usage_simulation import Array, Simulation, simulate
from cs_workbench.core.kernels import detection as kernel
from cs_workbench.core.usage_detection import limits
from cs_workbench.core.usage_findings import BACK, DEFAULT_THRESHOLDS, Thresholds

ACCOUNTS: Final = 900
SEED: Final = 4
BUDGET: Final = 0.25  # false alarms per account and year
FIRST: Final = 7 * kernel.WEEKS - 1  # the first day that can be looked at
SHARE: Final = 0.2  # of the accounts get a change, so that their peers stay peers
WITHIN: Final = {"drop of 50 %": 8, "drop of 80 %": 8, "slow fade by half": 26}  # weeks
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Nights:
    """What every night's look says: (accounts, nights) each.

    Attributes:
        falls, rises: how often the thresholds are passed.
        back, calm: whether a drop, or a growth, is over.
        naive: the common rule: four weeks below 70 % of the twelve before.
    """

    falls: Array
    rises: Array
    back: Flags
    calm: Flags
    naive: Flags


def look(days: Array, region: NDArray[np.int64], *, every: int = 1, calendar: bool) -> Nights:
    """Look at all accounts on every day, or on some."""
    found = list(_nights(days, region, every=every, calendar=calendar))
    return Nights(*(np.stack(column, axis=1) for column in zip(*found, strict=True)))


def _nights(
    days: Array, region: NDArray[np.int64], *, every: int, calendar: bool
) -> Iterator[tuple[Array, Array, Flags, Flags, Flags]]:
    rules = limits(DEFAULT_THRESHOLDS)
    edge = np.log(1 - BACK)
    for end in range(FIRST, days.shape[1], every):
        weeks = kernel.weekly(days, end)
        common = np.zeros_like(weeks)
        if calendar:
            for group in np.unique(region):
                common[region == group] = kernel.peer_calendar(weeks[region == group])
        found = kernel.measure(weeks, common)
        recent, base = weeks[:, -4:].mean(axis=1), weeks[:, -16:-4].mean(axis=1)
        yield (
            kernel.falls(found, rules),
            kernel.rises(found, rules),
            found.gap > edge,
            found.rise < -edge,
            recent < 0.7 * base,
        )


def planted(simulation: Simulation, kind: str, seed: int) -> tuple[Flags, NDArray[np.int64], Array]:
    """Who changes, on which day, and everybody's days with it."""
    random = np.random.default_rng(seed)
    accounts, days = (int(size) for size in simulation.rate.shape)
    who: Flags = random.random(accounts) < SHARE
    begins: NDArray[np.int64] = random.integers(
        FIRST + 1, days - 7 * (max(WITHIN.values()) + 1), accounts
    )
    since = np.arange(days) - begins[:, None]
    if kind == "slow fade by half":
        factor = np.clip(1 - 0.5 * since / (26 * 7), 0.5, 1.0)
    else:
        factor = np.where(since >= 0, 0.5 if "50" in kind else 0.2, 1.0)
    return who, begins, simulation.counts(np.where(who[:, None], factor, 1.0))


def found_share(nights: Nights, who: Flags, begins: NDArray[np.int64], weeks: int) -> float:
    """Share of the changed accounts for which an alarm stands within so many weeks."""
    hits = [
        nights.falls[row, begin - FIRST : begin - FIRST + 7 * weeks].max() >= 1
        for row, begin in zip(np.flatnonzero(who), begins[who], strict=True)
    ]
    return float(np.mean(hits))


def measure(sizes: Sequence[int], folder: Path) -> Iterator[Measurement]:
    """The figures of the issue: false alarms, shares found, time an account."""
    del sizes, folder
    simulation = simulate(ACCOUNTS, seed=SEED)
    region = simulation.region
    calm = simulation.counts()
    nights = look(calm, region, calendar=True)
    years = nights.falls.size / 365
    alarms = kernel.count_openings(nights.falls, nights.back, 1.0) / years
    yield Measurement("detection: false alarms an account and year", None, alarms, "", BUDGET)
    growth = kernel.count_openings(nights.rises, nights.calm, 1.0) / years
    yield Measurement("detection: growth that is none, likewise", None, growth, "", BUDGET)
    naive = kernel.count_openings(nights.naive.astype(np.float64), ~nights.naive, 1.0) / years
    yield Measurement("detection: rule of 4 weeks below 70 %, likewise", None, naive, "")
    blind = look(calm, region, every=7, calendar=False)
    uncorrected = kernel.count_openings(blind.falls, blind.back, 1.0) / (blind.falls.size * 7 / 365)
    weekly = look(calm, region, every=7, calendar=True)
    corrected = kernel.count_openings(weekly.falls, weekly.back, 1.0) / (
        weekly.falls.size * 7 / 365
    )
    yield Measurement("detection: alarms without peers ÷ with", None, uncorrected / corrected, "×")
    for seed, ((kind, weeks), goal) in enumerate(
        zip(WITHIN.items(), (0.6, 0.97, 0.4), strict=True)
    ):
        who, begins, days = planted(simulation, kind, seed)
        missed = 1 - found_share(look(days, region, calendar=True), who, begins, weeks)
        name = f"detection: {kind}, missed after {weeks} weeks"
        yield Measurement(name, None, 100 * missed, "%", 100 * (1 - goal))
    yield Measurement("detection: time an account", None, 1e3 * seconds_each(calm), "ms", 0.1)


def seconds_each(days: Array) -> float:
    """Processor seconds for one look at one account, the quickest of three."""
    weeks = kernel.weekly(days, days.shape[1] - 1)
    best = float("inf")
    for _ in range(3):
        begun = time.process_time()
        found = kernel.measure(weeks, np.broadcast_to(kernel.peer_calendar(weeks), weeks.shape))
        kernel.falls(found, limits(Thresholds()))
        best = min(best, time.process_time() - begun)
    return best / len(days)
