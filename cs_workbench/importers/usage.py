"""The hot path: rows of usage into weeks of seven days, bounded in memory.

A native file is read cell by cell with everything repeated remembered (days, accounts, numbers).
A mapped one may make several metrics of a row, and sum the events of a day.
"""

import datetime as dt
import itertools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from operator import itemgetter
from typing import Any, Literal, NamedTuple, Protocol

from cs_workbench.core.usage_metrics import UsageMetric, usage_metric
from cs_workbench.core.weeks import MONDAY_AT, WeekKey, WeekRow, week_and_weekday
from cs_workbench.importers.mapping import MetricRule, Numbers, Rule
from cs_workbench.importers.merged_usage import MergedUsage
from cs_workbench.importers.records import heading_index
from cs_workbench.importers.remembered import Remembered
from cs_workbench.importers.sources import Source
from cs_workbench.importers.values import Reading, multiplied, plain_number, read_day, read_number

EXACT = 2**53  # whole numbers below it are exact as integers and as floats
WEEKS_HELD = 60_000  # in memory: about 25 MB
NO_EVENT_ID = "the event's id is missing: it could not be told from its repetition"

Slot = tuple[int, int, int]  # week, where in its row, ordinal
LongRow = tuple[list[str], int, int, Slot, float]
Cell = tuple[int, str, float | str | None]  # metric id, how it is put together, value
WideRow = tuple["Owner", Slot, list[Cell]]
Seen = Callable[[str, str], Literal["new", "same", "other", "again"]]


class Owner(NamedTuple):
    """Whom a row of usage belongs to.

    Attributes:
        account_key: the account.
        first_day, last_day: of the subscription that was named (ordinals), if one was.
        merged_key: of the account that was named, if it was merged into this one.
    """

    account_key: int
    first_day: int = 0
    last_day: int = 3_652_059
    merged_key: int = 0


Owners = Callable[[str], Owner | None]
Metrics = Callable[[UsageMetric], int]  # its id, whether it is new or not


class UsageRows(Protocol):
    """Where rows come from: a file, or a part of one."""

    def blocks(self) -> Iterator[list[list[str]]]:
        """The rows, many at once."""
        ...

    def reject_row(self, row: list[str], column: str, reason: str) -> None:
        """Refuse a row of the last block."""
        ...


@dataclass(slots=True)
class UsageBatch:
    """Usage of some accounts, ready to merge.

    Attributes:
        weeks: the rows by what identifies them.
        rows: of event files, how many rows made each account's day (by ordinal).
    """

    weeks: dict[WeekKey, WeekRow] = field(default_factory=dict)
    rows: dict[int, dict[int, int]] = field(default_factory=dict)

    def week(self, account_key: int, metric: int, week: int) -> WeekRow:
        """The row of that week, empty when it is new."""
        key = (account_key, metric, week)
        return self.weeks.get(key) or self.new_week(key)

    def new_week(self, key: WeekKey) -> WeekRow:
        """An empty row for a week that has none yet."""
        row = self.weeks[key] = [*key, None, None, None, None, None, None, None]
        return row


@dataclass(slots=True)
class UsageTally:
    """What was seen on the way that is worth saying."""

    same: int = 0
    before: int = 0
    after: int = 0
    repeated: dict[str, None] = field(default_factory=dict)
    repeats: int = 0


