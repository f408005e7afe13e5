"""Imports as such: runs, the pen they hold, and whom their ids mean."""

import json
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from hashlib import blake2b
from pathlib import Path
from typing import Literal, Self

from cs_workbench.store.changes import Change, record_change_set
from cs_workbench.store.database import Database, copy_log, open_database, transaction, write
from cs_workbench.store.files import translated
from cs_workbench.store.source_hands import keep_hand
from cs_workbench.store.sqlite import Connection, sqlite3

# A chunk should hold the pen for so long, commit included: on a busy machine some take three times
# as long, and none may take 0.1 seconds.
HELD_SECONDS, SHORTEST_WORK, LONGEST_WORK = 0.03, 0.005, 0.018
FIRST_CHUNK, SMALLEST_CHUNK, LARGEST_CHUNK = 200, 20, 10_000
MERGED_PAGES = 16  # of the search index at a time: some milliseconds
USUAL_MERGING = 4  # FTS5's own measure
CHUNKS_IN_LOG = 4  # until the log is copied into the file, which takes the pen for itself


@dataclass(frozen=True, slots=True)
class ImportRun:
    """One file being imported.

    Attributes:
        import_id: of the run.
        source: the mapping's name.
        kind: of its rows.
        actor: who imports.
        recorded_at: when it began (UTC).
        assumed: the source's first load: its facts count as known at their own dates.
        hand: 1 of the source whose contracts they are, 2 of who bills them, 3 of a list of them.
        resumed: it goes on with a run that was broken off.
    """

    import_id: int
    source: str
    kind: str
    actor: str
    recorded_at: str
    assumed: bool
    hand: int = 1
    resumed: bool = False


@dataclass(slots=True)
class Counts:
    """What became of a file's rows.

    Attributes:
        left_out: not meant by the mapping, and
        to_come: of touchpoints that are still planned; none of these is in `rows`.
        removed: rows that went, as a full file lacked them.
        linked: accounts that another source brought already.
    """

    rows: int = 0
    new: int = 0
    changed: int = 0
    same: int = 0
    rejected: int = 0
    left_out: int = 0
    to_come: int = 0
    removed: int = 0
    linked: int = 0

    @property
    def besides(self) -> int:
        """The rows that went neither in nor into the rejects."""
        return self.left_out + self.to_come


class Pen:
    """Writes in chunks, each held as briefly as it can; or in one piece, for all or nothing.

    Attributes:
        longest: the longest that a chunk held the write lock, in seconds.
        size: how many rows the next chunk should have, by what the last ones took.
    """

    def __init__(self, db: Database, *, whole: bool = False) -> None:
        self.longest = 0.0
        self.size = FIRST_CHUNK
        self._db = db
        self._whole = whole
        self._in_log = 0
        self._merges_index = False

    def turn(self) -> None:
        """Begin with another kind of rows: what the last ones took says nothing any more."""
        self.size = FIRST_CHUNK

    @contextmanager
    def merging_index(self) -> Iterator[None]:
        """Keep the search index of accounts in order between the chunks, in steps as short.

        FTS5 merges its parts inside whichever chunk comes, for as long as several chunks take.
        """
        if self._whole:
            yield
            return
        self._set_merging(0)
        self._merges_index = True
        try:
            yield
            self._set_merging(USUAL_MERGING)
        finally:
            self._merges_index = False

    def _set_merging(self, least_parts: int) -> None:
        with self.chunk() as connection:
            connection.execute(
                "INSERT INTO account_fts (account_fts, rank) VALUES ('automerge', ?)",
                (least_parts,),
            )

    def _merge_index(self) -> None:
        merged = True
        while merged:
            with self.chunk() as connection:
                before = connection.total_changes
                connection.execute(
                    "INSERT INTO account_fts (account_fts, rank) VALUES ('merge', ?)",
                    (MERGED_PAGES,),
                )
                merged = connection.total_changes - before > 1  # as FTS5 tells that it had work

    @contextmanager
    def chunk(self, rows: int = 0) -> Iterator[Connection]:
        """One transaction for so many rows; or, when all is one, a part of it."""
        if self._whole:
            yield self._db.connection
            return
        with transaction(self._db) as connection:
            begun = time.perf_counter()
            yield connection
            worked = time.perf_counter() - begun
        held = time.perf_counter() - begun
        self.longest = max(self.longest, held)
        self._copy_log()
        if rows:
            left = HELD_SECONDS - (held - worked)  # a slow disk's commit takes its part
            wanted = min(max(left, SHORTEST_WORK), LONGEST_WORK)
            fitting = int(rows * wanted / max(worked, 1e-6))
            self.size = max(min(fitting, self.size * 2, LARGEST_CHUNK), SMALLEST_CHUNK)
            if self._merges_index:
                self._merge_index()

    def _copy_log(self) -> None:
        """Copy the write-ahead log into the file now and then, the pen held for that alone."""
        self._in_log += 1
        if self._in_log < CHUNKS_IN_LOG:
            return
        self._in_log = 0
        self.longest = max(self.longest, copy_log(self._db))


