"""The hot path: rows of usage into weeks of seven days, bounded in memory.

A native file is read cell by cell with everything repeated remembered (days, accounts, numbers).
A mapped one may make several metrics of a row, and sum the events of a day.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal, Protocol, TypeVar

from cs_workbench.core.usage_metrics import UsageMetric, usage_metric
from cs_workbench.core.weeks import week_and_weekday
from cs_workbench.importers.detection import Source
from cs_workbench.importers.mapping import MetricRule, Rule
from cs_workbench.importers.records import heading_index
from cs_workbench.importers.values import Reading, multiplied, read_day, read_number

Days = list[float | None]
Weeks = dict[int, Days]
WEEKS_HELD = 120_000  # weeks of one metric of one account in memory: about 50 MB
TEXTS_HELD = 50_000
METRICS_LIMIT = 1_000

Seen = Callable[[str, str], Literal["new", "same", "other", "again"]]


@dataclass(frozen=True, slots=True)
class Owner:
    """Whom a row of usage belongs to.

    Attributes:
        account_key: the account.
        first_day, last_day: of the subscription that was named (ordinals), if one was.
    """

    account_key: int
    first_day: int = 0
    last_day: int = 3_652_059


Owners = Callable[[str], Owner | None]


class UsageRows(Protocol):
    """Where rows come from: a file, or a part of one."""

    def __iter__(self) -> Iterator[list[str]]:
        """The rows."""
        ...

    def reject(self, column: str, reason: str) -> None:
        """Refuse the last row."""
        ...


@dataclass(slots=True)
class UsageBatch:
    """Usage of some accounts, ready to merge.

    Attributes:
        weeks: by account and metric, then by week.
        rows: of event files, how many rows made each account's day (by ordinal).
        held: how many weeks are in it.
    """

    weeks: dict[int, dict[str, Weeks]] = field(default_factory=dict)
    rows: dict[int, dict[int, int]] = field(default_factory=dict)
    held: int = 0


@dataclass(slots=True)
class UsageTally:
    """What was seen on the way that is worth saying."""

    same: int = 0
    before: int = 0
    after: int = 0
    repeated: dict[str, None] = field(default_factory=dict)
    repeats: int = 0


Found = TypeVar("Found")


class _Remembered(dict[str, Found]):
    """What each text means, worked out when it is first met; forgets when it grows too large."""

    def __init__(self, find: Callable[[str], Found]) -> None:
        super().__init__()
        self._find = find

    def __missing__(self, text: str) -> Found:
        found = self._find(text)
        if len(self) >= TEXTS_HELD:
            self.clear()
        self[text] = found
        return found


class UsageReader:
    """Reads one file of usage.

    Attributes:
        metrics: all that were met, by name.
        tally: what was counted besides.
    """

    def __init__(self, source: Source, owners: Owners, seen: Seen) -> None:
        self.metrics: dict[str, UsageMetric] = {}
        self.tally = UsageTally()
        self._file = source.file
        self._index = heading_index(source)
        self._owners = owners
        self._seen = seen
        self._reading = Reading(source.mapping.date_formats)
        self._prefix = source.mapping.id_prefix
        self._account = self._column("account_id")
        self._day = self._column("date")
        self._slots = _Remembered(self._slot)
        self._numbers = _Remembered(self._number)
        self._words = _Remembered(self._word)

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
        account_at, day_at, value_at = self._account, self._day, self._column("value")
        metric_at, slots, numbers = self._metric_column(), self._slots, self._numbers
        batch, same = UsageBatch(), 0
        account = metric = None
        metrics: dict[str, Weeks] | None = None
        weeks: Weeks = {}
        for row in rows:
            if row[account_at] != account:
                if batch.held >= held:
                    yield batch
                    batch = UsageBatch()
                account, metric = row[account_at], None
                metrics = self._begin(batch, account)
            try:
                if row[metric_at] != metric:
                    weeks = self._weeks_of(metrics, row)
                    metric = row[metric_at]
                week, weekday, _ = slots[row[day_at]]
                number = numbers[row[value_at]]
            except ValueError as problem:
                rows.reject(self._blame(row), str(problem))
                continue
            days = weeks.get(week)
            if days is None:
                weeks[week] = days = [None] * 7
                batch.held += 1
            old = days[weekday]
            if old is None:
                days[weekday] = number
            elif old == number:
                same += 1
            else:
                rows.reject(self._name("value"), f"this day has another value ({old:g}) above")
        self.tally.same += same
        yield batch

    def _begin(self, batch: UsageBatch, account: str) -> dict[str, Weeks] | None:
        owner = self.owner(account)
        return None if owner is None else batch.weeks.setdefault(owner.account_key, {})

    def _weeks_of(self, metrics: dict[str, Weeks] | None, row: list[str]) -> Weeks:
        if metrics is None:
            raise ValueError(_unknown(row[self._account]))
        return metrics.setdefault(self._words[row[self._metric_column()]], {})

    def _wide(self, rows: UsageRows, held: int) -> Iterator[UsageBatch]:
        """Several metrics of a row, or events to be summed for their day."""
        event_at = self._at(self._file.event_id)
        batch = UsageBatch()
        distinct: set[tuple[int, int, str, str]] = set()
        cells = self._cells()
        account = ""
        for row in rows:
            if row[self._account] != account and batch.held >= held:
                yield batch
                batch, distinct = UsageBatch(), set()
            account = row[self._account]
            owner = self.owner(account)
            if owner is None:
                rows.reject(self._name("account_id"), _unknown(account))
                continue
            try:
                slot = self._slots[row[self._day]]
                values = [(name, kind, read(row)) for name, kind, read in cells]
            except ValueError as problem:
                rows.reject(self._blame(row), str(problem))
                continue
            if event_at is not None and self._is_repeated(row, event_at):
                continue
            self._add(rows, batch, distinct, (owner, slot, values))
        yield batch

    def _add(
        self,
        rows: UsageRows,
        batch: UsageBatch,
        distinct: set[tuple[int, int, str, str]],
        found: "tuple[Owner, tuple[int, int, int], list[tuple[str, str, float | str | None]]]",
    ) -> None:
        owner, (week, weekday, ordinal), values = found
        metrics = batch.weeks.setdefault(owner.account_key, {})
        summed = self._file.event_id is not None
        if not summed and _differs(metrics, week, weekday, values):
            rows.reject(self._name("date"), "this day has other values above")
            return
        counts = batch.rows.setdefault(owner.account_key, {})
        if not summed and ordinal in counts:
            self.tally.same += 1
            return
        for name, kind, value in values:
            if value is None:
                continue
            amount: float = value if isinstance(value, float) else 1.0
            days = metrics.setdefault(name, {}).get(week)
            if days is None:
                metrics[name][week] = days = [None] * 7
                batch.held += 1
            if kind == "distinct":
                mark = (owner.account_key, ordinal, name, str(value))
                amount = 0.0 if mark in distinct else 1.0
                distinct.add(mark)
            days[weekday] = (days[weekday] or 0.0) + amount
        counts[ordinal] = counts.get(ordinal, 0) + 1
        self.tally.before += ordinal < owner.first_day
        self.tally.after += ordinal > owner.last_day

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

    def _cells(self) -> list[tuple[str, str, Callable[[list[str]], float | str | None]]]:
        """By metric: its name, how it is put together, and its value in a row."""
        for rule in self._file.metrics:
            self.metrics[rule.metric.name] = rule.metric
        return [(rule.metric.name, *self._cell(rule)) for rule in self._file.metrics]

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

    def _slot(self, text: str) -> tuple[int, int, int]:
        rule = self._file.rules["date"]
        reading = Reading(rule.date_formats) if rule.date_formats else self._reading
        if not text.strip():
            raise ValueError("the date is missing")
        day = read_day(text.strip(), reading)
        ordinal = day.toordinal() + rule.plus_days
        return (*week_and_weekday(day.fromordinal(ordinal)), ordinal)

    def _number(self, text: str) -> float:
        if not text.strip():
            raise ValueError("the value is missing; leave the row out where there is no data")
        rule = self._file.rules.get("value", Rule())
        return read_number(multiplied(text, rule.times) if rule.times is not None else text)

    def _word(self, text: str) -> str:
        """From the text in the metric's column to the metric's name."""
        rule = self._file.rules["metric"]
        text = (rule.constant or text).strip()
        if text and rule.values:
            text = rule.values.get(text.casefold(), rule.other or "")
        name = text or rule.default
        if not name:
            raise ValueError("the metric is missing, or the mapping has no word for it")
        if name not in self.metrics:
            if len(self.metrics) >= METRICS_LIMIT:
                raise ValueError(f"more than {METRICS_LIMIT:,} metrics: is this the column?")
            self.metrics[name] = usage_metric(name)
        return name

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
            tries += [(self._name("metric"), self._word), (self._name("value"), self._number)]
        tries += [(name, self._cell_number) for name in values]
        for column, read in tries:
            try:
                read(row[self._index[column.casefold()]])
            except ValueError:
                return column
        return ""


def _unknown(account: str | None) -> str:
    return f"{account!r} is not known; import its accounts (or subscriptions) first"


def _differs(
    metrics: dict[str, Weeks],
    week: int,
    weekday: int,
    values: Iterable[tuple[str, str, float | str | None]],
) -> bool:
    for name, kind, value in values:
        days = metrics.get(name, {}).get(week)
        if kind == "sum" and days and days[weekday] not in {None, value}:
            return True
    return False
