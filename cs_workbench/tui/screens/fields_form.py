"""A form of a few fields, others folded away."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import ClassVar, Final, Literal

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.suggester import SuggestFromList
from textual.widgets import Input, Static

from cs_workbench.errors import WorkbenchError
from cs_workbench.store.database import Database
from cs_workbench.tui.formats import NOTHING, joined, safe
from cs_workbench.tui.keys import bound
from cs_workbench.tui.long_text import edited_outside
from cs_workbench.tui.screens.form import Form
from cs_workbench.tui.session import Session
from cs_workbench.tui.widgets.date_input import DateInput
from cs_workbench.tui.widgets.hint_line import HintLine

GROUP: Final = Binding.Group("This form")
BREAK: Final = "␊"  # of lines, in a field of one
LABEL: Final = 18  # cells of a label at least, and at most twice that; a longer one goes on below
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
        watch: what is to be said of what is typed so far, and `missing` the first field that still
            lacks something, where the cursor goes when the form cannot be done yet.
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
    missing: Callable[[Mapping[str, str]], str | None] | None = None
    unfolds: Callable[[Mapping[str, str]], bool] | None = None
    long: str = ""


class FieldsForm(Form):
    """The form of a field sheet."""

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
    FieldsForm .form { width: 78; }
    FieldsForm VerticalScroll { height: auto; max-height: 18; scrollbar-size: 1 1; }
    FieldsForm .-folded { display: none; }
    FieldsForm.-unfolded .-folded { display: block; }
    """

    def __init__(self, session: Session, sheet: FieldSheet) -> None:
        """Ask what is on the sheet."""
        super().__init__(session, sheet.form, sheet.subject)
        self._sheet = sheet
        self._draft.fields = {**self.blank_fields(), **self._draft.fields}

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
        """Begin with the first field, or where the person was when the draft was kept."""
        fields = self._draft.fields
        is_begun = any(fields[one.name] != one.first for one in self._sheet.fields if one.is_folded)
        self.set_class(is_begun, "-unfolded")
        self.query_one("#now").display = bool(self._sheet.now)
        self.fields_rested()
        if not self.resume():
            self.query(Input).first().focus()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 - Textual's
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

    def fields_changed(self) -> None:
        """Unfold what is needed now."""
        if self._sheet.unfolds is not None and self._sheet.unfolds(self._draft.fields):
            self.add_class("-unfolded")

    def fields_rested(self) -> None:
        """Say what is to be said of what is typed so far, where a refusal does not say it."""
        if self._sheet.watch is not None:
            told = NOTHING if self.is_refused else self._sheet.watch(self._draft.fields)
            self.query_one("#watched", Static).update(joined(told))

    def refuse(self, problem: WorkbenchError, field: str = "") -> None:
        """Tell what is missing, and go to the first field that lacks something."""
        missing = self._sheet.missing and self._sheet.missing(self._draft.fields)
        super().refuse(problem, field or (missing and self._place_of(missing)) or "")
        self.fields_rested()

    def _place_of(self, name: str) -> str:
        """The selector of a field's input, which is shown if it was folded."""
        field = next(one for one in self._sheet.fields if one.name == name)
        if field.is_folded:
            self.add_class("-unfolded")
        return f"#{name}" if field.kind == "text" else f"#{name} Input"

    def action_done(self) -> None:
        """Do it, or say what is missing."""
        fields = self.read_fields()
        self.apply(lambda db: self._sheet.apply(db, fields))

    def action_more(self) -> None:
        """Show the folded fields, or fold them again."""
        self.toggle_class("-unfolded")

    def action_editor(self) -> None:
        """Write the long text in the person's own editor."""
        field = self.query_one(f"#{self._sheet.long}", Input)
        try:
            text = edited_outside(self.app, self.read_fields()[self._sheet.long])
        except WorkbenchError as problem:
            self.refuse(problem)
            return
        self.add_class("-unfolded")
        field.value = _in_one_line(text)
        field.focus()

    def blank_fields(self) -> dict[str, str]:
        """What the sheet gives."""
        return {field.name: field.first for field in self._sheet.fields}

    def read_fields(self) -> dict[str, str]:
        """By the fields' names."""
        return {field.name: self._typed_in(field) for field in self._sheet.fields}

    def put_fields(self, fields: Mapping[str, str]) -> None:
        """By the fields' names."""
        for field in self._sheet.fields:
            self._put(field, fields[field.name])

    def _line(self, field: Field) -> Horizontal:
        label = Static(safe(field.label), classes="label")
        longest = max(safe(one.label).cell_length for one in self._sheet.fields)
        label.styles.width = min(max(LABEL, longest + 1), 2 * LABEL)
        folded = "field -folded" if field.is_folded else "field"
        return Horizontal(label, self._input(field), classes=folded)

    def _input(self, field: Field) -> Input | DateInput:
        text = self._draft.fields[field.name]
        if field.kind != "text":
            looks_back = field.kind == "past date"
            return DateInput(self._session.today, text=text, looks_back=looks_back, id=field.name)
        known = SuggestFromList(field.known, case_sensitive=False) if field.known else None
        return Input(_in_one_line(text), compact=True, suggester=known, id=field.name)

    def _typed_in(self, field: Field) -> str:
        if field.kind == "text":
            return self.query_one(f"#{field.name}", Input).value.replace(BREAK, "\n")
        return self.query_one(f"#{field.name}", DateInput).text

    def _put(self, field: Field, text: str) -> None:
        if field.kind == "text":
            self.query_one(f"#{field.name}", Input).value = _in_one_line(text)
        else:
            self.query_one(f"#{field.name}", DateInput).text = text


def _in_one_line(text: str) -> str:
    """A text as a field of one line shows it: breaks are signs, which stand for them again."""
    return text.replace("\n", BREAK)
