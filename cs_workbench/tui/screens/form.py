"""A form that a person fills in: what is typed is kept as a draft until it is set."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

from textual import events, on, work
from textual.content import Content
from textual.message import Message
from textual.screen import ModalScreen
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Input, Static

from cs_workbench.errors import WorkbenchError
from cs_workbench.store.database import Database
from cs_workbench.tui.form_draft import SAVE_AFTER, FormDraft
from cs_workbench.tui.formats import LATE_STYLE, NOTHING, joined
from cs_workbench.tui.session import Session
from cs_workbench.tui.widgets.date_input import DateInput
from cs_workbench.tui.written import Written

PLACE: Final = "@"  # under which a draft keeps the field that was typed in; no field is called so


class Form(ModalScreen[str | None]):
    """Gives what was done, in words, or None; a form of its own says what its fields are.

    It composes a `.form` with a `Static` named `said`, and defines `blank_fields`, `read_fields`,
    `put_fields` and the action `done`, which ends in `apply`.
    """

    DEFAULT_CSS = """
    Form { align: center middle; }
    Form .form {
        width: 76; max-width: 100%; height: auto; max-height: 100%;
        background: $surface; border: round $primary; padding: 0 1;
    }
    Form Static { height: auto; }
    Form .field { height: auto; }
    Form .label { width: 8; }
    Form .field > Input { width: 1fr; }
    Form Input { background: $panel; }
    Form Input:focus { background: $primary 25%; }
    """

    class Kept(Message):
        """The draft is saved, or why it is not."""

        def __init__(self, text: Content) -> None:
            self.text = text
            super().__init__()

    def __init__(self, session: Session, form: str, subject: str) -> None:
        """Begin with the draft that is kept under this form and subject, if there is one."""
        super().__init__()
        self._session = session
        self._draft = FormDraft(session, form, subject)
        self._timer: Timer | None = None
        self.is_refused = False

    def blank_fields(self) -> dict[str, str]:
        """What stands in the fields before anything is typed."""
        raise NotImplementedError

    def read_fields(self) -> dict[str, str]:
        """What stands in the fields."""
        raise NotImplementedError

    def put_fields(self, fields: Mapping[str, str]) -> None:
        """Write this into the fields."""
        raise NotImplementedError

    def action_done(self) -> None:
        """Do it, or say what is missing."""
        raise NotImplementedError

    def is_begun(self) -> bool:
        """Whether anything stands in the fields that did not stand there at first."""
        blank = self.blank_fields()
        return any(text != blank.get(name) for name, text in self.read_fields().items())

    def resume(self) -> bool:
        """Go to the field in which the person was when the draft was kept; whether there is one."""
        place = self._draft.fields.get(PLACE)
        found = [one for one in self.query(Input) if _name_of(one) == place]
        if place and found:
            found[0].focus()
        return bool(place and found)

    def _place(self) -> str:
        """The field that is typed in."""
        return _name_of(self.focused) if self.focused is not None else ""

    def fields_changed(self) -> None:
        """Something was typed; the draft has it already."""

    def fields_rested(self) -> None:
        """Nothing was typed for a moment."""

    @on(Input.Changed)
    @on(DateInput.Changed)
    def typed(self) -> None:
        """Keep what is typed when the person pauses."""
        fields = self.read_fields()
        if all(self._draft.fields.get(name) == text for name, text in fields.items()):
            return
        self._draft.fields = {**fields, PLACE: self._place()}
        self.is_refused = False
        self.fields_changed()
        self._stop_timer()
        self._timer = self.set_timer(SAVE_AFTER, self._rested)

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_done()

    def action_drop(self) -> None:
        """Forget what was typed."""
        blank = self.blank_fields()
        self._draft.fields = blank
        self.put_fields(blank)
        self.say(NOTHING)
        self._forget()

    def action_leave(self) -> None:
        """Back; what was typed is kept."""
        self._stop_timer()
        if self.is_begun():
            # The app's worker: one of a screen that goes may be cancelled before it begins.
            save = partial(self._draft.save, dict(self._draft.fields))
            self.app.run_worker(save, thread=True, group="draft")
        self.dismiss(None)

    def on_click(self, event: events.Click) -> None:
        """A click beside the form leaves it."""
        if event.widget is self:
            self.action_leave()

    def on_written(self, event: Written) -> None:
        """It is done, or could not be."""
        event.stop()
        if event.error is not None:
            self.refuse(event.error)
        else:
            self.dismiss(event.summary)

    def on_form_kept(self, event: Kept) -> None:
        """Say what became of the draft, unless something more important stands there."""
        event.stop()
        if not self.is_refused:
            self.say(event.text)

    def say(self, text: Content) -> None:
        """Tell below the fields."""
        self.query_one("#said", Static).update(text)

    def refuse(self, problem: WorkbenchError, field: str = "") -> None:
        """Tell what is missing, and go to the field (a selector) where it is."""
        self.is_refused = True
        self.say(joined(("! ", LATE_STYLE), problem))
        if field:
            self.query_one(field).focus()

    @work(thread=True, group="set", exclusive=True)
    def apply(self, do: Callable[[Database], str]) -> None:
        """Do it in a thread, which gives it in words; the draft is gone in the same write."""
        try:
            with self._draft.ending() as db:
                summary = do(db)
        except WorkbenchError as problem:
            self.post_message(Written(error=problem))
            return
        self.post_message(Written(summary))

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.stop()

    def _rested(self) -> None:
        self.fields_rested()
        self._save(dict(self._draft.fields))

    @work(thread=True, group="draft")
    def _save(self, fields: dict[str, str]) -> None:
        if said := self._draft.save(fields):
            self.post_message(self.Kept(said))

    @work(thread=True, group="draft")
    def _forget(self) -> None:
        self._draft.forget()


def _name_of(widget: Widget) -> str:
    """The name of the field that it is, or that it is a part of."""
    parent = widget.parent
    if isinstance(parent, DateInput):
        return parent.id or ""
    return widget.id or ""
