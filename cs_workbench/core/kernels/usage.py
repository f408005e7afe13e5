"""Usage of one metric by many accounts: `core/usage.py` over a table of accounts x weeks."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from cs_workbench.core.kernels.columns import NEVER, Bools, Floats, Ints, added
from cs_workbench.core.usage import (
    BASE,
    DAILY,
    HALF_YEAR,
    RECENT,
    SPARK_TOP,
    SPARK_WEEKS,
    UsageSeries,
)

WINDOW = 7 * (HALF_YEAR + 1)  # days: the calendar weeks that half a year touches
PEAK_DAYS = 28
Peak = Literal["highest", "newest"]


@dataclass(frozen=True, eq=False)
class UsageColumns:
    """A row for each account; the fields as in `UsageSeries`, days as ordinals.

    Attributes:
        there: whether the account has any data; elsewhere the row means nothing.
        totals, days: accounts x 26 weeks, oldest first.
        peak: not a number where there is none.
    """

    metric: str
    there: Bools
    totals: Floats
    days: Ints
    last_day: Ints
    last_used: Ints
    peak: Floats
    peak_on: Ints

    @cached_property
    def levels(self) -> Floats:
        """Mean of the days with data in each week; not a number where there is none."""
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.where(self.days > 0, self.totals / self.days, np.nan)

    @cached_property
    def arrives_daily(self) -> Bools:
        """Whether data comes on most days."""
        weeks = (self.days > 0).sum(axis=1)
        daily: Bools = (weeks > 0) & (self.days.sum(axis=1) >= DAILY * weeks)
        return daily

    def recent_mean(self, weeks: int = RECENT) -> Floats:
        """Mean of the days with data in the last weeks."""
        if weeks == 1:
            return self.levels[:, -1]
        days = self.days[:, -weeks:].sum(axis=1)
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.where(days > 0, added(self.totals[:, -weeks:]) / days, np.nan)

    def base_median(self, weeks: int = BASE, recent: int = RECENT) -> Floats:
        """Median of the weekly means in the weeks before the recent ones."""
        levels = np.sort(self.levels[:, -weeks - recent : -recent], axis=1)
        known = (~np.isnan(levels)).sum(axis=1)
        rows = np.arange(len(levels))
        upper = levels[rows, np.minimum(known // 2, weeks - 1)]
        lower = levels[rows, np.maximum(known // 2 - 1, 0)]
        found = np.where(known % 2, upper, (lower + upper) / 2)
        return np.where(known > 0, found, np.nan)

    def best_mean(self, weeks: int = RECENT, *, min_days: int = 1) -> Floats:
        """The highest mean of so many weeks in a row, among stretches with enough days."""
        size = len(self.totals)
        totals, days = np.zeros((size, HALF_YEAR + 1)), np.zeros((size, HALF_YEAR + 1), np.int64)
        np.cumsum(self.totals, axis=1, out=totals[:, 1:])
        np.cumsum(self.days, axis=1, out=days[:, 1:])
        counted = days[:, weeks:] - days[:, :-weeks]
        enough = (counted >= min_days) & (counted > 0)
        means = (totals[:, weeks:] - totals[:, :-weeks]) / np.maximum(counted, 1)
        best: Floats = np.where(enough, means, -np.inf).max(axis=1)
        return np.where(np.isinf(best), np.nan, best)

    def series(self, at: int) -> UsageSeries:
        """One account's row as the plain measures read it."""
        peak, used = float(self.peak[at]), int(self.last_used[at])
        return UsageSeries(
            self.metric,
            tuple(self.totals[at].tolist()),
            tuple(self.days[at].tolist()),
            dt.date.fromordinal(int(self.last_day[at])),
            None if used == NEVER else dt.date.fromordinal(used),
            *((None, None) if np.isnan(peak) else (peak, _date(self.peak_on[at]))),
        )


def _date(ordinal: np.int64) -> dt.date:
    return dt.date.fromordinal(int(ordinal))


class UsageRow(Mapping[str, UsageSeries]):
    """One account's series by metric, made when they are asked for."""

    __slots__ = ("_at", "_columns", "_made")

    def __init__(self, columns: Mapping[str, UsageColumns], at: int) -> None:
        self._columns = columns
        self._at = at
        self._made: dict[str, UsageSeries] = {}

    def __getitem__(self, metric: str) -> UsageSeries:
        if metric not in self._made:
            if not self._columns[metric].there[self._at]:
                raise KeyError(metric)
            self._made[metric] = self._columns[metric].series(self._at)
        return self._made[metric]

    def __iter__(self) -> Iterator[str]:
        return (name for name, one in self._columns.items() if one.there[self._at])

    def __len__(self) -> int:
        return sum(1 for _ in self)


