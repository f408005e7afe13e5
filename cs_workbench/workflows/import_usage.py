"""Bring one file of usage into the portfolio, whatever its size and order."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from cs_workbench.importers.detection import Source
from cs_workbench.importers.parts import SMALL, parts
from cs_workbench.importers.tables import RejectRow, TableRows, keeps_together
from cs_workbench.importers.usage import Owner, UsageBatch, UsageReader, UsageTally
from cs_workbench.store.database import Database
from cs_workbench.store.import_usage import (
    AccountUsage,
    UsageTarget,
    add_metrics,
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
)

OWNERS_HELD = 200_000
MANY_LOOKUPS = 100  # from here on it is quicker to know all accounts
EVERYTHING = 1 << 62


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
        through = self.source.file.rules["account_id"].lookup
        reader = UsageReader(self.source, Owners(self.db, through), seen.meet)
        frontier = read_frontier(self.db.connection, self.run)
        target = UsageTarget(self.run, {}, frontier)
        last_day: dict[int, int] = {}
        for batch in self._batches(reader, rows, reject):
            target = self._with_metrics(target, reader)
            for accounts in _ranges(batch, self.pen):
                weeks = sum(len(w) for _, usage in accounts for w in usage.values())
                with self.pen.chunk(weeks) as connection:
                    merged = merge_usage(connection, target, accounts, batch.rows)
                self.counts.new += merged.new
                self.counts.changed += merged.changed
                self.counts.same += merged.same
                for metric, day in merged.last_day.items():
                    last_day[metric] = max(day, last_day.get(metric, day))
        with self.pen.chunk() as connection:
            advance_frontier(connection, target, last_day)
        self.counts.same += reader.tally.same
        return _sayings(self.source.table.path.name, reader.tally)

    def _batches(
        self, reader: UsageReader, rows: TableRows, reject: RejectRow
    ) -> Iterator[UsageBatch]:
        """The rows as weeks; a large file that does not keep accounts together goes by parts."""
        table = self.source.table
        if table.size <= SMALL:
            yield from reader.batches(rows, held=EVERYTHING)
            return
        column = reader.account_column
        through = self.source.file.rules["account_id"].lookup
        if through is None and keeps_together(table, column):
            yield from reader.batches(rows)
            return

        def group(text: str) -> int:
            owner = reader.owner(text)
            return owner.account_key if owner else 0

        for part in parts(rows, column, group, reject):
            yield from reader.batches(part, held=EVERYTHING)

    def _with_metrics(self, target: UsageTarget, reader: UsageReader) -> UsageTarget:
        if all(name in target.metric_ids for name in reader.metrics):
            return target
        with self.pen.chunk() as connection:
            ids = add_metrics(connection, reader.metrics.values(), self.run.source)
        return UsageTarget(target.run, ids, target.frontier)


class Owners:
    """Whom a text in a file of usage means, remembered as far as memory allows."""

    def __init__(self, db: Database, through: str | None) -> None:
        self._db = db
        self._through = through
        self._known: dict[str, Owner | None] = {}
        self._lookups = 0

    def __call__(self, text: str) -> Owner | None:
        """The account, and the subscription's days if the text is one's id; None if unknown."""
        if text not in self._known:
            if len(self._known) >= OWNERS_HELD:
                self._known.clear()
            self._known[text] = self._find(text)
        return self._known[text]

    def _find(self, text: str) -> Owner | None:
        if self._through is None:
            self._lookups += 1
            if self._lookups == MANY_LOOKUPS:
                keys = all_account_keys(self._db.connection, OWNERS_HELD)
                self._known.update((name, Owner(key)) for name, key in keys.items())
            key = account_keys(self._db.connection, [text]).get(text)
            return None if key is None else Owner(key)
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


def _ranges(batch: UsageBatch, pen: Pen) -> Iterator[list[tuple[int, AccountUsage]]]:
    """The accounts in ranges of about as many weeks as the pen takes."""
    accounts = iter(sorted(batch.weeks.items()))
    while chunk := list(_as_many(accounts, pen.size)):
        yield chunk


def _as_many(
    accounts: Iterator[tuple[int, AccountUsage]], size: int
) -> Iterator[tuple[int, AccountUsage]]:
    taken = 0
    for account in accounts:
        yield account
        taken += sum(map(len, account[1].values()))
        if taken >= size:
            return


def _sayings(name: str, tally: UsageTally) -> list[str]:
    said = []
    if tally.repeats:
        examples = ", ".join(tally.repeated)
        said.append(
            f"{name}: {tally.repeats:,} rows repeat the id of a different event "
            f"({examples}); all of them are counted."
        )
    if tally.before:
        said.append(f"{name}: {tally.before:,} rows are from before their subscription started.")
    if tally.after:
        said.append(f"{name}: {tally.after:,} rows are from after their subscription ended.")
    return said
