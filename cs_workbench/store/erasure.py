"""Erase what is personal: names, addresses, free text, their traces in the log and in searches.

What remains is figures: days, states, counts, scores. Values in the change log are blanked, which
is all that its triggers allow; `secure_delete` overwrites what was there, then the file is written
anew and its write-ahead log emptied.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from cs_workbench.store.database import Database, write
from cs_workbench.store.erased_reviews import blank_reviews
from cs_workbench.store.files import queue
from cs_workbench.store.names_in_texts import (
    ERASED,
    Reach,
    Trace,
    borne_by_others,
    replace_name,
    tables,
    tells,
    traces,
)
from cs_workbench.store.search import forget_changed
from cs_workbench.store.sqlite import Connection, sqlite3

# What people wrote about one account or one of its contacts, by table.
FREE_TEXTS: Mapping[str, tuple[str, ...]] = {
    "contact": ("name", "email", "title", "preferred_channel"),
    "touchpoint": ("summary", "note", "reason"),
    "survey_response": ("comment",),
    "ticket": ("subject",),
    "promise": ("what", "evidence"),
    "goal": ("what", "measure"),
    "pain_point": ("what",),
    "concession": ("reason", "outcome"),
    "imposed_change": ("what",),
    "product_request": ("what",),
    "complaint": ("what",),
    "complaint_step": ("told_how", "note"),
    "exit_reason": ("detail", "said", "competitor"),
    "note": ("text",),
    "incident": ("what",),
    "mention": ("text", "said_by", "url"),
    "rating": ("reason",),
    "override": ("reason",),
    "forecast": ("narrative", "next_step", "reason", "missing_fact", "renew_ten"),
    "commitment": ("signer", "evidence"),
    "notice": ("given_by", "document"),
    "renewal_outcome": ("reason",),
    "review_decision": ("told",),
    "message": ("subject", "body", "override_reason"),
    "play": ("evidence", "reason"),
    "play_step": ("reason", "evidence", "answers"),
    "churn_event": ("feedback",),
    "signal": ("evidence", "resolution"),
    "task": ("what", "note"),
    "custom_value": ("value",),
}
_OF_CONTACT = ("touchpoint", "survey_response", "message")
_OF_PLAY = "play_id IN (SELECT play_id FROM play WHERE account_key = ?)"
_EMPTY: Mapping[str, str] = {"answers": "{}"}  # what a needed column holds then, but for ERASED
# Drafts are kept under accounts, `1` or `1,2`, under a row of one, `1/ID`, or under a play.
_DRAFTS = """
DELETE FROM draft WHERE instr(',' || subject || ',', ',' || :key || ',')
    OR subject LIKE :key || '/%'
    OR subject IN (SELECT play_id FROM play WHERE account_key = :key)
