"""The page of one account."""

from dataclasses import replace
from typing import ClassVar, Final, Literal

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.screen import Screen

from cs_workbench.core.account_page import AccountPage
from cs_workbench.core.rollup import FamilyHealth
from cs_workbench.errors import WorkbenchError
from cs_workbench.store.database import open_database
from cs_workbench.store.seen import mark_seen
from cs_workbench.tui.keys import PROGRAM, ROWS, bound
from cs_workbench.tui.messages import tell, telling
from cs_workbench.tui.rescoring import scoring_line
from cs_workbench.tui.screens.account_beside import BesideRead, read_beside
from cs_workbench.tui.screens.account_family import choose_relative
from cs_workbench.tui.screens.account_signals import SignalsForm
from cs_workbench.tui.screens.next_step import NextStepForm
from cs_workbench.tui.screens.what_changed import WhatChanged
from cs_workbench.tui.screens.what_if import WhatIf
from cs_workbench.tui.session import Session
from cs_workbench.tui.widgets.account_header import AccountHeader
from cs_workbench.tui.widgets.account_panes import AccountPanes
from cs_workbench.tui.widgets.filter_bar import FilterBar, SearchBar
from cs_workbench.tui.widgets.hint_line import HintLine
from cs_workbench.tui.widgets.work_line import CANCELLED, WorkLine
from cs_workbench.tui.written import Written, undone
from cs_workbench.workflows.briefing import read_page
from cs_workbench.workflows.families import family_of

FOOTER: Final = (
    *(
        "account.log",
        "account.next_step",
        "account.play",
        "account.why",
        "account.what_if",
        "account.judge",
        "account.signals",
    ),
    *("panes.next", "panes.zoom", "account.usage", "account.undo", "account.forecast"),
    *("account.commit", "panes.sort", "account.find", "account.search"),
    *("account.refresh", "panes.metric", "panes.kind"),
)


KEYS: Final[list[BindingType]] = [
    bound(
        "account.next_step",
        "n",
        "next_step",
        "next step",
        "Set the next step: what, who, by when",
        group=ROWS,
    ),
    bound("account.why", "x", "why", "why", "What moved the score, and when", group=ROWS),
    bound(
        "account.judge",
        "e",
        "judge",
        "edit",
        "Your call, ratings, fields, goals, requests, concessions, changes",
        group=ROWS,
    ),
    bound(
        "account.what_if",
        "w",
        "what_if",
        "what-if",
        "What if a measure weighed more, or its value were another",
        group=ROWS,
    ),
    bound(
        "account.signals",
        "a",
        "signals",
        "act on signals",
        "Signals: snooze one, or say that it is dealt with",
        group=ROWS,
    ),
    bound("account.log", "l", "log", "log", "Log a contact, and what came of it", group=ROWS),
    bound(
        "account.promise",
        "P",
        "promise",
        "promise",
        "Promise something, or say what became of a promise",
        group=ROWS,
    ),
    bound(
        "account.forecast",
        "f",
        "forecast",
        "forecast",
        "What you expect of the next renewal",
        group=ROWS,
    ),
    bound(
        "account.commit",
        "c",
        "commit",
        "commitment",
        "Record what the customer agreed to",
        group=ROWS,
    ),
    bound("account.play", "p", "play", "play", "Walk a play, or begin one", group=ROWS),
    bound("account.usage", "u", "usage", "usage", "The usage chart, large", group=ROWS),
    bound("account.brief", "b", "brief", "brief", "One page before a call", group=ROWS),
    bound(
        "account.customer",
        "ctrl+k",
        "customer",
        "customer's view",
        "What the customer may see, for a shared screen",
        group=PROGRAM,
    ),
    bound("account.find", "slash", "find", "timeline", "Search the timeline", group=PROGRAM),
    bound(
        "account.search",
        "W",
        "search",
        "search",
        "Search what was written of this account, or of all",
        group=PROGRAM,
    ),
    bound("account.refresh", "r", "refresh", "refresh", "Score all accounts", group=PROGRAM),
    bound("account.family", "F", "family", "family", "Open its parent or a child", group=ROWS),
    bound("account.undo", "z", "undo", "undo", "Take back your last change", group=PROGRAM),
    bound("screen.back", "escape,q", "leave", "back", "One layer back", group=PROGRAM),
]


