"""Taking back what a person did, with a change set of its own.

An act whose values somebody else has changed since is refused once, by name, and stays as it is.
The next undo tries it again, for the other change may be gone by then, and else goes past it. Which
acts were refused is kept in the file, so that this holds after a restart too.
"""

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from cs_workbench.core.dates import with_weekday
from cs_workbench.errors import ConflictError, NotFoundError
from cs_workbench.store.changed_rows import (
    differing_change,
    insert_row,
    read_row,
    remove_row,
    reverse_field,
)
from cs_workbench.store.changes import (
    Change,
    ChangeSet,
    LoggedChange,
    Value,
    logged_changes,
    record_change_set,
)
from cs_workbench.store.checked_before import checked_before
from cs_workbench.store.database import Database, utc_now, write
from cs_workbench.store.settings import set_setting, setting
from cs_workbench.store.sqlite import Connection, sqlite3

SHOWN = 40
NEXT = "It stays; undo again goes on to the act before."
_ACTS = (
    "SELECT change_set_id, actor, at, summary FROM change_set AS made "
    "WHERE actor = ? AND cause = 'person' "
    "AND NOT EXISTS (SELECT 1 FROM change_set WHERE undoes = made.change_set_id) "
    "ORDER BY (SELECT max(seq) FROM change WHERE change_set_id = made.change_set_id) DESC"
)


@dataclass(frozen=True, slots=True)
class Undone(ChangeSet):
    """The act that was taken back; `left` are newer ones that could not be."""

    left: tuple[ChangeSet, ...] = ()


def last_undoable(db: Database, actor: str) -> ChangeSet | None:
    """The actor's last act that is not undone yet."""
    return next(_acts(db.connection, actor), None)


def undo(db: Database, actor: str, *, today: dt.date | None = None) -> Undone:
    """Take back the actor's last act, durably; returns the act that was undone.

    Undoing again goes further back, past acts that were refused before.

    Raises:
        NotFoundError: there is nothing left to undo.
        ConflictError: somebody, or an import, changed one of its values since; nothing is undone.
    """
    with write(db) as connection:
        refused_before = _refused(db, actor)
        left: list[ChangeSet] = []
        for act in _acts(connection, actor):
            refusal = _take_back(connection, act, today)
            if refusal is None:
                return Undone(act.change_set_id, act.actor, act.at, act.summary, tuple(left))
            left.append(act)
            if act.change_set_id not in refused_before:
                ids = [one.change_set_id for one in left]
                set_setting(connection, _kept_in(actor), json.dumps(ids))
                break
        else:
            raise NotFoundError(_nothing(actor, left))
    raise refusal


def take_back(connection: Connection, act: ChangeSet, today: dt.date) -> None:
    """Reverse one act, whoever did it and whatever the actor did since; inside `write(db)`.

    Raises:
        ConflictError: one of its values was changed since; nothing is undone.
    """
    refusal = _take_back(connection, act, today)
    if refusal is not None:
        raise refusal


def _acts(connection: Connection, actor: str) -> Iterator[ChangeSet]:
    """What the actor did and did not undo, newest first."""
    return (ChangeSet(*row) for row in connection.execute(_ACTS, (actor,)).fetchall())


def _refused(db: Database, actor: str) -> frozenset[str]:
    return frozenset(json.loads(setting(db, _kept_in(actor)) or "[]"))


def _kept_in(actor: str) -> str:
    return f"undo refused: {actor}"


def _nothing(actor: str, left: list[ChangeSet]) -> str:
    if not left:
        return f"There is nothing by {actor} left to undo."
    names = "; ".join(f"“{act.summary}”" for act in left[:2])
    more = f" and {len(left) - 2} more" if len(left) > 2 else ""
    return f"Nothing is left that can be undone: {names}{more} changed since and stay."


def _take_back(
    connection: Connection, act: ChangeSet, today: dt.date | None
) -> ConflictError | None:
    """Reverse an act as a whole, or leave it as a whole and say why.

    The log says first that it is undone: only then may what was said of a renewal go.
    """
    connection.execute("SAVEPOINT undoing")
    try:
        undoing = _open(connection, act)
        for run in _runs(connection, act):
            reverse = _reverse_rows if run.field is None else _reverse_field
            reverse(connection, act, run)
    except ConflictError as refusal:
        connection.execute("ROLLBACK TO undoing")
        return refusal
    finally:
        connection.execute("RELEASE undoing")
    _log(connection, act, undoing, today)
    return None


@dataclass(frozen=True, slots=True)
class _Run:
    """Changes of one act that are reversed together; a run of rows has no field."""

    entity: str
    field: str | None
    last: int


