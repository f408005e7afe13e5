"""Bring one file of usage into the portfolio, whatever its size and order."""

import datetime as dt
import gc
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

from cs_workbench.core.plurals import counted
from cs_workbench.core.usage_metrics import UsageMetric
from cs_workbench.core.weeks import WeekRow
from cs_workbench.importers.mapping import NATIVE
from cs_workbench.importers.parts import SMALL, parts
from cs_workbench.importers.sources import Source
from cs_workbench.importers.tables import RejectRow, TableRows, texts_in_one_run
from cs_workbench.importers.usage import Owner, UsageBatch, UsageReader, UsageTally
from cs_workbench.store.account_matching import AccountMatcher
from cs_workbench.store.database import Database
from cs_workbench.store.import_usage import (
    UsageTarget,
    add_metric,
    advance_frontier,
    merge_usage,
    read_frontier,
)
from cs_workbench.store.imports import (
    Counts,
    ImportRun,
    Pen,
    SeenIds,
    account_keys,
    account_through,
    all_account_keys,
    have_other_names,
    merged_accounts,
)
from cs_workbench.store.metric_contracts import unit_findings
from cs_workbench.store.quiet_days import fill_quiet_days

OWNERS_HELD = 200_000
MANY_LOOKUPS = 100  # from here on it is quicker to know all accounts
EVERYTHING = 1 << 62
WEEK = 7  # days; a file of one account alone over more of them says nothing of the others
METRICS_LIMIT = 1_000


@dataclass(slots=True)
class UsageImport:
    """One file of usage on its way.

    Attributes:
        db, pen, run: where it goes, and as part of what.
        source: the file.
        counts: of its rows, counted up here.
    """

    db: Database
    pen: Pen
    run: ImportRun
    source: Source
    counts: Counts

    def read(self, rows: TableRows, seen: SeenIds, reject: RejectRow) -> list[str]:
        """Read and merge it; what is worth saying comes back as sentences."""
        with _uncollected():
            return self._read(rows, seen, reject)

    def _read(self, rows: TableRows, seen: SeenIds, reject: RejectRow) -> list[str]:
        through = self.source.file.rules["account_id"].lookup
        metrics = Metrics(self.pen, self.run.source)
        by_name = self.source.mapping.name != NATIVE
        owners = Owners(self.db, through, by_name=by_name)
        reader = UsageReader(self.source, owners, metrics, seen.meet)
        merging = UsageMerging(self.db, self.pen, self.run, self.counts)
        days: set[int] = set()
        accounts: set[int] = set()
        for batch in self._batches(reader, rows, reject):
            days.update(*batch.rows.values())
            accounts.update(batch.rows)
            for weeks in _ranges(batch, self.pen):
                merging.put(weeks, batch.rows)
        merging.settle()
        is_of_one = len(accounts) == 1 and max(days) - min(days) >= WEEK
        name, quiet = self.source.table.path.name, 0
        if self.source.file.quiet_days_are_zero and not is_of_one:
            quiet = merging.fill(self._over(days))
        self.counts.same += reader.tally.same
        units = [one.told() for one in unit_findings(self.db.connection)]
        return [*_sayings(name, reader.tally), *quiet_told(name, quiet), *units]

    def _over(self, days: set[int]) -> set[int]:
        """Those that were over when the import began."""
        today = dt.date.fromisoformat(self.run.recorded_at[:10]).toordinal()
        return {day for day in days if day < today}

    def _batches(
        self, reader: UsageReader, rows: TableRows, reject: RejectRow
    ) -> Iterator[UsageBatch]:
        """The rows as weeks; a large file that does not keep accounts together goes by parts."""
        if rows.table.size <= SMALL:
            yield from reader.batches(rows, held=EVERYTHING)
        elif self._keeps_together(reader):
            yield from reader.batches(rows)
        else:
            for part in parts(rows, reader.account_column, partial(_group, reader), reject):
                yield from reader.batches(part, held=EVERYTHING)

    def _keeps_together(self, reader: UsageReader) -> bool:
        """Whether each account stands in one run of rows, under one of its ids only."""
        if self.source.file.rules["account_id"].lookup is not None:
            return False
        texts = texts_in_one_run(self.source.table, reader.account_column)
        if texts is None or not have_other_names(self.db.connection):
            return texts is not None
        owners = [owner.account_key for text in texts if (owner := reader.owner(text))]
        return len(owners) == len(set(owners))