def sparks(usage: UsageColumns | None, size: int, silent_weeks: int = 0) -> list[str]:
    """What `spark` of `core/usage.py` draws, of so many accounts."""
    shown = max(0, SPARK_WEEKS - silent_weeks)
    drawn = np.full((size, SPARK_WEEKS), ord("."), np.uint8)
    if usage is not None and shown:
        levels = usage.levels[:, -shown:]
        known = usage.there[:, None] & ~np.isnan(levels)
        highest = np.where(known, levels, -np.inf).max(axis=1)
        scale = SPARK_TOP / np.where(np.isfinite(highest) & (highest != 0), highest, 1.0)
        with np.errstate(invalid="ignore"):
            level = np.where(levels > 0, np.rint(levels * scale[:, None]), 0)
        drawn[:, :shown] = np.where(known, ord("0") + level, ord("."))
    text = drawn.tobytes().decode("ascii")
    return [text[at : at + SPARK_WEEKS] for at in range(0, len(text), SPARK_WEEKS)]


def usage_of_days(
    metric: str, days: Floats, last_day: dt.date, *, peak: Peak | None = None
) -> UsageColumns:
    """The rows from every day of the 27 calendar weeks that end with that of the last day.

    Args:
        metric: its name.
        days: accounts x 189; not a number where there is no data, also after the last day.
        last_day: on which the weeks end.
        peak: `highest` of the last 28 days, or the `newest` of them; None: not asked for.
    """
    cut = last_day.weekday() + 1
    newest = WINDOW - 8 + cut
    first = last_day.toordinal() - newest
    known = ~np.isnan(days)
    known[:, newest + 1 :] = False
    value = np.where(known, days, 0.0)
    by_week, known_by_week = (one.reshape(-1, HALF_YEAR + 1, 7) for one in (value, known))
    heads, tails = added(by_week[..., :cut]), added(by_week[..., cut:])
    heads_known = known_by_week[..., :cut].sum(axis=2)
    tails_known = known_by_week[..., cut:].sum(axis=2)
    highest, on = _peaks(value, known, newest, peak)
    return UsageColumns(
        metric,
        _any(known),
        tails[:, :-1] + heads[:, 1:],
        tails_known[:, :-1] + heads_known[:, 1:],
        _last(known) + first,
        np.where(_any(value > 0), _last(value > 0) + first, NEVER),
        highest,
        np.where(np.isnan(highest), NEVER, on + first),
    )


def usage_of_weeks(
    metric: str,
    sums: tuple[Floats, Floats],
    days: Floats,
    last_day: dt.date,
    *,
    peak: Peak | None = None,
) -> tuple[UsageColumns, Bools]:
    """The same for those that have data on every day and were used in the last week; who that is.

    Args:
        metric: its name.
        sums: accounts x 27 calendar weeks, up to the weekday of the last day, and from it on.
        days: of the newest calendar weeks: five where a peak is asked for, else one.
        last_day: on which the weeks end.
        peak: as above.
    """
    heads, tails = sums
    totals = tails[:, :-1] + heads[:, 1:]
    newest = days.shape[1] - 7 + last_day.weekday()
    used = days[:, newest - last_day.weekday() : newest + 1] > 0
    mine = ~_any(np.isnan(totals)) & _any(used)
    totals, days, used = totals[mine], days[mine], used[mine]
    size, last = len(totals), last_day.toordinal()
    highest, on = _peaks(days, np.ones(days.shape, np.bool_), newest, peak)
    columns = UsageColumns(
        metric,
        np.ones(size, np.bool_),
        totals,
        np.full(totals.shape, 7, np.int64),
        np.full(size, last, np.int64),
        _last(used) + last - last_day.weekday(),
        highest,
        np.where(np.isnan(highest), NEVER, on + last - newest),
    )
    return columns, mine


def scattered(metric: str, size: int, parts: Sequence[tuple[Ints, UsageColumns]]) -> UsageColumns:
    """Columns of so many accounts, put together from parts with the rows they belong to."""
    there = np.zeros(size, np.bool_)
    totals, days = np.zeros((size, HALF_YEAR)), np.zeros((size, HALF_YEAR), np.int64)
    last_day, last_used, peak_on = (np.full(size, NEVER, np.int64) for _ in range(3))
    peak = np.full(size, np.nan)
    for rows, one in parts:
        there[rows], totals[rows], days[rows] = one.there, one.totals, one.days
        last_day[rows], last_used[rows] = one.last_day, one.last_used
        peak[rows], peak_on[rows] = one.peak, one.peak_on
    return UsageColumns(metric, there, totals, days, last_day, last_used, peak, peak_on)


def _any(true: Bools) -> Bools:
    """Which rows have a true."""
    found: Bools = np.any(true, axis=1)
    return found


def _last(true: Bools) -> Ints:
    """The last place that is true, in each row."""
    found: Ints = true.shape[1] - 1 - np.argmax(true[:, ::-1], axis=1)
    return found


def _peaks(value: Floats, known: Bools, newest: int, peak: Peak | None) -> tuple[Floats, Ints]:
    """The peak of each row, and the place of its latest day."""
    rows = np.arange(len(value))
    if peak is None:
        return np.full(len(value), np.nan), np.zeros(len(value), np.int64)
    days = slice(newest - PEAK_DAYS + 1, newest + 1)
    there = known[:, days][:, ::-1]
    latest = np.where(there, value[:, days][:, ::-1], -np.inf)
    back = np.argmax(there if peak == "newest" else latest, axis=1)
    found = np.where(there.any(axis=1), latest[rows, back], np.nan)
    return found, newest - back
