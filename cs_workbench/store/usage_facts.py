"""Usage as the measures read it: only the weeks needed, added up inside SQLite."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

from cs_workbench.core.scorecards import Scorecard
from cs_workbench.core.usage import HALF_YEAR
from cs_workbench.core.usage_measures import metrics_read
from cs_workbench.core.usage_metrics import is_part
from cs_workbench.core.weeks import monday, week_and_weekday
from cs_workbench.store.known import Known, plain_rows
from cs_workbench.store.sqlite import Connection

SEAT_METRICS = ("active_users_28d", "active_users")
ROLLING = "active_users_28d"
PEAK_DAYS = 28


@dataclass(frozen=True)
class Metric:
    """A usage metric on the day: the last day known of it is where its weeks end.

    Attributes:
        is_use: it counts use, and not what is left of a balance or used of an allowance.
    """

    metric_id: int
    name: str
    last_day: dt.date
    higher_is_better: bool = True
    is_use: bool = True


@dataclass(frozen=True)
class Usage:
    """Which metrics are read, and what people call them.

    Attributes:
        main: what measures read unless they name another; `seats` what is compared with seats.
        read: all that are read.
        corrections: whether days were corrected, or came late, after the day.
    """

    main: Metric | None
    seats: Metric | None
    read: tuple[Metric, ...]
    labels: Mapping[str, str]
    corrections: bool


def pick_usage(connection: Connection, known: Known, scorecard: Scorecard) -> Usage:
    """Choose by the scorecard's order, else the metric with the most data; report by name."""
    metrics = known_metrics(connection, known)
    better = _of_use(metrics)
    main = main_metric(connection, metrics, scorecard.metrics)
    seats = next((better[name] for name in SEAT_METRICS if name in better), None)
    named = set().union(*(metrics_read(one.given) for one in scorecard.measures))
    wanted = {one.name for one in (main, seats) if one is not None} | named
    if "*" in named:
        wanted |= set(better)
    return Usage(
        main=main,
        seats=seats,
        read=tuple(metric for name, metric in sorted(metrics.items()) if name in wanted),
        labels=dict(plain_rows(connection, "SELECT name, label FROM usage_metric", ())),
        corrections=bool(next(plain_rows(connection, _ANY_CORRECTION, (known.until,)))[0]),
    )


def main_metric(
    connection: Connection, metrics: Mapping[str, Metric], usual: Iterable[str]
) -> Metric | None:
    """The first of the usual metrics that counts use, else of all the one with the most data."""
    better = _of_use(metrics)
    main = next((better[name] for name in usual if name in better), None)
    return _most_data(connection, better) if main is None and better else main


def _of_use(metrics: Mapping[str, Metric]) -> dict[str, Metric]:
    return {
        name: one
        for name, one in metrics.items()
        if one.higher_is_better and one.is_use and not is_part(name)
    }


def known_metrics(connection: Connection, known: Known) -> dict[str, Metric]:
    """Metrics with data by then; without a record of imports a day is known as it passes."""
    found = plain_rows(
        connection,
        """SELECT m.metric_id, m.name, max(f.last_day), m.higher_is_better, m.kind
        FROM usage_metric m LEFT JOIN usage_frontier f ON f.metric_id = m.metric_id
            AND f.import_id NOT IN (SELECT value FROM json_each(?))
        GROUP BY m.metric_id""",
        (known.unknown,),
    )
    metrics = {}
    for metric_id, name, frontier, better, kind in found:
        last = unrecorded_last_day(connection, metric_id) if frontier is None else frontier
        if last is not None:
            day = min(dt.date.fromisoformat(last), known.as_of)
            metrics[name] = Metric(metric_id, name, day, bool(better), kind == "usage")
    return metrics


def unrecorded_last_day(connection: Connection, metric_id: int) -> str | None:
    """The last day of usage that came without an import; None if it did not."""
    (imported,) = next(
        plain_rows(
            connection, "SELECT count(*) FROM usage_frontier WHERE metric_id = ?", (metric_id,)
        )
    )
    if imported:
        return None
    (week,) = next(
        plain_rows(connection, "SELECT max(week) FROM usage_week WHERE metric_id = ?", (metric_id,))
    )
    if week is None:
        return None
    row = next(
        plain_rows(
            connection,
            "SELECT max(d0), max(d1), max(d2), max(d3), max(d4), max(d5), max(d6) "
            "FROM usage_week WHERE metric_id = ? AND week = ?",
            (metric_id, week),
        )
    )
    last = max((day for day, value in enumerate(row) if value is not None), default=6)
    return (monday(week) + dt.timedelta(days=last)).isoformat()


