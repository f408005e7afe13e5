"""What people edited by hand stays through imports, until the value in the source changes.

Which fields a person edited, and what the source said before, is read from the log of changes.
When the source says something new, the person's value stays, both are kept as a conflict, and a
person decides. A colleague's bundle that says something else of a field is a conflict alike.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from cs_workbench.core.ids import new_id
from cs_workbench.core.records import Value
from cs_workbench.store import columns
from cs_workbench.store.changes import Change
from cs_workbench.store.database import Database
from cs_workbench.store.sqlite import Connection

CONFLICTS = (
    # Values are SQL values as JSON; `theirs` is what the source said last.
    f"""CREATE TABLE field_conflict (
        field_conflict_id TEXT PRIMARY KEY,
        of_entity TEXT NOT NULL,
        of_id TEXT NOT NULL,
        of_field TEXT NOT NULL,
        mine TEXT,
        theirs TEXT,
        {columns.IMPORT},
        state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'mine', 'theirs')),
        decided_by TEXT
    ) STRICT""",
    "CREATE INDEX field_conflict_of ON field_conflict (of_entity, of_id, of_field)",
)
# Who wrote `theirs` in a file of their own; None: the source of an import says it.
CONFLICT_AUTHORS = ("ALTER TABLE field_conflict ADD COLUMN theirs_by TEXT",)
_EDITS = """SELECT c.entity_id, c.field, c.old, s.cause FROM json_each(:ids) wanted
    JOIN change c ON c.entity = :entity AND c.entity_id = wanted.value
    JOIN change_set s USING (change_set_id)
    WHERE c.field IS NOT NULL AND c.old IS NOT NULL ORDER BY c.seq"""
_TOLD = """SELECT of_id, of_field, theirs FROM json_each(:ids) wanted
    JOIN field_conflict ON of_entity = :entity AND of_id = wanted.value AND theirs_by IS NULL
    ORDER BY field_conflict_id"""
_OPEN = """SELECT field_conflict_id, of_entity, of_id, of_field, mine, theirs,
    coalesce(theirs_by, source, 'an import')
    FROM field_conflict f LEFT JOIN import_run USING (import_id)
    WHERE f.state = 'open' ORDER BY field_conflict_id"""
_LAST = """SELECT s.actor FROM change c JOIN change_set s USING (change_set_id)
    WHERE c.entity = ? AND c.entity_id = ? AND (c.field = ? OR c.field IS NULL)
    ORDER BY c.seq DESC LIMIT 1"""
_AGAIN = """DELETE FROM field_conflict WHERE of_entity = ? AND of_id = ? AND of_field = ?
    AND theirs_by IS ? AND state = 'open'"""
_BY_HAND = frozenset({"person", "undo"})


@dataclass(frozen=True, slots=True)
class FieldConflict:
    """A field that a person set, of which a source or a colleague says something else.

    Attributes:
        mine, mine_by: what stands here, and who set it last.
        theirs, theirs_by: what else is said, and by whom: a person, or the source of an import.
    """

    field_conflict_id: str
    entity: str
    entity_id: str
    field: str
    mine: Value
    mine_by: str
    theirs: Value
    theirs_by: str


@dataclass(slots=True)
class Edits:
    """The fields of some rows of an entity that people edited."""

    entity: str
    _sources: dict[tuple[str, str], Value] = field(default_factory=dict)
    _found: list[tuple[str, str, Value, Value]] = field(default_factory=list)

    def read(self, connection: Connection, ids: Sequence[object]) -> None:
        """Look up which fields were edited, and what the source said of them."""
        given = {"ids": json.dumps([str(one) for one in ids]), "entity": self.entity}
        for entity_id, name, old, cause in connection.execute(_EDITS, given):
            if cause in _BY_HAND:
                self._sources.setdefault((entity_id, name), json.loads(old))
            else:
                self._sources.pop((entity_id, name), None)
        for entity_id, name, theirs in connection.execute(_TOLD, given):
            if (entity_id, name) in self._sources and theirs is not None:
                self._sources[entity_id, name] = json.loads(theirs)

    def values(
        self,
        entity_id: str,
        names: Sequence[str],
        before: tuple[Value, ...],
        after: tuple[Value, ...],
    ) -> tuple[Value, ...]:
        """What the row is to hold after the import says `after`."""
        if not self._sources:
            return after
        kept = []
        for name, old, new in zip(names, before, after, strict=True):
            key = (entity_id, name)
            if key not in self._sources or old in (self._sources[key], new):
                kept.append(new)
                continue
            if new != self._sources[key]:
                self._found.append((entity_id, name, old, new))
            kept.append(old)
        return tuple(kept)

    def write(self, connection: Connection, import_id: int) -> int:
        """Keep the conflicts that were found, in place of open ones; returns how many."""
        for entity_id, name, mine, theirs in self._found:
            place = (self.entity, entity_id, name)
            keep_conflict(connection, place, (mine, theirs), import_id=import_id)
        return len(self._found)


def keep_conflict(
    connection: Connection,
    place: tuple[str, str, str],
    values: tuple[Value, Value],
    *,
    import_id: int | None = None,
    theirs_by: str | None = None,
) -> None:
    """Keep a conflict for a person to decide, in place of an open one with the same other side.

    Args:
        connection: in a write.
        place: entity, id and field.
        values: what stands here, and what else is said.
        import_id: of the import that says it.
        theirs_by: the colleague who says it; else the import's source.
    """
    connection.execute(_AGAIN, (*place, theirs_by))
    connection.execute(
        "INSERT INTO field_conflict (field_conflict_id, of_entity, of_id, of_field, mine, "
        "theirs, import_id, theirs_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (new_id(), *place, *map(json.dumps, values), import_id, theirs_by),
    )


def last_author(connection: Connection, entity: str, entity_id: str, name: str) -> str:
    """Who gave a field its value: a person or a job; `an import` where the log does not say."""
    row = connection.execute(_LAST, (entity, entity_id, name)).fetchone()
    return "an import" if row is None else str(row[0])


def open_conflicts(db: Database, account_key: int | None = None) -> list[FieldConflict]:
    """Fields on which a person has to decide: of one account and its rows, or of all."""
    found = [
        FieldConflict(
            *(conflict_id, entity, entity_id, name),
            *(json.loads(mine), last_author(db.connection, entity, entity_id, name)),
            *(json.loads(theirs), theirs_by),
        )
        for conflict_id, entity, entity_id, name, mine, theirs, theirs_by in db.connection.execute(
            _OPEN
        ).fetchall()
    ]
    if account_key is None:
        return found
    return [one for one in found if account_of(db, one) == account_key]


def account_of(db: Database, conflict: FieldConflict) -> int | None:
    """The account that a conflict is about; None where its row is gone."""
    from cs_workbench.store.entities import ENTITIES

    if conflict.entity == "account":
        return int(conflict.entity_id)
    entity = ENTITIES[conflict.entity]
    row = db.connection.execute(
        f"SELECT account_key FROM {entity.table} WHERE {entity.key} = ?", (conflict.entity_id,)
    ).fetchone()
    return None if row is None else int(row[0])


def decision(conflict: FieldConflict, *, take: str, actor: str, day: str) -> Iterator[Change]:
    """The changes that end a conflict: the source's value is taken, or ours stays."""
    conflict_id = conflict.field_conflict_id
    if take == "theirs":
        yield Change(
            conflict.entity,
            conflict.entity_id,
            conflict.field,
            new=conflict.theirs,
            effective_on=day,
        )
    yield Change("field_conflict", conflict_id, "state", new=take, effective_on=day)
    yield Change("field_conflict", conflict_id, "decided_by", new=actor, effective_on=day)


def field_label(db: Database, conflict: FieldConflict) -> str:
    """What the field of a conflict is called."""
    if conflict.entity == "custom_value":
        row = db.connection.execute(
            "SELECT label FROM custom_value JOIN custom_field USING (custom_field_id) "
            "WHERE custom_value_id = ?",
            (conflict.entity_id,),
        ).fetchone()
        if row is not None:
            return str(row[0])
    return conflict.field.replace("_", " ")
