"""Usage of a file into week rows: what is new, what changed, and what came late."""

import datetime as dt
import itertools
import json
import operator
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from operator import itemgetter
from typing import Any

from cs_workbench.core.usage_metrics import UsageMetric
from cs_workbench.core.weeks import FIRST_MONDAY, MONDAY_AT, WeekKey, WeekRow
from cs_workbench.store.imports import ImportRun
from cs_workbench.store.sqlite import Connection

Columns = Sequence[tuple[Any, ...]]  # the same rows, column by column; none of no rows

_ANY = "SELECT 1 FROM usage_week WHERE account_key BETWEEN ? AND ? LIMIT 1"
_OLD = (
    "SELECT w.* FROM json_each(?) AS a CROSS JOIN json_each(?) AS m CROSS JOIN usage_week AS w "
    "WHERE w.account_key = a.value AND w.metric_id = m.value AND w.week BETWEEN ? AND ?"
)
_BROUGHT = (
    "SELECT f.metric_id FROM usage_frontier f JOIN import_run r USING (import_id) "
    "WHERE r.source = ?"
)
_IS_VALUE = partial(operator.is_not, None)
_DAYS = ("d0", "d1", "d2", "d3", "d4", "d5", "d6")
_KEY = ("account_key", "metric_id", "week")
_AT_ONCE = 200  # rows of one statement: a fifth of the time of one row each