class AccountScreen(Screen[None]):
    """Header lines that stay, panes below them; gives nothing when it is left."""

    AUTO_FOCUS = ""  # the panes decide
    BINDINGS: ClassVar[list[BindingType]] = KEYS

    def __init__(self, session: Session, account_key: int, *, words: str = "") -> None:
        """The page of this account; its timeline comes first where it has the `words`."""
        super().__init__()
        self._words = words
        self._session = session
        self._account_key = account_key
        self._family: FamilyHealth | None = None
        self._page: AccountPage | None = None

    def compose(self) -> ComposeResult:
        """Header, panes, footer."""
        glyphs = self._session.glyphs
        yield AccountHeader(glyphs)
        yield AccountPanes(glyphs)
        yield HintLine(FOOTER, rule=glyphs.rule)

    def on_mount(self) -> None:
        """Read the account, and note that it was opened."""
        if self.load():
            self._mark_seen()
            if self._words:
                self.query_one(AccountPanes).go_to_words(self._words)

    def load(self) -> bool:
        """Read the account and show it; leave where it is gone."""
        session = self._session
        try:
            page = read_page(session.db, self._account_key, today=session.today, me=session.me)
            family = None
            if page.family.words:
                family = family_of(session.db, self._account_key, session.scorecard_file)
        except WorkbenchError as problem:
            tell(self.app, problem, is_problem=True)
            self.dismiss(None)
            return False
        page, self._family = replace(page, rolled=family), family
        self._page = page
        self.query_one(AccountHeader).show(page)
        self.query_one(AccountPanes).show(page)
        self._read_beside(page)
        return True

    def action_next_step(self) -> None:
        """Set the next step."""
        self.app.push_screen(NextStepForm(self._session, [self._account_key]), self._done)

    @work
    async def action_judge(self) -> None:
        """Override the band, withdraw that, or rate."""
        from cs_workbench.tui.screens.judging import judge

        if self._page is not None:
            with telling(self.app):
                self._done(await judge(self.app, self._session, self._page))

    @work
    async def action_log(self) -> None:
        """Log a contact."""
        from cs_workbench.tui.screens.remembering import log_contact

        with telling(self.app):
            self._done(await log_contact(self.app, self._session, [self._account_key]))

    @work
    async def action_promise(self) -> None:
        """Promise something, or settle a promise."""
        from cs_workbench.tui.screens.remembering import promise

        with telling(self.app):
            self._done(await promise(self.app, self._session, self._account_key))

    def action_brief(self) -> None:
        """Show what one has to know before a call."""
        from cs_workbench.tui.screens.brief import Brief

        if self._page is not None:
            self.app.push_screen(Brief(self._session, self._page))

    def action_forecast(self) -> None:
        """Forecast the next renewal."""
        self._say_of_renewal("forecast")

    def action_commit(self) -> None:
        """Record what the customer agreed to."""
        self._say_of_renewal("commitment")

    @work
    async def _say_of_renewal(self, form: Literal["forecast", "commitment"]) -> None:
        from cs_workbench.tui.screens.account_renewal import renewal_form

        with telling(self.app):
            self.app.push_screen(
                await renewal_form(self._session, self._account_key, form), self._done
            )

    def action_customer(self) -> None:
        """Show what the customer may see."""
        from cs_workbench.tui.screens.customer_safe import CustomerSafe

        if self._page is not None:
            self.app.push_screen(CustomerSafe(self._session, self._page))

    @work
    async def action_play(self) -> None:
        """Choose a play, and walk it."""
        from cs_workbench.tui.screens.play_choice import walk_play

        with telling(self.app):
            await walk_play(self.app, self._session, self._account_key)
            self.load()

    def action_undo(self) -> None:
        """Take back the last change of this person."""
        self.run_worker(self._undo, thread=True, group="writes")

    def action_why(self) -> None:
        """Show what changed between two days."""
        self.app.push_screen(WhatChanged(self._session, self._account_key))

    @work
    async def action_family(self) -> None:
        """Open an account of the family: at once where there is one alone, else from a menu."""
        if self._family is None:
            tell(self.app, "This account has no parent, and none below it.")
            return
        key = await choose_relative(self.app, self._family, self._session.glyphs)
        if key is not None:
            self.app.push_screen(AccountScreen(self._session, key))

    def action_usage(self) -> None:
        """Show the usage chart as large as the terminal."""
        from cs_workbench.tui.screens.usage import UsageScreen

        self.app.push_screen(UsageScreen(self._session, self._account_key))

    def action_what_if(self) -> None:
        """Try other weights and values; what comes of it is read again."""
        self.app.push_screen(WhatIf(self._session, self._account_key), self._tried)

    def action_signals(self) -> None:
        """Snooze a signal, or say that it is dealt with."""
        if self._page is not None and self._page.signals:
            self.app.push_screen(SignalsForm(self._session, self._page), self._done)
        else:
            tell(self.app, "There is no open signal on this account.")

    def action_refresh(self) -> None:
        """Score all accounts in a thread; the page stays usable."""
        if not self.query(WorkLine):
            self.mount(scoring_line(self._session), before="AccountPanes")

    def action_find(self) -> None:
        """Search what happened, as you type."""
        panes = self.query_one(AccountPanes)
        panes.go_to("timeline")
        if not self.query(FilterBar):
            bar = SearchBar(panes.timeline.words)
            self.watch(bar, "text", lambda words: bar.show_trouble(panes.find(words)), init=False)
            self.mount(bar, before="AccountPanes")

    def action_search(self) -> None:
        """Search everything that was written, of this account first."""
        from cs_workbench.tui.screens.search import SearchScreen

        if self._page is not None:
            name = self._page.line.name
            self.app.push_screen(SearchScreen(self._session, self._account_key, name))

    def on_filter_bar_done(self, message: FilterBar.Done) -> None:
        """Back to the timeline, which stays narrowed."""
        message.bar.remove()
        self.query_one("#timeline").focus()

    def on_work_line_finished(self, message: WorkLine.Finished) -> None:
        """Show the account as it is scored now."""
        message.line.remove()
        tell(
            self.app,
            message.error or message.summary or CANCELLED,
            is_problem=message.error is not None,
        )
        self.load()

    def action_leave(self) -> None:
        """Peel one layer: the work under way, the search, the zoom, then the page."""
        panes = self.query_one(AccountPanes)
        if work := self.query(WorkLine):
            work.first().cancel()
        elif bars := self.query(FilterBar):
            bars.first().peel()
        elif panes.timeline.words:
            panes.find("")
        elif panes.is_zoomed:
            panes.action_zoom()
        else:
            self.dismiss(None)

    def on_written(self, event: Written) -> None:
        """A write is through: say what was done, show it."""
        event.stop()
        tell(self.app, event.error or event.summary, is_problem=event.error is not None)
        self.load()

    def _done(self, summary: str | None) -> None:
        if summary:
            tell(self.app, summary)
            self.load()

    def _tried(self, _: None) -> None:
        self.load()

    def _undo(self) -> None:
        self.post_message(undone(self._session))

    def on_beside_read(self, message: BesideRead) -> None:
        """Show what was read behind the page."""
        message.show(self.query_one(AccountPanes))

    @work(thread=True, group="peers")
    def _read_beside(self, page: AccountPage) -> None:
        read_beside(self._session, page, self.post_message)

    @work(thread=True, group="seen")
    def _mark_seen(self) -> None:
        try:
            with open_database(self._session.db.path) as db:
                mark_seen(db, self._account_key, self._session.me)
        except WorkbenchError as problem:
            self.post_message(Written(error=problem))
