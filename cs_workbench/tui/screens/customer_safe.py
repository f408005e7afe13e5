"""`ctrl+k`: the page of an account as the customer may see it, for a shared screen."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.screen import Screen

from cs_workbench.core.account_page import AccountPage
from cs_workbench.tui.keys import PROGRAM, bound
from cs_workbench.tui.session import Session
from cs_workbench.tui.widgets.customer_lines import customer_lines
from cs_workbench.tui.widgets.hint_line import HintLine
from cs_workbench.tui.widgets.pane import Pane


class CustomerSafe(Screen[None]):
    """One pane over everything else, until it is left."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bound("screen.back", "escape,q,ctrl+k", "leave", "back", "One layer back", group=PROGRAM),
    ]
    DEFAULT_CSS = "CustomerSafe Pane { height: 1fr; padding: 1 2; }"

    def __init__(self, session: Session, page: AccountPage) -> None:
        """Show this account to its people."""
        super().__init__()
        self._session = session
        self._page = page

    def compose(self) -> ComposeResult:
        """The lines, and how to leave."""
        yield Pane(lambda width, _: customer_lines(self._page, width), id="customer")
        yield HintLine((), rule=self._session.glyphs.rule)

    def on_mount(self) -> None:
        """Draw when there is room."""
        self.call_after_refresh(self.query_one(Pane).redraw)
        self.query_one(Pane).focus()

    def on_resize(self) -> None:
        """Draw anew."""
        self.query_one(Pane).redraw()

    def action_leave(self) -> None:
        """Back to our own page."""
        self.dismiss(None)
