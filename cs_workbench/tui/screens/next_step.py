"""Setting the next step: what, by when, who; on one account or on all marked ones."""

from collections.abc import Mapping, Sequence
from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Input, Static

from cs_workbench.errors import UsageError
from cs_workbench.store.database import Database
from cs_workbench.store.next_steps import AccountStep, NextStep, read_next_steps
from cs_workbench.tui.formats import joined
from cs_workbench.tui.keys import bound
from cs_workbench.tui.screens.form import Form
from cs_workbench.tui.screens.next_step_preview import NextStepPreview, step_line
from cs_workbench.tui.session import Session
from cs_workbench.tui.widgets.date_input import DateInput
from cs_workbench.tui.widgets.hint_line import HintLine
from cs_workbench.workflows.drafts import NEXT_STEP
from cs_workbench.workflows.next_steps import make_step, set_next_step

LISTED: Final = 5
GROUP: Final = Binding.Group("This form")
KEYS: Final = ("form.done", "form.none", "form.drop", "form.leave")


class NextStepForm(Form):
    """The form of a next step."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bound("form.done", "ctrl+s", "done", "set", "Set it (also Enter)", group=GROUP),
        bound("form.none", "ctrl+n", "none", "no next step", "There is none", group=GROUP),
        bound("form.drop", "ctrl+r", "drop", "reset", "Forget what was typed", group=GROUP),
        bound("form.leave", "escape", "leave", "back (kept)", "Back; typing kept", group=GROUP),
    ]
    DEFAULT_CSS = """
    NextStepForm .field { height: 1; }
    NextStepForm #accounts { margin: 0 0 1 0; }
    NextStepForm #said { margin: 1 0 0 0; }
    """

    def __init__(self, session: Session, account_keys: Sequence[int]) -> None:
        """For these accounts."""
        super().__init__(session, NEXT_STEP, ",".join(map(str, sorted(account_keys))))
        self._keys = list(account_keys)
        self._accounts: list[AccountStep] = read_next_steps(session.db, self._keys)
        if not self._draft.is_restored:
            self._draft.fields = self.blank_fields()

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
        """Begin with the text, or where the person was when the draft was kept."""
        if not self.resume():
            self.query_one("#text").focus()

    def action_done(self) -> None:
        """Set the step, after a preview where there are several accounts."""
        fields = self.read_fields()
        try:
            due = self.query_one(DateInput).day()
        except UsageError as problem:
            self.refuse(problem, "#due Input")
            return
        try:
            step = make_step(
                text=fields["text"],
                owner=fields["owner"].strip() or self._session.me,
                due=due,
                today=self._session.today,
            )
        except UsageError as problem:
            self.refuse(problem, "#text")
            return
        self._confirm(step)

    def action_none(self) -> None:
        """Say that there is explicitly no next step."""
        self._confirm(make_step(text=None, owner="", due=None, today=self._session.today))

    def blank_fields(self) -> dict[str, str]:
        """The fields as the account has them; empty for several accounts."""
        step = self._accounts[0].step if len(self._accounts) == 1 else NextStep()
        return {
            "text": step.text or "",
            "due": step.due.isoformat() if step.due else "",
            "owner": step.owner or self._session.me,
        }

    def read_fields(self) -> dict[str, str]:
        """The day as it is typed."""
        return {
            "text": self.query_one("#text", Input).value,
            "due": self.query_one(DateInput).text,
            "owner": self.query_one("#owner", Input).value,
        }

    def put_fields(self, fields: Mapping[str, str]) -> None:
        """As they are read."""
        self.query_one("#text", Input).value = fields["text"]
        self.query_one("#owner", Input).value = fields["owner"]
        self.query_one(DateInput).text = fields["due"]

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

    def _confirm(self, step: NextStep) -> None:
        if len(self._accounts) == 1:
            self._set(step)
            return

        preview = NextStepPreview(self._accounts, step, self._session.today)
        self.app.push_screen(preview, self._agreed)

    def _agreed(self, step: NextStep | None) -> None:
        if step is not None:
            self._set(step)

    def _set(self, step: NextStep) -> None:
        session = self._session

        def do(db: Database) -> str:
            return set_next_step(
                db,
                self._keys,
                text=step.text,
                owner=step.owner,
                due=step.due,
                actor=session.me,
                today=session.today,
            )

        self.apply(do)
