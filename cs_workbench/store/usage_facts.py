"""Usage as the measures read it: only the weeks needed, added up inside SQLite."""

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, groupby
from operator import add, itemgetter
from typing import Any

from cs_workbench.core.scorecards import Scorecard
from cs_workbench.core.usage import HALF_YEAR, UsageSeries
from cs_workbench.core.usage_measures import metrics_read
from cs_workbench.core.weeks import FIRST_MONDAY, monday, week_and_weekday
from cs_workbench.store.known import Known, plain_rows
from cs_workbench.store.sqlite import Connection

SEAT_METRICS = ("active_users_28d", "active_users")
ROLLING = "active_users_28d"
PEAK_DAYS = 28


@dataclass(frozen=True)
class Metric:
    """A usage metric on the day: the last day known of it is where its weeks end."""

    metric_id: int
    name: str
    last_day: dt.date
    higher_is_better: bool = True


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
    metrics = _metrics(connection, known)
    better = {name: one for name, one in metrics.items() if one.higher_is_better}
    main = next((better[name] for name in scorecard.metrics if name in better), None)
    if main is None and better:
        main = _most_data(connection, better)
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


def usage_of(
    connection: Connection, known: Known, usage: Usage, keys: tuple[int, int]
) -> dict[int, dict[str, UsageSeries]]:
    """The series of a range of accounts, by account and metric, as they were known."""
    table = _weeks_then(connection, known, usage, keys) if usage.corrections else "usage_week"
    found: dict[int, dict[str, UsageSeries]] = defaultdict(dict)
    for metric in usage.read:
        is_seats = metric == usage.seats
        for key, series in _series(connection, table, metric, keys, with_peak=is_seats):
            found[key][metric.name] = series
    return found


def _metrics(connection: Connection, known: Known) -> dict[str, Metric]:
    """Metrics with data by then; without a record of imports a day is known as it passes."""
    found = plain_rows(
        connection,
        """SELECT m.metric_id, m.name, max(f.last_day), m.higher_is_better
        FROM usage_metric m LEFT JOIN usage_frontier f ON f.metric_id = m.metric_id
            AND f.import_id NOT IN (SELECT value FROM json_each(?))
        GROUP BY m.metric_id""",
        (known.unknown,),
    )
    metrics = {}
    for metric_id, name, frontier, better in found:
        last = unrecorded_last_day(connection, metric_id) if frontier is None else frontier
        if last is not None:
            day = min(dt.date.fromisoformat(last), known.as_of)
            metrics[name] = Metric(metric_id, name, day, bool(better))
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


def _series(
    connection: Connection, table: str, metric: Metric, keys: tuple[int, int], *, with_peak: bool
) -> Iterator[tuple[int, UsageSeries]]:
    """Weeks of seven days that end on the metric's last day, put together from two rows each.

    Accounts with data on every day, used in the last week, need no more than one short row each.
    """
    last_week, weekday = week_and_weekday(metric.last_day)
    first_week = last_week - HALF_YEAR
    days_from = last_week - PEAK_DAYS // 7 if with_peak else last_week + 1
    weeks = (first_week, last_week)
    given = (*weeks, days_from, metric.metric_id, *weeks, *keys)
    used_on = [metric.last_day - dt.timedelta(days=back) for back in range(weekday, -1, -1)]
    others = []
    for key, heads, tails, newest, _, *days in plain_rows(
        connection, _WHOLE_WEEKS[table][weekday], given
    ):
        totals, last_used = _whole_weeks(heads, tails), _last_used(days, used_on)
        if totals is None or last_used is None:
            others.append(key)
            continue
        peak: tuple[Any, ...] = ()
        if with_peak:
            newest_first = [*chain(*_decode(newest)[0])][weekday + PEAK_DAYS : weekday : -1]
            peak = _whole_peak(metric, newest_first)
        yield key, UsageSeries(metric.name, totals, _WHOLE, metric.last_day, last_used, *peak)
    if others:
        peaks = _peaks(connection, table, metric, keys) if with_peak else {}
        for key, series in _series_with_gaps(connection, table, metric, others):
            highest, on = peaks.get(key, (None, None))
            yield key, replace(series, peak=highest, peak_on=on)


