"""`U`: the whole book as small charts, who changed most first."""

from collections.abc import Callable
from typing import Any, ClassVar, Final

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Static

from cs_workbench.core.dates import short_date
from cs_workbench.core.usage_views import Mover
from cs_workbench.errors import WorkbenchError
from cs_workbench.store.database import open_database
from cs_workbench.tui.formats import joined, safe
from cs_workbench.tui.keys import bound
from cs_workbench.tui.messages import tell
from cs_workbench.tui.session import Session
from cs_workbench.tui.widgets.hint_line import HintLine
from cs_workbench.tui.widgets.lines import between
from cs_workbench.tui.widgets.mover_grid import MoverGrid
from cs_workbench.workflows.scorecards import scorecard_at
from cs_workbench.workflows.usage_views import Movers, find_movers

GROUP: Final = Binding.Group("Movers")
FOOTER: Final = ("movers.open", "movers.page", "movers.sort", "movers.view")
ORDERS: Final[tuple[tuple[str, Callable[[Mover], Any] | None], ...]] = (
    ("largest change first", None),
    ("fell most", lambda one: (one.own_change, one.account_key)),
    ("rose most", lambda one: (-one.own_change, one.account_key)),
    ("largest use", lambda one: (-one.before, one.account_key)),
)


class MoversScreen(Screen[None]):
    """Who changed most in my book, or in the whole portfolio."""

    AUTO_FOCUS = "MoverGrid"
    BINDINGS: ClassVar[list[BindingType]] = [
        bound("movers.page", "o", "page", "account", "The account's page", group=GROUP),
        bound("movers.sort", "s", "sort", "sort", "By change, down or up, by size", group=GROUP),
        bound("movers.view", "v", "view", "view all", "My book, or all accounts", group=GROUP),
        bound("screen.back", "escape,q,U", "leave", "back", "One layer back", group=GROUP),
    ]

    DEFAULT_CSS = """
    MoversScreen #name { height: 2; text-wrap: nowrap; text-overflow: ellipsis; }
    """

    class Found(Message):
        """The thread has compared the accounts, or could not."""

        def __init__(self, found: Movers | WorkbenchError, *, mine: bool) -> None:
            self.found = found
            self.mine = mine
            super().__init__()

    def __init__(self, session: Session) -> None:
        """My book first; all accounts where I have none."""
        super().__init__()
        self._session = session
        self._mine = True
        self._order = 0
        self._found: Movers | None = None

    def compose(self) -> ComposeResult:
        """Title, grid, keys."""
        yield Static(joined(("Movers", "bold"), ("  reading …", "dim")), id="name")
        yield MoverGrid(self._session.glyphs)
        yield HintLine(FOOTER, rule=self._session.glyphs.rule)

    def on_mount(self) -> None:
        """Compare."""
        self._compare()

    def on_movers_screen_found(self, message: Found) -> None:
        """Show them; all accounts where my book is empty."""
        found = message.found
        if message.mine != self._mine:
            return  # another book is asked for by now
        if isinstance(found, WorkbenchError):
            tell(self.app, found, is_problem=True)
            self.dismiss(None)
            return
        if message.mine and not found.accounts:
            self._mine = False
            self._compare()
            return
        self._found = found
        self._show()

    def on_mover_grid_opened(self, message: MoverGrid.Opened) -> None:
        """The account's usage, large."""
        from cs_workbench.tui.screens.usage import UsageScreen

        self.app.push_screen(UsageScreen(self._session, message.account_key))

    def action_page(self) -> None:
        """The account's page."""
        from cs_workbench.tui.screens.account import AccountScreen

        if (mover := self.query_one(MoverGrid).selected) is not None:
            self.app.push_screen(AccountScreen(self._session, mover.account_key))

    def action_sort(self) -> None:
        """The next order."""
        self._order = (self._order + 1) % len(ORDERS)
        self._show()

    def action_view(self) -> None:
        """My book, or all accounts."""
        self._mine = not self._mine
        self._compare()

    def action_leave(self) -> None:
        """Back to where it was asked for."""
        self.dismiss(None)

    def _show(self) -> None:
        found = self._found
        if found is None:
            return
        told, key = ORDERS[self._order]
        rows = found.rows if key is None else tuple(sorted(found.rows, key=key))
        self.query_one(MoverGrid).show(rows)
        whose = f"{self._session.me}'s book" if self._mine else "all accounts"
        if found.metric is None or found.last_day is None:
            self.query_one("#name", Static).update(joined(("Movers", "bold"), " · no usage yet"))
            return
        beyond = sum(one.finding is not None for one in rows)
        what = f"{found.label} to {short_date(found.last_day)}"
        counts = f"{beyond:,} of {len(rows):,} moved beyond chance · {told}"
        named = joined(("Movers", "bold"), f" · {whose} · ", (what, "dim"))
        self.query_one("#name", Static).update(between((named, safe(counts, "dim")), Content("\n")))

    @work(thread=True, group="movers")
    def _compare(self) -> None:
        session, mine = self._session, self._mine
        found: Movers | WorkbenchError
        try:
            card = scorecard_at(session.scorecard_file)
            with open_database(session.db.path) as db:
                csm = session.me if mine else None
                found = find_movers(db, card, today=session.today, csm=csm)
        except WorkbenchError as problem:
            found = problem
        self.post_message(self.Found(found, mine=mine))
