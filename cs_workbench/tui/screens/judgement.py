"""A form for what a person judges of an account: one choice, a day, and why."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import ClassVar, Final

from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.screen import ModalScreen
from textual.timer import Timer
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from cs_workbench.errors import UsageError, WorkbenchError
from cs_workbench.store.database import Database
from cs_workbench.tui.form_draft import SAVE_AFTER, FormDraft
from cs_workbench.tui.formats import LATE_STYLE, NOTHING, joined, safe
from cs_workbench.tui.keys import bound
from cs_workbench.tui.screens.menu import Choice
from cs_workbench.tui.session import Session
from cs_workbench.tui.widgets.date_input import DateInput
from cs_workbench.tui.widgets.hint_line import HintLine
from cs_workbench.tui.written import Written

GROUP: Final = Binding.Group("This form")
KEYS: Final = ("form.done", "form.next", "form.drop", "form.leave")


@dataclass(frozen=True)
class Sheet:
    """What a form asks, and what its answers mean.

    Attributes:
        form, subject: under which its draft is kept.
        now: what there is already.
        question: what the choices answer, in a word.
        choices: their keys choose them while the list has the focus.
        day: the name of the day, and `first_day` what stands there at first.
        has_score: whether a score may be given too.
        apply: does it; takes the fields and the day, returns what was done, in words. A UsageError
            says what is missing.
    """

    form: str
    subject: str
    title: Content
    now: Content
    question: str
    choices: tuple[Choice, ...]
    day: str
    first_day: str
    has_score: bool
    apply: Callable[[Database, Mapping[str, str], dt.date | None], str]


class JudgementForm(ModalScreen[str | None]):
    """Gives what was done, in words, or None; what was typed is kept as a draft until then."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bound("form.done", "ctrl+s", "done", "set", "Set it (also ⏎)", group=GROUP),
        bound("form.next", "tab", "app.focus_next", "next field", "Next field", group=GROUP),
        bound("form.drop", "ctrl+r", "drop", "reset", "Forget what was typed", group=GROUP),
        bound("form.leave", "escape", "leave", "back (kept)", "Back; typing kept", group=GROUP),
    ]
    DEFAULT_CSS = """
    JudgementForm { align: center middle; }
    JudgementForm .form {
        width: 76; max-width: 100%; height: auto; max-height: 100%;
        background: $surface; border: round $primary; padding: 0 1;
    }
    JudgementForm Static { height: auto; }
    JudgementForm .field { height: auto; }
    JudgementForm .label { width: 8; }
    JudgementForm .field > Input { width: 1fr; }
    JudgementForm OptionList {
        width: 1fr; height: auto; border: none; padding: 0; background: $panel;
    }
    JudgementForm OptionList:focus { background: $primary 25%; }
    JudgementForm Input { background: $panel; }
    JudgementForm Input:focus { background: $primary 25%; }
    JudgementForm #now { margin: 0 0 1 0; }
    JudgementForm #said { margin: 1 0 0 0; }
    """

    class Kept(Message):
        """The draft is saved, or why it is not."""

        def __init__(self, text: Content) -> None:
            self.text = text
            super().__init__()

    def __init__(self, session: Session, sheet: Sheet) -> None:
        """Ask what is on the sheet."""
        super().__init__()
        self._session = session
        self._sheet = sheet
        self._draft = FormDraft(session, sheet.form, sheet.subject)
        if not self._draft.is_restored:
            self._draft.fields = self._blank()
        self._timer: Timer | None = None

    def compose(self) -> ComposeResult:
        """What there is, the choices, the fields, what happened to the draft, the keys."""
        sheet, fields = self._sheet, self._draft.fields
        with Vertical(classes="form") as form:
            form.border_title = joined(sheet.title)
            yield Static(joined(sheet.now), id="now")
            with Horizontal(classes="field"):
                yield Static(safe(sheet.question), classes="label")
                yield OptionList(
                    *(Option(joined((f"{one.key} ", "bold"), one.label)) for one in sheet.choices),
                    compact=True,
                )
            if sheet.has_score:
                with Horizontal(classes="field"):
                    yield Static("Score", classes="label")
                    hint = "0 to 100, if you have one"
                    yield Input(fields["score"], compact=True, placeholder=hint, id="score")
            with Horizontal(classes="field"):
                yield Static("Why", classes="label")
                yield Input(fields["reason"], compact=True, max_length=500, id="reason")
            with Horizontal(classes="field"):
                yield Static(safe(sheet.day), classes="label")
                yield DateInput(self._session.today, text=fields["day"], id="day")
            yield Static(self._draft.restored(), id="said")
            yield HintLine(KEYS, rule=self._session.glyphs.rule)

    def on_mount(self) -> None:
        """Begin with the choice; nothing is chosen for a person."""
        self._choose(self._draft.fields["choice"])
        self.query_one(OptionList).focus()

    def on_key(self, event: events.Key) -> None:
        """In the list of choices the key of one chooses it."""
        if not isinstance(self.focused, OptionList) or not event.character:
            return
        for choice in self._sheet.choices:
            if choice.key == event.character:
                event.stop()
                self._choose(choice.value)

    @on(OptionList.OptionHighlighted)
    @on(Input.Changed, "#score,#reason")
    @on(DateInput.Changed)
    def _typed(self) -> None:
        if self._read() == self._draft.fields:
            return
        self._draft.fields = self._read()
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(SAVE_AFTER, self._keep)

    @on(OptionList.OptionSelected)
    @on(Input.Submitted)
    def _entered(self, event: Message) -> None:
        """⏎ on a choice goes on to the next field, in a field it sets all."""
        event.stop()
        if isinstance(event, OptionList.OptionSelected):
            self.focus_next()
        else:
            self.action_done()

    def action_done(self) -> None:
        """Do it, or say what is missing."""
        try:
            day = self.query_one(DateInput).day()
        except UsageError as problem:
            self._refuse(problem)
            self.query_one("#day Input").focus()
            return
        self._do(self._read(), day)

    def action_drop(self) -> None:
        """Forget what was typed."""
        blank = self._blank()
        self._draft.fields = blank
        self.query_one(OptionList).highlighted = None
        for name in ("score", "reason"):
            for field in self.query(f"#{name}").results(Input):
                field.value = blank[name]
        self.query_one(DateInput).text = blank["day"]
        self._say(NOTHING)
        self._forget()

    def action_leave(self) -> None:
        """Back; what was typed is kept."""
        if self._timer is not None:
            self._timer.stop()
        if self._draft.fields != self._blank():
            self._save(dict(self._draft.fields))
        self.dismiss(None)

    def on_written(self, event: Written) -> None:
        """It is done, or could not be."""
        event.stop()
        if event.error is not None:
            self._refuse(event.error)
        else:
            self.dismiss(event.summary)

    def on_judgement_form_kept(self, event: Kept) -> None:
        """Say what became of the draft."""
        event.stop()
        self._say(event.text)

    def on_click(self, event: events.Click) -> None:
        """A click beside the form leaves it."""
        if event.widget is self:
            self.action_leave()

    def _blank(self) -> dict[str, str]:
        return {"choice": "", "score": "", "reason": "", "day": self._sheet.first_day}

    def _read(self) -> dict[str, str]:
        at = self.query_one(OptionList).highlighted
        scores = [one.value for one in self.query("#score").results(Input)]
        return {
            "choice": "" if at is None else self._sheet.choices[at].value,
            "score": scores[0] if scores else "",
            "reason": self.query_one("#reason", Input).value,
            "day": self.query_one(DateInput).text,
        }

    def _choose(self, value: str) -> None:
        values = [choice.value for choice in self._sheet.choices]
        self.query_one(OptionList).highlighted = values.index(value) if value in values else None

    def _say(self, text: Content) -> None:
        self.query_one("#said", Static).update(text)

    def _refuse(self, problem: WorkbenchError) -> None:
        self._say(joined(("! ", LATE_STYLE), problem))

    def _keep(self) -> None:
        self._save(dict(self._draft.fields))

    @work(thread=True, group="draft")
    def _save(self, fields: dict[str, str]) -> None:
        if said := self._draft.save(fields):
            self.post_message(self.Kept(said))

    @work(thread=True, group="draft")
    def _forget(self) -> None:
        self._draft.forget()

    @work(thread=True, group="set", exclusive=True)
    def _do(self, fields: Mapping[str, str], day: dt.date | None) -> None:
        try:
            with self._draft.ending() as db:
                summary = self._sheet.apply(db, fields, day)
        except WorkbenchError as problem:
            self.post_message(Written(error=problem))
            return
        self.post_message(Written(summary))