def _whole_weeks(heads: str, tails: str) -> tuple[float, ...] | None:
    """Each week from the end of one row and the beginning of the next; None where days miss."""
    if "null" in heads or "null" in tails:
        return None
    (ends, begins), _ = _decode(f"[{heads},{tails}]")
    is_whole = len(ends) == len(begins) == HALF_YEAR
    return tuple(map(add, ends, begins)) if is_whole else None


def _last_used(values: Sequence[float | None], days: Sequence[dt.date]) -> dt.date | None:
    """The last of the days with more than nothing."""
    for at in range(len(days) - 1, -1, -1):
        value = values[at]
        if value is not None and value > 0:
            return days[at]
    return None


def _series_with_gaps(
    connection: Connection, table: str, metric: Metric, keys: Sequence[int]
) -> Iterator[tuple[int, UsageSeries]]:
    """The same for accounts that miss days or weeks, or are not used in the last one."""
    last_week, weekday = week_and_weekday(metric.last_day)
    first_week = last_week - HALF_YEAR
    given = (*[last_week] * 3, metric.metric_id, first_week, last_week, json.dumps(keys))
    for key, weeks, heads, tails, newest, used, gaps in plain_rows(
        connection, _WEEKS[table][weekday], given
    ):
        if newest is None:
            continue
        parts = json.loads(f"[{weeks},{heads},{tails}]")
        totals, days = _with_gaps(parts, json.loads(f"[{gaps or ''}]"), first_week, weekday)
        last_used = None if used is None else _day(used)
        yield key, UsageSeries(metric.name, totals, days, _day(newest), last_used)


def _with_gaps(
    parts: tuple[Sequence[int], Sequence[float], Sequence[float]],
    gaps: list[list[float | None]],
    first_week: int,
    weekday: int,
) -> tuple[tuple[float, ...], tuple[int, ...]]:
    """The same where weeks, or days of a week, are missing."""
    totals, days = [0.0] * (HALF_YEAR + 2), [0] * (HALF_YEAR + 2)
    broken = {week: values for week, *values in gaps}
    for week, head, tail in zip(*parts, strict=True):
        values = broken.get(week)
        ends = (
            ((head, weekday + 1), (tail, 6 - weekday))
            if values is None
            else (present(values[: weekday + 1]), present(values[weekday + 1 :]))
        )
        for at, (total, counted) in enumerate(ends, week - first_week):
            totals[at] += total or 0.0  # the rest of the last week is not known and not counted
            days[at] += counted
    return tuple(totals[1:-1]), tuple(days[1:-1])


def present(values: list[float | None]) -> tuple[float, int]:
    """Sum and number of the days that have data."""
    total, counted = 0.0, 0
    for value in values:
        if value is not None:
            total += value  # one after the other, as SQLite does; sum() of Python 3.12 does not
            counted += 1
    return total, counted


