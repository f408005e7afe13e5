"""Array kernel: what sets an account's newest weeks apart from its own past, many at once.

It loads where accounts are searched for drops (refresh, calibration, benchmarks), never for a list.
Rows are accounts, columns weeks of seven days, oldest first; NaN is a week without data, never
zero.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[np.float64]
Flags: TypeAlias = NDArray[np.bool_]
Rows: TypeAlias = Sequence[Sequence[float]] | Array | NDArray[np.int64]

WEEKS: Final = 26
RECENT: Final = 4
BASE: Final = 12
LEAST_BASE: Final = 8  # known weeks of those that the newest are held against
LEAST_DAYS: Final = 4  # of a week, to know it
OLDER: Final = 14  # weeks at the begin of the window that slow fades are held against
SLACK: Final = 0.5  # k of the CUSUM, in standard deviations
FLOOR: Final = 0.06  # no account is steadier than this from week to week
PRIOR: Final = 0.13  # what a week of a typical account deviates, worth so many weeks of its own
PRIOR_WEEKS: Final = 6
DISPERSION: Final = 1.5  # variance of a count in Poisson variances
HALF: Final = 0.5  # added to counts, so that nothing at all has a logarithm
SPREAD: Final = 1.4826  # from the median deviation to a standard deviation
NOT_SHARED: Final = 0.2  # of the median's move, by those who moved least: no calendar
SHARED: Final = 0.5  # from here on all of it is calendar
TINY: Final = 1e-12


@dataclass(frozen=True, slots=True)
class Measured:
    """What was measured of each account; all arrays have one value for each.

    Attributes:
        shock: the last week against the twelve before, in standard deviations; NaN where unknown.
        drift: the last four weeks against the twelve before, likewise.
        fade: CUSUM of the deviations below the older weeks, in standard deviations; 0 is calm.
        shock_change, drift_change, fade_change: the same three as shares, calendar taken out.
        usual: units of a usual week, the median of the twelve before the last four.
        gap: the last four weeks against the highest of the usual ones, as a logarithm; `rise`
            against the twelve before.
        spread: standard deviation of a week's logarithm.
        levels: logarithms of the weeks without the calendar, one row for each account.
        begins: the week in which the CUSUM last left zero.
    """

    shock: Array
    drift: Array
    fade: Array
    shock_change: Array
    drift_change: Array
    fade_change: Array
    usual: Array
    gap: Array
    rise: Array
    spread: Array
    levels: Array
    begins: NDArray[np.int64]


Rule: TypeAlias = tuple[float, float]  # a threshold, and the least change


@dataclass(frozen=True, slots=True)
class Limits:
    """The thresholds as the kernel reads them.

    Attributes:
        least_week: units of a usual week that are needed to tell a change from chance.
    """

    shock: Rule
    drift: Rule
    fade: Rule
    growth: Rule
    least_week: float


def measure(weeks: Array, calendar: Array) -> Measured:
    """Measure 26 weekly sums of each account against its own past.

    Args:
        weeks: (accounts, 26) sums of seven days, NaN where too few days are known.
        calendar: what the peers did in each week, as logarithms; the same shape, or one row.

    Returns:
        The statistics. The variance of a week is over-dispersed: a part of its own, drawn toward
        that of typical accounts, and never less than chance makes of its count.
    """
    levels = np.log(weeks + HALF) - calendar
    base, older = levels[:, -BASE - RECENT : -RECENT], levels[:, :OLDER]
    center, before = median(base), median(older)
    chance = DISPERSION / np.maximum(np.exp(center), 1.0)
    steps = SPREAD / np.sqrt(2) * median(np.abs(np.diff(levels[:, :-2], axis=1)))
    spread = _spread(np.fmax(_deviation(base, center), steps), BASE, chance)
    older_spread = _spread(np.fmax(_deviation(older, before), steps), OLDER, chance)
    mean, count = _mean(levels[:, -RECENT:])
    base_mean, base_count = _mean(base)
    scale = spread * np.sqrt(1 / np.maximum(count, 1) + 1 / np.maximum(base_count, 1))
    enough = (count >= RECENT - 1) & (base_count >= LEAST_BASE)
    drift_log = np.where(enough, mean - base_mean, np.nan)
    shock_log = np.where(base_count >= LEAST_BASE, levels[:, -1] - center, np.nan)
    fade, begins = _cusum((levels - before[:, None]) / older_spread[:, None])
    known = (np.sum(~np.isnan(older), axis=1) >= LEAST_BASE) & enough
    return Measured(
        *(shock_log / spread, drift_log / scale, np.where(known, fade, 0.0)),
        *(np.exp(shock_log) - 1, np.exp(drift_log) - 1),
        np.where(known, np.exp(mean - before) - 1, np.nan),
        usual=np.exp(center) - HALF,
        gap=np.where(enough, mean - np.fmax(center, before), np.nan),
        rise=drift_log,
        spread=spread,
        levels=levels,
        begins=begins,
    )


def falls(found: Measured, limits: Limits) -> Array:
    """How often each account passes the thresholds of a drop: found from 1 on.

    Args:
        found: the statistics.
        limits: thresholds of shock, drift and fade, each with the least share that is a drop.
    """
    return _strongest(
        (
            (-found.shock, -found.shock_change, limits.shock),
            (-found.drift, -found.drift_change, limits.drift),
            (found.fade, -found.fade_change, limits.fade),
        ),
        found.usual >= limits.least_week,
    )


def rises(found: Measured, limits: Limits) -> Array:
    """How often each account passes the threshold of growth: found from 1 on."""
    rule = (found.drift, found.drift_change, limits.growth)
    return _strongest((rule,), found.usual >= limits.least_week)


def peer_calendar(weeks: Array) -> Array:
    """What the weeks of a group have in common, as logarithms; 0 where they have nothing.

    The median of the accounts in each week, each account's own median taken out. A calendar moves
    everybody: where the fifth of the accounts that moved least did not move with the median (some
    fell for reasons of their own, others did not), it is not the calendar and counts as nothing.
    """
    levels = np.log(weeks + HALF)
    levels = (levels - median(levels)[:, None]).T
    middle = np.nan_to_num(median(levels), nan=0.0)
    low, high = (_moved(levels, share) for share in (0.2, 0.8))
    laggards = np.where(middle < 0, high, low)
    share = laggards / np.where(np.abs(middle) < TINY, np.inf, middle)
    return middle * np.clip((share - NOT_SHARED) / (SHARED - NOT_SHARED), 0.0, 1.0)


def _moved(levels: Array, share: float) -> Array:
    """How far a quantile of each row is from what it is in the middle row."""
    ordered = np.sort(levels, axis=1)
    known = np.sum(~np.isnan(levels), axis=1)
    place = np.round(np.maximum(known - 1, 0) * share).astype(np.int64)
    found = np.where(known > 0, ordered[np.arange(len(levels)), place], np.nan)
    moved: Array = np.nan_to_num(found - median(found[None, :])[0], nan=0.0)
    return moved


def median(values: Array) -> Array:
    """The median of each row, of what is known; NaN where nothing is."""
    ordered = np.sort(values, axis=1)  # NaN comes last
    known = np.sum(~np.isnan(values), axis=1)
    rows, last = np.arange(len(values)), np.maximum(known, 1) - 1
    middle: Array = (ordered[rows, last // 2] + ordered[rows, (last + 1) // 2]) / 2
    return middle


def week_sums(totals: Rows, days: Rows) -> Array:
    """Weekly sums scaled to seven days; a week with less than four known days is unknown.

    Args:
        totals: of each account the sums of its 26 weeks.
        days: how many days of each week are known.
    """
    known = np.asarray(days, dtype=np.float64)
    whole = np.asarray(totals, dtype=np.float64) * 7 / np.maximum(known, 1.0)
    return np.where(known >= LEAST_DAYS, whole, np.nan)


def idle(totals: Rows, days: Rows) -> list[int]:
    """The rows that had units once and none in the last two weeks, of which most days are known."""
    sums, known = np.asarray(totals, dtype=np.float64), np.asarray(days)
    counted = np.all(known[:, -2:] >= LEAST_DAYS, axis=1)
    stopped = np.all(sums[:, -2:] == 0, axis=1) & np.any(sums > 0, axis=1)
    return [int(row) for row in np.flatnonzero(counted & stopped)]


def calendars(rows: Sequence[Sequence[float] | None]) -> Array:
    """What the peers of each account did, one row for each; nothing where there are none."""
    flat = (0.0,) * WEEKS
    return np.array([one or flat for one in rows], dtype=np.float64)


def changed(down: Array, up: Array) -> list[int]:
    """The rows in which something is found."""
    return [int(row) for row in np.flatnonzero((down >= 1) | (up >= 1))]


def weekly(days: Array, end: int) -> Array:
    """The 26 weekly sums that end with column `end` (included) of a row of days.

    A week with at least four known days counts, scaled to seven.
    """
    window = days[:, end + 1 - 7 * WEEKS : end + 1].reshape(len(days), WEEKS, 7)
    known = np.sum(~np.isnan(window), axis=2)
    sums = np.nansum(window, axis=2) * 7 / np.maximum(known, 1)
    return np.where(known >= LEAST_DAYS, sums, np.nan)


def _strongest(tests: Iterable[tuple[Array, Array, Rule]], tested: Flags) -> Array:
    strongest = np.zeros(len(tested))
    for statistic, change, (threshold, least) in tests:
        is_large = np.nan_to_num(change, nan=0.0) >= least
        strength = np.nan_to_num(statistic / threshold, nan=0.0, posinf=0.0, neginf=0.0)
        strongest = np.maximum(strongest, np.where(is_large & tested, strength, 0.0))
    return strongest


def _spread(own: Array, weeks: int, chance: Array) -> Array:
    """A standard deviation: the own one drawn toward a typical one, and no less than chance."""
    own = np.nan_to_num(own, nan=PRIOR)
    drawn = (PRIOR_WEEKS * PRIOR**2 + weeks * own**2) / (PRIOR_WEEKS + weeks)
    return np.sqrt(np.maximum(drawn, FLOOR**2 + chance))


def _deviation(values: Array, center: Array) -> Array:
    return SPREAD * median(np.abs(values - center[:, None]))


def _mean(values: Array) -> tuple[Array, NDArray[np.int64]]:
    count = np.sum(~np.isnan(values), axis=1)
    return np.nansum(values, axis=1) / np.maximum(count, 1), count


def _cusum(deviations: Array) -> tuple[Array, NDArray[np.int64]]:
    """The downward CUSUM of each row, and the week in which it last left zero."""
    total = np.zeros(len(deviations))
    begins = np.zeros(len(deviations), dtype=np.int64)
    for week in range(deviations.shape[1]):
        value = deviations[:, week]
        grown = np.where(np.isnan(value), total, np.maximum(0.0, total - value - SLACK))
        begins = np.where((total < TINY) & (grown >= TINY), week, begins)
        total = grown
    return total, begins
