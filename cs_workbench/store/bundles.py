"""Reading what people wrote for a bundle, and merging a colleague's into this portfolio."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cs_workbench.core.bundles import BundledAct, BundledChange, Conflict
from cs_workbench.store.changed_rows import insert_row, read_row, remove_row
from cs_workbench.store.changes import logged_changes
from cs_workbench.store.database import Database, write
from cs_workbench.store.edited_fields import keep_conflict, last_author
from cs_workbench.store.entities import ENTITIES
from cs_workbench.store.sqlite import Connection, sqlite3

_ACTS = """SELECT change_set_id, actor, at, cause, summary, undoes FROM change_set
    WHERE cause IN ('person', 'undo') AND at >= ? ORDER BY at, change_set_id"""


@dataclass
class BundleReport:
    """What became of a bundle's acts.

    Attributes:
        merged, known: acts that came in, and those that were here already.
        refused: acts that could not come, with why: none of their changes did.
    """

    merged: int = 0
    known: int = 0
    conflicts: list[Conflict] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)


# What a file notes of itself: which side was taken of a conflict that it alone has.
_OWN = frozenset({"field_conflict"})


class _RefusedError(Exception):
    """An act cannot come in: the message says why."""


def read_acts_since(db: Database, since: str) -> list[BundledAct]:
    """What people did from an instant on, with accounts named by their ids."""
    ids = {
        int(key): str(account_id)
        for key, account_id in db.connection.execute("SELECT account_key, account_id FROM account")
    }
    acts = []
    for row in db.connection.execute(_ACTS, (since,)).fetchall():
        logged = logged_changes(db.connection, "change_set_id = ? ORDER BY seq", row[0])
        changes = tuple(
            _bundled(one.change, one.known_at, ids)
            for one in logged
            if not one.erased and one.change.entity not in _OWN
        )
        if not changes:
            continue
        set_id, actor, at, cause, summary, undoes = row
        acts.append(BundledAct(set_id, actor, at, cause, summary, undoes, changes))
    return acts


def merge_acts(db: Database, acts: Sequence[BundledAct], *, dry_run: bool = False) -> BundleReport:
    """Bring acts in, each whole or not at all; those that are here already change nothing.

    A field that was changed here too keeps its value; both are told, and kept for a person to
    decide.
    """
    report = BundleReport()
    with write(db) as connection:
        keys = {
            str(account_id): int(key)
            for key, account_id in connection.execute("SELECT account_key, account_id FROM account")
        }
        connection.execute("SAVEPOINT bundle")
        for act in acts:
            _merge(connection, act, keys, report)
        if dry_run:
            connection.execute("ROLLBACK TO bundle")
        connection.execute("RELEASE bundle")
    return report


def _merge(
    connection: Connection, act: BundledAct, keys: Mapping[str, int], report: BundleReport
) -> None:
    known = connection.execute(
        "SELECT 1 FROM change_set WHERE change_set_id = ?", (act.change_set_id,)
    ).fetchone()
    if known is not None:
        report.known += 1
        return
    conflicts: list[Conflict] = []
    connection.execute("SAVEPOINT act")
    try:
        _open(connection, act)
        for change in act.changes:
            found = _apply(connection, act, change, keys)
            conflicts += [found] if found else []
    except (_RefusedError, sqlite3.IntegrityError) as problem:
        connection.execute("ROLLBACK TO act")
        report.refused.append((act.summary, str(problem)))
    else:
        report.merged += 1
        report.conflicts += conflicts
    finally:
        connection.execute("RELEASE act")


def _open(connection: Connection, act: BundledAct) -> None:
    undone = connection.execute(
        "SELECT 1 FROM change_set WHERE change_set_id = ?", (act.undoes,)
    ).fetchone()
    connection.execute(
        "INSERT INTO change_set (change_set_id, actor, at, cause, summary, undoes) "
        "VALUES (?, ?, ?, ?, ?, ?)",
        (
            *(act.change_set_id, act.actor, act.at, act.cause, act.summary),
            act.undoes if undone else None,
        ),
    )


def _apply(
    connection: Connection, act: BundledAct, change: BundledChange, keys: Mapping[str, int]
) -> Conflict | None:
    entity = ENTITIES.get(change.entity)
    if entity is None or (change.field is not None and change.field not in entity.fields):
        raise _RefusedError(f"this csw keeps no {change.entity} {change.field or ''}".strip())
    row_id = _row_id(change, keys)
    row = read_row(connection, change.entity, row_id)
    old, new = _with_key(change.old, change, keys), _with_key(change.new, change, keys)
    if change.field is None:
        _whole(connection, change, (row_id, row), (old, new))
    else:
        if row is None:
            raise _RefusedError(f"{change.entity} {change.entity_id} is not here")
        if row[change.field] not in (change.old, change.new):
            return _kept_conflict(connection, act, change, (row_id, row[change.field]))
        connection.execute(
            f"UPDATE {entity.table} SET {change.field} = ? WHERE {entity.key} = ?",
            (change.new, row_id),
        )
    connection.execute(
        "INSERT INTO change (change_set_id, entity, entity_id, field, old, new, effective_on, "
        "known_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *(act.change_set_id, change.entity, row_id, change.field),
            *_packed(change, old, new),
            *(change.effective_on, change.known_at),
        ),
    )
    return None


def _kept_conflict(
    connection: Connection, act: BundledAct, change: BundledChange, here: tuple[str, Any]
) -> Conflict:
    row_id, mine = here
    name = change.field or ""
    place = (change.entity, row_id, name)
    keep_conflict(connection, place, (mine, change.new), theirs_by=act.actor)
    return Conflict(
        entity=change.entity,
        entity_id=change.entity_id,
        field=name,
        mine=mine,
        by_me=last_author(connection, *place),
        theirs=change.new,
        by_them=act.actor,
    )


def _whole(
    connection: Connection,
    change: BundledChange,
    there: tuple[str, Mapping[str, Any] | None],
    values: tuple[Any, Any],
) -> None:
    """A row that came, or one that went by an undo."""
    row_id, row = there
    _, new = values
    if isinstance(new, dict):
        if row is None:
            insert_row(connection, change.entity, row_id, new)
    elif row is not None:
        remove_row(connection, change.entity, row_id)


def _row_id(change: BundledChange, keys: Mapping[str, int]) -> str:
    if change.entity != "account":
        return change.entity_id
    return str(_key(change.account, keys))


def _with_key(value: Any, change: BundledChange, keys: Mapping[str, int]) -> Any:
    if not isinstance(value, dict) or "account_key" not in value:
        return value
    key = None if value["account_key"] is None else _key(change.account, keys)
    return {**value, "account_key": key, **({"import_id": None} if "import_id" in value else {})}


def _key(account: str | None, keys: Mapping[str, int]) -> int:
    if account is None or account not in keys:
        raise _RefusedError(f"account {account!r} is not here")
    return keys[account]


def _bundled(change: Any, known_at: str, ids: Mapping[int, str]) -> BundledChange:
    account = None
    if change.entity == "account":
        account = ids.get(int(change.entity_id))
    for value in (change.old, change.new):
        if isinstance(value, dict) and value.get("account_key") is not None:
            account = ids.get(int(value["account_key"]))
    entity_id = account or change.entity_id if change.entity == "account" else change.entity_id
    return BundledChange(
        entity=change.entity,
        entity_id=entity_id,
        field=change.field,
        old=change.old,
        new=change.new,
        effective_on=change.effective_on,
        known_at=known_at,
        account=account,
    )


def _packed(change: BundledChange, old: Any, new: Any) -> tuple[str | None, str | None]:
    if change.field is not None:
        return _json(old), _json(new)
    return (None if old is None else _json(old), None if new is None else _json(new))


_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode
