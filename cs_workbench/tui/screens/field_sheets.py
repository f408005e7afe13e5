"""What `e` asks beside judgements: fields of an account, and those that a source changed too."""

from collections.abc import Mapping, Sequence
from typing import Any

from textual.app import App

from cs_workbench.store.account_fields import read_fields
from cs_workbench.store.custom_fields import custom_fields, custom_values
from cs_workbench.store.database import Database, open_database
from cs_workbench.tui.formats import joined, safe
from cs_workbench.tui.screens.fields_form import Field, FieldsForm, FieldSheet
from cs_workbench.tui.screens.menu import Choice, Menu
from cs_workbench.tui.session import Session
from cs_workbench.workflows.drafts import FIELDS_FORM
from cs_workbench.workflows.editing import FIELDS, Disagreement, set_fields, settle
from cs_workbench.workflows.judgements import Act

SHOWN = 6  # fields that are shown unfolded


async def edit_fields(app: App[Any], session: Session, act: Act, name: str) -> str | None:
    """Edit fields of an account; returns what was done."""
    return await app.push_screen_wait(FieldsForm(session, fields_sheet(session, act, name)))


async def decide(app: App[Any], session: Session, act: Act, one: Disagreement) -> str | None:
    """Take a side where a person's value and the source's differ; returns what was done.

    Raises:
        WorkbenchError: somebody decided meanwhile.
    """
    conflict = one.conflict
    mine_by, theirs_by = (f" ({by})" for by in (conflict.mine_by, conflict.theirs_by))
    choices = [
        Choice("m", joined("Keep ", (_shown(conflict.mine), "bold"), mine_by), "mine"),
        Choice("t", joined("Take ", (_shown(conflict.theirs), "bold"), theirs_by), "theirs"),
    ]
    title = joined((one.label, "bold"), " · ", one.account)
    chosen = await app.push_screen_wait(Menu(title, choices))
    if chosen is None:
        return None
    with open_database(session.db.path) as db:
        return settle(db, act, conflict.field_conflict_id, chosen.value)


def conflict_choices(found: Sequence[Disagreement]) -> list[Choice]:
    """A line of the menu for each field on which a person has to decide."""
    return [
        Choice(
            "",
            joined(
                ("Decide ", "bold"),
                one.label,
                (": here ", "dim"),
                _shown(one.conflict.mine),
                (", else ", "dim"),
                _shown(one.conflict.theirs),
                (f" ({one.conflict.theirs_by})", "dim"),
            ),
            f"decide {place}",
        )
        for place, one in enumerate(found)
    ]


def fields_sheet(session: Session, act: Act, name: str) -> FieldSheet:
    """The form of an account's fields, as they are now."""
    columns = {field: one.column for field, one in FIELDS.items()}
    stored = read_fields(session.db, act.account_key, list(columns.values()))
    own = custom_fields(session.db.connection)
    values = custom_values(session.db.connection, act.account_key)
    now = {field: _typed(field, stored[column]) for field, column in columns.items()}
    now |= {field: values.get(field, "") for field in own}

    def apply(db: Database, fields: Mapping[str, str]) -> str:
        changed = {
            field: fields[_id(field)] for field in now if fields[_id(field)].strip() != now[field]
        }
        return set_fields(db, act, changed)

    return FieldSheet(
        form=FIELDS_FORM,
        subject=str(act.account_key),
        title=joined(("Edit fields", "bold"), " · ", name),
        fields=(
            *(
                Field(
                    _id(field),
                    one.label,
                    hint=", ".join(one.choices),
                    first=now[field],
                    is_folded=place >= SHOWN,
                    known=one.choices,
                )
                for place, (field, one) in enumerate(FIELDS.items())
            ),
            *(
                Field(_id(field), one.label, hint=one.type, first=now[field], is_folded=True)
                for field, one in own.items()
            ),
        ),
        apply=apply,
        now=safe("What you set stays until the source says something new."),
    )


def _id(field: str) -> str:
    return f"f-{field if field in FIELDS else field.encode().hex()}"  # of one's own: any letters


def _typed(field: str, value: object) -> str:
    if field == "advisory-board":
        return "yes" if value else "no"
    return "" if value is None else str(value)


def _shown(value: object) -> str:
    text = "nothing" if value is None else str(value)
    return text if len(text) <= 30 else f"{text[:29]}…"
