"""Search over everything that was written, in any script, from one character."""

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice

from cs_workbench.core.searching import TRIGRAM, Found, has_words, short_grams, words_of
from cs_workbench.core.text import fold
from cs_workbench.store.database import Database, write
from cs_workbench.store.kept import account_names
from cs_workbench.store.search_tables import WRITTEN, fill
from cs_workbench.store.sqlite import Connection, sqlite3

FEW = 5_000  # entries that are quickly looked through
NOBODYS = 0  # in place of an account's key: a mention of which nobody knows whose it is
STEP = 5_000  # rows that are read into the index in one write
_SEQ_BITS = 32  # of an entry's id below its day, so that ids sort by day
_ENTRY = "e.entry_id, e.source, e.row_id, e.of_account, e.text"
_LONG = f"""SELECT {_ENTRY} FROM search_long_fts JOIN search_entry e
    ON e.entry_id = search_long_fts.rowid WHERE search_long_fts MATCH ?
    ORDER BY search_long_fts.rowid DESC"""
_SHORT = f"""SELECT {_ENTRY} FROM search_short_fts JOIN search_entry e
    ON e.entry_id = search_short_fts.rowid WHERE search_short_fts MATCH ?
    ORDER BY search_short_fts.rowid DESC"""
_SHORT_IDS = "SELECT rowid FROM search_short_fts WHERE search_short_fts MATCH ? LIMIT ?"
_THESE = f"""SELECT {_ENTRY} FROM search_entry e
    WHERE e.entry_id IN (SELECT value FROM json_each(?)) ORDER BY e.entry_id DESC"""
_OF_ACCOUNT = f"SELECT {_ENTRY} FROM search_entry e WHERE e.of_account = ? ORDER BY 1 DESC"
_STALE = """SELECT entry_id, text FROM search_entry JOIN json_each(?) j
    ON source = j.value ->> 0 AND row_id = j.value ->> 1"""


def search(
    db: Database, query: str, *, account_key: int | None = None, limit: int = 50
) -> list[Found]:
    """What was written with all the words of the query, the newest first; no words find nothing.

    The index has to be up to date: `read_queue`.
    """
    words = words_of(query)
    if not words:
        return []
    rows = _candidates(db.connection, words, account_key)
    hits = list(islice((row for row in rows if has_words(row[4], words)), limit))
    texts = _texts(db.connection, [(row[1], row[2]) for row in hits])
    names = account_names(db, sorted({row[3] for row in hits}))
    return [
        Found(
            *(source, row_id, account),
            *names.get(account, ("", "nobody's")),
            _day(entry_id),
            texts[source, row_id][2],
        )
        for entry_id, source, row_id, account, _ in hits
        if (source, row_id) in texts
    ]


def waiting(db: Database) -> int:
    """How many rows were written or changed since the index was read."""
    return int(db.connection.execute("SELECT count(*) FROM search_queue").fetchone()[0])


def read_queue(db: Database) -> Iterator[int]:
    """Bring the index up to date, in steps between which others may write; yields rows left."""
    left = waiting(db)
    while left:
        with write(db) as connection:
            _read_step(connection)
        left = waiting(db)
        yield left


def forget_changed(connection: Connection) -> None:
    """Take out of the index what its rows no longer say, overwriting it: the rows stay queued."""
    try:
        for name in ("search_long_fts", "search_short_fts"):
            connection.execute(f"INSERT INTO {name} ({name}, rank) VALUES ('secure-delete', 1)")
    except sqlite3.DatabaseError:  # before SQLite 3.42: all of it goes, and is read anew
        start_anew(connection)
        return
    rows = connection.execute("SELECT DISTINCT source, row_id FROM search_queue").fetchall()
    _remove(connection, [(str(source), str(row_id)) for source, row_id in rows])


def start_anew(connection: Connection) -> None:
    """Empty the index and queue everything that was written, in the tables' own order."""
    for name in ("search_long_fts", "search_short_fts"):
        connection.execute(f"INSERT INTO {name} ({name}) VALUES ('delete-all')")
    connection.execute("DELETE FROM search_entry")
    connection.execute("DELETE FROM search_queue")
    for source, written in WRITTEN.items():
        connection.execute(fill(source, written))