"""


@dataclass(frozen=True, slots=True)
class Erased:
    """What was erased, or would be.

    Attributes:
        values: how many, by table.
        traces: texts where parts of names still stand.
        unclean: why bytes of it may still be in the file, in words; empty where none are.
    """

    values: dict[str, int]
    traces: tuple[Trace, ...]
    unclean: str = ""


def erase(
    db: Database,
    *,
    account_key: int,
    contact_id: str | None = None,
    also: Sequence[str] = (),
    dry_run: bool = False,
) -> Erased:
    """Erase a contact, or an account with all its contacts; with `dry_run` only count.

    Names of those who are erased are replaced in every other text too; one that somebody else has
    as well, only in texts of the account. `also` are other spellings of them, to be replaced in
    texts of the account and in those that are of none.
    """
    db.connection.execute("PRAGMA secure_delete = ON")
    with write(db) as connection:
        connection.execute("SAVEPOINT erasing")
        found = _erase(connection, account_key, contact_id, also)
        if dry_run:
            connection.execute("ROLLBACK TO erasing")
        connection.execute("RELEASE erasing")
    return found if dry_run else replace(found, unclean=_rewrite(db))


def _rewrite(db: Database) -> str:
    """Write the file anew, because free space holds what was moved or deleted before; why not."""
    with queue(db.path, db.wait):
        try:
            db.connection.execute("VACUUM")
            (is_busy, *_) = db.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        except sqlite3.OperationalError as problem:
            return str(problem)
    return "somebody is reading it" if is_busy else ""


def backups_of(path: Path) -> list[Path]:
    """Copies beside the portfolio that still hold what was erased from it."""
    beside = (one for one in path.parent.iterdir() if one.name.startswith(path.name))
    return sorted(one for one in beside if "backup" in one.name)


def contacts_called(db: Database, name: str) -> list[tuple[str, str]]:
    """Account id and contact id of the contacts with this id, e-mail or whole name."""
    rows = db.connection.execute(
        "SELECT a.account_id, c.contact_id FROM contact c JOIN account a USING (account_key) "
        "WHERE c.contact_id = ?1 OR c.email = ?1 OR c.name = ?1",
        (name,),
    )
    return [(str(account), str(contact)) for account, contact in rows]


def _erase(
    connection: Connection, account_key: int, contact_id: str | None, also: Sequence[str]
) -> Erased:
    values: dict[str, int] = {}
    names = _names(connection, account_key, contact_id)
    for table, condition, given in _targets(account_key, contact_id):
        if table in tables(connection):
            _count(values, table, _blank(connection, table, (condition, given)))
    if contact_id is None:
        ids = _ids(connection, account_key)
        _count(values, "review", blank_reviews(connection, ids, f"erased-{account_key}"))
        _count(values, "account", _rename(connection, account_key))
    sought = sorted(filter(tells, names), key=len, reverse=True)
    shared = borne_by_others(connection, sought)
    reaches: dict[str, Reach] = {
        name: "account" if name in shared else "everywhere" for name in sought
    }
    for spelling in sorted(also, key=len, reverse=True):
        reaches.setdefault(spelling, "account or nobody's")
    for name, reach in reaches.items():
        for table, count in replace_name(connection, name, reach, account_key).items():
            _count(values, table, count)
    forget_changed(connection)
    left = tuple(traces(connection, names, account_key))
    return Erased({table: count for table, count in values.items() if count}, left)


def _count(values: dict[str, int], table: str, more: int) -> None:
    values[table] = values.get(table, 0) + more


def _names(connection: Connection, account_key: int, contact_id: str | None) -> list[str]:
    rows = connection.execute(
        "SELECT name, email FROM contact WHERE account_key = ?1 "
        "AND (?2 IS NULL OR contact_id = ?2)",
        (account_key, contact_id),
    ).fetchall()
    if contact_id is None:
        told = "SELECT name, domain FROM account WHERE account_key = ?"
        rows += connection.execute(told, (account_key,)).fetchall()
    return sorted({part for row in rows for part in row if part and part != ERASED})


def _targets(
    account_key: int, contact_id: str | None
) -> Iterator[tuple[str, str, tuple[int | str, ...]]]:
    if contact_id is None:
        for table in FREE_TEXTS:
            yield table, _OF_PLAY if table == "play_step" else "account_key = ?", (account_key,)
        return
    yield "contact", "contact_id = ?", (contact_id,)
    for table in _OF_CONTACT:
        yield table, "account_key = ? AND contact_id = ?", (account_key, contact_id)


def _blank(connection: Connection, table: str, where: tuple[str, tuple[int | str, ...]]) -> int:
    """Empty the free texts of rows, and what the log has of them."""
    condition, given = where
    (key,) = (row[1] for row in connection.execute(f"PRAGMA table_info({table})") if row[5])
    logged = f"entity = ? AND entity_id IN (SELECT {key} FROM {table} WHERE {condition})"
    _blank_acts(connection, logged, (table, *given))
    count = 0
    needed = {row[1]: row[3] for row in connection.execute(f"PRAGMA table_info({table})")}
    for column in FREE_TEXTS[table]:
        empty = _EMPTY.get(column, ERASED) if needed[column] else None
        count += connection.execute(
            f"UPDATE {table} SET {column} = ? WHERE {condition} AND {column} IS NOT ?",
            (empty, *given, empty),
        ).rowcount
    return count


def _blank_acts(connection: Connection, logged: str, given: tuple[int | str, ...]) -> None:
    """Empty what the log has of some changes, and the words in which their acts were told."""
    connection.execute(
        f"UPDATE change_set SET summary = ? WHERE change_set_id IN "
        f"(SELECT change_set_id FROM change WHERE {logged})",
        (ERASED, *given),
    )
    connection.execute(f"UPDATE change SET old = NULL, new = NULL WHERE {logged}", given)


def _ids(connection: Connection, account_key: int) -> list[str]:
    """The ids of an account, and those that it had."""
    rows = connection.execute(
        "SELECT account_id FROM account WHERE account_key = ?1 "
        "UNION SELECT alias FROM account_alias WHERE account_key = ?1",
        (account_key,),
    )
    return [str(row[0]) for row in rows]


def _rename(connection: Connection, account_key: int) -> int:
    name = f"erased account {account_key}"
    _forget_searches(connection)
    connection.execute("DELETE FROM account_alias WHERE account_key = ?", (account_key,))
    connection.execute(_DRAFTS, {"key": account_key})
    told = "'name', 'domain', 'account_id', 'next_step', 'value_driver'"
    logged = f"entity = 'account' AND entity_id = ? AND (field IS NULL OR field IN ({told}))"
    _blank_acts(connection, logged, (str(account_key),))
    return connection.execute(
        "UPDATE account SET name = ?1, account_id = ?2, domain = NULL, next_step = NULL, "
        "value_driver = NULL, search_text = ?1 WHERE account_key = ?3",
        (name, f"erased-{account_key}", account_key),
    ).rowcount


def _forget_searches(connection: Connection) -> None:
    """Have the search index remove what is deleted from it, instead of marking it."""
    try:
        connection.execute(
            "INSERT INTO account_fts (account_fts, rank) VALUES ('secure-delete', 1)"
        )
    except sqlite3.DatabaseError:  # before SQLite 3.42: rebuilt from what is there
        connection.execute("INSERT INTO account_fts (account_fts) VALUES ('rebuild')")
