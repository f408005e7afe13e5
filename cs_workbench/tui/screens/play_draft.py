"""The message of a step: edit it, approve it, say that it is sent; nothing is sent from here."""

from dataclasses import replace
from pathlib import Path
from typing import ClassVar, Final

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.timer import Timer
from textual.widgets import Input, Static, TextArea

from cs_workbench.errors import ContactCapError, UsageError, WorkbenchError
from cs_workbench.store.database import Database, open_database
from cs_workbench.tui.form_draft import SAVE_AFTER
from cs_workbench.tui.formats import LATE_STYLE, joined
from cs_workbench.tui.keys import bound
from cs_workbench.tui.long_text import edited_outside
from cs_workbench.tui.screens.prompt import Prompt
from cs_workbench.tui.session import Session
from cs_workbench.tui.widgets.hint_line import HintLine
from cs_workbench.tui.written import Written
from cs_workbench.workflows.message_files import message_link, save_message_file
from cs_workbench.workflows.play_messages import (
    Drafted,
    approve_message,
    draft_of,
    save_message,
    send_message,
)
from cs_workbench.workflows.play_moments import open_walk
from cs_workbench.workflows.tasks import By

GROUP: Final = Binding.Group("This message")
KEYS: Final = (
    *("draft.done", "draft.approve", "draft.sent", "draft.copy", "draft.editor", "draft.file"),
    "draft.mail",
)