def _runs(connection: Connection, act: ChangeSet) -> list[_Run]:
    """The act, last things first; every field of an entity is one run, rows go one by one."""
    rows = connection.execute(
        "SELECT entity, field, max(seq) FROM change WHERE change_set_id = ? "
        "GROUP BY entity, field, iif(field IS NULL, seq, 0) ORDER BY max(seq) DESC",
        (act.change_set_id,),
    )
    return [_Run(*row) for row in rows]


def _open(connection: Connection, act: ChangeSet) -> str:
    """A change set that says what it undoes; returns its id."""
    return record_change_set(
        connection,
        actor=act.actor,
        cause="undo",
        summary=f"undid: {act.summary}",
        changes=(),
        undoes=act.change_set_id,
    )


def _log(connection: Connection, act: ChangeSet, undoing: str, today: dt.date | None) -> None:
    """The same changes the other way round."""
    with checked_before(connection):
        connection.execute(
            "INSERT INTO change (change_set_id, entity, entity_id, field, old, new, effective_on, "
            "known_at) SELECT ?, entity, entity_id, field, new, old, ?, ? FROM change "
            "WHERE change_set_id = ? ORDER BY seq DESC",
            (undoing, today and today.isoformat(), utc_now(), act.change_set_id),
        )


def _reverse_field(connection: Connection, act: ChangeSet, run: _Run) -> None:
    """Give rows a field back, provided that the values of the act still stand."""
    field, made = run.field or "", act.change_set_id
    seq = differing_change(connection, made, run.entity, field)
    if seq is not None:
        one = _change(connection, seq)
        raise _conflict(
            connection, act, one, read_row(connection, run.entity, one.change.entity_id)
        )
    try:
        reverse_field(connection, made, run.entity, field)
    except sqlite3.IntegrityError:
        what = f"{run.entity} would not fit what else changed by now"
        raise ConflictError(f"{_cannot(act)} {what}. {NEXT}") from None


def _reverse_rows(connection: Connection, act: ChangeSet, run: _Run) -> None:
    """Remove a row that came, provided that nobody changed it; bring back one that went."""
    one = _change(connection, run.last)
    change, row_id = one.change, one.change.entity_id
    row = read_row(connection, run.entity, row_id)
    try:
        if isinstance(change.old, Mapping) and change.new is None:
            insert_row(connection, run.entity, row_id, change.old)
        elif change.new is None or row != change.new:
            raise _conflict(connection, act, one, row)
        else:
            remove_row(connection, run.entity, row_id)
    except sqlite3.IntegrityError:
        rests = "another row has its place" if row is None else "other rows rest on it"
        raise ConflictError(
            f"{_cannot(act)} {rests} by now ({change.entity} {row_id}). {NEXT}"
        ) from None


def _change(connection: Connection, seq: int) -> LoggedChange:
    (found,) = logged_changes(connection, "seq = ?", seq)
    return found


def _cannot(act: ChangeSet) -> str:
    return f"“{act.summary}” cannot be undone:"


def _conflict(
    connection: Connection, act: ChangeSet, one: LoggedChange, row: Mapping[str, Value] | None
) -> ConflictError:
    """What stands there now, since when, and by whom."""
    change = one.change
    if one.erased or (change.field is None and change.old is None and change.new is None):
        return ConflictError(f"{_cannot(act)} its values were erased. {NEXT}")
    what = _named(connection, change)
    if row is None:
        state = "is gone"
    elif change.field is None:
        state = "has changed since"
    else:
        what = f"{change.field.replace('_', ' ')} of {what}"
        state = f"is {_shown(row[change.field])} now"
    return ConflictError(f"{_cannot(act)} {what} {state}, {_by_whom(connection, one)}. {NEXT}")


def _named(connection: Connection, change: Change) -> str:
    if change.entity == "account":
        row = connection.execute(
            "SELECT name FROM account WHERE account_key = ?", (change.entity_id,)
        ).fetchone()
        if row is not None:
            return str(row[0])
    return f"{change.entity} {change.entity_id}"


def _shown(value: Value) -> str:
    text = "" if value is None else str(value)
    short = text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"
    return f"“{short}”" if short else "empty"


def _by_whom(connection: Connection, one: LoggedChange) -> str:
    """The last one who changed it after the act, as the log knows."""
    change = one.change
    row = connection.execute(
        "SELECT actor, coalesce(effective_on, at) AS since, cause, summary "
        "FROM change JOIN change_set USING (change_set_id) "
        "WHERE entity = ? AND entity_id = ? AND seq > ? AND (? IS NULL OR field IS ?) "
        "ORDER BY seq DESC LIMIT 1",
        (change.entity, change.entity_id, one.seq, change.field, change.field),
    ).fetchone()
    if row is None:
        return "and the log does not say by whom"
    day = with_weekday(dt.date.fromisoformat(row["since"][:10]))
    if row["cause"] == "import":
        return f"by {row['summary']} on {day}"
    return f"by {row['actor']} on {day} ({row['summary']})"
