"""What each playbook changed, against accounts that were eligible and not treated."""

from collections.abc import Sequence
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Static

from cs_workbench.core.plays.effects import PlaybookEffect
from cs_workbench.errors import WorkbenchError
from cs_workbench.store.database import open_database
from cs_workbench.tui.formats import joined
from cs_workbench.tui.keys import PROGRAM, bound
from cs_workbench.tui.messages import tell
from cs_workbench.tui.session import Session
from cs_workbench.tui.widgets.effect_lines import effect_lines
from cs_workbench.tui.widgets.hint_line import HintLine
from cs_workbench.tui.widgets.pane import Pane


class EffectsScreen(Screen[None]):
    """One pane with all playbooks, read in a thread."""

    AUTO_FOCUS = "Pane"
    BINDINGS: ClassVar[list[BindingType]] = [
        bound("screen.back", "escape,q", "leave", "back", "One layer back", group=PROGRAM),
    ]
    DEFAULT_CSS = "EffectsScreen Pane { height: 1fr; padding: 0 1; }"

    class Read(Message):
        """The thread knows them, or why not."""

        def __init__(self, found: Sequence[PlaybookEffect] | WorkbenchError) -> None:
            self.found = found
            super().__init__()

    def __init__(self, session: Session) -> None:
        """Nothing is read yet."""
        super().__init__()
        self._session = session
        self._found: Sequence[PlaybookEffect] | None = None

    def compose(self) -> ComposeResult:
        """What it is, the lines, how to leave."""
        told = " · against accounts that were eligible and not treated"
        yield Static(joined(("What playbooks change", "bold"), (told, "dim")))
        yield Pane(self._lines, id="effects")
        yield HintLine((), rule=self._session.glyphs.rule)

    def on_mount(self) -> None:
        """Read."""
        self._read()

    def on_resize(self) -> None:
        """Draw anew."""
        self.query_one(Pane).redraw()

    def on_effects_screen_read(self, message: Read) -> None:
        """Show them."""
        message.stop()
        if isinstance(message.found, WorkbenchError):
            tell(self.app, message.found, is_problem=True)
            return
        self._found = message.found
        self.query_one(Pane).redraw()

    def action_leave(self) -> None:
        """Back."""
        self.dismiss(None)

    def _lines(self, width: int, _: int) -> list[Content]:
        if self._found is None:
            return [joined(("reading …", "dim"))]
        return effect_lines(self._found, width)

    @work(thread=True, group="read", exclusive=True)
    def _read(self) -> None:
        from cs_workbench.workflows.playbook_effects import playbook_effects

        try:
            with open_database(self._session.db.path) as db:
                self.post_message(self.Read(playbook_effects(db, self._session.today)))
        except WorkbenchError as problem:
            self.post_message(self.Read(problem))
