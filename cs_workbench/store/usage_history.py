"""Usage on many days of the past, from one reading of the days behind it."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from cs_workbench.core.usage import HALF_YEAR, UsageSeries
from cs_workbench.core.weeks import FIRST_MONDAY, week_and_weekday
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


@dataclass
class _Days:
    """One account's days of one metric, and their weeks by the weekday on which they end."""

    values: list[float | None]
    weeks: dict[int, Weeks] = field(default_factory=dict)

    def weeks_until(self, weekday: int) -> Weeks:
        """Totals and numbers of days; the n-th week ends in the n-th calendar week."""
        if weekday not in self.weeks:
            self.weeks[weekday] = _weeks(self.values, weekday)
        return self.weeks[weekday]


@dataclass
class UsageHistory:
    """What `usage_of` gives, for every one of some days, as long as nothing was corrected later.

    Attributes:
        first_week: by metric, where its days begin.
        days: by metric and account.
    """

    first_week: dict[int, int]
    days: dict[int, dict[int, _Days]]

    def on(self, usage: Usage) -> dict[int, dict[str, UsageSeries]]:
        """The series of one of the days, by account and metric."""
        found: dict[int, dict[str, UsageSeries]] = defaultdict(dict)
        for metric in usage.read:
            first_week = self.first_week[metric.metric_id]
            for key, days in self.days[metric.metric_id].items():
                series = _series(metric, days, first_week, with_peak=metric == usage.seats)
                if series is not None:
                    found[key][metric.name] = series
        return found


def usage_of(
    connection: Connection, known: Known, usage: Usage, keys: tuple[int, int]
) -> dict[int, dict[str, UsageSeries]]:
    """The series of a range of accounts, by account and metric, as they were known."""
    table = weeks_then(connection, known, usage, keys) if usage.corrections else "usage_week"
    return read_usage_history(connection, [usage], keys, table=table).on(usage)


def read_usage_history(
    connection: Connection,
    usages: Sequence[Usage],
    keys: tuple[int, int],
    *,
    table: str = "usage_week",
) -> UsageHistory:
    """Read once what the days need, for a range of accounts."""
    spans: dict[int, list[Metric]] = defaultdict(list)
    for usage in usages:
        for metric in usage.read:
            spans[metric.metric_id].append(metric)
    first_week, every = {}, {}
    for metric_id, metrics in spans.items():
        first, last = _span(metrics)
        first_week[metric_id] = first
        every[metric_id] = dict(
            days_between(connection, metrics[0], (first, last), keys, table=table)
        )
    return history_of(first_week, every)


def history_of(
    first_week: Mapping[int, int], days: Mapping[int, Mapping[int, list[float | None]]]
) -> UsageHistory:
    """A history of days that are at hand: by metric where they begin, by metric and account."""
    return UsageHistory(
        dict(first_week),
        {metric: {key: _Days(one) for key, one in of.items()} for metric, of in days.items()},
    )


def _span(metrics: Iterable[Metric]) -> tuple[int, int]:
    weeks = [week_and_weekday(metric.last_day)[0] for metric in metrics]
    return min(weeks) - HALF_YEAR, max(weeks)


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


def _series(metric: Metric, days: _Days, first_week: int, *, with_peak: bool) -> UsageSeries | None:
    last_week, weekday = week_and_weekday(metric.last_day)
    week = last_week - first_week
    last, first = 7 * week + weekday, 7 * (week - HALF_YEAR)
    values = days.values
    newest = next((at for at in range(last, first - 1, -1) if values[at] is not None), None)
    if newest is None:
        return None
    used = _last_used(values, newest, first)
    totals, counts = days.weeks_until(weekday)
    peak = peak_of(metric, values[last : last - PEAK_DAYS : -1]) if with_peak else None
    begin = FIRST_MONDAY + 7 * first_week
    return UsageSeries(
        metric.name,
        totals[week - HALF_YEAR + 1 : week + 1],
        counts[week - HALF_YEAR + 1 : week + 1],
        dt.date.fromordinal(begin + newest),
        None if used is None else dt.date.fromordinal(begin + used),
        *(peak or ()),
    )


def _last_used(values: Sequence[float | None], last: int, first: int) -> int | None:
    for at in range(last, first - 1, -1):
        value = values[at]
        if value is not None and value > 0:
            return at
    return None
