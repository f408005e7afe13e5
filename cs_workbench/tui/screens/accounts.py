"""Mode 1: the accounts that need somebody, and all others."""

from typing import TYPE_CHECKING, ClassVar, Final

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.timer import Timer

from cs_workbench.core.filters import is_unfinished
from cs_workbench.errors import UsageError
from cs_workbench.store.database import open_database
from cs_workbench.tui.formats import NOTHING, joined, safe
from cs_workbench.tui.keys import LIST, PROGRAM, ROWS, bound
from cs_workbench.tui.messages import tell, telling
from cs_workbench.tui.screens.account_list_screen import AccountListScreen
from cs_workbench.tui.session import Session
from cs_workbench.tui.widgets.hint_line import HintLine
from cs_workbench.tui.widgets.preview import Preview
from cs_workbench.tui.widgets.titles import Titles
from cs_workbench.tui.widgets.windowed_table import WindowedTable
from cs_workbench.tui.written import Reminded, Written, undone

if TYPE_CHECKING:  # loaded where they are used: none of them is on the first screen
    from cs_workbench.tui.widgets.filter_bar import FilterBar
    from cs_workbench.tui.widgets.work_line import WorkLine

FOOTER: Final = (
    *(
        "table.open",
        "accounts.why",
        "accounts.log",
        "accounts.next_step",
        "accounts.filter",
        "accounts.view",
    ),
    *(
        "accounts.sort",
        "table.mark",
        "accounts.movers",
        "app.search",
        "accounts.undo",
        "accounts.refresh",
        "accounts.preview",
    ),
)
PREVIEW_AFTER: Final = 0.08  # seconds; a held key does not wait for it


KEYS: Final[list[BindingType]] = [
    bound(
        "accounts.next_step",
        "n",
        "next_step",
        "next step",
        "Set the next step: what, who, by when",
        group=ROWS,
    ),
    bound("accounts.why", "x", "why", "why", "What moved the score, and when", group=ROWS),
    bound("accounts.log", "l", "log", "log", "Log a contact; marked: an incident", group=ROWS),
    bound("accounts.promise", "P", "promise", "promise", "Promise something", group=ROWS),
    bound("accounts.usage", "u", "usage", "usage", "The usage chart, large", group=ROWS),
    bound("accounts.movers", "U", "movers", "movers", "Who changed most, as charts", group=LIST),
    bound("accounts.churn", "C", "churn", "churn model", "Churn: would it have known?", group=LIST),
    bound(
        "accounts.play",
        "p",
        "play",
        "play",
        "Walk a play or begin one; on marked accounts begin one on all",
        group=ROWS,
    ),
    bound("accounts.hand", "H", "hand_over", "hand over", "Give it to another CSM", group=ROWS),
    bound("accounts.filter", "slash", "filter", "filter", "Narrow the list", group=LIST),
    bound("accounts.view", "v", "view", "view", "Choose, save or delete a view", group=LIST),
    bound("accounts.sort", "s", "sort", "sort", "Sort by any column", group=LIST),
    bound("accounts.undo", "z", "undo", "undo", "Take back your last change", group=PROGRAM),
    bound("accounts.refresh", "r", "refresh", "refresh", "Score all accounts anew", group=PROGRAM),
    bound("accounts.import", "I", "import", "import", "Load files, and score", group=PROGRAM),
    bound("accounts.preview", "i", "preview", "preview", "Show or hide the preview", group=LIST),
    bound(
        "accounts.peel",
        "escape",
        "peel",
        "peel",
        "Take back one layer: the work under way, the filter line, marks, the filter, the view",
        group=LIST,
    ),
]


