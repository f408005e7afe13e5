"""Usage of one metric as weeks of seven days that end on the last day known.

Weeks are counted back from that day, not from Mondays, so the newest week is always whole and
holds as many weekends as every other. A week without a single day of data is None, never zero.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, reduce
from itertools import accumulate
from operator import add, sub
from statistics import median

RECENT = 4
BASE = 12
HALF_YEAR = 26
SPARK_WEEKS = 12
SPARK_TOP = 7
DAILY = 5  # days of a week
_LEVELS = "01234567"


@dataclass(frozen=True)
class UsageSeries:
    """One account's usage of one metric over half a year.

    Attributes:
        metric: its name.
        totals: sum of the values of each seven days, oldest first; meaningless where days is 0.
        days: how many of the seven days have data.
        last_day: the last day with data at all, as far as was read.
        last_used: the last day with more than nothing.
        peak, peak_on: the highest day of the last 28, and when it was (the latest of equals).
    """

    metric: str
    totals: tuple[float, ...]
    days: tuple[int, ...]
    last_day: dt.date
    last_used: dt.date | None = None
    peak: float | None = None
    peak_on: dt.date | None = None

    @cached_property
    def levels(self) -> list[float | None]:
        """Mean of the days with data in each week, oldest first."""
        return [
            total / days if days else None
            for total, days in zip(self.totals, self.days, strict=True)
        ]


def added(values: Iterable[float]) -> float:
    """The sum, one after the other on every version of Python, as SQLite and numpy add."""
    return reduce(add, values, 0.0)


def arrives_daily(series: UsageSeries) -> bool:
    """Whether data comes on most days, so that none means a silent feed, not a lack of use."""
    weeks = [days for days in series.days if days]
    return bool(weeks) and sum(weeks) >= DAILY * len(weeks)


def recent_mean(series: UsageSeries, weeks: int = RECENT) -> float | None:
    """Mean of the days with data in the last weeks."""
    if weeks == 1:
        return series.levels[-1]
    days = sum(series.days[-weeks:])
    return added(series.totals[-weeks:]) / days if days else None


def base_median(series: UsageSeries, weeks: int = BASE, recent: int = RECENT) -> float | None:
    """Median of the weekly means in the weeks before the recent ones."""
    levels = series.levels[-weeks - recent : -recent]
    known = [level for level in levels if level is not None]
    return median(known) if known else None


def best_mean(series: UsageSeries, weeks: int = RECENT, *, min_days: int = 1) -> float | None:
    """The highest mean of so many weeks in a row, among stretches with enough days of data."""
    totals = [0.0, *accumulate(series.totals)]
    if min(series.days, default=0) == 7 and min_days <= 7 * weeks <= 7 * len(series.days):
        highest: float = max(map(sub, totals[weeks:], totals))
        return highest / (7 * weeks)
    days = [0, *accumulate(series.days)]
    means = [
        (totals[end] - totals[end - weeks]) / counted
        for end in range(weeks, len(totals))
        if (counted := days[end] - days[end - weeks]) >= min_days and counted
    ]
    return max(means, default=None)


def spark(series: UsageSeries | None, silent_weeks: int = 0) -> str:
    """The last twelve weekly levels `0` to `7` against the highest, `.` where there is no data.

    Args:
        series: None without any usage.
        silent_weeks: whole weeks that have passed since the metric's last day known; they have no
            data either, and the newest of the twelve is the week of today.
    """
    if series is None:
        return "." * SPARK_WEEKS
    shown = max(0, SPARK_WEEKS - silent_weeks)
    if not shown:
        return "." * SPARK_WEEKS
    levels = series.levels[-shown:]
    scale = SPARK_TOP / (max([level for level in levels if level is not None], default=0) or 1)
    drawn = [
        "." if level is None else _LEVELS[round(level * scale)] if level > 0 else "0"
        for level in levels
    ]
    return "".join(drawn).rjust(shown, ".").ljust(SPARK_WEEKS, ".")
