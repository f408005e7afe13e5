"""`V`: what customers say, what waits for an answer, who is silent, and how fast we answer."""

import datetime as dt
from functools import partial
from typing import ClassVar, Final

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.screen import Screen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from cs_workbench.core.dates import read_past_date
from cs_workbench.errors import WorkbenchError
from cs_workbench.store.account_names import find_account
from cs_workbench.store.database import open_database
from cs_workbench.store.kept import account_names
from cs_workbench.tui.formats import joined, safe
from cs_workbench.tui.keys import MOVE, PROGRAM, bound
from cs_workbench.tui.messages import tell, telling
from cs_workbench.tui.screens.voice_change import changed
from cs_workbench.tui.screens.voice_rows import PARTS, Row, Rows
from cs_workbench.tui.session import Session
from cs_workbench.tui.widgets.hint_line import HintLine
from cs_workbench.tui.widgets.tab_line import TabLine
from cs_workbench.tui.written import Written, undone
from cs_workbench.workflows import voicing
from cs_workbench.workflows.judgements import Act

GROUP: Final = Binding.Group("Voice and service")
FOOTER: Final = (
    *("voice.open", "voice.day", "voice.done", "voice.name", "voice.account", "voice.next"),
    "voice.undo",
)
ANSWERED, COMPLAINTS, NAMED, ELSEWHERE = "Voice", "Complaints", "Themes", "Elsewhere"
CHANGED: Final = "Before/after"
TABS: Final = (ANSWERED, CHANGED, *(part.tab for part in PARTS if part.tab != ANSWERED))


