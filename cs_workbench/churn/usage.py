"""Usage of all accounts over windows of whole weeks that end on or before a day."""

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from cs_workbench.churn.history import Flags, Floats, Metric

WEEK = 7
RECENT, BASE, YEAR = 4, 12, 52  # weeks
FEED_STOPPED = 35  # days without any news of a metric
EVENT_LIKE_ZEROS = 0.01  # a feed that never says zero lists events
EVENT_LIKE_DENSITY = 0.5
REGULAR = 0.35  # variation of known days from month to month of a feed that comes by the month
SMALLEST = 1e-9


class Window(NamedTuple):
    """Sums over some weeks, by account."""

    total: Floats
    days: Floats
    active: Floats

    @property
    def rate(self) -> Floats:
        """Use on a known day; NaN where no day is known."""
        known = self.days > 0
        return np.where(known, self.total / np.where(known, self.days, 1), np.nan)


def with_gaps_filled(metric: Metric) -> Metric:
    """The metric, with days between an account's events counted as days without use.

    A feed of events has no row where nothing happened; it is known by never saying zero, by
    leaving out most days, and by not coming in a steady rhythm such as once a month.
    """
    known: Flags = metric.days > 0
    if not known.any():
        return metric
    first = np.argmax(known, axis=1)
    has_any: Flags = np.any(known, axis=1)
    weeks = metric.days.shape[1]
    last_day = max(one.last_day for one in metric.reach)
    until = min(weeks, (last_day + 1 - metric.first_monday) // WEEK)
    columns = np.arange(weeks)
    inside = has_any[:, None] & (columns >= first[:, None]) & (columns < until)
    zeros = 1 - metric.active.sum() / metric.days.sum()
    density = metric.days.sum() / (WEEK * max(1, inside.sum()))
    if (
        zeros > EVENT_LIKE_ZEROS
        or density > EVENT_LIKE_DENSITY
        or _is_regular(metric, np.asarray(inside))
    ):
        return metric
    return replace(metric, days=np.where(inside, WEEK, metric.days).astype(np.float32))


def _is_regular(metric: Metric, inside: Flags) -> bool:
    """Whether about the same number of days is known in every four weeks of an account."""
    blocks = metric.days.shape[1] // RECENT
    if blocks < 3:
        return False
    width = blocks * RECENT
    days = metric.days[:, -width:].reshape(-1, blocks, RECENT).sum(axis=2)
    whole = inside[:, -width:].reshape(-1, blocks, RECENT).all(axis=2)
    counts = days[whole]
    return bool(len(counts)) and bool(counts.std() < REGULAR * max(counts.mean(), SMALLEST))


def weeks_known(metric: Metric, day: int) -> int:
    """How many of the metric's weeks were over, and known, on the day."""
    reached = [one.last_day for one in metric.reach if one.known_from <= day]
    last = min(day, max(reached, default=0))
    return int(np.clip((last + 1 - metric.first_monday) // WEEK, 0, metric.total.shape[1]))


def has_stopped(metric: Metric, day: int) -> bool:
    """Whether the feed of the metric had brought nothing for weeks on that day."""
    return metric.first_monday + WEEK * weeks_known(metric, day) < day - FEED_STOPPED


def can_be_read(metric: Metric, day: int) -> bool:
    """Whether the metric still arrived on that day, in the unit that it always had."""
    return day < metric.off_from and not has_stopped(metric, day)


def window(metric: Metric, day: int, *, back: int, weeks: int) -> Window:
    """The sums of `weeks` weeks that end `back` weeks before the last whole week known."""
    until = weeks_known(metric, day) - back
    begin, until = max(0, until - weeks), max(0, until)
    sums = [
        getattr(metric, name)[:, begin:until].sum(axis=1, dtype=np.float64)
        for name in ("total", "days", "active")
    ]
    later = metric.corrections
    if later is not None and len(later.recorded):
        taken = (later.recorded > day) & (later.week >= begin) & (later.week < until)
        for place, name in enumerate(("total", "days", "active")):
            np.subtract.at(sums[place], later.account[taken], getattr(later, name)[taken])
    return Window(*sums)


def log_ratio(recent: Window, base: Window) -> Floats:
    """Natural logarithm of the rates' ratio, steadied for small numbers; NaN where unknown."""
    upper, lower = recent.rate, base.rate
    positive = lower[lower > 0]
    steady = 0.05 * float(np.median(positive)) if len(positive) else 1.0
    known = ~np.isnan(upper) & ~np.isnan(lower) & (lower > 0)
    ratio = (np.where(known, upper, 1) + steady) / (np.where(known, lower, 1) + steady)
    return np.where(known, np.clip(np.log(ratio), -3.0, 1.5), np.nan)


def weekly_rates(metric: Metric, day: int, weeks: int) -> Floats:
    """Accounts x weeks: the rate of each of the last weeks; NaN where no day is known."""
    until = weeks_known(metric, day)
    begin = max(0, until - weeks)
    days = metric.days[:, begin:until].astype(np.float64)
    total = metric.total[:, begin:until].astype(np.float64)
    return np.where(days > 0, total / np.where(days > 0, days, 1), np.nan)


def best_rate(metric: Metric, day: int) -> Floats:
    """The best of the last thirteen windows of four weeks; NaN where none is known."""
    best = np.full(metric.total.shape[0], np.nan)
    for back in range(0, YEAR, RECENT):
        best = np.fmax(best, window(metric, day, back=back, weeks=RECENT).rate)
    return best


def weeks_idle(metric: Metric, day: int) -> Floats:
    """Weeks since the last one with any use; NaN where there never was any, or the feed stopped."""
    until = weeks_known(metric, day)
    used = metric.active[:, max(0, until - 2 * YEAR) : until] > 0
    if not used.shape[1]:
        return np.full(metric.total.shape[0], np.nan)
    idle = np.argmax(used[:, ::-1], axis=1).astype(np.float64)
    return np.where(used.any(axis=1), idle, np.nan)
