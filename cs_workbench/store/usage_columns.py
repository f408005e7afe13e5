"""Usage of a range of accounts as columns: what `usage_of` gives of each, for the refresh."""

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

import msgspec
import numpy as np

from cs_workbench.core.kernels.columns import Bools, Floats, Ints
from cs_workbench.core.kernels.usage import (
    WINDOW,
    Peak,
    UsageColumns,
    scattered,
    usage_of_days,
    usage_of_weeks,
)
from cs_workbench.core.usage import HALF_YEAR
from cs_workbench.core.weeks import week_and_weekday
from cs_workbench.store.known import Known, plain_rows
from cs_workbench.store.sqlite import Connection, sqlite3
from cs_workbench.store.usage_facts import PEAK_DAYS, ROLLING, TABLES, Metric, Usage, weeks_then

WEEKS = HALF_YEAR + 1  # calendar weeks that half a year touches
_Numbers = list[float | None]
_weeks = msgspec.json.Decoder(list[_Numbers])
_days = msgspec.json.Decoder(list[list[_Numbers]])


def usage_columns(
    connection: Connection, known: Known, usage: Usage, places: Mapping[int, int]
) -> dict[str, UsageColumns]:
    """The usage of some accounts by metric, as it was known.

    Args:
        connection: a snapshot of the portfolio.
        known: the day.
        usage: the metrics to be read.
        places: by account key in ascending order, the row that is to be its own.
    """
    if not places:
        return {}
    keys = next(iter(places)), next(reversed(places))
    table = weeks_then(connection, known, usage, keys) if usage.corrections else "usage_week"
    return {
        metric.name: _metric_columns(connection, table, metric, places, wanted_peak(metric, usage))
        for metric in usage.read
    }


class DaysOfUsage:
    """Every day of usage that some days of the past need, read once; nothing corrected later."""

    def __init__(
        self, connection: Connection, usages: Iterable[Usage], keys: Sequence[int]
    ) -> None:
        spans: dict[int, list[Metric]] = {}
        for usage in usages:
            for metric in usage.read:
                spans.setdefault(metric.metric_id, []).append(metric)
        self._first: dict[int, int] = {}
        self._days: dict[int, Floats] = {}
        for metric_id, metrics in spans.items():
            weeks = [week_and_weekday(metric.last_day)[0] for metric in metrics]
            span = min(weeks) - HALF_YEAR, max(weeks)
            self._first[metric_id] = span[0]
            self._days[metric_id] = every_day(connection, "usage_week", metrics[0], keys, span)

    def on(self, usage: Usage, rows: Bools) -> dict[str, UsageColumns]:
        """The usage of one of the days, of some of the accounts."""
        found = {}
        for metric in usage.read:
            last_week, _ = week_and_weekday(metric.last_day)
            at = 7 * (last_week - HALF_YEAR - self._first[metric.metric_id])
            days = self._days[metric.metric_id][rows, at : at + WINDOW]
            peak = wanted_peak(metric, usage)
            found[metric.name] = usage_of_days(metric.name, days, metric.last_day, peak=peak)
        return found


def wanted_peak(metric: Metric, usage: Usage) -> Peak | None:
    """Which peak is asked for of a metric: only what is compared with seats has one."""
    if metric != usage.seats:
        return None
    return "newest" if metric.name == ROLLING else "highest"


def _metric_columns(
    connection: Connection,
    table: str,
    metric: Metric,
    places: Mapping[int, int],
    peak: Peak | None,
) -> UsageColumns:
    """Sums of weeks for accounts with data on every day; all the days of the others."""
    parts = []
    left = dict(places)
    if _prints_exactly():
        quick, found = _whole(connection, table, metric, places, peak)
        parts.append((np.array([left.pop(key) for key in quick], np.int64), found))
    if left:
        last_week, _ = week_and_weekday(metric.last_day)
        days = every_day(connection, table, metric, list(left), (last_week - HALF_YEAR, last_week))
        rows = np.fromiter(left.values(), np.int64, len(left))
        found = usage_of_days(metric.name, days, metric.last_day, peak=peak)
        parts.append((rows, found))
    return scattered(metric.name, len(places), parts)


