"""A form of a few fields, others folded away; what is typed is kept as a draft until it is set."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import ClassVar, Final, Literal

from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.screen import ModalScreen
from textual.suggester import SuggestFromList
from textual.timer import Timer
from textual.widgets import Input, Static

from cs_workbench.errors import WorkbenchError
from cs_workbench.store.database import Database
from cs_workbench.tui.form_draft import SAVE_AFTER, FormDraft
from cs_workbench.tui.formats import LATE_STYLE, NOTHING, joined, safe
from cs_workbench.tui.keys import bound
from cs_workbench.tui.long_text import edited_outside
from cs_workbench.tui.session import Session
from cs_workbench.tui.widgets.date_input import DateInput
from cs_workbench.tui.widgets.hint_line import HintLine
from cs_workbench.tui.written import Written

GROUP: Final = Binding.Group("This form")
KEYS: Final = ("fields.done", "fields.more", "fields.editor", "fields.drop", "fields.leave")


@dataclass(frozen=True)
class Field:
    """One line of a form.

    Attributes:
        first: what stands there at first, and `hint` what is said while it has the focus.
        is_folded: whether it is shown only when the form is unfolded.
        known: what completes what is typed; anything else may be typed too.
    """

    name: str
    label: str
    kind: Literal["text", "date", "past date"] = "text"
    hint: str = ""
    first: str = ""
    is_folded: bool = False
    known: tuple[str, ...] = ()


@dataclass(frozen=True)
class FieldSheet:
    """What a form asks, and what its answers mean.

    Attributes:
        form, subject: under which its draft is kept.
        now: what there is already.
        apply: does it, in a thread; returns what was done, in words. A UsageError says what is
            missing.
        watch: what is to be said of what is typed so far.
        unfolds: whether what is typed needs the folded fields.
        long: the field that ctrl+e edits in the person's own editor; empty for none.
    """

    form: str
    subject: str
    title: Content
    fields: tuple[Field, ...]
    apply: Callable[[Database, Mapping[str, str]], str]
    now: Content = NOTHING
    watch: Callable[[Mapping[str, str]], Content] | None = None
    unfolds: Callable[[Mapping[str, str]], bool] | None = None
    long: str = ""


class FieldsForm(ModalScreen[str | None]):
    """Gives what was done, in words, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bound("fields.done", "ctrl+s", "done", "done", "Do it (also ⏎)", group=GROUP),
        bound("fields.more", "ctrl+o", "more", "more fields", "The folded fields", group=GROUP),
        replace(  # a field would take the key for its own end
            bound("fields.editor", "ctrl+e", "editor", "editor", "In your own editor", group=GROUP),
            priority=True,
        ),
        bound("fields.drop", "ctrl+r", "drop", "reset", "Forget what was typed", group=GROUP),
        bound("fields.leave", "escape", "leave", "back (kept)", "Back; typing kept", group=GROUP),
    ]
    DEFAULT_CSS = """
    FieldsForm { align: center middle; }
    FieldsForm .form {
        width: 78; max-width: 100%; height: auto; max-height: 100%;
        background: $surface; border: round $primary; padding: 0 1;
    }
    FieldsForm VerticalScroll { height: auto; max-height: 18; scrollbar-size: 1 1; }
    FieldsForm Static { height: auto; }
    FieldsForm .field { height: 1; }
    FieldsForm .label { width: 13; }
    FieldsForm .field > Input { width: 1fr; }
    FieldsForm Input { background: $panel; }
    FieldsForm Input:focus { background: $primary 25%; }
    FieldsForm .-folded { display: none; }
    FieldsForm.-unfolded .-folded { display: block; }
    """

    class Kept(Message):
        """The draft is saved, or why it is not."""

        def __init__(self, text: Content) -> None:
            self.text = text
            super().__init__()

    def __init__(self, session: Session, sheet: FieldSheet) -> None:
        """Ask what is on the sheet."""
        super().__init__()
        self._session = session
        self._sheet = sheet
        self._draft = FormDraft(session, sheet.form, sheet.subject)
        self._draft.fields = {**self._blank(), **self._draft.fields}
        self._timer: Timer | None = None
        self._is_refused = False

    def compose(self) -> ComposeResult:
        """What there is, the fields, what is to be said of them, the draft, the keys."""
        with Vertical(classes="form") as form:
            form.border_title = joined(self._sheet.title)
            yield Static(joined(self._sheet.now), id="now")
            with VerticalScroll(can_focus=False):
                for field in self._sheet.fields:
                    yield self._line(field)
            yield Static(NOTHING, id="hint")
            yield Static(NOTHING, id="watched")
            yield Static(self._draft.restored(), id="said")
            yield HintLine(KEYS, rule=self._session.glyphs.rule)

    def on_mount(self) -> None:
        """Begin with the first field."""
        fields = self._draft.fields
        is_begun = any(fields[one.name] != one.first for one in self._sheet.fields if one.is_folded)
        self.set_class(is_begun, "-unfolded")
        self.query_one("#now").display = bool(self._sheet.now)
        self._tell()
        self.query(Input).first().focus()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """Offer only what the sheet has."""
        if action == "more":
            return any(one.is_folded for one in self._sheet.fields)
        return bool(self._sheet.long) if action == "editor" else True

    def on_key(self, event: events.Key) -> None:
        """Typed before the first field has the focus: it is meant for that field."""
        if self.focused is None and event.is_printable and event.character:
            event.stop()
            self.query(Input).first().insert_text_at_cursor(event.character)

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Say what the field takes."""
        names = {event.widget.id, event.widget.parent.id if event.widget.parent else None}
        hints = [one.hint for one in self._sheet.fields if one.name in names]
        self.query_one("#hint", Static).update(joined((hints[0] if hints else "", "dim")))

    @on(Input.Changed)
    @on(DateInput.Changed)
    def _typed(self) -> None:
        if self._read() == self._draft.fields:
            return
        self._draft.fields = self._read()
        self._is_refused = False
        if self._sheet.unfolds is not None and self._sheet.unfolds(self._draft.fields):
            self.add_class("-unfolded")
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(SAVE_AFTER, self._keep)

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_done()

    def action_done(self) -> None:
        """Do it, or say what is missing."""
        self._do(self._read())

    def action_more(self) -> None:
        """Show the folded fields, or fold them again."""
        self.toggle_class("-unfolded")

    def action_editor(self) -> None:
        """Write the long text in the person's own editor."""
        field = self.query_one(f"#{self._sheet.long}", Input)
        try:
            text = edited_outside(self.app, self._read()[self._sheet.long])
        except WorkbenchError as problem:
            self._refuse(problem)
            return
        self.add_class("-unfolded")
        field.value = text
        field.focus()

    def action_drop(self) -> None:
        """Forget what was typed."""
        self._draft.fields = self._blank()
        for field in self._sheet.fields:
            self._put(field, field.first)
        self._say(NOTHING)
        self._forget()

    def action_leave(self) -> None:
        """Back; what was typed is kept."""
        if self._timer is not None:
            self._timer.stop()
        if self._draft.fields != self._blank():
            # The app's worker: one of a screen that goes may be cancelled before it begins.
            save = partial(self._draft.save, dict(self._draft.fields))
            self.app.run_worker(save, thread=True, group="draft")
        self.dismiss(None)

    def on_written(self, event: Written) -> None:
        """It is done, or could not be."""
        event.stop()
        if event.error is not None:
            self._refuse(event.error)
        else:
            self.dismiss(event.summary)

    def on_fields_form_kept(self, event: Kept) -> None:
        """Say what became of the draft, unless something more important stands there."""
        event.stop()
        if not self._is_refused:
            self._say(event.text)

    def on_click(self, event: events.Click) -> None:
        """A click beside the form leaves it."""
        if event.widget is self:
            self.action_leave()

    def _line(self, field: Field) -> Horizontal:
        label = Static(safe(field.label), classes="label")
        folded = "field -folded" if field.is_folded else "field"
        return Horizontal(label, self._input(field), classes=folded)

    def _input(self, field: Field) -> Input | DateInput:
        text = self._draft.fields[field.name]
        if field.kind != "text":
            looks_back = field.kind == "past date"
            return DateInput(self._session.today, text=text, looks_back=looks_back, id=field.name)
        known = SuggestFromList(field.known, case_sensitive=False) if field.known else None
        return Input(text, compact=True, suggester=known, id=field.name)

    def _blank(self) -> dict[str, str]:
        return {field.name: field.first for field in self._sheet.fields}

    def _read(self) -> dict[str, str]:
        return {field.name: self._typed_in(field) for field in self._sheet.fields}

    def _typed_in(self, field: Field) -> str:
        if field.kind == "text":
            return self.query_one(f"#{field.name}", Input).value
        return self.query_one(f"#{field.name}", DateInput).text

    def _put(self, field: Field, text: str) -> None:
        if field.kind == "text":
            self.query_one(f"#{field.name}", Input).value = text
        else:
            self.query_one(f"#{field.name}", DateInput).text = text

    def _tell(self) -> None:
        if self._sheet.watch is not None:
            self.query_one("#watched", Static).update(joined(self._sheet.watch(self._draft.fields)))

    def _say(self, text: Content) -> None:
        self.query_one("#said", Static).update(text)

    def _refuse(self, problem: WorkbenchError) -> None:
        self._is_refused = True
        self._say(joined(("! ", LATE_STYLE), problem))

    def _keep(self) -> None:
        self._tell()
        self._save(dict(self._draft.fields))

    @work(thread=True, group="draft")
    def _save(self, fields: dict[str, str]) -> None:
        if said := self._draft.save(fields):
            self.post_message(self.Kept(said))

    @work(thread=True, group="draft")
    def _forget(self) -> None:
        self._draft.forget()

    @work(thread=True, group="set", exclusive=True)
    def _do(self, fields: Mapping[str, str]) -> None:
        try:
            with self._draft.ending() as db:
                summary = self._sheet.apply(db, fields)
        except WorkbenchError as problem:
            self.post_message(Written(error=problem))
            return
        self.post_message(Written(summary))
