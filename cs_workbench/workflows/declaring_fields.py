"""Columns of accounts files that become a team's own fields."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cs_workbench.core.custom_fields import (
    LONGEST_LABEL,
    MOST,
    CustomField,
    field_id_of,
    fitting_type,
)
from cs_workbench.importers.custom_columns import (
    CustomColumn,
    column_of,
    types_in,
    unknown_columns,
)
from cs_workbench.importers.mapping import Rule
from cs_workbench.importers.records import Assumptions, reading_of
from cs_workbench.importers.sources import Source
from cs_workbench.importers.unknown_tables import listed
from cs_workbench.store.custom_fields import custom_fields, declare
from cs_workbench.store.database import Database
from cs_workbench.store.imports import Pen

_OF_CONTRACTS = frozenset({field_id_of("ARR"), field_id_of("MRR")})


@dataclass(frozen=True, slots=True)
class Declared:
    """The columns that are kept as fields, and what a person should know of that."""

    columns: tuple[CustomColumn, ...] = ()
    told: tuple[str, ...] = ()


def declare_columns(
    db: Database, pen: Pen, source: Source, sources: Sequence[Source], assumed: Assumptions
) -> Declared:
    """Make fields of the columns that an accounts file has and nobody knows.

    A field is of the type that all its values have; where a later file brings others, it is text
    from then on.
    """
    headings = unknown_columns(source, sources)
    if not headings:
        return Declared()
    reading = reading_of(source, assumed, Rule())
    there = custom_fields(db.connection)
    fields: dict[str, CustomField] = {}
    told: list[str] = []
    left: list[str] = []
    for heading, types in types_in(source, headings, reading).items():
        label = " ".join(heading.split())[:LONGEST_LABEL]
        before = there.get(field_id_of(label))
        if not types and before is None:
            continue
        if before is None and len(there) + len(fields) >= MOST:
            left.append(heading)
            continue
        kind = fitting_type({*types, before.type} if before else types)
        fields[heading] = CustomField(field_id_of(label), before.label if before else label, kind)
        if before is not None and before.type != kind:
            told.append(f"{before.label} holds {kind} from now on, not only {before.type}s")
    new = [one for one in fields.values() if one.field_id not in there]
    changed = [one for one in fields.values() if there.get(one.field_id) not in (None, one)]
    if new or changed:
        with pen.chunk(len(new)) as connection:
            declare(connection, [*new, *changed])
    name = source.table.name
    return Declared(
        tuple(column_of(source, heading, one, reading) for heading, one in fields.items()),
        tuple(f"{name}: {one}." for one in (*_kept(new), *told, *_left_out(left))),
    )


def _kept(new: Sequence[CustomField]) -> Iterator[str]:
    if new:
        named = listed([f"{one.label} ({one.type})" for one in new])
        yield f"columns kept as fields of your own: {named}"
    if any(one.field_id in _OF_CONTRACTS for one in new):
        yield (
            "what customers pay is not read from accounts, but from subscriptions or a list with "
            "name, arr and renewal_date"
        )


def _left_out(headings: Sequence[str]) -> Iterator[str]:
    if headings:
        yield f"columns left out, as there are {MOST} fields of your own: {listed(headings)}"