class VoiceScreen(Screen[None]):
    """Parts under tabs; each is a list of which lines open an account, or are dealt with."""

    AUTO_FOCUS = "OptionList"
    BINDINGS: ClassVar[list[BindingType]] = [
        bound("voice.open", "o", "open", "account", "The account's page", group=GROUP),
        bound("voice.day", "c", "day", "day", "The day on which something changed", group=GROUP),
        bound("voice.done", "d", "done", "dealt with", "Answered, or dealt with", group=GROUP),
        bound("voice.name", "n", "name", "name it", "Call the theme by a name", group=GROUP),
        bound("voice.account", "slash", "account", "filter", "Of one account", group=GROUP),
        bound("voice.next", "tab", "part(1)", "part", "Next part", group=GROUP),
        bound("voice.before", "shift+tab", "part(-1)", "part", "Part before", group=GROUP),
        bound("voice.undo", "z", "undo", "undo", "Take back your last change", group=GROUP),
        bound("voice.down", "j", "move(1)", "down", "Next line", group=MOVE),
        bound("voice.up", "k", "move(-1)", "up", "Line before", group=MOVE),
        bound("screen.back", "escape,q,V", "leave", "back", "One layer back", group=PROGRAM),
    ]
    DEFAULT_CSS = """
    VoiceScreen #name { height: 1; text-wrap: nowrap; text-overflow: ellipsis; }
    VoiceScreen OptionList {
        height: 1fr; border: none; padding: 0 1; background: $background;
        background-tint: $background 0%;
    }
    VoiceScreen OptionList > .option-list--option-disabled { color: $foreground; }
    VoiceScreen OptionList:focus > .option-list--option-highlighted {
        background: $primary 30%; color: $foreground;
    }
    """

    class Read(Message):
        """A thread knows a part, or why it cannot be told."""

        def __init__(self, tab: str, account_key: int | None, found: Rows | WorkbenchError) -> None:
            self.tab = tab
            self.account_key = account_key
            self.found = found
            super().__init__()

    def __init__(self, session: Session) -> None:
        """The voice first."""
        super().__init__()
        self._session = session
        self._tab = TABS[0]
        self._around: dt.date | int = 0  # a day, or which of the changes that are known
        self._account: int | None = None  # None: the whole book
        self._found: dict[str, Rows] = {}
        self._rows: list[Row] = []

    def compose(self) -> ComposeResult:
        """Title, tabs, lines, keys."""
        yield Static(id="name")
        yield TabLine(TABS, self._session.glyphs)
        yield OptionList(compact=True)
        yield HintLine(FOOTER, rule=self._session.glyphs.rule)

    def on_mount(self) -> None:
        """Read the first part."""
        self._narrow(None, "whole book")

    def on_resize(self) -> None:
        """Draw for the new room."""
        self._fill()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What can be done with the lines of a part."""
        del parameters
        can_do = {"done": {ANSWERED, COMPLAINTS, ELSEWHERE}, "name": {NAMED}, "day": {CHANGED}}
        return action not in can_do or self._tab in can_do[action]

    def on_tab_line_chosen(self, event: TabLine.Chosen) -> None:
        """Show the part whose tab was clicked."""
        event.stop()
        self._go_to(event.name)

    def on_voice_screen_read(self, message: Read) -> None:
        """Show it, if it is still the one that is wanted."""
        if message.account_key != self._account:
            return
        if isinstance(message.found, WorkbenchError):
            tell(self.app, message.found, is_problem=True)
            return
        self._found[message.tab] = message.found
        if message.tab == self._tab:
            self._fill()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """⏎ or a click."""
        event.stop()
        self.action_open()

    def action_open(self) -> None:
        """The page of the account of the line, or the figures around its day."""
        from cs_workbench.tui.screens.account import AccountScreen

        row = self._chosen
        if row is not None and self._tab == CHANGED:
            self._compare(int(row.ref))
            return
        if row is not None and row.account_key:
            self.app.push_screen(AccountScreen(self._session, row.account_key))

    @work
    async def action_day(self) -> None:
        """Ask for the day of a change, and compare around it."""
        from cs_workbench.tui.screens.prompt import Prompt

        question = joined(("On which day did something change?  ", "bold"), ("-60, 1 sep", "dim"))
        typed = await self.app.push_screen_wait(Prompt(question))
        if typed is not None:
            with telling(self.app):
                self._compare(read_past_date(typed, self._session.today))

    @work
    async def action_account(self) -> None:
        """Ask for an account, and tell every part of it alone."""
        from cs_workbench.tui.screens.prompt import Prompt

        question = joined(("Of which account?  ", "bold"), ("name or id; esc: all of them", "dim"))
        typed = await self.app.push_screen_wait(Prompt(question))
        if typed is None:
            self._narrow(None, "whole book")
            return
        with telling(self.app), open_database(self._session.db.path) as db:
            key = find_account(db, typed)
            self._narrow(key, account_names(db, [key])[key][1])

    def _narrow(self, account_key: int | None, name: str) -> None:
        """Tell of one account, or of all; what was read before is of others."""
        self._account, self._found = account_key, {}
        if isinstance(self._around, int):
            self._around = 0  # others are known of others
        title = joined((" Voice and service · ", "bold"), (name, "bold" if account_key else "dim"))
        self.query_one("#name", Static).update(title)
        self._go_to(self._tab)

    def _compare(self, around: dt.date | int) -> None:
        self._around = around
        self._read(self._tab)

    @work
    async def action_done(self) -> None:
        """Note that feedback was answered, or a mention dealt with; take a complaint a step on."""
        from cs_workbench.tui.screens.complaint_sheets import take_on

        row = self._chosen
        if row is None or not row.ref:
            return
        if self._tab == COMPLAINTS:
            with telling(self.app):
                if told := await take_on(self.app, self._session, row.ref):
                    tell(self.app, told)
                    self._read(self._tab)
            return
        act = Act(row.account_key, self._session.me, self._session.today)
        do = voicing.answer_feedback if self._tab == ANSWERED else voicing.handle_mention
        with telling(self.app), open_database(self._session.db.path) as db:
            tell(self.app, do(db, act, row.ref))
            self._read(self._tab)

    @work
    async def action_name(self) -> None:
        """Call a theme by a name; groups of one name are one theme."""
        from cs_workbench.tui.screens.prompt import Prompt

        row = self._chosen
        if row is None or not row.ref:
            return
        question = joined(("Call this theme ", "bold"), (row.ref, "dim"))
        name = await self.app.push_screen_wait(Prompt(question))
        if name is None:
            return
        with telling(self.app), open_database(self._session.db.path) as db:
            act = Act(0, self._session.me, self._session.today)
            tell(self.app, voicing.rename_theme(db, act, row.ref, name))
            self._read(self._tab)

    @work(thread=True, group="writes")
    def action_undo(self) -> None:
        """Take back the last change of this person."""
        self.post_message(undone(self._session))

    def on_written(self, event: Written) -> None:
        """A write is through: say what was done, show it."""
        event.stop()
        tell(self.app, event.error or event.summary, is_problem=event.error is not None)
        self._read(self._tab)

    def action_part(self, steps: int) -> None:
        """The next part, or the one before."""
        self._go_to(TABS[(TABS.index(self._tab) + steps) % len(TABS)])

    def action_move(self, steps: int) -> None:
        """To the next line, or the one before."""
        lines = self.query_one(OptionList)
        (lines.action_cursor_down if steps > 0 else lines.action_cursor_up)()

    def action_leave(self) -> None:
        """To the whole book, then back to where it was asked for."""
        if self._account is None:
            self.dismiss(None)
        else:
            self._narrow(None, "whole book")

    @property
    def _chosen(self) -> Row | None:
        at = self.query_one(OptionList).highlighted
        return None if at is None or at >= len(self._rows) else self._rows[at]

    def _go_to(self, tab: str) -> None:
        self._tab = tab
        self.query_one(TabLine).choose(tab)
        self.query_one(OptionList).highlighted = None
        self._fill()
        self.refresh_bindings()
        self._read(tab)

    def _fill(self) -> None:
        lines = self.query_one(OptionList)
        at = lines.highlighted
        found = self._found.get(self._tab)
        width = max(20, (lines.size.width or self.size.width) - 3)
        self._rows = [Row(safe("reading …", "dim"))] if found is None else list(found(width))
        lines.clear_options()
        lines.add_options([Option(one.line, disabled=not one.is_stop) for one in self._rows])
        first = next((n for n, row in enumerate(self._rows) if row.is_stop), None)
        lines.highlighted = first if at is None else min(at, len(self._rows) - 1)

    def _read(self, tab: str) -> None:
        self._read_of(tab, self._account)

    @work(thread=True, group="voice")
    def _read_of(self, tab: str, account_key: int | None) -> None:
        reads = {part.tab: part.read for part in PARTS}
        reads[CHANGED] = partial(changed, around=self._around)
        found: Rows | WorkbenchError
        try:
            with open_database(self._session.db.path) as db:
                found = reads[tab](db, self._session.today, account_key)
        except WorkbenchError as problem:
            found = problem
        self.post_message(self.Read(tab, account_key, found))
