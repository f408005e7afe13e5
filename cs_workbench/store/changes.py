"""Who changed what, when, and how to take it back.

Every change of a row is written beside it: a change set (one act of a person, of an import, of an
undo) with one change per field. The log is append-only; undoing is a change set of its own.
"""

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from cs_workbench.core.ids import new_id
from cs_workbench.core.text import fold
from cs_workbench.errors import ConflictError, NotFoundError
from cs_workbench.store.database import Database, utc_now, write
from cs_workbench.store.entities import ENTITIES
from cs_workbench.store.sqlite import Connection, Row, sqlite3

Value = str | int | float | None
Cause = Literal["person", "import", "undo", "merge", "rekey"]


@dataclass(frozen=True, slots=True)
class Change:
    """One field of one row, before and after.

    A row that came or went as a whole has no `field`; `new` (or, when it went, `old`) is then its
    columns as a mapping, and the other is None. An import need not repeat the row: both None.
    `effective_on` is the ISO date from which the value is true, where that is not the day on which
    it was logged: a portfolio may stand still, and the clock counts in UTC.
    """

    entity: str
    entity_id: str
    field: str | None = None
    old: "Value | Mapping[str, Value]" = None
    new: "Value | Mapping[str, Value]" = None
    effective_on: str | None = None


@dataclass(frozen=True, slots=True)
class LoggedChange:
    """A change as the log keeps it; `erased` when its values were blanked with a person's data."""

    seq: int
    change_set_id: str
    actor: str
    at: str
    cause: str
    summary: str
    known_at: str
    change: Change
    erased: bool


@dataclass(frozen=True, slots=True)
class ChangeSet:
    """One act: who, when (UTC), and in words."""

    change_set_id: str
    actor: str
    at: str
    summary: str


def record_change_set(
    connection: Connection,
    *,
    actor: str,
    cause: Cause,
    summary: str,
    changes: Iterable[Change],
    import_id: int | None = None,
    undoes: str | None = None,
    known_at: str | None = None,
) -> str:
    """Log what the caller changes in the same transaction; returns the change set's id.

    Called inside `write(db)`. `actor` is the person at the keys, also for an import, and `summary`
    the act in words, as an undo will name it. `changes` may be a generator. `known_at` is the UTC
    instant from which the new values were known, where that is not now.

    Raises:
        ValueError: an entity or field outside `ENTITIES`.
    """
    change_set_id, now = new_id(), utc_now()
    connection.execute(
        "INSERT INTO change_set (change_set_id, actor, at, cause, summary, import_id, undoes) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
        (change_set_id, actor, now, cause, summary, import_id, undoes),
    )
    connection.executemany(
        "INSERT INTO change (change_set_id, entity, entity_id, field, old, new, effective_on, "
        "known_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            (change_set_id, *_packed(change), change.effective_on, known_at or now)
            for change in map(_checked, changes)
        ),
    )
    return change_set_id


def apply_changes(
    connection: Connection,
    *,
    actor: str,
    summary: str,
    changes: Iterable[Change],
    cause: Cause = "person",
) -> str | None:
    """Set fields and insert rows, and log what truly changed; None if nothing did.

    The `old` of the changes given is not read: what the rows hold now is what gets logged.

    Args:
        connection: inside `write(db)`.
        actor: who changes.
        summary: the act in words.
        changes: new values; a change without field inserts the row in `new`.
        cause: what kind of act this is.

    Raises:
        NotFoundError: there is no such row.
        TypeError: the row to insert is not a mapping.
        ValueError: an entity or field outside `ENTITIES`.
    """
    made = [done for change in changes if (done := _apply(connection, _checked(change)))]
    if not made:
        return None
    return record_change_set(
        connection,
        actor=actor,
        cause=cause,
        summary=summary,
        changes=made,
    )