class AccountsScreen(AccountListScreen):
    """The list, what narrows and orders it, and a preview of the account under the cursor."""

    BINDINGS: ClassVar[list[BindingType]] = KEYS

    def __init__(self, session: Session) -> None:
        """Open on the accounts that need this person."""
        super().__init__(session)
        self._preview_timer: Timer | None = None

    def compose(self) -> ComposeResult:
        """Titles, list, preview, footer."""
        session, glyphs = self._session, self._session.glyphs
        yield Titles("accounts", self._titles)
        yield WindowedTable(self._fetch, self._columns, glyphs=glyphs, id="accounts")
        yield Preview(session.today, glyphs)
        yield HintLine(FOOTER, rule=glyphs.rule)

    def on_mount(self) -> None:
        """Show the first accounts; threads read the others, and what was typed and never set."""
        self.table.focus()
        self.start()
        self.call_after_refresh(self.run_worker, self._tell_drafts, thread=True)

    def on_windowed_table_head_clicked(self, message: WindowedTable.HeadClicked) -> None:
        """Sort by the column."""
        self.show(self._list.sorted_by(message.column))

    def on_windowed_table_highlighted(self) -> None:
        """Show the account in the preview, unless the cursor moves on at once."""
        if self._preview_timer:
            self._preview_timer.stop()
        self._preview_timer = self.set_timer(PREVIEW_AFTER, self._show_preview)

    def on_windowed_table_opened(self, message: WindowedTable.Opened) -> None:
        """Open the account's page; what was done there shows in the list afterwards."""
        from cs_workbench.tui.screens.account import AccountScreen

        self.table.hold()
        self.app.push_screen(AccountScreen(self._session, message.key), lambda _: self.load())

    def on_windowed_table_marked(self) -> None:
        """Say how many."""
        self.query_one("#titles").refresh()

    def on_filter_bar_done(self, message: "FilterBar.Done") -> None:
        """Back to the list, which stays narrowed."""
        self._filter(message.bar, message.text)
        message.bar.remove()
        self.table.focus()

    def on_work_line_finished(self, message: "WorkLine.Finished") -> None:
        """Show what the refresh found; cursor and scroll stay."""
        from cs_workbench.tui.widgets.work_line import CANCELLED

        message.line.remove()
        told = message.error or message.summary or CANCELLED
        tell(self.app, told, is_problem=message.error is not None)
        self.table.hold()
        self.load()

    def on_reminded(self, message: Reminded) -> None:
        """Tell it."""
        tell(self.app, message.text)

    def on_written(self, message: Written) -> None:
        """A write is through: say what was done, show it; cursor and scroll stay."""
        message.stop()
        tell(self.app, message.error or message.summary, is_problem=message.error is not None)
        self.table.hold()
        self.load()

    def action_filter(self) -> None:
        """Type a filter."""
        from cs_workbench.tui.widgets.filter_bar import FilterBar

        if not self.query("FilterBar"):
            bar = FilterBar(self._list.filter_text)
            self.watch(bar, "text", lambda text: self._typed(bar, text), init=False)
            self.mount(bar, before="#accounts")

    @work
    async def action_sort(self) -> None:
        """Choose a column."""
        from cs_workbench.tui.screens.account_menus import choose_sort

        if wanted := await choose_sort(self.app, self._session, self._list):
            self.show(wanted)

    @work
    async def action_view(self) -> None:
        """Choose, save or delete a view."""
        from cs_workbench.tui.screens.account_menus import choose_view

        with telling(self.app):
            if wanted := await choose_view(self.app, self._session, self._list):
                self.show(wanted)

    def action_preview(self) -> None:
        """Show or hide."""
        self.query_one(Preview).toggle_class("-hidden")

    def action_refresh(self) -> None:
        """Score all accounts in a thread; the list stays usable."""
        from cs_workbench.tui.rescoring import scoring_line
        from cs_workbench.tui.widgets.work_line import WorkLine

        if not self.query(WorkLine):
            self.mount(scoring_line(self._session), before="#accounts")

    @work
    async def action_import(self) -> None:
        """Load files that a person names, and score all accounts anew."""
        from cs_workbench.tui.bringing import ask_and_load

        if await ask_and_load(self, self._session):
            self.load()

    def action_next_step(self) -> None:
        """Set the next step of all marked accounts, else of the one under the cursor."""
        from cs_workbench.tui.screens.next_step import NextStepForm

        if keys := self.table.chosen:
            self.app.push_screen(NextStepForm(self._session, keys), self._next_step_set)

    @work
    async def action_log(self) -> None:
        """Log a contact with the account under the cursor, or an incident of all marked ones."""
        from cs_workbench.tui.screens.remembering import log_contact

        if keys := self.table.chosen:
            with telling(self.app):
                self._next_step_set(await log_contact(self.app, self._session, keys))

    @work
    async def action_promise(self) -> None:
        """Promise something to the account under the cursor, or settle a promise."""
        from cs_workbench.tui.screens.remembering import promise

        if key := self.table.cursor_key:
            with telling(self.app):
                self._next_step_set(await promise(self.app, self._session, key))

    def action_why(self) -> None:
        """Show what changed on the account under the cursor."""
        from cs_workbench.tui.screens.what_changed import WhatChanged

        if key := self.table.cursor_key:
            self.app.push_screen(WhatChanged(self._session, key))

    def action_usage(self) -> None:
        """Show the usage of the account under the cursor."""
        from cs_workbench.tui.screens.usage import UsageScreen

        if key := self.table.cursor_key:
            self.app.push_screen(UsageScreen(self._session, key))

    def action_movers(self) -> None:
        """Show whose usage changed most."""
        from cs_workbench.tui.screens.movers import MoversScreen

        self.app.push_screen(MoversScreen(self._session))

    def action_churn(self) -> None:
        """Show the record of the churn model."""
        from cs_workbench.tui.screens.churn_record import ChurnRecord

        self.app.push_screen(ChurnRecord(self._session))

    @work
    async def action_play(self) -> None:
        """Choose a play for the account under the cursor, or for all that are marked."""
        from cs_workbench.tui.screens.play_choice import choose_plays

        with telling(self.app):
            await choose_plays(self.app, self._session, self.table.chosen)
            self.table.hold()
            self.load()

    @work
    async def action_hand_over(self) -> None:
        """Give the account under the cursor, or all that are marked, to another CSM."""
        from cs_workbench.tui.screens.reassign import hand_accounts_over

        if keys := self.table.chosen:
            with telling(self.app):
                self._next_step_set(await hand_accounts_over(self.app, self._session, keys))

    @work(thread=True, group="writes")
    def action_undo(self) -> None:
        """Take back the last change, and say which."""
        self.post_message(undone(self._session))

    def action_peel(self) -> None:
        """Take back the outermost layer; never leave the program."""
        from cs_workbench.tui.widgets.filter_bar import FilterBar
        from cs_workbench.tui.widgets.work_line import WorkLine

        if work := self.query(WorkLine):
            work.first().cancel()
        elif bars := self.query(FilterBar):
            bars.first().peel()
        elif self.table.marks:
            self.table.clear_marks()
        elif peeled := self._list.peeled():
            self.show(peeled)

    def _typed(self, bar: "FilterBar", text: str) -> None:
        """Narrow the list while typing; what cannot be understood leaves it as it was."""
        if is_unfinished(text):
            bar.show_trouble(joined(("not finished yet", "dim")))
        else:
            self._filter(bar, text)

    def _filter(self, bar: "FilterBar", text: str) -> None:
        trouble = NOTHING
        try:
            wanted = self._list.filtered(self._session.db, text)
        except UsageError as problem:
            trouble = safe(problem, "bold $late")
        else:
            if wanted != self._list:
                self.show(wanted)
        bar.show_trouble(trouble)

    def _tell_drafts(self) -> None:
        """What a closed terminal kept, when the list is there already."""
        if told := _typed_before(self._session):
            self.post_message(Reminded(told))

    def _next_step_set(self, summary: str | None) -> None:
        if summary:
            tell(self.app, summary)
            self.table.hold()
            self.load()

    def _show_preview(self) -> None:
        """For the account under the cursor only: one account's rows are read in a moment."""
        from cs_workbench.store.account_preview import load_preview

        key, preview = self.table.cursor_key, self.query_one(Preview)
        if key is None:
            preview.show(None)
        else:
            with telling(self.app):
                more = load_preview(self._session.db, key, today=self._session.today)
                preview.show(self.table.cursor_row, more)


def _typed_before(session: Session) -> str:
    """What was typed and never set; where there is nothing, nothing that tells of it is loaded."""
    from cs_workbench.store.drafts import waiting_drafts

    with open_database(session.db.path) as db:
        if not waiting_drafts(db, session.me):
            return ""
        from cs_workbench.workflows.drafts import tell_drafts

        return tell_drafts(db, session.me)
