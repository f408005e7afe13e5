"""`l` and `P`: what is asked and done, for one account or for all that are marked."""

from collections.abc import Mapping, Sequence
from typing import Any

from textual.app import App
from textual.content import Content

from cs_workbench.core.dates import near_date, read_date
from cs_workbench.core.memory import Promise
from cs_workbench.core.promises import outcome_of
from cs_workbench.store.database import Database, open_database
from cs_workbench.store.kept import read_kept
from cs_workbench.tui.formats import LATE_STYLE, NOTHING, joined, safe
from cs_workbench.tui.screens.fields_form import Field, FieldsForm, FieldSheet
from cs_workbench.tui.screens.log_sheets import incident_sheet, promise_sheet, touch_sheet
from cs_workbench.tui.screens.menu import Choice, Menu
from cs_workbench.tui.session import Session
from cs_workbench.workflows.judgements import Act
from cs_workbench.workflows.promising import break_promise, keep_promise, renegotiate

_NEW = "new"
_KEPT, _BROKEN, _LATER = "kept", "broken", "later"


async def log_contact(app: App[Any], session: Session, keys: Sequence[int]) -> str | None:
    """Log a contact with one account, or an incident of several; returns what was done.

    Raises:
        WorkbenchError: an account is gone.
    """
    several = len(keys) > 1
    sheet = incident_sheet(session, keys) if several else touch_sheet(session, keys[0])
    return await app.push_screen_wait(FieldsForm(session, sheet))


async def promise(app: App[Any], session: Session, account_key: int) -> str | None:
    """Make a promise, or say what became of an open one; returns what was done.

    Raises:
        WorkbenchError: the account is gone, or the promise is settled by now.
    """
    waiting = [one for one in read_kept(session.db, Promise, account_key) if one.state == "open"]
    if not waiting:
        return await app.push_screen_wait(FieldsForm(session, promise_sheet(session, account_key)))
    chosen = await app.push_screen_wait(_promises_menu(session, waiting))
    if chosen is None:
        return None
    if chosen.value == _NEW:
        return await app.push_screen_wait(FieldsForm(session, promise_sheet(session, account_key)))
    one = next(one for one in waiting if one.promise_id == chosen.value)
    became = await app.push_screen_wait(_became_menu(one))
    if became is None:
        return None
    act = Act(account_key, session.me, session.today)
    if became.value == _LATER:
        return await app.push_screen_wait(FieldsForm(session, _later_sheet(session, act, one)))
    with open_database(session.db.path) as db:
        if became.value == _KEPT:
            return keep_promise(db, act, one.promise_id, on=None, evidence=None)
        return break_promise(db, act, one.promise_id, evidence=None)


def _promises_menu(session: Session, waiting: Sequence[Promise]) -> Menu:
    choices = [Choice("n", safe("A new promise"), _NEW)]
    for place, one in enumerate(waiting, start=1):
        key = str(place) if place < 10 else ""
        choices.append(Choice(key, _told(one, session), one.promise_id))
    return Menu(joined(("Promises", "bold")), choices)


def _told(one: Promise, session: Session) -> Content:
    late = outcome_of(one, session.today) == "late"
    due = "" if one.due_on is None else f"  due {near_date(one.due_on, session.today)}"
    mark = joined(("! ", LATE_STYLE)) if late and one.promised_by == "us" else NOTHING
    who = "we: " if one.promised_by == "us" else "they: "
    return joined((who, "dim"), mark, one.what[:48], (due, "bold" if late else "dim"))


def _became_menu(one: Promise) -> Menu:
    choices = [
        Choice("k", safe("Kept, today"), _KEPT),
        Choice("b", safe("Broken: it will not be kept"), _BROKEN),
        Choice("r", safe("Renegotiated: both agreed on another day"), _LATER),
    ]
    return Menu(joined((one.what[:60], "bold")), choices)


def _later_sheet(session: Session, act: Act, one: Promise) -> FieldSheet:
    def apply(db: Database, fields: Mapping[str, str]) -> str:
        due = read_date(fields["due"], session.today)
        return renegotiate(db, act, one.promise_id, due_on=due, what=fields["what"].strip() or None)

    return FieldSheet(
        form="renegotiate",
        subject=f"{one.account_key}/{one.promise_id}",
        title=joined(("Agreed anew", "bold")),
        now=joined(("was  ", "dim"), _told(one, session)),
        fields=(Field("due", "By when", "date"), Field("what", "What", first=one.what)),
        apply=apply,
    )
