"""Walking a play: its road, the step that is due, the facts beside it."""

from typing import ClassVar, Final

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from cs_workbench.core.dates import read_date
from cs_workbench.errors import WorkbenchError
from cs_workbench.store.database import Database, open_database
from cs_workbench.tui.formats import joined
from cs_workbench.tui.keys import PROGRAM, bound
from cs_workbench.tui.messages import tell, telling
from cs_workbench.tui.screens.fields_form import FieldsForm
from cs_workbench.tui.screens.menu import Choice, Menu
from cs_workbench.tui.screens.play_sheets import play_picture, step_sheet
from cs_workbench.tui.screens.prompt import Prompt
from cs_workbench.tui.session import Session
from cs_workbench.tui.widgets.hint_line import HintLine
from cs_workbench.tui.widgets.lines import Lines
from cs_workbench.tui.widgets.play_lines import (
    PlayPicture,
    fact_lines,
    road_lines,
    step_lines,
    title,
)
from cs_workbench.tui.written import Written, undone
from cs_workbench.workflows import plays
from cs_workbench.workflows.starting_plays import accept_play
from cs_workbench.workflows.tasks import By

STEP: Final = Binding.Group("On the step")
FOOTER: Final = (
    *("play.do", "play.draft", "play.back", "play.skip", "play.put_off", "play.hand"),
    *("play.usage", "play.brief", "play.account", "play.end", "play.undo"),
)