class DraftScreen(ModalScreen[str | None]):
    """Gives what was done with the message, in words, or None; what is typed is kept at once."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bound("draft.done", "ctrl+s", "done", "keep", "Keep it and go back", group=GROUP),
        bound("draft.approve", "f2", "approve", "approve", "It may go out", group=GROUP),
        bound("draft.sent", "f3", "sent", "sent", "It went out: log it", group=GROUP),
        bound("draft.copy", "f4", "copy", "copy", "Copy it to the clipboard", group=GROUP),
        bound("draft.editor", "f5", "editor", "editor", "In your own editor", group=GROUP),
        bound("draft.file", "f8", "file", "file", "Save it as .eml or .md", group=GROUP),
        bound("draft.mail", "f9", "mail", "mail", "Open it in your mail program", group=GROUP),
        bound("screen.back", "escape", "leave", "back (kept)", "Back; it is kept", group=GROUP),
    ]
    DEFAULT_CSS = """
    DraftScreen .form {
        width: 84; max-width: 100%; height: 90%; background: $surface;
        border: round $primary; padding: 0 1;
    }
    DraftScreen Static { height: auto; }
    DraftScreen .field { height: 1; }
    DraftScreen .label { width: 6; }
    DraftScreen Input { width: 1fr; background: $panel; }
    DraftScreen TextArea { height: 1fr; border: none; padding: 0; }
    """

    def __init__(self, session: Session, play_id: str) -> None:
        """The message of the play's current step."""
        super().__init__()
        self._session = session
        self._play_id = play_id
        self._by = By(session.me, session.today)
        self._drafted = self._read(session.db)
        self._timer: Timer | None = None
        self._act = ""

    def compose(self) -> ComposeResult:
        """To whom, subject, text, what speaks against it, the keys."""
        message = self._drafted.message
        with Vertical(classes="form") as form:
            form.border_title = joined(("Message", "bold"), " · nothing is sent from here")
            yield Static(self._to(), id="to")
            with Horizontal(classes="field"):
                yield Static("Subj", classes="label")
                yield Input(message.subject, compact=True, max_length=500, id="subject")
            yield TextArea(message.body, id="body")
            yield Static(self._told(), id="said")
            yield HintLine(KEYS, rule=self._session.glyphs.rule)

    def on_mount(self) -> None:
        """Begin with the text."""
        self.query_one(TextArea).focus()

    @on(Input.Changed)
    @on(TextArea.Changed)
    def _typed(self) -> None:
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(SAVE_AFTER, lambda: self._write("save"))

    def action_done(self) -> None:
        """Keep it."""
        self._write("done")

    def action_approve(self) -> None:
        """Say that it may go out."""
        self._write("approve")

    def action_sent(self) -> None:
        """Say that it went out; beyond a cap, why."""
        self._write("sent")

    def action_copy(self) -> None:
        """Copy the text."""
        self.app.copy_to_clipboard(self.query_one(TextArea).text)
        self._say(joined("copied"))

    def action_editor(self) -> None:
        """Write in the person's own editor."""
        area = self.query_one(TextArea)
        try:
            area.text = edited_outside(self.app, area.text)
        except WorkbenchError as problem:
            self._refuse(problem)

    @work
    async def action_file(self) -> None:
        """Save it for the person's own mail program, under a name that is asked for."""
        question = joined(("Save as (.eml, .md)", "bold"))
        if name := await self.app.push_screen_wait(Prompt(question)):
            try:
                told = save_message_file(self._as_typed(), Path(name).expanduser())
            except WorkbenchError as problem:
                self._refuse(problem)
            else:
                self._say(joined(told))

    def action_mail(self) -> None:
        """Open the person's mail program with it, or say that there is none."""
        import webbrowser  # the app's own way does not tell whether anything opened

        if webbrowser.open(message_link(self._as_typed())):
            self._say(joined("handed to your mail program; f3 when it went out"))
        else:
            self._refuse(UsageError("No mail program answers here: f4 copies, f8 saves."))

    def _as_typed(self) -> Drafted:
        """The message with what stands in the fields now."""
        subject, body = self.query_one(Input).value, self.query_one(TextArea).text
        message = replace(self._drafted.message, subject=subject, body=body)
        return replace(self._drafted, message=message)

    def action_leave(self) -> None:
        """Back; what was typed is kept."""
        self._write("done")

    async def on_written(self, event: Written) -> None:
        """It is through, or could not be."""
        event.stop()
        if event.error is not None:
            self._refuse(event.error)
        elif event.summary:
            self.dismiss(event.summary)
        else:
            self._drafted = self._read(self._session.db)
            self._say(self._told())

    @work
    async def _ask_why(self) -> None:
        question = joined(("Why all the same? (esc: not)", "bold"))
        if reason := await self.app.push_screen_wait(Prompt(question)):
            self._write(self._act, reason)

    def _write(self, act: str, reason: str = "") -> None:
        self._act = act
        if self._timer is not None:
            self._timer.stop()
        self._do(act, reason, (self.query_one(Input).value, self.query_one(TextArea).text))

    @work(thread=True, group="writes")
    def _do(self, act: str, reason: str, typed: tuple[str, str]) -> None:
        try:
            with open_database(self._session.db.path) as db:
                self._keep(db, typed)
                self.post_message(Written(self._apply(db, act, reason)))
        except WorkbenchError as problem:
            self.post_message(Written(error=problem))

    def _apply(self, db: Database, act: str, reason: str) -> str:
        if act == "approve":
            return approve_message(db, self._by, self._play_id, override=reason)
        if act == "sent":
            return send_message(db, self._by, self._play_id, override=reason)
        return "draft kept" if act == "done" else ""

    def _keep(self, db: Database, typed: tuple[str, str]) -> None:
        """Save where something was changed; saving takes an approval back."""
        drafted = self._read(db)
        subject, body = typed
        if (subject, body) != (drafted.message.subject, drafted.message.body):
            save_message(db, self._by, self._play_id, subject=subject, body=body)

    def _read(self, db: Database) -> Drafted:
        return draft_of(db, self._by, open_walk(db, self._play_id, self._session.today))

    def _to(self) -> Content:
        drafted = self._drafted
        name = drafted.contact.name if drafted.contact else "nobody of that role is known"
        return joined(("To    ", "dim"), name, (f" · {drafted.message.channel}", "dim"))

    def _told(self) -> Content:
        drafted = self._drafted
        parts: list[object] = [(drafted.message.state, "bold")]
        if drafted.gaps:
            parts.append(f" · to fill: {', '.join(drafted.gaps)}")
        for warning in drafted.warnings:
            parts += ["  ", ("! ", LATE_STYLE), warning]
        return joined(*parts)

    def _say(self, text: Content) -> None:
        self.query_one("#said", Static).update(text)

    def _refuse(self, problem: WorkbenchError) -> None:
        if isinstance(problem, ContactCapError):
            self._ask_why()
        self._say(joined(("! ", LATE_STYLE), problem))
