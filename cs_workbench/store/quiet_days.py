"""Days on which a source of events counted others and not this account: its zeros."""

import json
from collections.abc import Collection, Iterator, Sequence
from itertools import groupby
from operator import itemgetter

from cs_workbench.core.weeks import FIRST_MONDAY, MONDAY_AT, WeekRow
from cs_workbench.store.import_usage import UsageTarget, merge_usage
from cs_workbench.store.imports import ImportRun, Pen
from cs_workbench.store.sqlite import Connection

_SHARED = (
    "SELECT DISTINCT f.metric_id FROM usage_frontier f JOIN import_run r USING (import_id) "
    "WHERE r.source <> ?"
)
_FIRST = """SELECT a.account_key, min((SELECT w.week FROM usage_week w
        WHERE w.account_key = a.account_key AND w.metric_id = m.value ORDER BY w.week LIMIT 1))
    FROM account a CROSS JOIN json_each(?) m WHERE a.account_key > ?
    GROUP BY a.account_key HAVING min(m.value) IS NOT NULL ORDER BY a.account_key LIMIT ?"""
_STORED = """SELECT w.* FROM account a CROSS JOIN json_each(?) m CROSS JOIN usage_week w
    WHERE a.account_key BETWEEN ? AND ? AND w.account_key = a.account_key
        AND w.metric_id = m.value AND w.week BETWEEN ? AND ?
    ORDER BY w.account_key, w.week"""

Weekdays = dict[int, tuple[int, ...]]  # by week, where in its row the days stand


def fill_quiet_days(
    pen: Pen, connection: Connection, target: UsageTarget, metrics: Collection[int], days: set[int]
) -> int:
    """Write the zeros of days that were counted and on which an account had no event.

    An account has them from its first event on. A metric that other sources bring too is left
    alone, since nobody can tell whose accounts are whose; so is a day without any event at all,
    which may be a broken feed, and a day on which the account has a value of any of the metrics.

    Args:
        pen: writes chunk by chunk.
        connection: of the portfolio, to read.
        target: the import, and what was known before it.
        metrics: ids of what the source counts, all of it for each event.
        days: on which any account had an event, as ordinals; only days that are over.

    Returns:
        How many values became zeros.
    """
    counted = _own(connection, target.run, metrics)
    if not counted or not days:
        return 0
    weeks = _weekdays(days)
    filled, after = 0, 0
    while True:
        size = max(1, pen.size // (len(weeks) * len(counted)))
        first = _first_weeks(connection, counted, after, size)
        if not first:
            return filled
        rows = list(_zeros(connection, counted, weeks, first))
        after = first[-1][0]
        if rows:
            with pen.chunk(len(rows)) as writing:
                filled += merge_usage(writing, target, rows, {}).new


def _own(connection: Connection, run: ImportRun, metrics: Collection[int]) -> list[int]:
    shared = {row[0] for row in connection.execute(_SHARED, (run.source,))}
    return sorted(set(metrics) - shared)


def _weekdays(days: set[int]) -> Weekdays:
    placed = sorted(divmod(day - FIRST_MONDAY, 7) for day in days)
    return {
        week: tuple(MONDAY_AT + at for _, at in found)
        for week, found in groupby(placed, itemgetter(0))
    }


def _first_weeks(
    connection: Connection, metrics: Sequence[int], after: int, size: int
) -> list[tuple[int, int | None]]:
    """The next accounts by key, and the first week in which each has a value of any metric."""
    found = connection.execute(_FIRST, (json.dumps(metrics), after, size))
    return [(row[0], row[1]) for row in found]


def _zeros(
    connection: Connection,
    metrics: Sequence[int],
    weeks: Weekdays,
    first: Sequence[tuple[int, int | None]],
) -> Iterator[WeekRow]:
    """The zeros of some accounts as rows of weeks, in the order of their keys."""
    cursor = connection.cursor()
    cursor.row_factory = None
    span = (first[0][0], first[-1][0], min(weeks), max(weeks))
    stored: dict[tuple[int, int], set[int]] = {}
    for key, _, week, *values in cursor.execute(_STORED, (json.dumps(metrics), *span)):
        known = stored.setdefault((key, week), set())
        known.update(at for at, value in enumerate(values, MONDAY_AT) if value is not None)
    for key, begin in first:
        if begin is None:
            continue
        quiet = [
            (week, _quiet(stored.get((key, week)), weeks[week], is_first=week == begin))
            for week in weeks
            if week >= begin
        ]
        for metric in metrics:
            for week, zeros in quiet:
                if zeros is not None:
                    yield [key, metric, week, *zeros]


_ALL = [0.0] * 7


def _quiet(
    known: set[int] | None, counted: Sequence[int], *, is_first: bool
) -> list[float | None] | None:
    """The zeros of one week; None where there are none.

    Args:
        known: where in its row the account has a value.
        counted: likewise, the days that were counted.
        is_first: the week in which the account's first event was: none before it.
    """
    known = known or set()
    begin = min(known, default=MONDAY_AT) if is_first else MONDAY_AT
    quiet = {at for at in counted if at not in known and at >= begin}
    if not quiet:
        return None
    return [0.0 if MONDAY_AT + day in quiet else None for day in range(7)]
