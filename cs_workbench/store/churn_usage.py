"""Usage of all accounts by week, as compact columns, with what later changes added."""

import datetime as dt
from array import array
from typing import NamedTuple

from cs_workbench.core.weeks import FIRST_MONDAY
from cs_workbench.store.churn_facts import columns_of
from cs_workbench.store.known import plain_rows
from cs_workbench.store.sqlite import Connection
from cs_workbench.store.usage_facts import SEAT_METRICS, unrecorded_last_day

_DAYS = [f"d{day}" for day in range(7)]
_WEEKS = f"""SELECT account_key, week, {" + ".join(f"coalesce({day}, 0)" for day in _DAYS)},
        {" + ".join(f"({day} IS NOT NULL)" for day in _DAYS)},
        {" + ".join(f"coalesce({day} > 0, 0)" for day in _DAYS)}
    FROM usage_week WHERE metric_id = ? AND week BETWEEN ? AND ?"""
_CORRECTIONS = """SELECT CAST(julianday(recorded_at) - 1721424.5 AS INTEGER), account_key,
        CAST(julianday(day) - 1721424.5 AS INTEGER), coalesce(new, 0) - coalesce(old, 0),
        (new IS NOT NULL) - (old IS NOT NULL), coalesce(new > 0, 0) - coalesce(old > 0, 0)
    FROM usage_correction WHERE metric_id = ?"""
_DAYS_OF_ONE = f"""SELECT week, {", ".join(_DAYS)} FROM usage_week
    WHERE account_key = ? AND metric_id = ?"""
_LATER_OF_ONE = """SELECT CAST(julianday(day) - 1721424.5 AS INTEGER), old IS NOT NULL
    FROM usage_correction WHERE account_key = ? AND metric_id = ?
        AND CAST(julianday(recorded_at) - 1721424.5 AS INTEGER) > ?
    ORDER BY recorded_at DESC, rowid DESC"""


class MetricFacts(NamedTuple):
    """A usage metric: its name, how much there is of it, and how far it was known when.

    `reach`: pairs of the day from which (0: as days passed) and the last day known.
    """

    metric_id: int
    name: str
    label: str
    higher_is_better: bool
    weeks: int
    reach: tuple[tuple[int, int], ...]


def read_metrics(connection: Connection) -> list[MetricFacts]:
    """All metrics with any data, those with the most of it first."""
    counts = dict(
        plain_rows(connection, "SELECT metric_id, count(*) FROM usage_week GROUP BY metric_id", ())
    )
    metrics = []
    for metric_id, name, label, better in plain_rows(
        connection, "SELECT metric_id, name, label, higher_is_better FROM usage_metric", ()
    ).fetchall():
        reach = _reach(connection, metric_id)
        if reach and metric_id in counts:
            weeks = counts[metric_id]
            metrics.append(MetricFacts(metric_id, name, label, bool(better), weeks, reach))
    return sorted(metrics, key=lambda one: (-one.weeks, one.metric_id))


def seat_metric(metrics: list[MetricFacts]) -> str | None:
    """The metric that is compared with seats."""
    names = {one.name for one in metrics if one.higher_is_better}
    return next((name for name in SEAT_METRICS if name in names), None)


def _reach(connection: Connection, metric_id: int) -> tuple[tuple[int, int], ...]:
    found = plain_rows(
        connection,
        """SELECT CASE WHEN i.known_policy = 'recorded'
                THEN CAST(julianday(i.recorded_at) - 1721424.5 AS INTEGER) ELSE 0 END,
            CAST(julianday(f.last_day) - 1721424.5 AS INTEGER)
        FROM usage_frontier f JOIN import_run i USING (import_id) WHERE f.metric_id = ?""",
        (metric_id,),
    ).fetchall()
    if found:
        return tuple(sorted(found))
    last = unrecorded_last_day(connection, metric_id)
    if last is None:
        return ()
    return ((0, dt.date.fromisoformat(last).toordinal()),)


def week_span(connection: Connection, metric_id: int) -> tuple[int, int]:
    """The first and the last week of a metric."""
    sql = "SELECT min(week), max(week) FROM usage_week WHERE metric_id = ?"
    first, last = next(plain_rows(connection, sql, (metric_id,)))
    return first, last


def read_weeks(
    connection: Connection, metric_id: int, weeks: tuple[int, int]
) -> dict[str, "array[float]"]:
    """Sum, known days and days with use of each account's weeks in a span, ends included."""
    names = ("account", "week", "total", "days", "active")
    return columns_of(plain_rows(connection, _WEEKS, (metric_id, *weeks)), names)


def read_corrections(connection: Connection, metric_id: int) -> dict[str, "array[float]"]:
    """What each later change of a day added; `day` is an ordinal."""
    names = ("recorded", "account", "day", "total", "days", "active")
    return columns_of(plain_rows(connection, _CORRECTIONS, (metric_id,)), names)


def recorded_days(
    connection: Connection, metric_id: int, account_key: int, known_on: int
) -> list[int]:
    """The days on which an account's metric has a value, as was known on a day; all ordinals."""
    found = set()
    for week, *values in plain_rows(connection, _DAYS_OF_ONE, (account_key, metric_id)):
        monday = FIRST_MONDAY + 7 * week
        found |= {monday + place for place, one in enumerate(values) if one is not None}
    later = plain_rows(connection, _LATER_OF_ONE, (account_key, metric_id, known_on))
    for day, was_there in later:  # the earliest of the later changes has the last word
        found = found | {day} if was_there else found - {day}
    return sorted(found)