@dataclass(slots=True)
class UsageMerged:
    """What became of the days (of files of events: of the rows behind them)."""

    new: int = 0
    changed: int = 0
    same: int = 0
    last_day: dict[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class UsageTarget:
    """What a file's usage is merged against.

    Attributes:
        run: the import.
        frontier: by metric id, the last day (ordinal) known before this import.
    """

    run: ImportRun
    frontier: Mapping[int, int]


def add_metric(connection: Connection, metric: UsageMetric, source: str | None = None) -> int:
    """Make a metric known; of one that is there already only what is declared of it changes.

    Args:
        connection: inside a chunk of a pen.
        metric: as the file's mapping has it.
        source: where it comes from if the mapping does not say.

    Returns:
        Its id.
    """
    row = connection.execute(
        "INSERT INTO usage_metric (name, label, unit, rollup, higher_is_better, source, "
        "fresh_days, low, high, kind, per_seat, quota) VALUES (:name, :label, :unit, :rollup, "
        ":better, :source, :fresh, :low, :high, :kind, :per_seat, :quota) "
        "ON CONFLICT (name) DO UPDATE SET source = coalesce(source, excluded.source), "
        "other_unit = CASE WHEN :declared THEN nullif(excluded.unit, unit) ELSE other_unit END, "
        "fresh_days = coalesce(excluded.fresh_days, fresh_days), "
        "low = coalesce(excluded.low, low), high = coalesce(excluded.high, high), "
        "quota = coalesce(excluded.quota, quota) "
        "RETURNING metric_id",
        {
            "name": metric.name,
            "label": metric.label,
            "unit": metric.unit,
            "rollup": metric.rollup,
            "better": int(metric.higher_is_better),
            "source": metric.source or source,
            "fresh": metric.fresh_days,
            "low": metric.low,
            "high": metric.high,
            "kind": metric.kind,
            "per_seat": int(metric.is_per_seat),
            "quota": metric.quota,
            "declared": metric.declares_unit,
        },
    ).fetchone()
    return int(row[0])


def read_frontier(connection: Connection, run: ImportRun) -> dict[int, int]:
    """By metric, the last day known before this import."""
    rows = connection.execute(
        "SELECT metric_id, max(last_day) FROM usage_frontier WHERE import_id <> ? GROUP BY 1",
        (run.import_id,),
    )
    return {row[0]: dt.date.fromisoformat(row[1]).toordinal() for row in rows}


def advance_frontier(
    connection: Connection, target: UsageTarget, last_day: Mapping[int, int]
) -> None:
    """Note how far each metric's days are known after this import: where it is further.

    A source's first days of a metric are noted in any case, to know who brings it.
    """
    brought = {row[0] for row in connection.execute(_BROUGHT, (target.run.source,))}
    connection.executemany(
        "INSERT OR REPLACE INTO usage_frontier (metric_id, import_id, last_day) VALUES (?, ?, ?)",
        [
            (metric, target.run.import_id, dt.date.fromordinal(day).isoformat())
            for metric, day in last_day.items()
            if day > target.frontier.get(metric, 0) or metric not in brought
        ],
    )


def merge_usage(
    connection: Connection,
    target: UsageTarget,
    weeks: Sequence[WeekRow],
    rows: Mapping[int, Mapping[int, int]],
) -> UsageMerged:
    """Bring the usage of some accounts into the week rows.

    Args:
        connection: inside a chunk of a pen.
        target: the import, and what was known before it.
        weeks: of whole accounts, in the order of their keys; none without any day.
        rows: of files of events, how many rows made each account's day; counted in place of days.
    """
    columns = list(zip(*weeks, strict=True))
    merge = _Merge(target)
    if not rows and _is_stored(connection, columns):
        return UsageMerged(same=_days(columns), last_day=_last_days(columns))
    stored = _stored(connection, columns)
    if not stored and not rows and (target.run.assumed or not target.frontier):
        merge.done.new = _days(columns)
        _put(connection, columns)
    else:
        merge.accounts(weeks, {(row[0], row[1], row[2]): row for row in stored}, rows)
        _put(connection, list(zip(*merge.put, strict=True)))
    merge.done.last_day = _last_days(columns)
    connection.executemany(
        "INSERT INTO usage_correction (recorded_at, account_key, metric_id, day, old, new, "
        "import_id) VALUES (?, ?, ?, ?, ?, ?, ?)",
        merge.corrections,
    )
    return merge.done


def _has_weeks(connection: Connection, columns: Columns) -> bool:
    """Whether the accounts from the first to the last have any usage."""
    within = (columns[0][0], columns[0][-1]) if columns else (0, 0)
    return connection.execute(_ANY, within).fetchone() is not None


def _is_stored(connection: Connection, columns: Columns) -> bool:
    """Whether every day that has a value is there with just that; asked of the weeks in turn."""
    if not _has_weeks(connection, columns):
        return False
    for names, block in _blocks(columns):
        same = " AND ".join(f"v.column{at} IS w.{name}" for at, name in enumerate(names, 1))
        (found,) = connection.execute(
            f"SELECT count(*) FROM (VALUES {_places(names, len(block))}) AS v "
            f"CROSS JOIN usage_week AS w WHERE {same}",
            list(itertools.chain.from_iterable(block)),
        ).fetchone()
        if found < len(block):
            return False
    return True


def _stored(connection: Connection, columns: Columns) -> list[tuple[Any, ...]]:
    """What is there of the same accounts, metrics and weeks."""
    if not _has_weeks(connection, columns):
        return []
    cursor = connection.cursor()
    cursor.row_factory = None
    accounts, metrics, numbers = map(set, columns[:MONDAY_AT])
    given = (json.dumps(sorted(accounts)), json.dumps(sorted(metrics)), min(numbers), max(numbers))
    return cursor.execute(_OLD, given).fetchall()


def _put(connection: Connection, columns: Columns) -> None:
    """Write weeks."""
    for names, block in _blocks(columns):
        connection.execute(
            f"INSERT OR REPLACE INTO usage_week ({', '.join(names)}) "
            f"VALUES {_places(names, len(block))}",
            list(itertools.chain.from_iterable(block)),
        )


def _blocks(columns: Columns) -> Iterator[tuple[Sequence[str], list[tuple[Any, ...]]]]:
    """The rows as many as one statement takes, without the days on which none has a value."""
    if not columns:
        return
    used = [at for at in range(MONDAY_AT, len(columns)) if _any_value(columns[at])]
    names = (*_KEY, *(_DAYS[at - MONDAY_AT] for at in used))
    rows = zip(*columns[:MONDAY_AT], *(columns[at] for at in used), strict=True)
    while block := list(itertools.islice(rows, _AT_ONCE)):
        yield names, block


def _places(names: Sequence[str], rows: int) -> str:
    """The marks for the values of so many rows."""
    return ", ".join([f"({', '.join('?' * len(names))})"] * rows)


def _any_value(column: Sequence[float | None]) -> bool:
    return column.count(None) < len(column)


def _days(columns: Columns) -> int:
    """How many days have a value."""
    return sum(len(column) - column.count(None) for column in columns[MONDAY_AT:])


def _last_days(columns: Columns) -> dict[int, int]:
    """By metric, the last day (ordinal) that has a value."""
    newest: dict[int, int] = {}
    for metric, week in set(zip(*columns[1:MONDAY_AT], strict=True)):
        newest[metric] = max(week, newest.get(metric, week))
    last: dict[int, int] = {}
    for at in reversed(range(MONDAY_AT, len(columns))):
        if len(last) == len(newest):
            break
        given = map(_IS_VALUE, columns[at])
        for metric, week in set(itertools.compress(zip(*columns[1:MONDAY_AT], strict=True), given)):
            if week == newest[metric]:
                last.setdefault(metric, week * 7 + FIRST_MONDAY + at - MONDAY_AT)
    return last


class _Merge:
    """Compares weeks, and collects what has to be written."""

    def __init__(self, target: UsageTarget) -> None:
        self.put: list[Sequence[float | None]] = []
        self.corrections: list[tuple[object, ...]] = []
        self.done = UsageMerged()
        self._target = target
        self._new_days: list[int] = []
        self._changed_days: list[int] = []
        self._same = 0

    def accounts(
        self,
        weeks: Sequence[WeekRow],
        stored: Mapping[WeekKey, tuple[float | None, ...]],
        rows: Mapping[int, Mapping[int, int]],
    ) -> None:
        """Week by week, counted account by account."""
        for account_key, group in itertools.groupby(weeks, itemgetter(0)):
            for row in group:
                self._week(row, stored.get((row[0], row[1], row[2])))
            self._settle(rows.get(account_key, {}) if rows else None)

    def _week(self, row: WeekRow, before: tuple[float | None, ...] | None) -> None:
        metric_id, week = row[1], row[2]
        late_until = 0 if self._target.run.assumed else self._target.frontier.get(metric_id, 0)
        if before is None:
            self.put.append(row)
            monday = week * 7 + FIRST_MONDAY
            if monday > late_until:
                days = enumerate(row[MONDAY_AT:], monday)
                self._new_days.extend([day for day, value in days if value is not None])
                return
            before = _NOTHING
        elif tuple(row) == before:
            self._same += 7 - row.count(None)
            return
        else:
            both = [old if new is None else new for old, new in zip(before, row, strict=True)]
            if tuple(both) != before:
                self.put.append(both)
        self._day_by_day(row, before, late_until)

    def _settle(self, rows: Mapping[int, int] | None) -> None:
        """Count an account: its days, or the rows of its days."""
        done = self.done
        if rows is None:
            done.new += len(self._new_days)
            done.changed += len(self._changed_days)
            done.same += self._same
        else:
            changed, new = set(self._changed_days), set(self._new_days)
            for day, count in rows.items():
                if day in changed:
                    done.changed += count
                elif day in new:
                    done.new += count
                else:
                    done.same += count
        self._new_days, self._changed_days, self._same = [], [], 0

    def _day_by_day(self, row: WeekRow, before: tuple[float | None, ...], late_until: int) -> None:
        account_key, metric_id, week = row[:MONDAY_AT]
        run = self._target.run
        for at in range(MONDAY_AT, len(row)):
            old, new = before[at], row[at]
            if new is None:
                continue
            day = week * 7 + FIRST_MONDAY + at - MONDAY_AT
            if new == old:
                self._same += 1
                continue
            (self._new_days if old is None else self._changed_days).append(day)
            if old is not None or day <= late_until:
                on = dt.date.fromordinal(day).isoformat()
                self.corrections.append(
                    (run.recorded_at, account_key, metric_id, on, old, new, run.import_id)
                )


_NOTHING: tuple[float | None, ...] = (None,) * 10
