"""Values of a team's own fields: of files, merged with edits by hand kept, and changed by hand."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from cs_workbench.core.custom_fields import value_id_of
from cs_workbench.core.records import Record, Value
from cs_workbench.store.changes import Change
from cs_workbench.store.edited_fields import Edits
from cs_workbench.store.sqlite import Connection

_STORED = """SELECT account_key, custom_field_id, custom_value_id, value FROM custom_value
    WHERE account_key IN (SELECT value FROM json_each(?))"""

_IDS = """SELECT account_key, account_id FROM account
    WHERE account_key IN (SELECT value FROM json_each(?))"""


@dataclass(slots=True)
class MergedValues:
    """What became of them.

    Attributes:
        touched: the records of which a value came or changed.
        changes: what is logged: values that were there before and are others now.
        conflicts: values that a person edited and the source has changed since.
    """

    touched: set[str] = field(default_factory=set)
    changes: list[Change] = field(default_factory=list)
    conflicts: int = 0


def merge_custom(
    connection: Connection,
    records: Sequence[tuple[int, Record]],
    fields: Sequence[str],
    *,
    import_id: int,
) -> MergedValues:
    """Write the values of accounts, inside a chunk of a pen.

    The records come with the keys of their accounts, which are there; `fields` are those whose
    values their `custom` are.
    """
    ids, stored = _stored(connection, [key for key, _ in records])
    edits = Edits("custom_value")
    edits.read(connection, [value_id for value_id, _ in stored.values()])
    merged, added = MergedValues(), []
    for key, record in records:
        for name, value in zip(fields, record.custom, strict=True):
            if (key, name) not in stored:
                if value is not None:
                    value_id = value_id_of(ids[key], name)
                    stored[key, name] = (value_id, value)
                    added.append((value_id, key, name, value, import_id))
                    merged.touched.add(record.key)
                continue
            value_id, before = stored[key, name]
            (kept,) = edits.values(value_id, ("value",), (before,), (value,))
            if kept != before:
                stored[key, name] = (value_id, kept)
                merged.changes.append(Change("custom_value", value_id, "value", before, kept))
                merged.touched.add(record.key)
    connection.executemany("INSERT INTO custom_value VALUES (?, ?, ?, ?, ?)", added)
    connection.executemany(
        "UPDATE custom_value SET value = ? WHERE custom_value_id = ?",
        [(one.new, one.entity_id) for one in merged.changes],
    )
    merged.conflicts = edits.write(connection, import_id)
    return merged


def _stored(
    connection: Connection, keys: Sequence[int]
) -> tuple[dict[int, str], dict[tuple[int, str], tuple[str, Value]]]:
    """The ids of accounts, and by account and field the id and the text of a value."""
    given = (json.dumps(keys),)
    values = {
        (key, name): (value_id, value)
        for key, name, value_id, value in connection.execute(_STORED, given)
    }
    return dict(connection.execute(_IDS, given).fetchall()), values


def doubled_values(connection: Connection, old: int, new: int) -> list[Change]:
    """What becomes of values where one account is merged into another that has them too.

    Those of the other stay; what it lacks comes over.
    """
    rows = connection.execute(
        "SELECT o.custom_value_id, o.custom_field_id, o.value, o.import_id, n.custom_value_id, "
        "n.value FROM custom_value o JOIN custom_value n USING (custom_field_id) "
        "WHERE o.account_key = ? AND n.account_key = ?",
        (old, new),
    ).fetchall()
    changes: list[Change] = []
    for gone, name, value, import_id, stays, there in rows:
        row: Mapping[str, Value] = {"account_key": old, "custom_field_id": name, "value": value}
        connection.execute("DELETE FROM custom_value WHERE custom_value_id = ?", (gone,))
        changes.append(Change("custom_value", gone, old={**row, "import_id": import_id}))
        if there is None and value is not None:
            connection.execute(
                "UPDATE custom_value SET value = ? WHERE custom_value_id = ?", (value, stays)
            )
            changes.append(Change("custom_value", stays, "value", None, value))
    return changes


def value_changes(
    connection: Connection, account_key: int, values: Mapping[str, str | None], day: str
) -> Iterator[Change]:
    """What gives an account values by hand: a row that was not there comes, and then its value.

    So the log knows that no source said anything before.
    """
    for field_id, value in values.items():
        account_id, known = connection.execute(
            "SELECT a.account_id, v.custom_value_id FROM account a LEFT JOIN custom_value v "
            "ON v.account_key = a.account_key AND v.custom_field_id = ? WHERE a.account_key = ?",
            (field_id, account_key),
        ).fetchone()
        value_id = known or value_id_of(account_id, field_id)
        if known is None:
            new: dict[str, Value] = {"account_key": account_key, "custom_field_id": field_id}
            yield Change("custom_value", value_id, new={**new, "value": None, "import_id": None})
        yield Change("custom_value", value_id, "value", new=value, effective_on=day)