@contextmanager
def one_piece(db: Database) -> Iterator[None]:
    """Everything inside is kept whole or not at all; raising keeps nothing."""
    with write(db):
        yield


def is_first_load(db: Database, source: str, kind: str) -> bool:
    """Whether the source never brought rows of that kind before; refused ones do not count."""
    row = db.connection.execute(
        "SELECT 1 FROM import_run WHERE source = ? AND kind = ? AND state = 'done' "
        "AND rows > rejected LIMIT 1",
        (source, kind),
    ).fetchone()
    return row is None


def have_runs(db: Database) -> bool:
    """Whether anything was ever imported."""
    row = db.connection.execute("SELECT EXISTS (SELECT 1 FROM import_run)").fetchone()
    return bool(row[0])


def begin_run(pen: Pen, wanted: ImportRun, *, file_name: str, file_hash: str) -> ImportRun:
    """Start a run, or go on with the same file's run that was broken off.

    Returns the run with the id, the moment and the policy that count.
    """
    with pen.chunk() as connection:
        row = connection.execute(
            "SELECT import_id, recorded_at, known_policy FROM import_run "
            "WHERE state = 'running' AND source = ? AND kind = ? AND file_hash = ?",
            (wanted.source, wanted.kind, file_hash),
        ).fetchone()
        if row is not None:
            return replace(
                wanted,
                import_id=row["import_id"],
                recorded_at=row["recorded_at"],
                assumed=row["known_policy"] == "assumed",
                resumed=True,
            )
        keep_hand(connection, wanted.source, wanted.hand)
        policy = "assumed" if wanted.assumed else "recorded"
        begun = connection.execute(
            "INSERT INTO import_run (source, kind, mapping, file_name, file_hash, recorded_at, "
            "actor, known_policy, hand) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) "
            "RETURNING import_id",
            (
                *(wanted.source, wanted.kind, wanted.source, file_name, file_hash),
                *(wanted.recorded_at, wanted.actor, policy, wanted.hand),
            ),
        ).fetchone()
        return replace(wanted, import_id=begun["import_id"])


def is_under_way(connection: Connection, source: str, kind: str, file_hash: str) -> bool:
    """Whether a run of this file was begun and not ended."""
    found = connection.execute(
        "SELECT 1 FROM import_run WHERE state = 'running' AND source = ? AND kind = ? "
        "AND file_hash = ?",
        (source, kind, file_hash),
    )
    return found.fetchone() is not None


def give_up_runs(pen: Pen, source: str, kind: str, but: str) -> None:
    """End the runs that were broken off and that nobody can go on with any more.

    Args:
        pen: writes it down.
        source: of the runs.
        kind: of their rows.
        but: the hash of the file that is gone on with.
    """
    with pen.chunk() as connection:
        connection.execute(
            "UPDATE import_run SET state = 'given up' "
            "WHERE state = 'running' AND source = ? AND kind = ? AND file_hash <> ?",
            (source, kind, but),
        )


def end_run(connection: Connection, run: ImportRun, counts: Counts) -> None:
    """Note what came of it; inside a chunk of a pen."""
    connection.execute(
        "UPDATE import_run SET state = 'done', rows = ?, new = ?, changed = ?, same = ?, "
        "rejected = ?, left_out = ?, removed = ? WHERE import_id = ?",
        (
            counts.rows,
            counts.new,
            counts.changed,
            counts.same,
            counts.rejected,
            counts.besides,
            counts.removed,
            run.import_id,
        ),
    )


def record_import(connection: Connection, run: ImportRun, changes: Sequence[Change]) -> None:
    """Log what an import changed in rows that were there before it."""
    if changes:
        record_change_set(
            connection,
            actor=run.actor,
            cause="import",
            summary=f"import of {run.kind} from {run.source}",
            changes=changes,
            import_id=run.import_id,
            known_at=run.recorded_at,
        )


