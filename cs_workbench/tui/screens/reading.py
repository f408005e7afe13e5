"""Something about one account to be read over everything else."""

from collections.abc import Callable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.screen import Screen

from cs_workbench.tui.keys import PROGRAM, bound
from cs_workbench.tui.session import Session
from cs_workbench.tui.widgets.hint_line import HintLine
from cs_workbench.tui.widgets.pane import Pane


class Reading(Screen[None]):
    """One pane until it is left."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bound("screen.back", "escape,q", "leave", "back", "One layer back", group=PROGRAM),
    ]
    DEFAULT_CSS = "Reading Pane { height: 1fr; padding: 1 2; }"

    def __init__(self, session: Session, lines: Callable[[int], list[Content]]) -> None:
        """What is read, for a width."""
        super().__init__()
        self._session = session
        self._lines = lines

    def compose(self) -> ComposeResult:
        """The lines, and how to leave."""
        yield Pane(lambda width, _: self._lines(width), id="reading")
        yield HintLine((), rule=self._session.glyphs.rule)

    def on_mount(self) -> None:
        """Draw when there is room; the pane draws itself anew in another."""
        self.call_after_refresh(self.query_one(Pane).redraw)
        self.query_one(Pane).focus()

    def action_leave(self) -> None:
        """Back to the account."""
        self.dismiss(None)