def last_undoable(db: Database, actor: str) -> ChangeSet | None:
    """The actor's last act that is not undone yet."""
    row = db.connection.execute(
        "SELECT change_set_id, actor, at, summary FROM change_set AS made "
        "WHERE actor = ? AND cause = 'person' "
        "AND NOT EXISTS (SELECT 1 FROM change_set WHERE undoes = made.change_set_id) "
        "ORDER BY (SELECT max(seq) FROM change WHERE change_set_id = made.change_set_id) DESC "
        "LIMIT 1",
        (actor,),
    ).fetchone()
    return ChangeSet(*row) if row else None


def undo(db: Database, actor: str, *, today: dt.date | None = None) -> ChangeSet:
    """Take back the actor's last act, durably; returns the act that was undone.

    Undoing again goes further back.

    Raises:
        NotFoundError: there is nothing left to undo.
        ConflictError: somebody, or an import, changed one of its values since; nothing is undone.
    """
    on = today.isoformat() if today else None
    with write(db) as connection:
        act = last_undoable(db, actor)
        if act is None:
            raise NotFoundError(f"There is nothing by {actor} left to undo.")
        logged = _changes_of(connection, act.change_set_id)
        record_change_set(
            connection,
            actor=actor,
            cause="undo",
            summary=f"undid: {act.summary}",
            changes=[
                replace(_take_back(connection, change, act), effective_on=on)
                for change in reversed(logged)
            ],
            undoes=act.change_set_id,
        )
    return act


def changes_since(
    db: Database, entity: str, entity_id: str, known_after: str
) -> list[LoggedChange]:
    """The row's changes known after that UTC instant, newest first.

    Applying their `old` in this order to the row as it is gives the row as it was known then.
    """
    rows = db.connection.execute(
        f"{_LOGGED} WHERE entity = ? AND entity_id = ? AND known_at > ? ORDER BY seq DESC",
        (entity, entity_id, known_after),
    )
    return [_logged(row) for row in rows]


_LOGGED = (
    "SELECT seq, change_set_id, actor, at, cause, summary, known_at, "
    "entity, entity_id, field, old, new, effective_on "
    "FROM change JOIN change_set USING (change_set_id)"
)


def _changes_of(connection: Connection, change_set_id: str) -> list[LoggedChange]:
    rows = connection.execute(f"{_LOGGED} WHERE change_set_id = ? ORDER BY seq", (change_set_id,))
    return [_logged(row) for row in rows]


def _logged(row: Row) -> LoggedChange:
    old, new, field = row["old"], row["new"], row["field"]
    change = Change(
        row["entity"], row["entity_id"], field, _unpacked(old), _unpacked(new), row["effective_on"]
    )
    erased = field is not None and (old is None or new is None)
    return LoggedChange(
        seq=row["seq"],
        change_set_id=row["change_set_id"],
        actor=row["actor"],
        at=row["at"],
        cause=row["cause"],
        summary=row["summary"],
        known_at=row["known_at"],
        change=change,
        erased=erased,
    )


def _packed(change: Change) -> tuple[str, str, str | None, str | None, str | None]:
    old, new = change.old, change.new
    if change.field is None:
        packed = (None if old is None else _json(old), None if new is None else _json(new))
    else:
        packed = (_json(old), _json(new))
    return change.entity, change.entity_id, change.field, *packed


def _json(value: "Value | Mapping[str, Value]") -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def _unpacked(text: str | None) -> "Value | Mapping[str, Value]":
    value: Value | Mapping[str, Value] = None if text is None else json.loads(text)
    return value


def _checked(change: Change) -> Change:
    entity = ENTITIES.get(change.entity)
    if entity is None:
        raise ValueError(f"changes of {change.entity!r} are not kept")
    if change.field is not None and change.field not in entity.fields:
        raise ValueError(f"{change.entity} has no field {change.field!r} that may change")
    return change


def _apply(connection: Connection, change: Change) -> Change | None:
    if change.field is None:
        return _insert(connection, change)
    old = _current(connection, change)
    if old == change.new:
        return None
    _set(connection, change, change.new)
    stored = _current(connection, change)  # as the column's type made it
    return replace(change, old=old, new=stored)


