"""The rows of `core/memory.py`, read and written: a statement for each kind, of its fields."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar, get_type_hints

from cs_workbench.core import memory
from cs_workbench.errors import NotFoundError, UsageError
from cs_workbench.store.changes import Change, Value
from cs_workbench.store.database import Database
from cs_workbench.store.entities import ENTITIES
from cs_workbench.store.sqlite import Row

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

K = TypeVar("K", bound="DataclassInstance")
# The entity of each kind, and the column by which its rows are read, the newest first.
KINDS: Mapping[type[Any], tuple[str, str]] = {
    memory.Touchpoint: ("touchpoint", "occurred_at"),
    memory.Promise: ("promise", "made_on"),
    memory.Goal: ("goal", "said_on"),
    memory.PainPoint: ("pain_point", "said_on"),
    memory.Concession: ("concession", "asked_on"),
    memory.ImposedChange: ("imposed_change", "announced_on"),
    memory.ProductRequest: ("product_request", "asked_on"),
    memory.Complaint: ("complaint", "arrived_on"),
    memory.ComplaintStep: ("complaint_step", "reached_on"),
    memory.ExitReason: ("exit_reason", "noted_on"),
    memory.Note: ("note", "written_on"),
    memory.Incident: ("incident", "began_on"),
    memory.Contact: ("contact", "contact_id"),
}


def entity_of(kind: type[Any]) -> str:
    """The name under which the change log keeps rows of a kind."""
    return KINDS[kind][0]


def read_kept(db: Database, kind: type[K], account_key: int | None = None) -> list[K]:
    """Rows of a kind, the newest first: of one account, or of all that are not merged away."""
    if account_key is not None:
        return _read(db, kind, "account_key = ?", account_key)
    return _read(
        db, kind, "account_key IN (SELECT account_key FROM account WHERE merged_into IS NULL)"
    )


def read_one(db: Database, kind: type[K], row_id: str) -> K:
    """The row of that id.

    Raises:
        NotFoundError: there is none.
    """
    entity = entity_of(kind)
    found = _read(db, kind, f"{ENTITIES[entity].key} = ?", row_id)
    if not found:
        raise NotFoundError(f"There is no {entity.replace('_', ' ')} {row_id}.")
    return found[0]


def find_row_id(db: Database, kind: type[Any], typed: str) -> str:
    """The whole id of the row that a person means by it, or by its end as lists show it.

    Raises:
        NotFoundError: no row has an id that ends so.
        UsageError: several have.
    """
    entity = entity_of(kind)
    key, table, noun = ENTITIES[entity].key, ENTITIES[entity].table, entity.replace("_", " ")
    rows = db.connection.execute(
        f"SELECT {key} FROM {table} WHERE {key} = ?1 OR substr({key}, -length(?1)) = ?1 "
        f"ORDER BY {key} = ?1 DESC LIMIT 2",
        (typed.strip(),),
    ).fetchall()
    if not rows or not typed.strip():
        raise NotFoundError(f"There is no {noun} {typed!r}. The lists show their ids.")
    if len(rows) > 1 and rows[0][0] != typed.strip():
        raise UsageError(f"Several ids end in {typed!r}. Write more of the {noun}'s id.")
    return str(rows[0][0])


def row_id(kept: Any) -> str:
    """The id of a row."""
    return str(getattr(kept, ENTITIES[entity_of(type(kept))].key))


def new_row(kept: Any, today: dt.date) -> Change:
    """The change that inserts a row, as of today."""
    entity = entity_of(type(kept))
    row = dict(_values(kept))
    row_id = str(row.pop(ENTITIES[entity].key))
    return Change(entity, row_id, new=row, effective_on=today.isoformat())


def amendments(before: K, after: K, today: dt.date) -> Iterator[Change]:
    """The changes that make one state of a row of another."""
    entity, old = entity_of(type(before)), dict(_values(before))
    row_id = str(old[ENTITIES[entity].key])
    for field, value in _values(after):
        if value != old[field]:
            yield Change(entity, row_id, field, new=value, effective_on=today.isoformat())


def contact_names(db: Database, account_key: int | None = None) -> dict[str, str]:
    """The names of contacts by id, of one account or of all."""
    rows = db.connection.execute(
        "SELECT contact_id, name FROM contact WHERE ?1 IS NULL OR account_key = ?1", (account_key,)
    )
    return {str(contact_id): str(name) for contact_id, name in rows}


def account_names(db: Database, keys: Sequence[int]) -> dict[int, tuple[str, str]]:
    """By key, the ids and names of accounts."""
    found: dict[int, tuple[str, str]] = {}
    for start in range(0, len(keys), 500):
        some = list(keys[start : start + 500])
        rows = db.connection.execute(
            "SELECT account_key, account_id, name FROM account "
            f"WHERE account_key IN ({', '.join('?' * len(some))})",
            some,
        )
        found |= {key: (account_id, name) for key, account_id, name in rows}
    return found


def _read(db: Database, kind: type[K], where: str, *values: Value) -> list[K]:
    entity, order = KINDS[kind]
    key = ENTITIES[entity].key
    rows = db.connection.execute(
        f"SELECT {', '.join(_columns(kind))} FROM {ENTITIES[entity].table} WHERE {where} "
        f"ORDER BY {order} DESC, {key} DESC",
        values,
    )
    return [_made(kind, row) for row in rows]


@cache
def _columns(kind: type[Any]) -> tuple[str, ...]:
    return tuple(one.name for one in fields(kind))


@cache
def _readers(kind: type[Any]) -> dict[str, type]:
    """The columns that are more than text and numbers."""
    hints = get_type_hints(kind)
    days = {name: dt.date for name, hint in hints.items() if dt.date in _parts(hint)}
    return {**days, **{name: bool for name, hint in hints.items() if hint is bool}}


def _parts(hint: object) -> tuple[object, ...]:
    return getattr(hint, "__args__", (hint,))


def _made(kind: type[K], row: Row) -> K:
    given = dict(zip(_columns(kind), row, strict=True))
    for name, reader in _readers(kind).items():
        if given[name] is not None:
            given[name] = (
                dt.date.fromisoformat(given[name]) if reader is dt.date else bool(given[name])
            )
    return kind(**given)


def _values(kept: Any) -> Iterator[tuple[str, Value]]:
    for one in fields(kept):
        value = getattr(kept, one.name)
        if isinstance(value, dt.date):
            yield one.name, value.isoformat()
        else:
            yield one.name, int(value) if isinstance(value, bool) else value