@cache
def _prints_exactly() -> bool:
    """Whether SQLite writes all digits of a number into JSON; older ones write fifteen."""
    connection = sqlite3.connect(":memory:")
    try:
        (text,) = connection.execute("SELECT json_array(0.1 + 0.2, 1 / 3.0)").fetchone()
        return bool(json.loads(text) == [0.1 + 0.2, 1 / 3])
    finally:
        connection.close()


def _whole(
    connection: Connection,
    table: str,
    metric: Metric,
    places: Mapping[int, int],
    peak: Peak | None,
) -> tuple[list[int], UsageColumns]:
    """Keys and usage of the accounts with data on every day that were used in the last week."""
    last_week, weekday = week_and_weekday(metric.last_day)
    span = next(iter(places)), next(reversed(places))
    sums = plain_rows(
        connection,
        _SUMS[table][weekday],
        (metric.metric_id, last_week - HALF_YEAR, last_week, *span),
    ).fetchall()
    from_week = last_week - (PEAK_DAYS // 7 if peak else 0)
    newest = dict(
        plain_rows(connection, _NEWEST[table], (metric.metric_id, from_week, last_week, *span))
    )
    heads = _weeks.decode(f"[{','.join([row[1] for row in sums])}]")
    tails = _weeks.decode(f"[{','.join([row[2] for row in sums])}]")
    at = [
        place for place, row in enumerate(sums) if len(heads[place]) == WEEKS and row[0] in places
    ]
    keys = [sums[place][0] for place in at]
    count = last_week - from_week + 1
    found, used = usage_of_weeks(
        metric.name,
        (
            _table([heads[place] for place in at], WEEKS),
            _table([tails[place] for place in at], WEEKS),
        ),
        _days_of([newest[key] for key in keys], count),
        metric.last_day,
        peak=peak,
    )
    return [key for key, one in zip(keys, used.tolist(), strict=True) if one], found


def _table(rows: Sequence[_Numbers], width: int) -> Floats:
    return np.array(rows, np.float64).reshape(len(rows), width)


def _days_of(texts: Sequence[str], weeks: int) -> Floats:
    days = _days.decode(f"[{','.join(texts)}]")
    return np.array(days, np.float64).reshape(len(texts), 7 * weeks)


def every_day(
    connection: Connection,
    table: str,
    metric: Metric,
    keys: Sequence[int],
    weeks: tuple[int, int],
) -> Floats:
    """Accounts x days from the first to the last week; not a number where there is no data."""
    first, last = weeks
    days = np.full((len(keys), last - first + 1, 7), np.nan)
    given = (metric.metric_id, first, last, json.dumps(list(keys)))
    rows = plain_rows(connection, _DAYS[table], given).fetchall()
    if rows:
        found = np.array(rows, np.float64)
        places: Ints = np.searchsorted(np.array(keys), found[:, 0].astype(np.int64))
        days[places, found[:, 1].astype(np.int64) - first] = found[:, 2:]
    return days.reshape(len(keys), 7 * (last - first + 1))


def _from(table: str) -> str:
    return f"""FROM account a CROSS JOIN {table} u ON u.account_key = a.account_key
        AND u.metric_id = ? AND u.week BETWEEN ? AND ?"""


def _sums_sql(table: str, weekday: int) -> str:
    """Of each account the sums of the days up to a weekday, and of the rest, week by week."""
    columns = [f"u.d{day}" for day in range(7)]
    head, tail = " + ".join(columns[: weekday + 1]), " + ".join(columns[weekday + 1 :]) or "0.0"
    return f"""SELECT a.account_key, json_group_array({head}), json_group_array({tail})
        {_from(table)} WHERE a.account_key BETWEEN ? AND ? GROUP BY a.account_key"""


def _newest_sql(table: str) -> str:
    return f"""SELECT a.account_key, json_group_array(json_array({_EVERY}))
        {_from(table)} WHERE a.account_key BETWEEN ? AND ? GROUP BY a.account_key"""


def _days_sql(table: str) -> str:
    return f"""SELECT u.account_key, u.week, {_EVERY} {_from(table)}
        WHERE a.account_key IN (SELECT value FROM json_each(?))"""


_EVERY = ", ".join(f"u.d{day}" for day in range(7))
_SUMS = {table: tuple(_sums_sql(table, weekday) for weekday in range(7)) for table in TABLES}
_NEWEST = {table: _newest_sql(table) for table in TABLES}
_DAYS = {table: _days_sql(table) for table in TABLES}
