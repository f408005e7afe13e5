"""The log of changes as an audit trail, and everything that is held on one account."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from cs_workbench.store.changes import LoggedChange, logged_changes
from cs_workbench.store.database import Database
from cs_workbench.store.entities import ENTITIES

# What is of an account by way of something else of it.
THROUGH = {
    "play_step": "play_id IN (SELECT play_id FROM play WHERE account_key = :account_key)",
    "field_conflict": "of_entity = 'account' AND of_id = CAST(:account_key AS TEXT)",
}
_OF_ACCOUNT = "account_key = :account_key"
HELD = " UNION ALL ".join(
    f"SELECT '{name}' AS entity, CAST({one.key} AS TEXT) AS id FROM {one.table} "
    f"WHERE {THROUGH.get(name, _OF_ACCOUNT)}"
    for name, one in ENTITIES.items()
    if name in THROUGH or "account_key" in {one.key, *one.fields}
)
# By what is held now, whoever brought it, and by what was there and is no more.
_SETS = f"""SELECT s.change_set_id, s.actor, s.at, s.cause, s.summary,
    (SELECT count(*) FROM change c WHERE c.change_set_id = s.change_set_id) AS changes
    FROM change_set s WHERE (:actor IS NULL OR s.actor = :actor)
        AND (:since IS NULL OR s.at >= :since)
        AND (:account_key IS NULL OR s.change_set_id IN (
            SELECT c.change_set_id FROM ({HELD}) held
                CROSS JOIN change c ON c.entity = held.entity AND c.entity_id = held.id
            UNION ALL
            SELECT c.change_set_id FROM change n
                CROSS JOIN change c ON c.entity = n.entity AND c.entity_id = n.entity_id
                WHERE n.field IS NULL AND :account_key IN
                    (n.new ->> 'account_key', n.old ->> 'account_key')))
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
        if "account_key" not in columns and table not in THROUGH:
            continue
        condition = THROUGH.get(table, _OF_ACCOUNT)
        given = {"account_key": account_key}
        rows = db.connection.execute(f"SELECT * FROM {table} WHERE {condition}", given)
        found = [dict(zip(columns, row, strict=True)) for row in rows]
        if found:
            yield table, found
