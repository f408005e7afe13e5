"""Who changed what, and when.

Every change of a row is written beside it: a change set (one act of a person, of an import, of an
undo) with one change per field. The log is append-only; undoing is a change set of its own.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from cs_workbench.core.ids import new_id
from cs_workbench.store import entities
from cs_workbench.store.changed_rows import check_rows, insert_row, set_field
from cs_workbench.store.database import Database, utc_now
from cs_workbench.store.entities import ENTITIES
from cs_workbench.store.sqlite import Connection, Row

Value = entities.Value
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
    now = utc_now()
    change_set_id = _open_set(
        connection, (actor, now, cause, summary), import_id=import_id, undoes=undoes
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
    steps = plan_changes(changes)
    return apply_plan(connection, actor=actor, summary=summary, steps=steps, cause=cause)


@dataclass(frozen=True, slots=True)
class PlannedFields:
    """Fields of many rows of one entity: which rows, and by field, value and day which of them."""

    entity: str
    ids: frozenset[str]
    alike: Mapping[tuple[str, Value, str | None], Sequence[str]]


Step = Change | PlannedFields


def plan_changes(changes: Iterable[Change]) -> list[Step]:
    """Put changes of many rows together, before the pen is held; rows to insert stay as they are.

    A field that is given twice gets its last value.

    Raises:
        ValueError: an entity or field outside `ENTITIES`.
    """
    steps: list[Step] = []
    for _, run in groupby(map(_checked, changes), lambda one: (one.entity, one.field is None)):
        together = list(run)
        steps.extend(together if together[0].field is None else [_planned(together)])
    return steps


def apply_plan(
    connection: Connection, *, actor: str, summary: str, steps: Sequence[Step], cause: Cause
) -> str | None:
    """Do what `plan_changes` planned; otherwise as `apply_changes`."""
    now = utc_now()
    change_set_id = _open_set(connection, (actor, now, cause, summary))
    made = sum([_apply(connection, (change_set_id, now), step) for step in steps])
    if not made:
        connection.execute("DELETE FROM change_set WHERE change_set_id = ?", (change_set_id,))
        return None
    return change_set_id


def changes_since(
    db: Database, entity: str, entity_id: str, known_after: str
) -> list[LoggedChange]:
    """The row's changes known after that UTC instant, newest first.

    Applying their `old` in this order to the row as it is gives the row as it was known then.
    """
    return logged_changes(
        db.connection,
        "entity = ? AND entity_id = ? AND known_at > ? ORDER BY seq DESC",
        *(entity, entity_id, known_after),
    )


def logged_changes(connection: Connection, where: str, *values: Value) -> list[LoggedChange]:
    """Changes as the log has them; `where` is a condition in SQL, with its order."""
    return [_logged(row) for row in connection.execute(f"{_LOGGED} WHERE {where}", values)]


_LOGGED = (
    "SELECT seq, change_set_id, actor, at, cause, summary, known_at, "
    "entity, entity_id, field, old, new, effective_on "
    "FROM change JOIN change_set USING (change_set_id)"
)


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


_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode


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


def _open_set(
    connection: Connection,
    act: tuple[str, str, str, str],
    *,
    import_id: int | None = None,
    undoes: str | None = None,
) -> str:
    change_set_id = new_id()
    connection.execute(
        "INSERT INTO change_set (change_set_id, actor, at, cause, summary, import_id, undoes) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
        (change_set_id, *act, import_id, undoes),
    )
    return change_set_id


def _planned(run: Sequence[Change]) -> PlannedFields:
    last = {(change.entity_id, change.field): change for change in run}
    alike: dict[tuple[str, Value, str | None], list[str]] = defaultdict(list)
    for change in last.values():
        if change.field is not None and not isinstance(change.new, Mapping):
            alike[change.field, change.new, change.effective_on].append(change.entity_id)
    return PlannedFields(run[0].entity, frozenset(change.entity_id for change in run), alike)


def _apply(connection: Connection, into: tuple[str, str], step: Step) -> int:
    """Insert a row, or give many rows their values; returns how many fields (or rows) changed.

    `into` is the change set and its instant.
    """
    if isinstance(step, Change):
        _log_row(connection, into, step, _insert(connection, step))
        return 1
    check_rows(connection, step.entity, step.ids)
    return sum(
        set_field(connection, step.entity, (field, value), ids, (*into, effective_on))
        for (field, value, effective_on), ids in step.alike.items()
    )


def _insert(connection: Connection, change: Change) -> Mapping[str, Value]:
    if not isinstance(change.new, Mapping):
        raise TypeError(f"the new row of {change.entity} must be a mapping")
    return insert_row(connection, change.entity, change.entity_id, change.new)


def _log_row(
    connection: Connection, into: tuple[str, str], change: Change, stored: Mapping[str, Value]
) -> None:
    connection.execute(
        "INSERT INTO change (change_set_id, entity, entity_id, new, effective_on, known_at) "
        "VALUES (?, ?, ?, ?, ?, ?)",
        (into[0], change.entity, change.entity_id, _json(stored), change.effective_on, into[1]),
    )
