"""`b`: one page to read before a call."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.screen import Screen

from cs_workbench.core.account_page import AccountPage
from cs_workbench.core.briefs import brief_head, brief_sections
from cs_workbench.tui.formats import NOTHING, joined, safe
from cs_workbench.tui.keys import PROGRAM, bound
from cs_workbench.tui.session import Session
from cs_workbench.tui.widgets.hint_line import HintLine
from cs_workbench.tui.widgets.pane import Pane


class Brief(Screen[None]):
    """One pane over everything else, until it is left."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bound("screen.back", "escape,q,b", "leave", "back", "One layer back", group=PROGRAM),
    ]
    DEFAULT_CSS = "Brief Pane { height: 1fr; padding: 1 2; }"

    def __init__(self, session: Session, page: AccountPage) -> None:
        """The brief of this account."""
        super().__init__()
        self._session = session
        self._page = page

    def compose(self) -> ComposeResult:
        """The lines, and how to leave."""
        yield Pane(lambda width, _: brief_lines(self._page, width), id="brief")
        yield HintLine((), rule=self._session.glyphs.rule)

    def on_mount(self) -> None:
        """Draw when there is room."""
        self.call_after_refresh(self.query_one(Pane).redraw)
        self.query_one(Pane).focus()

    def on_resize(self) -> None:
        """Draw anew."""
        self.query_one(Pane).redraw()

    def action_leave(self) -> None:
        """Back to the account."""
        self.dismiss(None)


def brief_lines(page: AccountPage, width: int) -> list[Content]:
    """The brief, wrapped to a width."""
    room = max(1, width)
    lines = joined((brief_head(page), "bold")).wrap(room)
    for section in brief_sections(page):
        lines += [NOTHING, *joined((section.title, "dim")).wrap(room)]
        for line in section.lines:
            lines += safe(line).wrap(room)
    return lines