def _most_data(connection: Connection, metrics: Mapping[str, Metric]) -> Metric:
    weeks = dict(
        plain_rows(connection, "SELECT metric_id, count(*) FROM usage_week GROUP BY metric_id", ())
    )
    return max(metrics.values(), key=lambda one: (weeks.get(one.metric_id, 0), -one.metric_id))


def present(values: list[float | None]) -> tuple[float, int]:
    """Sum and number of the days that have data."""
    total, counted = 0.0, 0
    for value in values:
        if value is not None:
            total += value  # one after the other, as SQLite does; sum() of Python 3.12 does not
            counted += 1
    return total, counted


def peak_of(metric: Metric, newest_first: list[float | None]) -> tuple[float, dt.date] | None:
    """The peak of the days that end on the metric's last day, and when it was."""
    known = [value for value in newest_first if value is not None]
    if not known:
        return None
    peak = known[0] if metric.name == ROLLING else max(known)
    return peak, metric.last_day - _DAYS_BACK[newest_first.index(peak)]


def days_between(
    connection: Connection,
    metric: Metric,
    weeks: tuple[int, int],
    keys: tuple[int, int],
    *,
    table: str = "usage_week",
) -> Iterator[tuple[int, list[float | None]]]:
    """By account, every day from the first to the last week; None where there is no data."""
    first, last = weeks
    rows = plain_rows(connection, _DAYS[table], (metric.metric_id, first, last, *keys))
    for key, found in groupby(rows, itemgetter(0)):
        days: list[float | None] = [None] * (7 * (last - first + 1))
        for row in found:
            at = 7 * (row[1] - first)
            days[at : at + 7] = row[2:]
        yield key, days


def weeks_then(connection: Connection, known: Known, usage: Usage, keys: tuple[int, int]) -> str:
    """Name the table to read: a copy with later corrections taken back, where there are any."""
    corrections = plain_rows(connection, _CORRECTIONS, (known.until, *keys)).fetchall()
    if not corrections:
        return "usage_week"
    connection.execute(_COPY)
    connection.execute("DELETE FROM temp.week_then")
    for metric in usage.read:
        last_week, _ = week_and_weekday(metric.last_day)
        connection.execute(
            "INSERT INTO temp.week_then SELECT * FROM usage_week "
            "WHERE account_key BETWEEN ? AND ? AND metric_id = ? AND week BETWEEN ? AND ?",
            (*keys, metric.metric_id, last_week - HALF_YEAR, last_week),
        )
    # Newest first: what stands in the end is the value before the first of the later corrections.
    for key, metric_id, day, old in corrections:
        week, weekday = week_and_weekday(dt.date.fromisoformat(day))
        connection.execute(_PATCHES[weekday], (key, metric_id, week, old))
    return "temp.week_then"


def _days_sql(table: str) -> str:
    return f"""SELECT u.account_key, u.week, u.d0, u.d1, u.d2, u.d3, u.d4, u.d5, u.d6
        FROM account a CROSS JOIN {table} u ON u.account_key = a.account_key
            AND u.metric_id = ? AND u.week BETWEEN ? AND ?
        WHERE a.account_key BETWEEN ? AND ? ORDER BY a.account_key, u.week"""


_DAYS_BACK = tuple(dt.timedelta(days=back) for back in range(PEAK_DAYS))
TABLES = ("usage_week", "temp.week_then")
_DAYS = {table: _days_sql(table) for table in TABLES}
_ANY_CORRECTION = "SELECT EXISTS (SELECT 1 FROM usage_correction WHERE recorded_at > ?)"
_CORRECTIONS = """SELECT account_key, metric_id, day, old FROM usage_correction
    WHERE recorded_at > ? AND account_key BETWEEN ? AND ? ORDER BY recorded_at DESC, rowid DESC"""
_COPY = """CREATE TEMP TABLE IF NOT EXISTS week_then (
    account_key INTEGER, metric_id INTEGER, week INTEGER,
    d0 REAL, d1 REAL, d2 REAL, d3 REAL, d4 REAL, d5 REAL, d6 REAL,
    PRIMARY KEY (account_key, metric_id, week)) WITHOUT ROWID"""
_PATCHES = tuple(
    f"INSERT INTO temp.week_then (account_key, metric_id, week, d{weekday}) VALUES (?, ?, ?, ?) "
    f"ON CONFLICT DO UPDATE SET d{weekday} = excluded.d{weekday}"
    for weekday in range(7)
)
