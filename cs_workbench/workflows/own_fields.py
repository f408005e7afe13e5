"""Declare a team's own field by hand, or say that it holds something else."""

from cs_workbench.core.custom_fields import (
    LONGEST_LABEL,
    MOST,
    TYPES,
    CustomField,
    CustomType,
    custom_named,
    field_id_of,
    plain_value,
)
from cs_workbench.errors import ConflictError, NotFoundError, UsageError
from cs_workbench.store.changes import Change, apply_changes
from cs_workbench.store.custom_fields import custom_fields, values_of
from cs_workbench.store.database import Database, write
from cs_workbench.workflows.remembering import one_line


def add_field(db: Database, label: str, kind: str, *, actor: str) -> str:
    """Add a field of accounts; returns that in words.

    Raises:
        UsageError: the label is empty or too long, or the type none.
        ConflictError: there is such a field, or there are too many.
    """
    name = one_line(label, "A label")
    if len(name) > LONGEST_LABEL:
        raise UsageError(f"A label has at most {LONGEST_LABEL} characters.")
    field = CustomField(field_id_of(name), name, _type(kind))
    there = custom_fields(db.connection)
    if field.field_id in there:
        raise ConflictError(f"There is a field {there[field.field_id].label!r} already.")
    if len(there) >= MOST:
        raise ConflictError(f"There are {MOST} fields already, which is as many as there may be.")
    new = {"label": field.label, "type": field.type}
    told = f"field {field.label} ({field.type})"
    _apply(db, actor, told, Change("custom_field", field.field_id, new=new))
    return f"{told}, {field.field_id} in filters"


def retype_field(db: Database, name: str, kind: str, *, actor: str) -> str:
    """Give a field another type, which all its values have; returns that in words.

    Raises:
        NotFoundError: there is no such field.
        ConflictError: a value is of another type; the message names it.
    """
    there = custom_fields(db.connection)
    field = custom_named(there, name)
    if field is None:
        known = ", ".join(there) or "none yet"
        raise NotFoundError(f"There is no field {name!r}. There are: {known}.")
    field = field._replace(type=_type(kind))
    for value in values_of(db.connection, field.field_id):
        if field.type not in {"text", plain_value(value)[0]}:
            raise ConflictError(f"{field.label} has a value that is no {field.type}: {value!r}.")
    told = f"field {field.label} holds {field.type}"
    _apply(db, actor, told, Change("custom_field", field.field_id, "type", new=field.type))
    return told


def _apply(db: Database, actor: str, told: str, change: Change) -> None:
    with write(db) as connection:
        apply_changes(connection, actor=actor, summary=told, changes=[change])


def _type(kind: str) -> CustomType:
    found = next((one for one in TYPES if one == kind), None)
    if found is None:
        raise UsageError(f"A field holds {', '.join(TYPES)}; not {kind!r}.")
    return found
