"""Usage of a file into week rows: what is new, what changed, and what came late."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from cs_workbench.core.usage_metrics import UsageMetric
from cs_workbench.core.weeks import FIRST_MONDAY
from cs_workbench.store.imports import ImportRun
from cs_workbench.store.sqlite import Connection

Days = list[float | None]
AccountUsage = Mapping[str, Mapping[int, Days]]  # by metric, by week

_OLD = (
    "SELECT week, d0, d1, d2, d3, d4, d5, d6 FROM usage_week "
    "WHERE account_key = ? AND metric_id = ? AND week BETWEEN ? AND ?"
)
_PUT = "INSERT OR REPLACE INTO usage_week VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"


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
        metric_ids: by name.
        frontier: by metric id, the last day (ordinal) known before this import.
    """

    run: ImportRun
    metric_ids: Mapping[str, int]
    frontier: Mapping[int, int]


def add_metrics(
    connection: Connection, metrics: Iterable[UsageMetric], source: str | None = None
) -> dict[str, int]:
    """Make the metrics known; of those there already only what is declared of them changes.

    Args:
        connection: inside a chunk of a pen.
        metrics: as the file's mapping has them.
        source: where they come from if the mapping does not say.

    Returns:
        Ids by name.
    """
    connection.executemany(
        "INSERT INTO usage_metric (name, label, unit, rollup, higher_is_better, source, "
        "fresh_days, low, high) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (name) DO UPDATE SET source = coalesce(source, excluded.source), "
        "fresh_days = coalesce(excluded.fresh_days, fresh_days), "
        "low = coalesce(excluded.low, low), high = coalesce(excluded.high, high)",
        [
            (
                *(m.name, m.label, m.unit, m.rollup, int(m.higher_is_better)),
                *(m.source or source, m.fresh_days, m.low, m.high),
            )
            for m in metrics
        ],
    )
    return {
        row[0]: row[1] for row in connection.execute("SELECT name, metric_id FROM usage_metric")
    }


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
    """Note how far each metric's days are known after this import, where it is further."""
    connection.executemany(
        "INSERT OR REPLACE INTO usage_frontier (metric_id, import_id, last_day) VALUES (?, ?, ?)",
        [
            (metric, target.run.import_id, dt.date.fromordinal(day).isoformat())
            for metric, day in last_day.items()
            if day > target.frontier.get(metric, 0)
        ],
    )


def merge_usage(
    connection: Connection,
    target: UsageTarget,
    accounts: Iterable[tuple[int, AccountUsage]],
    rows: Mapping[int, Mapping[int, int]],
) -> UsageMerged:
    """Bring the usage of some accounts into the week rows.

    Args:
        connection: inside a chunk of a pen.
        target: the import, and what was known before it.
        accounts: by account key.
        rows: of files of events, how many rows made each account's day; counted in place of days.
    """
    cursor = connection.cursor()
    cursor.row_factory = None
    merge = _Merge(target, by_rows=bool(rows))
    for account_key, usage in accounts:
        for name, weeks in usage.items():
            if not weeks:
                continue
            metric_id = target.metric_ids[name]
            cursor.execute(_OLD, (account_key, metric_id, min(weeks), max(weeks)))
            merge.weeks(account_key, metric_id, weeks, {row[0]: row[1:] for row in cursor})
        merge.settle(rows.get(account_key))
    connection.executemany(_PUT, merge.put)
    connection.executemany(
        "INSERT INTO usage_correction (recorded_at, account_key, metric_id, day, old, new, "
        "import_id) VALUES (?, ?, ?, ?, ?, ?, ?)",
        merge.corrections,
    )
    return merge.done


class _Merge:
    """Compares weeks, and collects what has to be written."""

    def __init__(self, target: UsageTarget, *, by_rows: bool) -> None:
        self.put: list[tuple[int | float | None, ...]] = []
        self.corrections: list[tuple[object, ...]] = []
        self.done = UsageMerged()
        self._target = target
        self._by_rows = by_rows
        self._new_days: list[int] = []
        self._changed_days: list[int] = []
        self._same = 0

    def weeks(
        self,
        account_key: int,
        metric_id: int,
        weeks: Mapping[int, Days],
        stored: Mapping[int, tuple[float | None, ...]],
    ) -> None:
        """One metric of one account."""
        late_until = 0 if self._target.run.assumed else self._target.frontier.get(metric_id, 0)
        last = max(weeks)
        final = last * 7 + FIRST_MONDAY + max(i for i, v in enumerate(weeks[last]) if v is not None)
        self.done.last_day[metric_id] = max(final, self.done.last_day.get(metric_id, 0))
        for week, days in weeks.items():
            before = stored.get(week)
            if before is None:
                self.put.append((account_key, metric_id, week, *days))
                if week * 7 + FIRST_MONDAY > late_until:
                    self._all_new(week, days)
                    continue
                before = _NOTHING
            elif tuple(days) == before:
                self._same += 7 - days.count(None)
                continue
            else:
                both = [old if new is None else new for old, new in zip(before, days, strict=True)]
                if tuple(both) != before:
                    self.put.append((account_key, metric_id, week, *both))
            self._day_by_day((account_key, metric_id, week), before, days, late_until)

    def settle(self, rows: Mapping[int, int] | None) -> None:
        """Count an account: its days, or the rows of its days."""
        if not self._by_rows:
            self.done.new += len(self._new_days)
            self.done.changed += len(self._changed_days)
            self.done.same += self._same
        else:
            changed, new = set(self._changed_days), set(self._new_days)
            for day, count in (rows or {}).items():
                if day in changed:
                    self.done.changed += count
                elif day in new:
                    self.done.new += count
                else:
                    self.done.same += count
        self._new_days, self._changed_days, self._same = [], [], 0

    def _all_new(self, week: int, days: Days) -> None:
        if not self._by_rows:
            self.done.new += 7 - days.count(None)
            return
        monday = week * 7 + FIRST_MONDAY
        self._new_days.extend(monday + i for i, value in enumerate(days) if value is not None)

    def _day_by_day(
        self,
        key: tuple[int, int, int],
        before: tuple[float | None, ...],
        days: Days,
        late_until: int,
    ) -> None:
        account_key, metric_id, week = key
        run = self._target.run
        for weekday, (old, new) in enumerate(zip(before, days, strict=True)):
            if new is None:
                continue
            day = week * 7 + FIRST_MONDAY + weekday
            if new == old:
                self._same += 1
                continue
            (self._new_days if old is None else self._changed_days).append(day)
            if old is not None or day <= late_until:
                at = dt.date.fromordinal(day).isoformat()
                self.corrections.append(
                    (run.recorded_at, account_key, metric_id, at, old, new, run.import_id)
                )


_NOTHING: tuple[float | None, ...] = (None,) * 7