def _read_step(connection: Connection) -> None:
    queued = connection.execute(
        "SELECT source, row_id, seq FROM search_queue ORDER BY seq LIMIT ?", (STEP,)
    ).fetchall()
    newest = {(str(source), str(row_id)): int(seq) for source, row_id, seq in queued}
    _remove(connection, newest)
    entries = [
        (day.toordinal() << _SEQ_BITS | newest[row], *row, account, fold(text))
        for row, (account, day, text) in _texts(connection, newest).items()
        if text
    ]
    connection.executemany("INSERT INTO search_entry VALUES (?, ?, ?, ?, ?)", entries)
    texts = [(entry[0], entry[4]) for entry in entries]
    connection.executemany("INSERT INTO search_long_fts (rowid, text) VALUES (?, ?)", texts)
    connection.executemany(
        "INSERT INTO search_short_fts (rowid, grams) VALUES (?, ?)",
        [(entry_id, _tokens(short_grams(text))) for entry_id, text in texts],
    )
    connection.execute("DELETE FROM search_queue WHERE seq <= ?", (queued[-1][2],))


def _remove(connection: Connection, rows: Iterable[tuple[str, str]]) -> None:
    stale = connection.execute(_STALE, (json.dumps(list(rows)),)).fetchall()
    connection.executemany(
        "INSERT INTO search_long_fts (search_long_fts, rowid, text) VALUES ('delete', ?, ?)",
        [tuple(row) for row in stale],
    )
    connection.executemany(
        "INSERT INTO search_short_fts (search_short_fts, rowid, grams) VALUES ('delete', ?, ?)",
        [(entry_id, _tokens(short_grams(text))) for entry_id, text in stale],
    )
    connection.executemany(
        "DELETE FROM search_entry WHERE entry_id = ?", [(row[0],) for row in stale]
    )


def _texts(
    connection: Connection, rows: Iterable[tuple[str, str]]
) -> dict[tuple[str, str], tuple[int, dt.date, str]]:
    """By table and id: the account, the day and the texts of rows that are there."""
    found: dict[tuple[str, str], tuple[int, dt.date, str]] = {}
    ids: dict[str, list[str]] = {}
    for source, row_id in rows:
        ids.setdefault(source, []).append(row_id)
    for source, wanted in ids.items():
        key, day, columns = WRITTEN[source]
        said = connection.execute(
            f"SELECT {key}, account_key, {day}, {', '.join(columns)} FROM {source} "
            f"WHERE {key} IN (SELECT value FROM json_each(?))",
            (json.dumps(wanted),),
        )
        for row_id, account, on, *parts in said:
            text = " · ".join(part for part in parts if part)
            on_day = dt.date.fromisoformat(on[:10])
            found[source, str(row_id)] = account or NOBODYS, on_day, text
    return found


def _candidates(
    connection: Connection, words: Sequence[str], account_key: int | None
) -> Iterator[tuple[int, str, str, int, str]]:
    """Rows that may have the words, the newest first: read only as far as they are wanted."""
    long = [word for word in words if len(word) >= TRIGRAM]
    short = [word for word in words if len(word) < TRIGRAM]
    given: tuple[str, int | str]
    if account_key is not None:
        given = _OF_ACCOUNT, account_key
    elif not long:
        given = _SHORT, _all_of(short)
    elif short and (few := _few(connection, short)) is not None:
        given = _THESE, few
    else:
        given = _LONG, " AND ".join('"' + word.replace('"', '""') + '"' for word in long)
    for row in connection.execute(given[0], (given[1],)):
        entry_id, source, row_id, account, text = row
        yield entry_id, source, row_id, account, text


def _few(connection: Connection, short: Sequence[str]) -> str | None:
    """The entries that may have these words, if they are few: a frequent word has too many."""
    rows = connection.execute(_SHORT_IDS, (_all_of(short), FEW + 1)).fetchall()
    return None if len(rows) > FEW else json.dumps([row[0] for row in rows])


def _all_of(short: Sequence[str]) -> str:
    return " AND ".join(_token(word) for word in short)


def _tokens(grams: Iterable[str]) -> str:
    return " ".join(map(_token, grams))


@lru_cache(maxsize=100_000)
def _token(gram: str) -> str:
    """One or two characters as letters that no tokenizer takes apart."""
    return "g" + "x".join(f"{ord(sign):x}" for sign in gram)


def _day(entry_id: int) -> dt.date:
    return dt.date.fromordinal(entry_id >> _SEQ_BITS)