def account_keys(connection: Connection, account_ids: Iterable[str]) -> dict[str, int]:
    """The accounts that these ids mean: their own, an alias, or one merged into another."""
    given = json.dumps(list(account_ids))
    found = {
        row[0]: row[1]
        for row in connection.execute(
            "SELECT alias, account_key FROM account_alias "
            "WHERE alias IN (SELECT value FROM json_each(?))",
            (given,),
        )
    }
    found.update(
        (row[0], row[1])
        for row in connection.execute(
            "SELECT account_id, coalesce(merged_into, account_key) FROM account "
            "WHERE account_id IN (SELECT value FROM json_each(?))",
            (given,),
        )
    )
    return found


def all_account_keys(connection: Connection, limit: int) -> dict[str, int]:
    """What every id of an account means, or nothing if there are more accounts than the limit."""
    if connection.execute("SELECT count(*) FROM account").fetchone()[0] > limit:
        return {}
    cursor = connection.cursor()
    cursor.row_factory = None  # plain pairs: there may be many
    return dict(
        cursor.execute(
            "SELECT alias, account_key FROM account_alias UNION ALL "
            "SELECT account_id, coalesce(merged_into, account_key) FROM account"
        )
    )


def merged_accounts(connection: Connection) -> dict[str, int]:
    """The ids of accounts that were merged into another, and the keys they had themselves."""
    rows = connection.execute(
        "SELECT account_id, account_key FROM account WHERE merged_into IS NOT NULL"
    )
    return dict(rows.fetchall())


def have_other_names(connection: Connection) -> bool:
    """Whether any account is meant by more than one id."""
    row = connection.execute(
        "SELECT EXISTS (SELECT 1 FROM account_alias) "
        "OR EXISTS (SELECT 1 FROM account WHERE merged_into IS NOT NULL)"
    ).fetchone()
    return bool(row[0])


_THROUGH = {
    "subscriptions": "SELECT account_key, start_date, coalesce(date(cancelled_on, '-1 day'), "
    "end_date) FROM subscription WHERE subscription_id = ?",
    "contacts": "SELECT account_key, NULL, NULL FROM contact WHERE contact_id = ?",
}


def account_through(
    connection: Connection, kind: str, text: str
) -> tuple[int, str | None, str | None] | None:
    """The account of another kind's row, and the row's first and last day, if it has them."""
    row = connection.execute(_THROUGH[kind], (text,)).fetchone()
    return None if row is None else (row[0], row[1], row[2])


class SeenIds:
    """The ids met in a file so far, on disk: a large file's do not fit into memory."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="csw-ids-")
        self._db = sqlite3.connect(Path(self._folder.name) / "ids.db", isolation_level=None)
        for setting in ("cache_size = -8000", "journal_mode = OFF", "synchronous = OFF"):
            self._db.execute(f"PRAGMA {setting}")
        columns = "id TEXT, content BLOB, PRIMARY KEY (id"
        self._db.execute(f"CREATE TABLE seen ({columns})) WITHOUT ROWID")
        self._db.execute(f"CREATE TABLE other ({columns}, content)) WITHOUT ROWID")
        self._db.execute("BEGIN")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._db.close()
        self._folder.cleanup()

    def has(self, key: str) -> bool:
        """Whether the id was met."""
        row = self._db.execute("SELECT 1 FROM seen WHERE id = ?", (key,)).fetchone()
        return row is not None

    def meet(self, key: str, content: str) -> Literal["new", "same", "other", "again"]:
        """What the id is: `new`; the `same` as the first under it; or `other`, the first time.

        Other content that was met too comes `again`.
        """
        digest = blake2b(content.encode(), digest_size=16).digest()
        added = self._db.execute("INSERT OR IGNORE INTO seen VALUES (?, ?)", (key, digest))
        if added.rowcount:
            return "new"
        row = self._db.execute("SELECT content FROM seen WHERE id = ?", (key,)).fetchone()
        if row[0] == digest:
            return "same"
        added = self._db.execute("INSERT OR IGNORE INTO other VALUES (?, ?)", (key, digest))
        return "other" if added.rowcount else "again"


def copy_portfolio(path: Path, target: Path) -> None:
    """Copy the portfolio, for a rehearsal."""
    with open_database(path) as db, translated(target):
        copy = sqlite3.connect(target)
        try:
            db.connection.backup(copy)
        finally:
            copy.close()
