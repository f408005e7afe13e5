"""Erase what is personal: names, addresses, free text, their traces in the log and in searches.

What remains is figures: days, states, counts, scores. Values in the change log are blanked, which
is all that its triggers allow; `secure_delete` overwrites what was there, and the write-ahead log
is emptied after.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from unicodedata import east_asian_width

from cs_workbench.store.database import Database, write
from cs_workbench.store.files import queue
from cs_workbench.store.search import forget_changed
from cs_workbench.store.sqlite import Connection, sqlite3

ERASED = "[erased]"
LEAST_NAME = 4  # letters; a shorter name would be found in other words
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
# The log's values are blanked; the index forgets every row that changes here.
_KEPT_APART = frozenset({"change", "search_entry", "search_queue"})


@dataclass(frozen=True, slots=True)
class Erased:
    """What was erased, or would be: values by table, and the names that were looked for."""

    values: dict[str, int]
    sought: tuple[str, ...]


def erase(
    db: Database, *, account_key: int, contact_id: str | None = None, dry_run: bool = False
) -> Erased:
    """Erase a contact, or an account with all its contacts; with `dry_run` only count.

    Names of those who are erased are replaced in every other text too.
    """
    db.connection.execute("PRAGMA secure_delete = ON")
    with write(db) as connection:
        connection.execute("SAVEPOINT erasing")
        found = _erase(connection, account_key, contact_id)
        if dry_run:
            connection.execute("ROLLBACK TO erasing")
        connection.execute("RELEASE erasing")
    if not dry_run:
        with queue(db.path, db.wait):
            db.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return found


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


def _erase(connection: Connection, account_key: int, contact_id: str | None) -> Erased:
    values: dict[str, int] = {}
    sought = _names(connection, account_key, contact_id)
    for table, condition, given in _targets(account_key, contact_id):
        if table in _tables(connection):
            _count(values, table, _blank(connection, table, (condition, given)))
    if contact_id is None:
        _count(values, "account", _rename(connection, account_key))
    for name in sought:
        for table, column in _texts(connection):
            _count(values, table, _replace(connection, (table, column), name))
    _count(values, "change", _blank_log(connection, sought))
    forget_changed(connection)
    return Erased({table: count for table, count in values.items() if count}, sought)


def _count(values: dict[str, int], table: str, more: int) -> None:
    values[table] = values.get(table, 0) + more


def _names(connection: Connection, account_key: int, contact_id: str | None) -> tuple[str, ...]:
    rows = connection.execute(
        "SELECT name, email FROM contact WHERE account_key = ? AND (?2 IS NULL OR contact_id = ?2)",
        (account_key, contact_id),
    ).fetchall()
    found = {part for row in rows for part in row if part and part != ERASED}
    if contact_id is None:
        name, domain = connection.execute(
            "SELECT name, domain FROM account WHERE account_key = ?", (account_key,)
        ).fetchone()
        found |= {part for part in (name, domain) if part}
    return tuple(sorted((one for one in found if _tells(one)), key=len, reverse=True))


def _tells(name: str) -> bool:
    """Whether a name is of one person or account; a sign of East Asia counts as two letters."""
    return sum(2 if east_asian_width(sign) in {"W", "F"} else 1 for sign in name) >= LEAST_NAME


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


def _replace(connection: Connection, place: tuple[str, str], name: str) -> int:
    table, column = place
    try:
        return connection.execute(
            f"UPDATE {table} SET {column} = replace({column}, ?1, ?2) WHERE instr({column}, ?1)",
            (name, ERASED),
        ).rowcount
    except sqlite3.IntegrityError:  # a choice or an id that happens to be spelled so
        return 0


def _blank_log(connection: Connection, sought: Sequence[str]) -> int:
    return sum(
        connection.execute(
            "UPDATE change SET old = NULL, new = NULL "
            "WHERE instr(coalesce(old, '') || coalesce(new, ''), ?)",
            (name,),
        ).rowcount
        for name in sought
    )


def _texts(connection: Connection) -> list[tuple[str, str]]:
    """Every text of every table of ours, but keys, and but the log and the search index."""
    return [
        (table, row[1])
        for table in _tables(connection)
        if table not in _KEPT_APART
        for row in connection.execute(f"PRAGMA table_info({table})")
        if row[2] == "TEXT" and not row[5]
    ]


def _tables(connection: Connection) -> list[str]:
    rows = connection.execute(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE '%\\_fts%' "
        "ESCAPE '\\' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
    )
    return [str(row[0]) for row in rows]