class PlayScreen(Screen[None]):
    """One play; gives nothing when it is left."""

    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        bound("play.do", "enter", "do", "do it", "Do the step: answer, and go on", group=STEP),
        bound("play.draft", "d", "draft", "draft", "Edit, approve or send the message", group=STEP),
        bound("play.skip", "S", "skip", "skip", "Pass over the step, and say why", group=STEP),
        bound(
            "play.back",
            "B",
            "back_step",
            "previous",
            "Take the last step back, with what it wrote",
            group=STEP,
        ),
        bound("play.put_off", "s", "put_off", "put off", "Put the step off to a day", group=STEP),
        bound("play.hand", "t", "hand", "hand over", "Give the step to somebody", group=STEP),
        bound("play.end", "X", "end", "end play", "Complete the play, or give it up", group=STEP),
        bound("play.brief", "b", "brief", "brief", "One page before a call", group=STEP),
        bound("play.usage", "u", "usage", "usage", "The usage chart, large", group=STEP),
        bound("play.account", "o", "account", "account", "Open the account", group=STEP),
        bound("play.undo", "z", "undo", "undo", "Take back your last change", group=PROGRAM),
        bound("screen.back", "escape,q", "leave", "back", "Back", group=PROGRAM),
    ]
    DEFAULT_CSS = """
    PlayScreen #play { height: 1fr; }
    PlayScreen .pane { height: 1fr; border: round $foreground 40%; padding: 0 1; }
    PlayScreen .pane Static { height: auto; width: 100%; }
    PlayScreen #road { width: 36; }
    PlayScreen #step { width: 1fr; }
    PlayScreen #facts { width: 28; }
    PlayScreen.-narrow #road, PlayScreen.-narrow #facts { display: none; }
    .-ascii PlayScreen .pane { border: ascii $foreground 40%; }
    """

    def __init__(self, session: Session, play_id: str) -> None:
        """The play of this id."""
        super().__init__()
        self._session = session
        self._play_id = play_id
        self._picture: PlayPicture | None = None

    def compose(self) -> ComposeResult:
        """A title, three panes, the keys."""
        yield Lines(self._title, id="titles")
        with Horizontal(id="play"):
            for name in ("road", "step", "facts"):
                with VerticalScroll(id=name, classes="pane"):
                    yield Static(id=f"{name}-text")
        yield HintLine(FOOTER, rule=self._session.glyphs.rule)

    def on_mount(self) -> None:
        """Read the play."""
        self.load()
        self.query_one("#step").focus()

    def on_resize(self) -> None:
        """One pane where there is little room."""
        self.set_class(self.size.width < 100, "-narrow")
        self._draw()

    def load(self) -> None:
        """Read the play and show it; leave where it is gone."""
        session = self._session
        try:
            self._picture = play_picture(session.db, self._play_id, session.today, session.me)
        except WorkbenchError as problem:
            tell(self.app, problem, is_problem=True)
            self.dismiss(None)
            return
        self._draw()

    @work
    async def action_do(self) -> None:
        """Answer what the step asks, and go on; where nothing is asked, at once."""
        picture = self._picture
        if picture is None or picture.play.state == "suggested":
            self._write("start")
            return
        current = picture.road.current
        if current is None or picture.play.ended_on is not None:
            return
        if current.step.kind == "wait" and not await self._ends_wait(current.why):
            return
        with telling(self.app):
            sheet = step_sheet(self._session, picture)
            if sheet is None:
                self._write("next")
                return
            self._done(await self.app.push_screen_wait(FieldsForm(self._session, sheet)))

    @work
    async def action_draft(self) -> None:
        """Edit the message."""
        from cs_workbench.tui.screens.play_draft import DraftScreen

        picture = self._picture
        if picture is None or picture.message is None:
            tell(self.app, "This step drafts nothing.")
            return
        self._done(await self.app.push_screen_wait(DraftScreen(self._session, self._play_id)))

    @work
    async def action_skip(self) -> None:
        """Ask why, and pass over the step."""
        if reason := await self._ask("Why is this step skipped?"):
            self._write("skip", reason)

    @work
    async def action_put_off(self) -> None:
        """Ask until when."""
        if day := await self._ask("Put off until when? (+3, fri, 12 dec)"):
            self._write("snooze", day)

    @work
    async def action_hand(self) -> None:
        """Ask to whom."""
        if who := await self._ask("Who does this step?"):
            self._write("hand", who)

    @work
    async def action_end(self) -> None:
        """Complete it, or give it up."""
        choices = (
            Choice("c", joined("complete: it has done what it is for"), "complete"),
            Choice("a", joined("give it up"), "abandon"),
        )
        menu = Menu(joined(("How does it end?", "bold")), choices)
        if chosen := await self.app.push_screen_wait(menu):
            question = "What shows it?" if chosen.value == "complete" else "Why?"
            if text := await self._ask(question):
                self._write(chosen.value, text)

    @work(thread=True, group="writes")
    def action_undo(self) -> None:
        """Take back the last change of this person."""
        self.post_message(undone(self._session))

    def action_back_step(self) -> None:
        """Take the last step back; its answers stay, to be corrected."""
        if self._picture is not None:
            self._write("back")

    def action_brief(self) -> None:
        """Show what one has to know before a call."""
        from cs_workbench.tui.screens.brief import Brief
        from cs_workbench.workflows.briefing import read_page

        if self._picture is not None:
            session, key = self._session, self._picture.play.account_key
            with telling(self.app):
                page = read_page(session.db, key, today=session.today, me=session.me)
                self.app.push_screen(Brief(session, page))

    def action_usage(self) -> None:
        """Show the usage of the account."""
        from cs_workbench.tui.screens.usage import UsageScreen

        if self._picture is not None:
            self.app.push_screen(UsageScreen(self._session, self._picture.play.account_key))

    def action_account(self) -> None:
        """Open the account."""
        from cs_workbench.tui.screens.account import AccountScreen

        if self._picture is not None:
            self.app.push_screen(AccountScreen(self._session, self._picture.play.account_key))

    def action_leave(self) -> None:
        """Back; everything is kept."""
        self.dismiss(None)

    async def _ends_wait(self, why: str) -> bool:
        """A wait ends by itself; by hand only on purpose."""
        choices = (
            Choice("w", joined("go on waiting"), "wait"),
            Choice("e", joined("end the wait now"), "end"),
        )
        title = joined((f"This step {why}", "bold"))
        chosen = await self.app.push_screen_wait(Menu(title, choices))
        return chosen is not None and chosen.value == "end"

    def on_written(self, event: Written) -> None:
        """A write is through: say what was done, show it."""
        event.stop()
        tell(self.app, event.error or event.summary, is_problem=event.error is not None)
        self.load()

    async def _ask(self, question: str) -> str | None:
        if self._picture is None or self._picture.play.ended_on is not None:
            return None
        return await self.app.push_screen_wait(Prompt(joined((question, "bold"))))

    def _done(self, summary: str | None) -> None:
        if summary:
            tell(self.app, summary)
            self.load()

    @work(thread=True, group="writes")
    def _write(self, act: str, text: str = "") -> None:
        try:
            with open_database(self._session.db.path) as db:
                self.post_message(Written(self._apply(db, act, text)))
        except WorkbenchError as problem:
            self.post_message(Written(error=problem))

    def _apply(self, db: Database, act: str, text: str) -> str:
        session, play_id = self._session, self._play_id
        by = By(session.me, session.today, session.renewal_policy_file)
        match act:
            case "start":
                return accept_play(db, by, play_id)
            case "back":
                return plays.back_step(db, by, play_id)
            case "skip":
                return plays.skip_step(db, by, play_id, reason=text)
            case "snooze":
                until = read_date(text, self._session.today)
                return plays.snooze_step(db, by, play_id, until=until)
            case "hand":
                return plays.hand_over_step(db, by, play_id, owner=text)
            case "complete":
                return plays.complete_play(db, by, play_id, evidence=text)
            case "abandon":
                return plays.abandon_play(db, by, play_id, reason=text)
            case _:
                return plays.finish_step(db, by, play_id)

    def _title(self, width: int) -> Content:
        return Content() if self._picture is None else title(self._picture, width)

    def _draw(self) -> None:
        picture = self._picture
        if picture is None or not self.is_mounted:
            return
        glyphs = self._session.glyphs
        narrow = self.has_class("-narrow")
        step = step_lines(picture)
        if narrow:
            step = step + fact_lines(picture, glyphs) + Content("\n") + road_lines(picture)
        self.query_one("#road-text", Static).update(road_lines(picture))
        self.query_one("#step-text", Static).update(step)
        self.query_one("#facts-text", Static).update(fact_lines(picture, glyphs))
        self.query_one("#titles").refresh()
