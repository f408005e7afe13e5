"""What was known on a day: the imports that had come by then, and later changes taken back.

A source's first load is *assumed*: its facts count from their own dates. What came later counts
from its import, what a person wrote from its entry in the log.
"""

import datetime as dt
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cs_workbench.store.sqlite import Connection, sqlite3

ENTITIES = (
    "account",
    "subscription",
    "ticket",
    "survey_response",
    "touchpoint",
    "forecast",
    "contact",
    "promise",
    "invoice",
)

# Conditions on the rows of a table called t, with the parameters of `Known.limits`.
KNOWN_THEN = (
    "(t.import_id IS NULL OR t.import_id NOT IN (SELECT value FROM json_each(:unknown))) "
    "AND t.{key} NOT IN (SELECT value FROM json_each(:born))"
)
RANGE = "t.account_key BETWEEN :first AND :last AND " + KNOWN_THEN
IS_OWED = "t.amount_minor > 0"  # an invoice; a credit note is one below zero, owed by nobody
IS_TWO_WAY = (
    "(t.direction = 'inbound' OR lower(t.channel) IN (SELECT value FROM json_each(:two_way)) "
    "OR lower(t.kind) IN (SELECT value FROM json_each(:two_way)))"
)

_CHAMPION = json.dumps("champion")
# Roles of contacts that were champions at any time, in the order in which they were changed.
_CHAMPION_CHANGES = f"""SELECT entity_id, old, new, known_at FROM change
    WHERE entity = 'contact' AND field = 'role' AND entity_id IN (SELECT entity_id FROM change
        WHERE entity = 'contact' AND field = 'role' AND '{_CHAMPION}' IN (old, new))
    AND date(known_at) > coalesce((SELECT date(i.recorded_at) FROM contact c
        JOIN import_run i USING (import_id) WHERE c.contact_id = entity_id), '')
    ORDER BY seq"""


@dataclass(frozen=True)
class Known:
    """The limits of what was known on a day, as the queries take them.

    Attributes:
        as_of: the day, and `until` its last instant (UTC).
        unknown: ids of the imports that had not come, as JSON.
        recorded: ids of the imports that had come, as JSON; facts of others are assumed.
        born: by entity, ids of the rows that a person added later, as JSON.
        earlier: by entity and id, the fields that changed later, with their values of then.
        roles_lost: contacts that were a champion at any time and got another role; the last day
            by then on which they lost it, None if that came later.
    """

    as_of: dt.date
    until: str
    unknown: str
    recorded: str
    born: Mapping[str, str]
    earlier: Mapping[str, Mapping[str, Mapping[str, Any]]]
    roles_lost: Mapping[str, dt.date | None]

    def limits(self, entity: str) -> dict[str, str]:
        """The named parameters of a query over one entity."""
        return {
            "as_of": self.as_of.isoformat(),
            "until": self.until,
            "unknown": self.unknown,
            "recorded": self.recorded,
            "born": self.born[entity],
        }

    def as_then(self, entity: str, rows: sqlite3.Cursor) -> Iterator[tuple[Any, ...]]:
        """The rows with later changes taken back; the first column is the id."""
        earlier = self.earlier[entity]
        if not earlier:
            return rows
        names = [column[0] for column in rows.description]
        return (_with_earlier(row, names, earlier.get(str(row[0]))) for row in rows)


def read_known(connection: Connection, as_of: dt.date) -> Known:
    """Find the limits for a day."""
    until = f"{as_of.isoformat()}T23:59:59Z"
    born: dict[str, list[str]] = {entity: [] for entity in ENTITIES}
    earlier: dict[str, dict[str, dict[str, Any]]] = {entity: {} for entity in ENTITIES}
    marks = ", ".join("?" * len(ENTITIES))
    # The oldest later change of a field holds its value of then, so the newest are read first.
    for entity, entity_id, field, old, new in plain_rows(
        connection,
        f"SELECT entity, entity_id, field, old, new FROM change "
        f"WHERE known_at > ? AND entity IN ({marks}) "
        "AND (field IS NULL OR field NOT IN ('account_key', 'merged_into')) ORDER BY seq DESC",
        (until, *ENTITIES),
    ):
        if field is not None:
            earlier[entity].setdefault(entity_id, {})[field] = None if old is None else _value(old)
        elif new is not None:
            born[entity].append(entity_id)
    return Known(
        as_of=as_of,
        until=until,
        unknown=_ids(connection, "known_policy = 'recorded' AND recorded_at > ?", until),
        recorded=_ids(connection, "recorded_at <= ?", until),
        born={entity: json.dumps(ids) for entity, ids in born.items()},
        earlier=earlier,
        roles_lost=_champions_lost(connection, as_of),
    )


def _champions_lost(connection: Connection, as_of: dt.date) -> dict[str, dt.date | None]:
    """By contact, the last day by then that began with the role of champion and ended without.

    What was set and taken back on one day, or corrected on the day of its import, never held.
    """
    days: dict[tuple[str, dt.date], tuple[str | None, str | None]] = {}
    for contact_id, old, new, known_at in plain_rows(connection, _CHAMPION_CHANGES, ()):
        on = contact_id, dt.date.fromisoformat(known_at[:10])
        days[on] = days.get(on, (old,))[0], new
    lost: dict[str, dt.date | None] = {}
    for (contact_id, day), (began, ended) in days.items():
        lost.setdefault(contact_id, None)
        if day <= as_of and began == _CHAMPION != ended:
            lost[contact_id] = day
    return lost


def _value(text: str) -> Any:
    return json.loads(text)


def _ids(connection: Connection, condition: str, until: str) -> str:
    found = plain_rows(connection, f"SELECT import_id FROM import_run WHERE {condition}", (until,))
    return json.dumps([row[0] for row in found])


def plain_rows(
    connection: Connection, sql: str, given: Sequence[Any] | Mapping[str, Any]
) -> sqlite3.Cursor:
    """Rows as plain tuples, which are quicker than named ones."""
    cursor = connection.cursor()
    cursor.row_factory = None
    return cursor.execute(sql, given)


def _with_earlier(
    row: tuple[Any, ...], names: Sequence[str], fields: Mapping[str, Any] | None
) -> tuple[Any, ...]:
    if fields is None:
        return row
    return tuple(fields.get(name, value) for name, value in zip(names, row, strict=True))