def _peaks(
    connection: Connection, table: str, metric: Metric, keys: tuple[int, int]
) -> dict[int, tuple[float, dt.date]]:
    """The highest of the last 28 days, or the newest of a metric that counts 28 days itself."""
    last_week, weekday = week_and_weekday(metric.last_day)
    weeks = (last_week - PEAK_DAYS // 7, last_week)
    peaks = {}
    for key, days in days_between(connection, metric, weeks, keys, table=table):
        peak = peak_of(metric, days[weekday + PEAK_DAYS : weekday : -1])
        if peak is not None:
            peaks[key] = peak
    return peaks


def peak_of(metric: Metric, newest_first: list[float | None]) -> tuple[float, dt.date] | None:
    """The peak of the days that end on the metric's last day, and when it was."""
    known = [value for value in newest_first if value is not None]
    if not known:
        return None
    peak = known[0] if metric.name == ROLLING else max(known)
    return peak, metric.last_day - _DAYS_BACK[newest_first.index(peak)]


def _whole_peak(metric: Metric, newest_first: list[float]) -> tuple[float, dt.date]:
    """The same where no day is missing."""
    peak = newest_first[0] if metric.name == ROLLING else max(newest_first)
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


def _weeks_then(connection: Connection, known: Known, usage: Usage, keys: tuple[int, int]) -> str:
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


def _weeks_sql(table: str, weekday: int) -> str:
    """One statement for each weekday on which a week can end: an account in one row.

    Lists of weeks, of their parts up to that weekday and of the rest; the newest day with data,
    the newest above zero; and the days of the weeks in which some are missing.
    """
    every = [f"u.d{day}" for day in range(7)]
    head, tail = every[: weekday + 1], every[weekday + 1 :]
    return f"""SELECT a.account_key, json_group_array(u.week),
            json_group_array({_sum(head)}), json_group_array({_sum(tail)}),
            {_newest(head, every, "IS NOT NULL")}, {_newest(head, every, "> 0")}, group_concat(
                CASE WHEN CASE WHEN u.week = ? THEN {_sum(head)} ELSE {_sum(every)} END IS NULL
                THEN json_array(u.week, {", ".join(every)}) END)
        FROM account a CROSS JOIN {table} u ON u.account_key = a.account_key
            AND u.metric_id = ? AND u.week BETWEEN ? AND ?
        WHERE a.account_key IN (SELECT value FROM json_each(?)) GROUP BY a.account_key"""


def _whole_weeks_sql(table: str, weekday: int) -> str:
    """The parts of the weeks up to a weekday and from it on, and the days of the newest weeks.

    That the last columns are of the newest is SQLite's promise for columns beside a single max().
    """
    every = [f"u.d{day}" for day in range(7)]
    head, tail = every[: weekday + 1], every[weekday + 1 :]
    return f"""SELECT a.account_key, json_group_array({_sum(head)}) FILTER (WHERE u.week > ?),
            json_group_array({_sum(tail)}) FILTER (WHERE u.week < ?),
            json_group_array(json_array({", ".join(every)})) FILTER (WHERE u.week >= ?),
            max(u.week), {", ".join(every)}
        FROM account a CROSS JOIN {table} u ON u.account_key = a.account_key
            AND u.metric_id = ? AND u.week BETWEEN ? AND ?
        WHERE a.account_key BETWEEN ? AND ? GROUP BY a.account_key"""


def _sum(columns: list[str]) -> str:
    return " + ".join(columns) or "0.0"


def _newest(head: list[str], every: list[str], condition: str) -> str:
    """The newest day, counted from the first Monday; of the last week only its part."""
    parts = [
        " ".join(
            f"WHEN {column} {condition} THEN {day}"
            for day, column in reversed(list(enumerate(columns)))
        )
        for columns in (head, every)
    ]
    return (
        f"max(7 * u.week + CASE WHEN u.week = ? THEN CASE {parts[0]} END "
        f"ELSE CASE {parts[1]} END END)"
    )


def _day(number: int) -> dt.date:
    return dt.date.fromordinal(FIRST_MONDAY + number)


def _days_sql(table: str) -> str:
    return f"""SELECT u.account_key, u.week, u.d0, u.d1, u.d2, u.d3, u.d4, u.d5, u.d6
        FROM account a CROSS JOIN {table} u ON u.account_key = a.account_key
            AND u.metric_id = ? AND u.week BETWEEN ? AND ?
        WHERE a.account_key BETWEEN ? AND ? ORDER BY a.account_key, u.week"""


_decode = json.JSONDecoder().raw_decode
_WHOLE = (7,) * HALF_YEAR
_DAYS_BACK = tuple(dt.timedelta(days=back) for back in range(PEAK_DAYS))
_TABLES = ("usage_week", "temp.week_then")
_WEEKS = {table: tuple(_weeks_sql(table, weekday) for weekday in range(7)) for table in _TABLES}
_WHOLE_WEEKS = {
    table: tuple(_whole_weeks_sql(table, weekday) for weekday in range(7)) for table in _TABLES
}
_DAYS = {table: _days_sql(table) for table in _TABLES}
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
