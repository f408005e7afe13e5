"""How well drops of usage are found: planted changes, simulated accounts, a look every night."""

import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from benchmarks import silence
from benchmarks.measurement import Measurement
from benchmarks.usage_simulation import REGIONS, Array, Simulation, simulate
from cs_workbench.core.kernels import detection as kernel
from cs_workbench.core.kernels.replay import FIRST, Nights, count_openings, replay
from cs_workbench.core.usage_detection import limits
from cs_workbench.core.usage_findings import BACK, DEFAULT_THRESHOLDS, Thresholds

ACCOUNTS: Final = 900
SEED: Final = 4
BUDGET: Final = 0.25  # false alarms per account and year
SHARE: Final = 0.2  # of the accounts get a change, so that their peers stay peers
GOALS: Final = (0.6, 0.97, 0.4)  # shares found
WITHIN: Final = {"drop of 50 %": 8, "drop of 80 %": 8, "slow fade by half": 26}  # weeks
Flags = NDArray[np.bool_]


def look(simulation: Simulation, days: Array, *, every: int = 1, calendar: bool = True) -> Nights:
    """Look at all accounts on every day, or on some."""
    groups = [np.flatnonzero(simulation.region == one).tolist() for one in range(REGIONS)]
    rules = limits(DEFAULT_THRESHOLDS)
    return replay(days, groups if calendar else (), rules, edge=np.log(1 - BACK), every=every)


def naive_alarms(days: Array) -> int:
    """Alarms of the common rule, every night: four weeks below 70 % of the twelve before."""
    looks = [kernel.weekly(days, end) for end in range(FIRST, days.shape[1])]
    hits = [weeks[:, -4:].mean(axis=1) < 0.7 * weeks[:, -16:-4].mean(axis=1) for weeks in looks]
    low = np.stack(hits, axis=1)
    return count_openings(low.astype(np.float64), ~low)


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
    calm = simulation.counts()
    nights = look(simulation, calm)
    years = nights.falls.size / 365
    alarms = count_openings(nights.falls, nights.back) / years
    yield Measurement("detection: false alarms an account and year", None, alarms, "", BUDGET)
    growth = count_openings(nights.rises, nights.calm) / years
    yield Measurement("detection: growth that is none, likewise", None, growth, "", BUDGET)
    naive = naive_alarms(calm) / years
    yield Measurement("detection: rule of 4 weeks below 70 %, likewise", None, naive, "")
    blind = look(simulation, calm, every=7, calendar=False)
    sighted = look(simulation, calm, every=7)
    more = count_openings(blind.falls, blind.back) / count_openings(sighted.falls, sighted.back)
    yield Measurement("detection: alarms without peers ÷ with", None, more, "×")
    for seed, ((kind, weeks), goal) in enumerate(zip(WITHIN.items(), GOALS, strict=True)):
        who, begins, days = planted(simulation, kind, seed)
        missed = 1 - found_share(look(simulation, days), who, begins, weeks)
        name = f"detection: {kind}, missed after {weeks} weeks"
        yield Measurement(name, None, 100 * missed, "%", 100 * (1 - goal))
    yield Measurement("detection: time an account", None, 1e3 * seconds_each(calm), "ms", 0.1)
    yield from silence.measure()


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