def _insert(connection: Connection, change: Change) -> Change:
    entity = ENTITIES[change.entity]
    if not isinstance(change.new, Mapping):
        raise TypeError(f"the new row of {change.entity} must be a mapping")
    values = {**change.new, entity.key: change.entity_id}
    columns = [name for name in values if name in entity.fields or name == entity.key]
    if len(columns) < len(values):
        raise ValueError(f"{change.entity} has no such columns: {set(values) - set(columns)}")
    connection.execute(
        f"INSERT INTO {entity.table} ({', '.join(columns)}) "
        f"VALUES ({', '.join('?' * len(columns))})",
        [values[name] for name in columns],
    )
    return replace(change, old=None, new=_row(connection, change))


def _take_back(connection: Connection, logged: LoggedChange, act: ChangeSet) -> Change:
    """Reverse one change, provided that its result still stands."""
    change = logged.change
    where = f"{change.entity} {change.entity_id}"
    if logged.erased or (change.field is None and change.new is None and change.old is None):
        raise ConflictError(f"{_cannot(act)} its values were erased.")
    now = _row(connection, change)
    if change.field is None and change.new is None:
        return _bring_back(connection, change, act)
    value = now.get(change.field) if now and change.field else now
    if now is None or value != change.new:
        what = f"{change.field} of {where}" if change.field else where
        state = "is gone" if now is None else "has changed since"
        raise ConflictError(f"{_cannot(act)} {what} {state}. Set it by hand.")
    try:
        _reverse(connection, change)
    except sqlite3.IntegrityError:
        raise ConflictError(f"{_cannot(act)} other rows rest on {where} by now.") from None
    return replace(change, old=change.new, new=change.old)


def _bring_back(connection: Connection, change: Change, act: ChangeSet) -> Change:
    """Insert a row that went, unless another has taken its place."""
    try:
        return _insert(connection, replace(change, old=None, new=change.old))
    except sqlite3.IntegrityError:
        raise ConflictError(f"{_cannot(act)} another row has its place by now.") from None


def _cannot(act: ChangeSet) -> str:
    return f"“{act.summary}” cannot be undone:"


def _reverse(connection: Connection, change: Change) -> None:
    if change.field is not None:
        _set(connection, change, change.old)
        return
    entity = ENTITIES[change.entity]
    connection.execute(f"DELETE FROM {entity.table} WHERE {entity.key} = ?", (change.entity_id,))


def _current(connection: Connection, change: Change) -> "Value | Mapping[str, Value]":
    entity = ENTITIES[change.entity]
    row: Row | None = connection.execute(
        f"SELECT {change.field} FROM {entity.table} WHERE {entity.key} = ?", (change.entity_id,)
    ).fetchone()
    if row is None:
        raise NotFoundError(f"There is no {change.entity} {change.entity_id}.")
    value: Value = row[0]
    return value


def _row(connection: Connection, change: Change) -> Mapping[str, Value] | None:
    """The columns of the row that may change, by name."""
    entity = ENTITIES[change.entity]
    columns = sorted(entity.fields)
    row = connection.execute(
        f"SELECT {', '.join(columns)} FROM {entity.table} WHERE {entity.key} = ?",
        (change.entity_id,),
    ).fetchone()
    return None if row is None else dict(zip(columns, row, strict=True))


def _set(connection: Connection, change: Change, value: "Value | Mapping[str, Value]") -> None:
    entity = ENTITIES[change.entity]
    connection.execute(
        f"UPDATE {entity.table} SET {change.field} = ? WHERE {entity.key} = ?",
        (value, change.entity_id),
    )
    if change.entity == "account" and change.field in {"name", "account_id", "domain"}:
        _make_findable(connection, change.entity_id)


def _make_findable(connection: Connection, account_key: str) -> None:
    row = connection.execute(
        "SELECT name, account_id, domain FROM account WHERE account_key = ?", (account_key,)
    ).fetchone()
    connection.execute(
        "UPDATE account SET search_text = ? WHERE account_key = ?",
        (fold(" ".join(part or "" for part in row)), account_key),
    )