class UsageMerging:
    """Usage of one source on its way into the week rows, chunk by chunk, counted as it goes in."""

    def __init__(self, db: Database, pen: Pen, run: ImportRun, counts: Counts) -> None:
        """As part of an import; `counts` are counted up."""
        self._db, self._pen, self._counts = db, pen, counts
        self._target = UsageTarget(run, read_frontier(db.connection, run))
        self._last_day: dict[int, int] = {}

    def put(
        self, weeks: Sequence[WeekRow], rows: Mapping[int, Mapping[int, int]] | None = None
    ) -> None:
        """Merge a chunk; weeks and rows as `merge_usage` takes them."""
        with self._pen.chunk(len(weeks)) as connection:
            merged = merge_usage(connection, self._target, weeks, rows or {})
        self._counts.new += merged.new
        self._counts.changed += merged.changed
        self._counts.same += merged.same
        for metric, day in merged.last_day.items():
            self._last_day[metric] = max(day, self._last_day.get(metric, day))

    def settle(self) -> None:
        """Note how far each metric is known now."""
        with self._pen.chunk() as connection:
            advance_frontier(connection, self._target, self._last_day)

    def fill(self, days: set[int], metrics: Collection[int] | None = None) -> int:
        """The zeros of days that were counted, after `settle`; how many they are.

        Of these metrics, else of those that came.
        """
        metrics = tuple(self._last_day) if metrics is None else metrics
        return fill_quiet_days(self._pen, self._db.connection, self._target, metrics, days)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Weeks are many lists without cycles; looking for cycles would cost an eighth of the time."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _group(reader: UsageReader, text: str) -> int:
    owner = reader.owner(text)
    return owner.account_key if owner else 0


class Metrics:
    """The ids of the metrics of a file, each made known when it is first met."""

    def __init__(self, pen: Pen, source: str) -> None:
        self._pen = pen
        self._source = source
        self._ids: dict[str, int] = {}

    def __call__(self, metric: UsageMetric) -> int:
        """Its id; a file with too many of them is refused row by row."""
        known = self._ids.get(metric.name)
        if known is not None:
            return known
        if len(self._ids) >= METRICS_LIMIT:
            raise ValueError(f"more than {METRICS_LIMIT:,} metrics: is this the column?")
        with self._pen.chunk() as connection:
            self._ids[metric.name] = add_metric(connection, metric, self._source)
        return self._ids[metric.name]


class Owners:
    """Whom a text in a file of usage means, remembered as far as memory allows."""

    def __init__(self, db: Database, through: str | None, *, by_name: bool = False) -> None:
        """`through`: the kind whose ids are meant; `by_name`: a domain or a name may stand too."""
        self._db = db
        self._matcher = AccountMatcher("", of_accounts=False) if by_name else None
        self._through = through
        self._known: dict[str, Owner | None] = {}
        self._keys: dict[str, int] = {}  # of all accounts, once many were asked for
        self._lookups = 0
        self._merged = merged_accounts(db.connection)

    def __call__(self, text: str) -> Owner | None:
        """The account, and the subscription's days if the text is one's id; None if unknown."""
        key = self._keys.get(text)
        if key is not None:
            return self._own(text, key)
        if text not in self._known:
            if len(self._known) >= OWNERS_HELD:
                self._known.clear()
            self._known[text] = self._find(text)
        return self._known[text]

    def _find(self, text: str) -> Owner | None:
        if self._through is None:
            self._lookups += 1
            if self._lookups == MANY_LOOKUPS:
                self._keys = all_account_keys(self._db.connection, OWNERS_HELD)
            key = account_keys(self._db.connection, [text]).get(text)
            if key is None and self._matcher is not None:
                key = self._matcher.meant(self._db.connection, text)
            return None if key is None else self._own(text, key)
        found = account_through(self._db.connection, self._through, text)
        if found is None:
            return None
        key, first, last = found
        whole = Owner(key)
        return Owner(
            key,
            dt.date.fromisoformat(first).toordinal() if first else whole.first_day,
            dt.date.fromisoformat(last).toordinal() if last else whole.last_day,
        )

    def _own(self, text: str, key: int) -> Owner:
        return Owner(key, merged_key=self._merged.get(text, 0)) if self._merged else Owner(key)


def _ranges(batch: UsageBatch, pen: Pen) -> Iterator[list[WeekRow]]:
    """The weeks in order, in ranges of as many as the pen takes; accounts stay whole.

    Only an account of very many weeks is divided, and never one whose events are counted by day.
    """
    weeks = sorted(batch.weeks.values())
    begin = 0
    while begin < len(weeks):
        end = min(begin + pen.size, len(weeks))
        limit = len(weeks) if batch.rows else min(begin + 2 * pen.size, len(weeks))
        while end < limit and weeks[end][0] == weeks[end - 1][0]:
            end += 1
        yield weeks[begin:end]
        begin = end


def quiet_told(name: str, zeros: int) -> list[str]:
    """What to say of values that became zeros."""
    if not zeros:
        return []
    return [f"{name}: zeros of accounts without an event on a counted day: {zeros:,}."]


def _sayings(name: str, tally: UsageTally) -> list[str]:
    said = []
    if tally.repeats:
        examples = ", ".join(tally.repeated)
        said.append(
            f"{name}: {counted(tally.repeats, 'row')} with the id of a different event "
            f"({examples}); all of them are counted."
        )
    if tally.before:
        said.append(
            f"{name}: {counted(tally.before, 'row')} from before their subscription started."
        )
    if tally.after:
        said.append(f"{name}: {counted(tally.after, 'row')} from after their subscription ended.")
    return said
