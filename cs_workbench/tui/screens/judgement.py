"""A form for what a person judges of an account: one choice, a day, and why."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import ClassVar, Final

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from cs_workbench.errors import UsageError
from cs_workbench.store.database import Database
from cs_workbench.tui.formats import joined, safe
from cs_workbench.tui.keys import bound
from cs_workbench.tui.screens.form import Form
from cs_workbench.tui.screens.menu import Choice
from cs_workbench.tui.session import Session
from cs_workbench.tui.widgets.date_input import DateInput
from cs_workbench.tui.widgets.hint_line import HintLine

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


class JudgementForm(Form):
    """The form of a judgement."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bound("form.done", "ctrl+s", "done", "set", "Set it (also ⏎)", group=GROUP),
        bound("form.next", "tab", "app.focus_next", "next field", "Next field", group=GROUP),
        bound("form.drop", "ctrl+r", "drop", "reset", "Forget what was typed", group=GROUP),
        bound("form.leave", "escape", "leave", "back (kept)", "Back; typing kept", group=GROUP),
    ]
    DEFAULT_CSS = """
    JudgementForm OptionList {
        width: 1fr; height: auto; border: none; padding: 0; background: $panel;
    }
    JudgementForm OptionList:focus { background: $primary 25%; }
    JudgementForm #now { margin: 0 0 1 0; }
    JudgementForm #said { margin: 1 0 0 0; }
    """

    def __init__(self, session: Session, sheet: Sheet) -> None:
        """Ask what is on the sheet."""
        super().__init__(session, sheet.form, sheet.subject)
        self._sheet = sheet
        if not self._draft.is_restored:
            self._draft.fields = self.blank_fields()

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
    def _highlighted(self) -> None:
        self.typed()

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        """⏎ on a choice goes on to the next field."""
        event.stop()
        self.focus_next()

    def action_done(self) -> None:
        """Do it, or say what is missing."""
        try:
            day = self.query_one(DateInput).day()
        except UsageError as problem:
            self.refuse(problem, "#day Input")
            return
        fields = self.read_fields()
        self.apply(lambda db: self._sheet.apply(db, fields, day))

    def blank_fields(self) -> dict[str, str]:
        """Nothing is chosen; the day is the sheet's."""
        return {"choice": "", "score": "", "reason": "", "day": self._sheet.first_day}

    def read_fields(self) -> dict[str, str]:
        """The choice by its value; no score where none may be given."""
        at = self.query_one(OptionList).highlighted
        scores = [one.value for one in self.query("#score").results(Input)]
        return {
            "choice": "" if at is None else self._sheet.choices[at].value,
            "score": scores[0] if scores else "",
            "reason": self.query_one("#reason", Input).value,
            "day": self.query_one(DateInput).text,
        }

    def put_fields(self, fields: Mapping[str, str]) -> None:
        """As they are read."""
        self._choose(fields["choice"])
        for name in ("score", "reason"):
            for field in self.query(f"#{name}").results(Input):
                field.value = fields[name]
        self.query_one(DateInput).text = fields["day"]

    def _choose(self, value: str) -> None:
        values = [choice.value for choice in self._sheet.choices]
        self.query_one(OptionList).highlighted = values.index(value) if value in values else None
