"""The log of changes as an audit trail, and everything that is held on one account."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from cs_workbench.store.changes import LoggedChange, logged_changes
from cs_workbench.store.database import Database

_SETS = """SELECT s.change_set_id, s.actor, s.at, s.cause, s.summary,
    (SELECT count(*) FROM change c WHERE c.change_set_id = s.change_set_id) AS changes
    FROM change_set s WHERE (:actor IS NULL OR s.actor = :actor)
        AND (:since IS NULL OR s.at >= :since)
        AND (:account_key IS NULL OR EXISTS (SELECT 1 FROM change c
            WHERE c.change_set_id = s.change_set_id AND (
                c.entity = 'account' AND c.entity_id = CAST(:account_key AS TEXT)
                OR c.new ->> 'account_key' = :account_key
                OR c.old ->> 'account_key' = :account_key
                OR c.entity_id IN (SELECT entity_id FROM change n WHERE n.entity = c.entity
                    AND n.field IS NULL AND n.new ->> 'account_key' = :account_key))))
    ORDER BY s.at DESC, s.change_set_id DESC LIMIT :limit"""


@dataclass(frozen=True, slots=True)
class Act:
    """Somebody's act: `changes` is how many rows and fields it touched."""

    change_set_id: str
    actor: str
    at: str
    cause: str
    summary: str
    changes: int


def read_acts(
    db: Database,
    *,
    account_key: int | None = None,
    actor: str | None = None,
    since: str | None = None,
    limit: int = -1,
) -> list[Act]:
    """Acts by account, actor and first day, the newest first."""
    given = {"account_key": account_key, "actor": actor, "since": since, "limit": limit}
    return [Act(*row) for row in db.connection.execute(_SETS, given)]


def changes_of(db: Database, change_set_id: str) -> list[LoggedChange]:
    """What an act changed, in order."""
    return logged_changes(db.connection, "change_set_id = ? ORDER BY seq", change_set_id)


def everything_of(db: Database, account_key: int) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """By table, all rows that are of one account."""
    tables = [
        str(row[0])
        for row in db.connection.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name"
        )
    ]
    for table in tables:
        columns = [row[1] for row in db.connection.execute(f"PRAGMA table_info({table})")]
        if "account_key" not in columns:
            continue
        rows = db.connection.execute(f"SELECT * FROM {table} WHERE account_key = ?", (account_key,))
        found = [dict(zip(columns, row, strict=True)) for row in rows]
        if found:
            yield table, found
