"""Which account is part of which: noted row by row, set when all files of accounts are read.

A parent may be named before its own row comes, so the notes wait in a table of this connection.
"""

import json
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from cs_workbench.core.families import in_circles
from cs_workbench.store.changes import Change
from cs_workbench.store.database import Database
from cs_workbench.store.imports import ImportRun, Pen, account_keys, record_import
from cs_workbench.store.sqlite import Connection, Row

EXAMPLES = 5
BATCH = 5_000
_UNKNOWN = "SELECT account_key FROM noted_parent WHERE parent_key IS NULL AND parent_id <> ''"
_NOTES = """CREATE TEMP TABLE IF NOT EXISTS noted_parent (
    account_key INTEGER PRIMARY KEY, parent_id TEXT NOT NULL, import_id INTEGER NOT NULL,
    line INTEGER NOT NULL, same INTEGER NOT NULL, parent_key INTEGER)"""


@dataclass(frozen=True, slots=True)
class ParentNote:
    """What a row says of an account's parent.

    Attributes:
        account_key: the account.
        parent_id: as the row names its parent; empty where it has none.
        line: where the row stands.
        same: whether nothing else of the row was new.
    """

    account_key: int
    parent_id: str
    line: int
    same: bool


@dataclass(slots=True)
class Refusals:
    """Rows whose parent was not taken: how many, and the first as `line 4 (A7 under X9)`."""

    count: int = 0
    examples: list[str] = field(default_factory=list)

    def add(self, line: int, account_id: str, parent_id: str) -> None:
        """One more row."""
        self.count += 1
        if len(self.examples) < EXAMPLES:
            self.examples.append(f"line {line} ({account_id} under {parent_id})")


@dataclass(slots=True)
class ParentsSet:
    """What became of the notes of one import.

    Attributes:
        changed: rows that changed nothing but the parent.
        unknown: rows whose parent is no account.
        circular: rows by which an account would be part of itself.
    """

    changed: int = 0
    unknown: Refusals = field(default_factory=Refusals)
    circular: Refusals = field(default_factory=Refusals)


def note_parents(connection: Connection, import_id: int, notes: Iterable[ParentNote]) -> None:
    """Remember what rows say; of an account that comes twice the last word counts."""
    connection.execute(_NOTES)
    connection.executemany(
        "INSERT OR REPLACE INTO noted_parent (account_key, parent_id, import_id, line, same) "
        "VALUES (?, ?, ?, ?, ?)",
        ((one.account_key, one.parent_id, import_id, one.line, one.same) for one in notes),
    )


def set_parents(db: Database, pen: Pen, runs: Iterable[ImportRun]) -> Mapping[int, ParentsSet]:
    """Give the accounts the parents that were noted; by import, what became of it.

    A parent that is not known, or that would make an account part of itself, is not taken: the
    account keeps the one that it has.
    """
    connection = db.connection
    connection.execute(_NOTES)
    done: dict[int, ParentsSet] = defaultdict(ParentsSet)
    _find_parents(connection)
    for row in _take_back(connection, _keys(connection, _UNKNOWN)):
        done[row[0]].unknown.add(*row[1:])
    connection.execute(
        "DELETE FROM noted_parent WHERE parent_key IS (SELECT parent_key FROM account "
        "WHERE account.account_key = noted_parent.account_key)"
    )
    for row in _circular(connection):
        done[row[0]].circular.add(*row[1:])
    for run in runs:
        done[run.import_id].changed = _set_noted(db, pen, run)
    connection.execute("DROP TABLE noted_parent")
    return done


def _find_parents(connection: Connection) -> None:
    connection.execute("CREATE INDEX temp.noted_parent_id ON noted_parent (parent_id)")
    last = ""
    while True:
        rows = connection.execute(
            "SELECT DISTINCT parent_id FROM noted_parent WHERE parent_id > ? "
            "ORDER BY parent_id LIMIT ?",
            (last, BATCH),
        ).fetchall()
        if not rows:
            return
        last = rows[-1][0]
        found = account_keys(connection, [row[0] for row in rows])
        connection.executemany(
            "UPDATE noted_parent SET parent_key = ? WHERE parent_id = ?",
            ((key, parent_id) for parent_id, key in found.items()),
        )


def _keys(connection: Connection, statement: str) -> list[int]:
    return [row[0] for row in connection.execute(statement)]


def _take_back(connection: Connection, keys: Sequence[int]) -> list[tuple[int, int, str, str]]:
    """Forget the notes of these accounts; of each its import, line, account's id and parent's."""
    given = (json.dumps(keys),)
    rows = connection.execute(
        "SELECT noted.import_id, line, account_id, parent_id FROM noted_parent AS noted "
        "JOIN account USING (account_key) "
        "WHERE account_key IN (SELECT value FROM json_each(?)) ORDER BY noted.import_id, line",
        given,
    ).fetchall()
    connection.execute(
        "DELETE FROM noted_parent WHERE account_key IN (SELECT value FROM json_each(?))", given
    )
    return [(row[0], row[1], row[2], row[3]) for row in rows]


def _circular(connection: Connection) -> Iterator[tuple[int, int, str, str]]:
    """Take back the notes that close a circle, until there is none."""
    while True:
        circles = in_circles(_all_parents(connection))
        back = _take_back(connection, circles)
        if not back:
            return
        yield from back


def _all_parents(connection: Connection) -> "array[int]":
    """At each account's key its parent's, as it is going to be; 0 for none."""
    (last,) = connection.execute("SELECT coalesce(max(account_key), 0) FROM account").fetchone()
    parents = array("q", bytes(8 * (last + 1)))
    for key, parent in connection.execute(
        "SELECT account_key, parent_key FROM account WHERE parent_key IS NOT NULL"
    ):
        parents[key] = parent
    for key, parent in connection.execute("SELECT account_key, parent_key FROM noted_parent"):
        parents[key] = parent or 0
    return parents


def _set_noted(db: Database, pen: Pen, run: ImportRun) -> int:
    """Set what the rows of one import say, in chunks; gives how many changed nothing else."""
    changed, last = 0, 0
    while True:
        rows = db.connection.execute(
            "SELECT account_key, noted.parent_key, same, account.parent_key AS old, "
            "account.import_id IS ? AS is_new FROM noted_parent AS noted "
            "JOIN account USING (account_key) "
            "WHERE noted.import_id = ? AND account_key > ? ORDER BY account_key LIMIT ?",
            (run.import_id, run.import_id, last, pen.size),
        ).fetchall()
        if not rows:
            return changed
        last = rows[-1]["account_key"]
        changed += sum(row["same"] for row in rows)
        with pen.chunk(len(rows)) as connection:
            connection.executemany(
                "UPDATE account SET parent_key = ? WHERE account_key = ?",
                [(row["parent_key"], row["account_key"]) for row in rows],
            )
            _log(connection, run, [row for row in rows if not row["is_new"]])


def _log(connection: Connection, run: ImportRun, rows: Sequence[Row]) -> None:
    record_import(
        connection,
        run,
        [
            Change("account", str(row["account_key"]), "parent_key", row["old"], row["parent_key"])
            for row in rows
        ],
    )
