"""`W`: everything that was written, searched while one types."""

from array import array
from collections.abc import Sequence
from typing import ClassVar, Final

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Input, Static
from textual.worker import get_current_worker

from cs_workbench.core.searching import Found, words_of
from cs_workbench.errors import WorkbenchError
from cs_workbench.store.database import open_database
from cs_workbench.store.search import read_queue, search
from cs_workbench.tui.formats import NOTHING, joined, safe
from cs_workbench.tui.keys import MOVE, PROGRAM, bound
from cs_workbench.tui.messages import tell
from cs_workbench.tui.session import Session
from cs_workbench.tui.widgets.columns import Column
from cs_workbench.tui.widgets.hint_line import HintLine
from cs_workbench.tui.widgets.pane import Pane
from cs_workbench.tui.widgets.search_lines import found_columns, whole_text
from cs_workbench.tui.widgets.windowed_table import WindowedTable

MOST: Final = 200  # rows; who wants others adds a word
PLACEHOLDER: Final = "words of a note, a contact, a ticket, a comment, a promise …"


class SearchField(Input):
    """Where the words are typed; what leads through the list is the screen's."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bound(
            "search.open", "enter", "submit", "open", "The account, with these words", group=MOVE
        ),
        bound("search.down", "down", "screen.move(1)", "next", "Next row", group=MOVE),
        bound("search.up", "up", "screen.move(-1)", "before", "Row before", group=MOVE),
        bound("search.on", "pagedown", "screen.page(1)", "on", "A screen on", group=MOVE),
        bound("search.back", "pageup", "screen.page(-1)", "back", "A screen back", group=MOVE),
    ]


class SearchScreen(Screen[None]):
    """A line to type in, what has all its words, and the whole text of the one under the cursor."""

    AUTO_FOCUS = "Input"
    BINDINGS: ClassVar[list[BindingType]] = [
        bound(
            "search.scope", "tab", "scope", "account or all", "This account, or all", group=PROGRAM
        ),
        bound("screen.back", "escape", "leave", "back", "One layer back", group=PROGRAM),
    ]
    DEFAULT_CSS = """
    SearchScreen #name { height: 1; text-wrap: nowrap; text-overflow: ellipsis; }
    SearchScreen Input { margin: 0 1; background: $surface; }
    SearchScreen #whole { height: 4; padding: 0 1; border-top: solid $foreground 40%; }
    SearchScreen.-high #whole, SearchScreen.-tall #whole { height: 9; }
    .-ascii SearchScreen #whole { border-top: ascii $foreground 40%; }
    """

    class Answered(Message):
        """A thread has searched, or could not."""

        def __init__(self, query: str, found: Sequence[Found] | WorkbenchError) -> None:
            self.query = query
            self.found = found
            super().__init__()

    class Reading(Message):
        """So many new texts are not in the index yet."""

        def __init__(self, left: int) -> None:
            self.left = left
            super().__init__()

    def __init__(self, session: Session, account_key: int | None = None, name: str = "") -> None:
        """Search in this account first, called so; None: in all of them."""
        super().__init__()
        self._session = session
        self._account_key = account_key
        self._account = name
        self._is_one = account_key is not None
        self._found: Sequence[Found] = ()
        self._words: tuple[str, ...] = ()
        self._left = 0

    def compose(self) -> ComposeResult:
        """Title, field, rows, the whole text, keys."""
        rule = self._session.glyphs.rule
        table = WindowedTable(self._rows, self._columns, glyphs=self._session.glyphs)
        table.can_focus = False  # the field keeps the letters, and the arrows move the cursor
        whole = Pane(self._whole, id="whole")
        whole.can_focus = False
        yield Static(id="name")
        yield SearchField(placeholder=PLACEHOLDER, compact=True)
        yield table
        yield whole
        yield HintLine(("search.open", "search.down", "search.scope"), rule=rule)

    def on_mount(self) -> None:
        """Read what was written since the last search."""
        self._entitle()
        self._read()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """There is one account only where one was opened."""
        del parameters
        return action != "scope" or self._account_key is not None

    def on_input_changed(self, event: Input.Changed) -> None:
        """Search while it is typed."""
        event.stop()
        self._search(event.value)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Open what is under the cursor."""
        event.stop()
        self.action_open()

    def on_search_screen_answered(self, message: Answered) -> None:
        """Show it, unless something else was typed meanwhile."""
        if message.query != self._typed:
            return
        if isinstance(message.found, WorkbenchError):
            tell(self.app, message.found, is_problem=True)
            return
        self._found, self._words = message.found, words_of(message.query)
        table = self.query_one(WindowedTable)
        table.start_over()
        table.show_keys(array("q", range(len(self._found))), tail=self._tail(), near=False)
        table.on_resize()  # the columns show these words
        self._entitle()

    def on_search_screen_reading(self, message: Reading) -> None:
        """Say what is not found yet, and search again when all is."""
        self._left = message.left
        self._entitle()
        if not message.left:
            self._search(self._typed)

    def on_windowed_table_highlighted(self, _: WindowedTable.Highlighted) -> None:
        """Show the whole text."""
        self.query_one("#whole", Pane).redraw()

    def on_windowed_table_opened(self, _: WindowedTable.Opened) -> None:
        """A double click is as ⏎."""
        self.action_open()

    def action_move(self, rows: int) -> None:
        """Move the cursor of the list."""
        self.query_one(WindowedTable).action_move(rows)

    def action_page(self, pages: int) -> None:
        """Move the cursor by screens."""
        self.query_one(WindowedTable).action_page(pages)

    def action_open(self) -> None:
        """The page of the account, its timeline narrowed to the words."""
        from cs_workbench.tui.screens.account import AccountScreen

        if (one := self._current) is not None and one.account_key:
            words = self._typed
            self.app.push_screen(AccountScreen(self._session, one.account_key, words=words))

    def action_scope(self) -> None:
        """Search in the account, or in all."""
        self._is_one = not self._is_one
        self._entitle()
        self._search(self._typed)

    def action_leave(self) -> None:
        """Back to where it was asked for."""
        self.dismiss(None)

    @property
    def _typed(self) -> str:
        return self.query_one(Input).value

    @property
    def _current(self) -> Found | None:
        key = self.query_one(WindowedTable).cursor_key
        return None if key is None else self._found[key]

    def _rows(self, keys: Sequence[int]) -> Sequence[Found]:
        return [self._found[key] for key in keys]

    def _columns(self, width: int) -> tuple[Column[Found], ...]:
        return found_columns(width, self._words, self._session.today, named=not self._is_one)

    def _whole(self, width: int, height: int) -> list[Content]:
        one = self._current if self.query(WindowedTable) else None
        return [] if one is None else whole_text(one, self._words, (width, height))

    def _tail(self) -> Content:
        if not self._words:
            return NOTHING
        if not self._found:
            return safe("  Nothing that was written has all of these words.", "dim")
        if len(self._found) < MOST:
            return NOTHING
        return safe(f"  The newest {MOST}; another word finds fewer.", "dim")

    def _entitle(self) -> None:
        where = f"in {self._account}" if self._is_one else "in all accounts"
        count = f" · {len(self._found):,} found" if self._words else ""
        reading = f" · reading {self._left:,} new texts …" if self._left else ""
        self.query_one("#name", Static).update(
            joined((" Search", "bold"), f" what was written, {where}", (count + reading, "dim"))
        )

    @work(thread=True, exclusive=True, group="search")
    def _search(self, query: str) -> None:
        key = self._account_key if self._is_one else None
        found: Sequence[Found] | WorkbenchError
        try:
            with open_database(self._session.db.path) as db:
                found = search(db, query, account_key=key, limit=MOST)
        except WorkbenchError as problem:
            found = problem
        self.post_message(self.Answered(query, found))

    @work(thread=True, group="read")
    def _read(self) -> None:
        worker = get_current_worker()
        try:
            with open_database(self._session.db.path) as db:
                for left in read_queue(db):
                    self.post_message(self.Reading(left))
                    if worker.is_cancelled:
                        return
        except WorkbenchError as problem:
            self.post_message(self.Answered(self._typed, problem))
