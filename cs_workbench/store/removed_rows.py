"""Rows that a full file of their source lacks: removed, and kept whole in the log."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cs_workbench.core.records import KINDS, Kind
from cs_workbench.store.changed_rows import read_row, remove_row
from cs_workbench.store.changes import Change
from cs_workbench.store.imports import ImportRun, Pen, SeenIds, record_import
from cs_workbench.store.sqlite import Connection, sqlite3

# Accounts stay (their history hangs on them), and forecasts are statements that were made.
REMOVABLE = frozenset(KINDS) - {"accounts", "opportunities", "usage"}
SHARE = 0.05  # of a source's rows that may go without being asked
PAGE = 500


@dataclass(frozen=True, slots=True)
class Missing:
    """The rows of a source that a file lacks.

    Attributes:
        ids: theirs.
        known: how many rows of the source there are.
    """

    ids: Sequence[str]
    known: int

    @property
    def are_many(self) -> bool:
        """Whether a person should be asked first."""
        return len(self.ids) > SHARE * self.known


def missing_rows(
    connection: Connection, run: ImportRun, kind: Kind, seen: Sequence[SeenIds]
) -> Missing:
    """The rows that the run's source brought before and that are not among those seen."""
    ids: list[str] = []
    known = 0
    for row_id in _of_source(connection, run, kind):
        known += 1
        if not any(one.has(row_id) for one in seen):
            ids.append(row_id)
    return Missing(ids, known)


def remove_missing(pen: Pen, run: ImportRun, kind: Kind, missing: Missing) -> int:
    """Remove them, in chunks; a row on which something else rests stays. Returns how many went."""
    gone = 0
    left = list(missing.ids)
    while left:
        batch, left = left[: pen.size], left[pen.size :]
        with pen.chunk(len(batch)) as connection:
            changes = [change for row_id in batch if (change := _remove(connection, kind, row_id))]
            record_import(connection, run, changes)
        gone += len(changes)
    return gone


def _of_source(connection: Connection, run: ImportRun, kind: Kind) -> Iterator[str]:
    last = ""
    while True:
        rows = connection.execute(
            f"SELECT {kind.key} FROM {kind.table} JOIN import_run USING (import_id) "
            f"WHERE source = ? AND {kind.key} > ? ORDER BY {kind.key} LIMIT ?",
            (run.source, last, PAGE),
        ).fetchall()
        if not rows:
            return
        yield from (row[0] for row in rows)
        last = rows[-1][0]


def _remove(connection: Connection, kind: Kind, row_id: str) -> Change | None:
    before = read_row(connection, kind.table, row_id)
    connection.execute("SAVEPOINT removing")
    try:
        remove_row(connection, kind.table, row_id)
    except sqlite3.IntegrityError:
        connection.execute("ROLLBACK TO removing")
        return None
    finally:
        connection.execute("RELEASE removing")
    return Change(kind.table, row_id, None, old=before)
