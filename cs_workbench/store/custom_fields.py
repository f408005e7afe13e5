"""A team's own fields of accounts: declared, read, and narrowed and ordered by.

The list's first rows load it: what changes values is in `custom_values`.
"""

from array import array
from collections.abc import Sequence

from cs_workbench.core.custom_fields import CustomField, CustomType
from cs_workbench.core.filters import Filter, Term, parse_filter
from cs_workbench.core.text import fold
from cs_workbench.store.condition import Condition
from cs_workbench.store.database import Database
from cs_workbench.store.sqlite import Connection

_OF = "SELECT v.account_key FROM custom_value v WHERE v.custom_field_id = ?"
_NUMBER = "CAST(v.value AS REAL)"


def custom_fields(connection: Connection) -> dict[str, CustomField]:
    """All of them by id, in the order in which they were declared."""
    rows = connection.execute(
        "SELECT custom_field_id, label, type FROM custom_field ORDER BY rowid"
    )
    return {str(row[0]): CustomField(*row) for row in rows}


def declare(connection: Connection, fields: Sequence[CustomField]) -> None:
    """Add fields, and change the type of those that are there; inside a write."""
    connection.executemany(
        "INSERT INTO custom_field (custom_field_id, label, type) VALUES (?, ?, ?) "
        "ON CONFLICT DO UPDATE SET type = excluded.type",
        [(one.field_id, one.label, one.type) for one in fields],
    )


def custom_values(connection: Connection, account_key: int) -> dict[str, str]:
    """The values of one account by field."""
    rows = connection.execute(
        "SELECT custom_field_id, value FROM custom_value "
        "WHERE account_key = ? AND value IS NOT NULL",
        (account_key,),
    )
    return {str(field): str(value) for field, value in rows}


def values_of(connection: Connection, field_id: str) -> list[str]:
    """Every value of a field."""
    rows = connection.execute(
        "SELECT value FROM custom_value WHERE custom_field_id = ? AND value IS NOT NULL",
        (field_id,),
    )
    return [str(row[0]) for row in rows]


def read_filter(db: Database, text: str) -> Filter:
    """The filter, in which a team's own fields are known too.

    Raises:
        UsageError: a term cannot be understood.
    """
    types: dict[str, CustomType] = {}
    if any(sign in text for sign in ":=<>"):
        types = {name: one.type for name, one in custom_fields(db.connection).items()}
    return parse_filter(text, types)


def custom_condition(term: Term) -> Condition:
    """A term of a filter about a field of one's own; the connection has `csw_fold`."""
    if term.operator == "none":
        found = f"{_OF} AND v.value IS NOT NULL"
        return Condition("a", f"a.account_key NOT IN ({found})", (term.field,))
    if term.operator == "has":
        either = " OR ".join(["instr(csw_fold(v.value), ?) > 0"] * len(term.values))
        found, given = f"{_OF} AND ({either})", (term.field, *term.values)
    elif term.values:  # days compare as their texts do
        found, given = f"{_OF} AND v.value {term.operator} ?", (term.field, *term.values)
    else:
        found = f"{_OF} AND v.value IS NOT NULL AND {_NUMBER} {term.operator} ?"
        return Condition("a", f"a.account_key IN ({found})", (term.field, float(term.number)))
    return Condition("a", f"a.account_key IN ({found})", given)


def ordered_by(
    connection: Connection, field_id: str, keys: Sequence[int], *, descending: bool
) -> "array[int]":
    """The same accounts by a field, those of one value as they were; without a value last."""
    rows = connection.execute(
        "SELECT v.account_key, v.value FROM custom_value v "
        "WHERE v.custom_field_id = ? AND v.value IS NOT NULL",
        (field_id,),
    )
    is_number = custom_fields(connection)[field_id].type == "number"
    found = {key: float(value) if is_number else fold(value) for key, value in rows}
    known = [key for key in keys if key in found]
    known.sort(key=lambda key: found[key], reverse=descending)
    return array("q", [*known, *(key for key in keys if key not in found)])
