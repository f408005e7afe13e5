"""Usage of a file into week rows: what is new, what changed, and what came late."""

import datetime as dt
import itertools
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

from cs_workbench.core.usage_metrics import UsageMetric
from cs_workbench.core.weeks import FIRST_MONDAY
from cs_workbench.store.imports import ImportRun
from cs_workbench.store.sqlite import Connection

WeekRow = list[Any]  # as the table has it: account key, metric id, week, seven days or None
WeekKey = tuple[int, int, int]
MONDAY_AT = 3  # where the days begin

_ANY = "SELECT 1 FROM usage_week WHERE account_key BETWEEN ? AND ? LIMIT 1"
_OLD = (
    "SELECT w.* FROM json_each(?) AS a CROSS JOIN json_each(?) AS m CROSS JOIN usage_week AS w "
    "WHERE w.account_key = a.value AND w.metric_id = m.value AND w.week BETWEEN ? AND ?"
)
_BROUGHT = (
    "SELECT f.metric_id FROM usage_frontier f JOIN import_run r USING (import_id) "
    "WHERE r.source = ?"
)
_PUT = "INSERT OR REPLACE INTO usage_week VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_PUT_ALL = (
    "INSERT OR REPLACE INTO usage_week SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, "
    "value ->> 4, value ->> 5, value ->> 6, value ->> 7, value ->> 8, value ->> 9 FROM json_each(?)"
)


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
    stored = _stored(connection, weeks)
    merge = _Merge(target)
    if stored and not rows and stored == list(map(tuple, weeks)):
        merge.done.same = _days(weeks)
    elif not stored and not rows and (target.run.assumed or not target.frontier):
        merge.done.new = _days(weeks)
        merge.put = weeks
    else:
        merge.accounts(weeks, {(row[0], row[1], row[2]): row for row in stored}, rows)
    merge.done.last_day = _last_days(weeks)
    _put(connection, merge.put)
    connection.executemany(
        "INSERT INTO usage_correction (recorded_at, account_key, metric_id, day, old, new, "
        "import_id) VALUES (?, ?, ?, ?, ?, ?, ?)",
        merge.corrections,
    )
    return merge.done


def _stored(connection: Connection, weeks: Sequence[WeekRow]) -> list[tuple[Any, ...]]:
    """What is there of the same accounts, metrics and weeks; in their order too."""
    if not weeks:
        return []
    cursor = connection.cursor()
    cursor.row_factory = None
    if cursor.execute(_ANY, (weeks[0][0], weeks[-1][0])).fetchone() is None:
        return []
    accounts, metrics, numbers = (set(map(itemgetter(at), weeks)) for at in range(MONDAY_AT))
    given = (json.dumps(sorted(accounts)), json.dumps(sorted(metrics)), min(numbers), max(numbers))
    return cursor.execute(_OLD, given).fetchall()


def _put(connection: Connection, weeks: Sequence[Sequence[float | None]]) -> None:
    """Whole numbers go over as one text, in half the time; of others SQLite may lose a digit."""
    text = json.dumps(weeks)
    if "." in text or "e" in text:
        connection.executemany(_PUT, weeks)
    elif weeks:
        connection.execute(_PUT_ALL, (text,))


def _days(weeks: Sequence[WeekRow]) -> int:
    return 7 * len(weeks) - sum([row.count(None) for row in weeks])


def _last_days(weeks: Sequence[WeekRow]) -> dict[int, int]:
    """By metric, the last day (ordinal) that has a value."""
    last: dict[int, tuple[int, int]] = {}
    for row in weeks:
        metric, week = row[1], row[2]
        newest = last.get(metric)
        if newest is not None and week < newest[0]:
            continue
        at = len(row) - 1
        while row[at] is None:
            at -= 1
        if newest is None or (week, at) > newest:
            last[metric] = (week, at)
    return {metric: week * 7 + FIRST_MONDAY + at - MONDAY_AT for metric, (week, at) in last.items()}


class _Merge:
    """Compares weeks, and collects what has to be written."""

    def __init__(self, target: UsageTarget) -> None:
        self.put: Sequence[Sequence[float | None]] = ()
        self.corrections: list[tuple[object, ...]] = []
        self.done = UsageMerged()
        self._target = target
        self._put: list[Sequence[float | None]] = []
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
        self.put = self._put
        for account_key, group in itertools.groupby(weeks, itemgetter(0)):
            for row in group:
                self._week(row, stored.get((row[0], row[1], row[2])))
            self._settle(rows.get(account_key, {}) if rows else None)

    def _week(self, row: WeekRow, before: tuple[float | None, ...] | None) -> None:
        metric_id, week = row[1], row[2]
        late_until = 0 if self._target.run.assumed else self._target.frontier.get(metric_id, 0)
        if before is None:
            self._put.append(row)
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
                self._put.append(both)
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
