"""The rows whose changes are logged: each field of many rows is set, and logged, by one statement.

Ids are given as a JSON list, so that there may be any number of them.
"""

import json
from collections.abc import Collection, Mapping

from cs_workbench.core.text import fold
from cs_workbench.errors import NotFoundError
from cs_workbench.store.checked_before import check_day, checked_before
from cs_workbench.store.entities import ENTITIES, Value
from cs_workbench.store.sqlite import Connection

SEARCHED = frozenset({"name", "account_id", "domain"})


def check_rows(connection: Connection, entity: str, ids: Collection[str]) -> None:
    """See that all rows are there.

    Raises:
        NotFoundError: one of them is not.
    """
    table, key = ENTITIES[entity].table, ENTITIES[entity].key
    row = connection.execute(
        f"SELECT wanted.value FROM json_each(?) wanted WHERE NOT EXISTS "
        f"(SELECT 1 FROM {table} WHERE {key} = wanted.value) LIMIT 1",
        (json.dumps(list(ids)),),
    ).fetchone()
    if row is not None:
        raise NotFoundError(f"There is no {entity} {row[0]}.")


def read_row(connection: Connection, entity: str, row_id: str) -> dict[str, Value] | None:
    """The columns of a row that may change, by name."""
    columns = sorted(ENTITIES[entity].fields)
    row = connection.execute(
        f"SELECT {', '.join(columns)} FROM {ENTITIES[entity].table} "
        f"WHERE {ENTITIES[entity].key} = ?",
        (row_id,),
    ).fetchone()
    return None if row is None else dict(zip(columns, row, strict=True))


def set_field(
    connection: Connection,
    entity: str,
    wanted: tuple[str, Value],
    ids: Collection[str],
    into: tuple[str, str, str | None],
) -> int:
    """Give a field of many rows one value, and log it where it differs; returns for how many.

    Args:
        connection: inside `write(db)`.
        entity: what the rows are.
        wanted: the field and its value.
        ids: which rows.
        into: the change set, since when (`utc_now`) the value is known, and from which day it is
            true.

    Raises:
        ValueError: that day is no ISO date.
    """
    (field, value), table, key = wanted, ENTITIES[entity].table, ENTITIES[entity].key
    rows = json.dumps(list(ids))
    stored = _as_stored(connection, entity, wanted, next(iter(ids)))
    check_day(connection, into[2])
    logged = _log_field(connection, entity, (field, stored), rows, into)
    if logged:
        connection.execute(
            f"UPDATE {table} SET {field} = ? WHERE {key} IN (SELECT value FROM json_each(?)) "
            f"AND {field} IS NOT ?",
            (value, rows, stored),
        )
        _make_findable(connection, entity, field, rows)
    return logged


def _log_field(
    connection: Connection,
    entity: str,
    wanted: tuple[str, Value],
    rows: str,
    into: tuple[str, str, str | None],
) -> int:
    """Log a field of those rows that hold another value; returns of how many."""
    (field, stored), table, key = wanted, ENTITIES[entity].table, ENTITIES[entity].key
    change_set_id, known_at, effective_on = into
    with checked_before(connection):
        return connection.execute(
            "INSERT INTO change (change_set_id, entity, entity_id, field, old, new, effective_on, "
            f"known_at) SELECT ?, ?, CAST({key} AS TEXT), ?, json_quote({field}), json_quote(?), "
            f"?, ? FROM {table} WHERE {key} IN (SELECT value FROM json_each(?)) "
            f"AND {field} IS NOT ?",
            (change_set_id, entity, field, stored, effective_on, known_at, rows, stored),
        ).rowcount


def differing_change(
    connection: Connection, change_set_id: str, entity: str, field: str
) -> int | None:
    """The place in the log of a change of that act whose value does not stand any more."""
    table, key = ENTITIES[entity].table, ENTITIES[entity].key
    row = connection.execute(
        f"SELECT seq FROM change LEFT JOIN {table} ON {key} = {_as_key(entity)} "
        "WHERE change_set_id = ? AND entity = ? AND field = ? AND (old IS NULL OR new IS NULL "
        f"OR {table}.{key} IS NULL OR {table}.{field} IS NOT json_extract(new, '$')) "
        "ORDER BY seq DESC LIMIT 1",
        (change_set_id, entity, field),
    ).fetchone()
    return None if row is None else int(row[0])


def reverse_field(connection: Connection, change_set_id: str, entity: str, field: str) -> None:
    """Give the rows of an act the values back that they had before it."""
    table, key = ENTITIES[entity].table, ENTITIES[entity].key
    connection.execute(
        f"UPDATE {table} SET {field} = json_extract(change.old, '$') FROM change "
        f"WHERE change_set_id = ? AND entity = ? AND field = ? AND {key} = {_as_key(entity)}",
        (change_set_id, entity, field),
    )
    if field in SEARCHED:
        rows = connection.execute(
            "SELECT json_group_array(entity_id) FROM change WHERE change_set_id = ? "
            "AND entity = ? AND field = ?",
            (change_set_id, entity, field),
        ).fetchone()[0]
        _make_findable(connection, entity, field, rows)


def insert_row(
    connection: Connection, entity: str, row_id: str, values: Mapping[str, Value]
) -> Mapping[str, Value]:
    """Insert a row; returns it as the table made it.

    Raises:
        ValueError: a column that is not the entity's.
    """
    known = ENTITIES[entity]
    row = {**values, known.key: row_id}
    unknown = set(row) - known.fields - {known.key}
    if unknown:
        raise ValueError(f"{entity} has no such columns: {unknown}")
    connection.execute(
        f"INSERT INTO {known.table} ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})",
        list(row.values()),
    )
    return read_row(connection, entity, row_id) or {}


def remove_row(connection: Connection, entity: str, row_id: str) -> None:
    """Delete a row."""
    connection.execute(
        f"DELETE FROM {ENTITIES[entity].table} WHERE {ENTITIES[entity].key} = ?", (row_id,)
    )


def _as_key(entity: str) -> str:
    """An id in the log as the table's key has it, so that its index is used."""
    return "CAST(entity_id AS INTEGER)" if entity == "account" else "entity_id"


def _as_stored(
    connection: Connection, entity: str, wanted: tuple[str, Value], row_id: str
) -> Value:
    """The value as the column's type makes it: tried on one row."""
    table, key = ENTITIES[entity].table, ENTITIES[entity].key
    connection.execute("SAVEPOINT trying")
    try:
        (stored,) = connection.execute(
            f"UPDATE {table} SET {wanted[0]} = ? WHERE {key} = ? RETURNING {wanted[0]}",
            (wanted[1], row_id),
        ).fetchone()
    finally:
        connection.execute("ROLLBACK TO trying")
        connection.execute("RELEASE trying")
    value: Value = stored
    return value


def _make_findable(connection: Connection, entity: str, field: str, rows: str) -> None:
    """Keep the search text of accounts true."""
    if entity != "account" or field not in SEARCHED:
        return
    named = connection.execute(
        "SELECT account_key, name, account_id, domain FROM account "
        "WHERE account_key IN (SELECT value FROM json_each(?))",
        (rows,),
    ).fetchall()
    connection.executemany(
        "UPDATE account SET search_text = ? WHERE account_key = ?",
        [(fold(" ".join(part or "" for part in parts)), key) for key, *parts in named],
    )