class UsageReader:
    """Reads one file of usage.

    Attributes:
        tally: what was counted besides the days.
    """

    def __init__(self, source: Source, owners: Owners, metrics: Metrics, seen: Seen) -> None:
        self.tally = UsageTally()
        self._file = source.file
        self._index = heading_index(source)
        self._owners = owners
        self._merged = MergedUsage(metrics)
        self._metrics = self._merged.metric
        self._seen = seen
        self._reading = Reading(source.mapping.date_formats)
        self._until = source.until
        self._prefix = source.mapping.id_prefix
        value = source.file.rules.get("value", Rule())
        self._numbers = Remembered(partial(_number, value.times, source.mapping.numbers))
        self._account = self._column("account_id")
        self._day = self._column("date")
        self._keys = Remembered(self._key)
        self._slots = Remembered(self._slot)
        self._words = Remembered(self._word)

    def owner(self, text: str) -> Owner | None:
        """Whom the text in the account's column means."""
        return self._owners(self._prefix + text.strip())

    @property
    def account_column(self) -> int:
        """The position of the column that names the account, or what leads to it."""
        return self._account

    def batches(self, rows: UsageRows, *, held: int = WEEKS_HELD) -> Iterator[UsageBatch]:
        """The rows as weeks, in batches that hold each account whole.

        Args:
            rows: of the file; either they keep accounts together,
            held: or all their weeks may be held at once. A batch ends soon after so many.
        """
        return self._wide(rows, held) if self._file.metrics else self._long(rows, held)

    def _long(self, rows: UsageRows, held: int) -> Iterator[UsageBatch]:
        """One metric's value a row."""
        batch, same = UsageBatch(), 0
        account = metric = week = 0
        days: WeekRow = []
        values = itertools.chain.from_iterable(self._values(rows))
        for row, owner, name, slot, number in values:
            if slot[0] != week or owner != account or name != metric:
                if owner != account and len(batch.weeks) >= held:
                    yield self._merged.whole(batch)
                    batch = UsageBatch()
                account, metric, week = key = (owner, name, slot[0])
                days = batch.weeks.get(key) or batch.new_week(key)
            at = slot[1]
            old = days[at]
            if old is None:
                days[at] = number
            elif old == number:
                same += 1
            else:
                reason = f"this day has another value ({old:g}) above"
                rows.reject_row(row, self._name("value"), reason)
        self.tally.same += same
        yield self._merged.whole(batch)

    def _values(self, rows: UsageRows) -> Iterator[Iterable[LongRow]]:
        """Block by block each good row, its account, metric, day and number."""
        readers: list[tuple[Callable[[str], Any], itemgetter[int]]] = [
            (self._keys.__getitem__, itemgetter(self._account)),
            (self._words.__getitem__, itemgetter(self._metric_column())),
            (self._slots.__getitem__, itemgetter(self._day)),
            (self._numbers.__getitem__, itemgetter(self._column("value"))),
        ]
        for block in rows.blocks():
            try:
                values = [list(map(read, map(cell, block))) for read, cell in readers]
            except ValueError:
                yield self._values_singly(rows, block)
            else:
                yield zip(block, *values, strict=True)

    def _values_singly(self, rows: UsageRows, block: list[list[str]]) -> Iterator[LongRow]:
        """The same for a block in which a row is wrong."""
        metric_at, value_at = self._metric_column(), self._column("value")
        for row in block:
            try:
                yield (
                    row,
                    self._keys[row[self._account]],
                    self._words[row[metric_at]],
                    self._slots[row[self._day]],
                    self._numbers[row[value_at]],
                )
            except ValueError as problem:
                rows.reject_row(row, self._blame(row), str(problem))

    def _wide(self, rows: UsageRows, held: int) -> Iterator[UsageBatch]:
        """Several metrics of a row, or events to be summed for their day."""
        event_at = self._at(self._file.event_id)
        batch = UsageBatch()
        distinct: set[tuple[int, int, int, str]] = set()
        cells = self._cells()
        account = ""
        for row in itertools.chain.from_iterable(rows.blocks()):
            if row[self._account] != account and len(batch.weeks) >= held:
                yield self._merged.whole(batch)
                batch, distinct = UsageBatch(), set()
            account = row[self._account]
            owner = self.owner(account)
            if owner is None:
                rows.reject_row(row, self._name("account_id"), _unknown(account))
                continue
            try:
                slot = self._slots[row[self._day]]
                values = [(metric, kind, read(row)) for metric, kind, read in cells]
            except ValueError as problem:
                rows.reject_row(row, self._blame(row), str(problem))
                continue
            if event_at is not None and not row[event_at].strip():
                rows.reject_row(row, self._file.event_id or "", NO_EVENT_ID)
                continue
            if event_at is not None and self._is_repeated(row, event_at):
                continue
            if not self._add(batch, distinct, (owner, slot, values)):
                rows.reject_row(row, self._name("date"), "this day has other values above")
        yield self._merged.whole(batch)

    def _add(
        self, batch: UsageBatch, distinct: set[tuple[int, int, int, str]], found: WideRow
    ) -> bool:
        """Put a row's values in; False where the day has others already."""
        owner, (week, at, ordinal), values = found
        summed = self._file.event_id is not None
        key = owner.account_key if summed else self._merged.key(owner)
        counts = batch.rows.setdefault(key, {})
        if not summed and ordinal in counts:
            differs = _differs(batch, (key, week, at), values)
            self.tally.same += not differs
            return not differs
        for metric, kind, value in values:
            if value is None:
                continue
            amount = 1.0 if isinstance(value, str) else value
            if kind == "distinct":
                mark = (key, ordinal, metric, str(value))
                amount = 0.0 if mark in distinct else 1.0
                distinct.add(mark)
            days = batch.week(key, metric, week)
            days[at] = (days[at] or 0.0) + amount
        counts[ordinal] = counts.get(ordinal, 0) + 1
        self.tally.before += ordinal < owner.first_day
        self.tally.after += ordinal > owner.last_day
        return True

    def _is_repeated(self, row: list[str], event_at: int) -> bool:
        """Whether the very same event was there before; the same id on others is only counted."""
        verdict = self._seen(row[event_at], "\x1f".join(row[: len(self._index)]))
        known = verdict in {"same", "again"}
        if known:
            self.tally.same += 1
        elif verdict == "other":
            self.tally.repeats += 1
            if len(self.tally.repeated) < 3:
                self.tally.repeated[row[event_at]] = None
        return known

    def _cells(self) -> list[tuple[int, str, Callable[[list[str]], float | str | None]]]:
        """By metric: its id, how it is put together, and its value in a row."""
        return [(self._metrics(rule.metric), *self._cell(rule)) for rule in self._file.metrics]

    def _cell(self, rule: MetricRule) -> tuple[str, Callable[[list[str]], float | str | None]]:
        if rule.count_distinct is not None:
            text_at = self._index[rule.count_distinct.casefold()]
            return "distinct", lambda row: row[text_at].strip() or None
        if rule.value is None:
            return "sum", lambda _row: 1.0
        number_at = self._index[rule.value.casefold()]
        return "sum", lambda row: self._cell_number(row[number_at])

    def _cell_number(self, text: str) -> float | None:
        if not text.strip():
            return None
        return self._numbers[text]

    def _key(self, text: str) -> int:
        owner = self.owner(text)
        if owner is None:
            raise ValueError(_unknown(text))
        return self._merged.key(owner)

    def _slot(self, text: str) -> Slot:
        rule = self._file.rules["date"]
        reading = Reading(rule.date_formats) if rule.date_formats else self._reading
        if not text.strip():
            raise ValueError("the date is missing")
        day = read_day(text.strip(), reading)
        day += dt.timedelta(days=rule.plus_days)
        if self._until is not None and day > self._until:
            raise ValueError(f"{day} is a day to come; usage is of days that were")
        week, weekday = week_and_weekday(day)
        return week, MONDAY_AT + weekday, day.toordinal()

    def _word(self, text: str) -> int:
        """From the text in the metric's column to the metric's id."""
        rule = self._file.rules["metric"]
        text = (rule.constant or text).strip()
        if text and rule.values:
            text = rule.values.get(text.casefold(), rule.other or "")
        name = text or rule.default
        if not name:
            raise ValueError("the metric is missing, or the mapping has no word for it")
        return self._metrics(usage_metric(name))

    def _metric_column(self) -> int:
        rule = self._file.rules["metric"]
        return self._index[rule.columns[0].casefold()] if rule.columns else self._account

    def _column(self, name: str) -> int:
        rule = self._file.rules.get(name)
        return self._index[rule.columns[0].casefold()] if rule else -1

    def _at(self, column: str | None) -> int | None:
        return None if column is None else self._index[column.casefold()]

    def _name(self, name: str) -> str:
        rule = self._file.rules.get(name)
        return rule.columns[0] if rule and rule.columns else name

    def _blame(self, row: list[str]) -> str:
        """The column in which the row's fault is."""
        if self.owner(row[self._account]) is None:
            return self._name("account_id")
        values = [rule.value for rule in self._file.metrics if rule.value]
        tries: list[tuple[str, Callable[[str], object]]] = [(self._name("date"), self._slot)]
        if not self._file.metrics:
            tries += [
                (self._name("metric"), self._word),
                (self._name("value"), self._numbers.__getitem__),
            ]
        tries += [(name, self._cell_number) for name in values]
        for column, read in tries:
            try:
                read(row[self._index[column.casefold()]])
            except ValueError:
                return column
        return ""


def _number(times: Decimal | None, written: Numbers, text: str) -> float:
    """The value of a cell; whole numbers as such."""
    if not text.strip():
        raise ValueError("the value is missing; leave the row out where there is no data")
    text = plain_number(text.strip(), written)
    number = read_number(multiplied(text, times) if times is not None else text)
    return int(number) if number.is_integer() and abs(number) < EXACT else number


def _unknown(account: str | None) -> str:
    return f"{account!r} is not known; import its accounts (or subscriptions) first"


def _differs(batch: UsageBatch, day: tuple[int, int, int], values: Iterable[Cell]) -> bool:
    account_key, week, at = day
    for metric, kind, value in values:
        days = batch.weeks.get((account_key, metric, week))
        if kind == "sum" and (days[at] if days else None) != value:
            return True
    return False
