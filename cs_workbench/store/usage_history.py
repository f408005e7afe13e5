"""The usage of single accounts on a day, from the days behind it."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence

from cs_workbench.core.usage import HALF_YEAR, UsageSeries
from cs_workbench.core.weeks import week_and_weekday
from cs_workbench.store.known import Known
from cs_workbench.store.sqlite import Connection
from cs_workbench.store.usage_facts import (
    PEAK_DAYS,
    Metric,
    Usage,
    days_between,
    peak_of,
    present,
    weeks_then,
)

Weeks = tuple[tuple[float, ...], tuple[int, ...]]


def usage_of(
    connection: Connection, known: Known, usage: Usage, keys: tuple[int, int]
) -> dict[int, dict[str, UsageSeries]]:
    """The series of a range of accounts, by account and metric, as they were known."""
    table = weeks_then(connection, known, usage, keys) if usage.corrections else "usage_week"
    found: dict[int, dict[str, UsageSeries]] = defaultdict(dict)
    for metric in usage.read:
        last_week, _ = week_and_weekday(metric.last_day)
        weeks = last_week - HALF_YEAR, last_week
        for key, days in days_between(connection, metric, weeks, keys, table=table):
            series = series_of_days(metric, days, with_peak=metric == usage.seats)
            if series is not None:
                found[key][metric.name] = series
    return found


def _weeks(values: list[float | None], weekday: int) -> Weeks:
    totals, days = [], []
    before, days_before = 0.0, 0
    for monday in range(0, len(values), 7):
        cut = monday + weekday + 1
        total, counted = present(values[monday:cut])
        totals.append(before + total)
        days.append(days_before + counted)
        before, days_before = present(values[cut : monday + 7])
    return tuple(totals), tuple(days)


def series_of_days(
    metric: Metric, days: Sequence[float | None], *, with_peak: bool
) -> UsageSeries | None:
    """The series of the 27 calendar weeks that end with the metric's last one; None without data.

    Days after the metric's last one are not looked at.
    """
    _, weekday = week_and_weekday(metric.last_day)
    last = 7 * HALF_YEAR + weekday
    values = list(days)
    newest = next((at for at in range(last, -1, -1) if values[at] is not None), None)
    if newest is None:
        return None
    used = _last_used(values, newest)
    totals, counts = _weeks(values, weekday)
    peak = peak_of(metric, values[last : last - PEAK_DAYS : -1]) if with_peak else None
    begin = metric.last_day.toordinal() - last
    return UsageSeries(
        metric.name,
        totals[1:],
        counts[1:],
        dt.date.fromordinal(begin + newest),
        None if used is None else dt.date.fromordinal(begin + used),
        *(peak or ()),
    )


def _last_used(values: Sequence[float | None], last: int) -> int | None:
    for at in range(last, -1, -1):
        value = values[at]
        if value is not None and value > 0:
            return at
    return None
