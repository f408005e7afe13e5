"""Edit a field of an account by hand, beside what imports bring."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from cs_workbench.core.custom_fields import custom_named, typed_value
from cs_workbench.core.dates import read_date
from cs_workbench.core.memory import CHOICES
from cs_workbench.core.records import STAGES
from cs_workbench.errors import NotFoundError, UsageError
from cs_workbench.store.changes import Change
from cs_workbench.store.custom_fields import custom_fields
from cs_workbench.store.custom_values import value_changes
from cs_workbench.store.database import Database
from cs_workbench.store.edited_fields import (
    FieldConflict,
    account_of,
    decision,
    field_label,
    open_conflicts,
)
from cs_workbench.store.entities import Value
from cs_workbench.store.kept import account_names
from cs_workbench.store.people import person_id_of
from cs_workbench.workflows.judgements import Act
from cs_workbench.workflows.remembering import account_name, apply_act, one_line


@dataclass(frozen=True, slots=True)
class Editable:
    """A field that a person may edit.

    Attributes:
        column: of the account's row.
        choices: what it takes; empty: any line of text.
        is_required: whether it cannot be cleared.
    """

    column: str
    label: str
    choices: tuple[str, ...] = ()
    is_required: bool = False


_YES = ("yes", "no")
FIELDS: Mapping[str, Editable] = {
    "name": Editable("name", "Name", is_required=True),
    "csm": Editable("csm", "CSM"),
    "segment": Editable("segment", "Segment"),
    "region": Editable("region", "Region"),
    "industry": Editable("industry", "Industry"),
    "domain": Editable("domain", "Domain"),
    "stage": Editable("lifecycle_stage", "Stage", STAGES),
    "started": Editable("started_on", "Customer since"),
    "value-driver": Editable("value_driver", "Value driver"),
    "fit": Editable("fit", "Fit", CHOICES["account.fit"]),
    "channel": Editable("preferred_channel", "Preferred channel"),
    "advisory-board": Editable("advisory_board", "Advisory board", _YES, is_required=True),
    "advocacy": Editable("advocacy", "Advocacy", CHOICES["account.advocacy"]),
}


def set_field(db: Database, act: Act, field: str, value: str) -> str:
    """Give a field of an account a value, an empty one to clear it; returns that in words.

    Raises:
        UsageError: there is no such field, or it does not take the value.
        NotFoundError: the account is gone.
    """
    name = field.strip().casefold().replace("_", "-")
    editable = FIELDS.get(name)
    shown = " ".join(value.split()) or "none"
    if editable is not None:
        label, shown = editable.label, shown.casefold() if editable.choices else shown
    else:
        own = custom_fields(db.connection)
        found = custom_named(own, field)
        if found is None:
            known = ", ".join((*FIELDS, *own))
            raise UsageError(f"There is no field {field!r}. There are: {known}.")
        name, label = found.field_id, found.label
    changes = list(field_changes(db, act, name, value))
    summary = f"{label}: {shown} · {account_name(db, act.account_key)}"
    return summary if apply_act(db, act, summary, changes) else f"{summary} (as it was)"


def set_fields(db: Database, act: Act, values: Mapping[str, str]) -> str:
    """Give several fields of an account their values in one act; returns that in words.

    Raises:
        UsageError: nothing is given, or a field does not take its value.
        NotFoundError: the account is gone.
    """
    if not values:
        raise UsageError("Nothing was changed yet. Change a field, or go back.")
    changes = [
        change for name, value in values.items() for change in field_changes(db, act, name, value)
    ]
    labels = {name: one.label for name, one in custom_fields(db.connection).items()}
    labels |= {name: one.label for name, one in FIELDS.items()}
    told = ", ".join(
        f"{labels[name]} {' '.join(value.split()) or 'none'}" for name, value in values.items()
    )
    summary = f"{told} · {account_name(db, act.account_key)}"
    apply_act(db, act, summary, changes)
    return summary


def field_changes(db: Database, act: Act, name: str, value: str) -> Iterator[Change]:
    """The changes that give a field a value: one of FIELDS, or of a team's own.

    Raises:
        UsageError: the field does not take the value.
    """
    if name not in FIELDS:
        field = custom_fields(db.connection)[name]
        given = {name: typed_value(field, value, act.today)}
        yield from value_changes(db.connection, act.account_key, given, act.today.isoformat())
        return
    editable, stored = FIELDS[name], _stored(name, value, act.today)
    if name == "csm" and isinstance(stored, str):
        known = person_id_of(db, stored)
        if known is None:
            yield Change("person", stored, new={"name": stored})
        stored = known or stored
    yield Change(
        "account",
        str(act.account_key),
        editable.column,
        new=stored,
        effective_on=act.today.isoformat(),
    )


def _stored(name: str, value: str, today: dt.date) -> Value:
    editable, text = FIELDS[name], value.strip()
    if not text:
        if editable.is_required:
            raise UsageError(f"{editable.label} cannot be empty.")
        return None
    if editable.choices:
        folded = text.casefold()
        if folded not in editable.choices:
            known = ", ".join(editable.choices)
            raise UsageError(f"{editable.label} is one of {known}; not {text!r}.")
        return int(folded == "yes") if editable.choices is _YES else folded
    if name == "started":
        return read_date(text, today).isoformat()
    return one_line(text, editable.label)


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A field on which a person and a source or a colleague differ, with its account."""

    account: str
    conflict: FieldConflict
    label: str


def disagreements(db: Database, account_key: int | None = None) -> list[Disagreement]:
    """Fields on which a person has to decide."""
    found = open_conflicts(db, account_key)
    keys = {one.field_conflict_id: account_of(db, one) for one in found}
    names = account_names(db, sorted({key for key in keys.values() if key is not None}))
    return [
        Disagreement(names[key][1], one, field_label(db, one))
        for one in found
        if (key := keys[one.field_conflict_id]) in names
    ]


def settle(db: Database, act: Act, conflict_id: str, take: str) -> str:
    """End a disagreement: `mine` keeps what stands here, `theirs` takes the other value.

    Raises:
        NotFoundError: no open one has an id that ends so.
        UsageError: `take` is neither.
    """
    if take not in {"mine", "theirs"}:
        raise UsageError("Take mine, which keeps what stands here, or theirs, the other side's.")
    found = [
        one for one in open_conflicts(db) if one.field_conflict_id.endswith(conflict_id.strip())
    ]
    if len(found) != 1 or not conflict_id.strip():
        raise NotFoundError(f"There is no one open conflict {conflict_id!r}; the list has them.")
    summary = f"{field_label(db, found[0])} of {found[0].entity}: took {take}"
    day = act.today.isoformat()
    apply_act(db, act, summary, decision(found[0], take=take, actor=act.actor, day=day))
    return summary
