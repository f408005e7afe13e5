"""People on the customer's side: add one, change one, say that one has left or come back."""

import datetime as dt
from dataclasses import replace

from cs_workbench.core.ids import new_id
from cs_workbench.core.memory import ROLES, Contact
from cs_workbench.errors import UsageError
from cs_workbench.store.database import Database
from cs_workbench.store.kept import read_one
from cs_workbench.workflows.judgements import Act
from cs_workbench.workflows.remembering import one_line, remember, revise

FIELDS = ("name", "email", "role", "title", "channel", "opted-out")


def add_contact(db: Database, act: Act, *, name: str, **given: str | None) -> str:
    """Add a person; returns that in words.

    Raises:
        UsageError: no name, or a role that is none of the known ones.
    """
    row = Contact(
        contact_id=new_id(),
        account_key=act.account_key,
        name=one_line(name, "A name"),
        email=given.get("email"),
        role=given.get("role"),
        title=given.get("title"),
        preferred_channel=given.get("channel"),
    )
    return remember(db, act, row)


def set_contact(db: Database, act: Act, contact_id: str, field: str, value: str) -> str:
    """Give a field of a contact a value, an empty one to clear it; returns that in words.

    Raises:
        UsageError: there is no such field, or it does not take the value.
    """
    before = read_one(db, Contact, contact_id)
    text = value.strip() or None
    if field == "name":
        after = replace(before, name=one_line(value, "A name"))
    elif field == "opted-out":
        after = replace(before, opted_out=_yes(value))
    elif field == "role":
        if text is not None and text not in ROLES:
            raise UsageError(f"A role is one of {', '.join(ROLES)}; not {value!r}.")
        after = replace(before, role=text)
    elif field == "email":
        after = replace(before, email=text)
    elif field == "title":
        after = replace(before, title=text)
    elif field == "channel":
        after = replace(before, preferred_channel=text)
    else:
        raise UsageError(f"A contact has no field {field!r}. There are: {', '.join(FIELDS)}.")
    return revise(db, act, before, after, f"{before.name}: {field} {text or 'none'}")


def contact_left(db: Database, act: Act, contact_id: str, on: dt.date | None) -> str:
    """Say that a contact has left the customer; returns that in words."""
    before = read_one(db, Contact, contact_id)
    day = on or act.today
    if day > act.today:
        raise UsageError("Say it when it has happened, and make it the next step until then.")
    role = f", {before.role}" if before.role else ""
    return revise(db, act, before, replace(before, left_on=day), f"left: {before.name}{role}")


def contact_back(db: Database, act: Act, contact_id: str) -> str:
    """Say that a contact has not left after all; returns that in words."""
    before = read_one(db, Contact, contact_id)
    return revise(db, act, before, replace(before, left_on=None), f"there again: {before.name}")


def _yes(value: str) -> bool:
    word = value.strip().casefold()
    if word not in {"yes", "no", "1", "0", "true", "false"}:
        raise UsageError("Opted out is yes or no.")
    return word in {"yes", "1", "true"}
