"""Setting the next step: what, by when, who; on one account or on all marked ones."""

from collections.abc import Sequence
from typing import ClassVar, Final

from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.screen import ModalScreen
from textual.timer import Timer
from textual.widgets import Input, Static

from cs_workbench.errors import UsageError, WorkbenchError
from cs_workbench.store.next_steps import AccountStep, NextStep, read_next_steps
from cs_workbench.tui.form_draft import SAVE_AFTER, FormDraft
from cs_workbench.tui.formats import LATE_STYLE, NOTHING, joined
from cs_workbench.tui.keys import bound
from cs_workbench.tui.screens.next_step_preview import NextStepPreview, step_line
from cs_workbench.tui.session import Session
from cs_workbench.tui.widgets.date_input import DateInput
from cs_workbench.tui.widgets.hint_line import HintLine
from cs_workbench.tui.written import Written
from cs_workbench.workflows.drafts import NEXT_STEP
from cs_workbench.workflows.next_steps import make_step, set_next_step

LISTED: Final = 5
GROUP: Final = Binding.Group("This form")
KEYS: Final = ("form.done", "form.none", "form.drop", "form.leave")


class NextStepForm(ModalScreen[str | None]):
    """Gives what was done, in words, or None; what was typed is kept as a draft until then."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bound("form.done", "ctrl+s", "done", "set", "Set it (also Enter)", group=GROUP),
        bound("form.none", "ctrl+n", "none", "no next step", "There is none", group=GROUP),
        bound("form.drop", "ctrl+r", "drop", "reset", "Forget what was typed", group=GROUP),
        bound("form.leave", "escape", "leave", "back (kept)", "Back; typing kept", group=GROUP),
    ]
    DEFAULT_CSS = """
    NextStepForm { align: center middle; }
    NextStepForm .form {
        width: 76; max-width: 100%; height: auto; max-height: 100%;
        background: $surface; border: round $primary; padding: 0 1;
    }
    NextStepForm Static { height: auto; }
    NextStepForm .field { height: 1; }
    NextStepForm .label { width: 8; }
    NextStepForm .field > Input { width: 1fr; }
    NextStepForm Input { background: $panel; }
    NextStepForm Input:focus { background: $primary 25%; }
    NextStepForm #accounts { margin: 0 0 1 0; }
    NextStepForm #said { margin: 1 0 0 0; }
    """

    class Kept(Message):
        """The draft is saved, or why it is not."""

        def __init__(self, text: Content) -> None:
            self.text = text
            super().__init__()

    def __init__(self, session: Session, account_keys: Sequence[int]) -> None:
        """For these accounts."""
        super().__init__()
        self._session = session
        self._keys = list(account_keys)
        self._draft = FormDraft(session, NEXT_STEP, ",".join(map(str, sorted(self._keys))))
        self._accounts: list[AccountStep] = read_next_steps(session.db, self._keys)
        if not self._draft.is_restored:
            self._draft.fields = self._as_is()
        self._timer: Timer | None = None

    def compose(self) -> ComposeResult:
        """Which accounts, three fields, what happened to the draft, the keys."""
        with Vertical(classes="form") as form:
            form.border_title = joined(("Next step", "bold"), f" · {self._named()}")
            yield Static(self._now(), id="accounts")
            with Horizontal(classes="field"):
                yield Static("What", classes="label")
                yield Input(self._draft.fields["text"], compact=True, max_length=500, id="text")
            with Horizontal(classes="field"):
                yield Static("When", classes="label")
                yield DateInput(self._session.today, text=self._draft.fields["due"], id="due")
            with Horizontal(classes="field"):
                yield Static("Who", classes="label")
                yield Input(self._draft.fields["owner"], compact=True, id="owner")
            yield Static(self._draft.restored(), id="said")
            yield HintLine(KEYS, rule=self._session.glyphs.rule)

    def on_mount(self) -> None:
        """Begin with the text."""
        self.query_one("#text").focus()

    @on(Input.Changed, "#text,#owner")
    @on(DateInput.Changed)
    def _typed(self) -> None:
        if self._read() == self._draft.fields:
            return
        self._draft.fields = self._read()
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(SAVE_AFTER, self._keep)

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_done()

    def action_done(self) -> None:
        """Set the step, after a preview where there are several accounts."""
        fields = self._read()
        try:
            due = self.query_one(DateInput).day()
        except UsageError as problem:
            self._refuse(problem, "#due Input")
            return
        try:
            step = make_step(
                text=fields["text"],
                owner=fields["owner"].strip() or self._session.me,
                due=due,
                today=self._session.today,
            )
        except UsageError as problem:
            self._refuse(problem, "#text")
            return
        self._confirm(step)

    def action_none(self) -> None:
        """Say that there is explicitly no next step."""
        self._confirm(make_step(text=None, owner="", due=None, today=self._session.today))

    def action_drop(self) -> None:
        """Forget what was typed."""
        self._draft.fields = self._as_is()
        self.query_one("#text", Input).value = self._draft.fields["text"]
        self.query_one("#owner", Input).value = self._draft.fields["owner"]
        self.query_one(DateInput).text = self._draft.fields["due"]
        self._say(NOTHING)
        self._forget()

    def action_leave(self) -> None:
        """Back; what was typed is kept."""
        if self._timer is not None:
            self._timer.stop()
        if self._draft.fields != self._as_is():
            self._save(dict(self._draft.fields))
        self.dismiss(None)

    def on_written(self, event: Written) -> None:
        """The step is set, or could not be."""
        event.stop()
        if event.error is not None:
            self._refuse(event.error, "#text")
        else:
            self.dismiss(event.summary)

    def on_next_step_form_kept(self, event: Kept) -> None:
        """Say what became of the draft."""
        event.stop()
        self._say(event.text)

    def on_click(self, event: events.Click) -> None:
        """A click beside the form leaves it."""
        if event.widget is self:
            self.action_leave()

    def _as_is(self) -> dict[str, str]:
        """The fields as the account has them; empty for several accounts."""
        step = self._accounts[0].step if len(self._accounts) == 1 else NextStep()
        return {
            "text": step.text or "",
            "due": step.due.isoformat() if step.due else "",
            "owner": step.owner or self._session.me,
        }

    def _read(self) -> dict[str, str]:
        return {
            "text": self.query_one("#text", Input).value,
            "due": self.query_one(DateInput).text,
            "owner": self.query_one("#owner", Input).value,
        }

    def _named(self) -> str:
        count = len(self._accounts)
        return self._accounts[0].name if count == 1 else f"{count} accounts"

    def _now(self) -> Content:
        """What there is now; of several accounts the first ones."""
        lines = [step_line(one, self._session.today) for one in self._accounts[:LISTED]]
        if len(self._accounts) == 1:
            return joined(("now     ", "dim"), lines[0])
        more = len(self._accounts) - LISTED
        shown = [joined((f"{one.name}: ", "dim"), line) for one, line in self._pairs(lines)]
        rest = [joined((f"and {more} more", "dim"))] if more > 0 else []
        return Content("\n").join([*shown, *rest])

    def _pairs(self, lines: list[Content]) -> list[tuple[AccountStep, Content]]:
        return list(zip(self._accounts, lines, strict=False))

    def _say(self, text: Content) -> None:
        self.query_one("#said", Static).update(text)

    def _refuse(self, problem: WorkbenchError, field: str) -> None:
        self._say(joined(("! ", LATE_STYLE), problem))
        self.query_one(field).focus()

    def _confirm(self, step: NextStep) -> None:
        if len(self._accounts) == 1:
            self._set(step)
            return

        preview = NextStepPreview(self._accounts, step, self._session.today)
        self.app.push_screen(preview, self._agreed)

    def _agreed(self, step: NextStep | None) -> None:
        if step is not None:
            self._set(step)

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
    def _set(self, step: NextStep) -> None:
        session = self._session
        try:
            with self._draft.ending() as db:
                summary = set_next_step(
                    db,
                    self._keys,
                    text=step.text,
                    owner=step.owner,
                    due=step.due,
                    actor=session.me,
                    today=session.today,
                )
        except WorkbenchError as problem:
            self.post_message(Written(error=problem))
            return
        self.post_message(Written(summary))
