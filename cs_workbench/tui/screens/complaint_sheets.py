"""A complaint taken a step on: its next state, whether the customer was told, what they think."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from textual.app import App
from textual.content import Content

from cs_workbench.core import complaints
from cs_workbench.core.dates import near_date
from cs_workbench.core.memory import CHOICES, Complaint
from cs_workbench.errors import UsageError
from cs_workbench.store.database import Database
from cs_workbench.store.kept import read_one
from cs_workbench.tui.formats import joined
from cs_workbench.tui.screens.fields_form import Field, FieldsForm, FieldSheet
from cs_workbench.tui.screens.menu import Choice
from cs_workbench.tui.session import Session
from cs_workbench.workflows.complaining import move_complaint, tell_customer
from cs_workbench.workflows.drafts import COMPLAINT
from cs_workbench.workflows.judgements import Act

_TOLD = {"yes": True, "y": True, "no": False, "n": False}


async def take_on(app: App[Any], session: Session, complaint_id: str) -> str | None:
    """Ask for the next step of a complaint, and take it; returns what was done.

    Raises:
        NotFoundError: there is no such complaint.
    """
    one = read_one(session.db, Complaint, complaint_id)
    return await app.push_screen_wait(FieldsForm(session, complaint_sheet(session, one)))


def complaint_choices(found: Sequence[Complaint]) -> list[Choice]:
    """A line of a menu for each complaint that is open."""
    return [
        Choice(
            "c" if not place else "",
            joined("Complaint ", (one.state, "bold"), ": ", one.what).truncate(60, ellipsis=True),
            f"complaint {one.complaint_id}",
        )
        for place, one in enumerate(found)
    ]


def complaint_sheet(session: Session, one: Complaint) -> FieldSheet:
    """The form; the state as it is says that the customer was told of it."""
    act = Act(one.account_key, session.me, session.today)
    following = complaints.next_states(one.state)
    return FieldSheet(
        form=COMPLAINT,
        subject=str(one.account_key),
        title=joined(("Complaint", "bold"), " · ", one.what),
        now=_now(session, one),
        fields=(
            Field(
                *("state", "Next state"),
                hint=", ".join(following),
                first=following[0],
                known=(*following, one.state),
            ),
            Field("told", "Customer told?", hint="yes or no", known=("yes", "no")),
            Field("how", "How", hint="by phone, by mail"),
            Field("note", "What was done"),
            Field(
                *("verdict", "What they think"),
                hint=f"at the end: {', '.join(CHOICES['complaint.verdict'])}",
                known=CHOICES["complaint.verdict"],
                is_folded=following[0] != "closed",
            ),
        ),
        apply=partial(_apply, act, one),
    )


def _apply(act: Act, one: Complaint, db: Database, fields: Mapping[str, str]) -> str:
    given = {name: text.strip() for name, text in fields.items()}
    state, told = given["state"].casefold(), _TOLD.get(given["told"].casefold())
    how = given["how"] or None
    if state == one.state and told:
        return tell_customer(db, act, one.complaint_id, how=how)
    if told is None:
        raise UsageError("Was the customer told of it? Write yes or no.")
    verdict = given["verdict"].casefold() or None
    move = complaints.Move(state, told, how, given["note"] or None, verdict)
    return move_complaint(db, act, one.complaint_id, move)


def _now(session: Session, one: Complaint) -> Content:
    due = one.answer_due_on if one.resolved_on is None else one.follow_up_on
    what = "first answer by" if one.resolved_on is None else "ask how it went on"
    when = f" · {what} {near_date(due, session.today)}" if due else ""
    return joined((one.state, "bold"), (f" · {one.severity} · {one.owner}{when}", "dim"))
