"""Mode 2: what there is to do today, in one queue."""

from array import array
from collections.abc import Generator, Sequence
from contextlib import suppress
from functools import partial
from typing import ClassVar, Final

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.screen import Screen

from cs_workbench.config import load_config
from cs_workbench.core.dates import with_weekday
from cs_workbench.core.today import GROUPINGS, SECTIONS, FirstOfQueue, Grouping, Queued, grouped
from cs_workbench.errors import InputError, WorkbenchError
from cs_workbench.store.database import Database, open_database
from cs_workbench.tui.formats import joined, safe
from cs_workbench.tui.keys import PROGRAM, ROWS, bound
from cs_workbench.tui.messages import tell, telling
from cs_workbench.tui.modes import names_line
from cs_workbench.tui.newest_reading import NewestReading, ReadingFailed
from cs_workbench.tui.screens.prompt import Prompt
from cs_workbench.tui.session import Session
from cs_workbench.tui.widgets.columns import Column
from cs_workbench.tui.widgets.headed_table import HeadedTable
from cs_workbench.tui.widgets.hint_line import HintLine
from cs_workbench.tui.widgets.lines import between, fitting, spread
from cs_workbench.tui.widgets.titles import Titles
from cs_workbench.tui.widgets.today_columns import Heading, TodayRow, today_columns
from cs_workbench.tui.widgets.windowed_table import WindowedTable
from cs_workbench.tui.written import Written, undone

MOST: Final = 1_000  # of a section: nobody scrolls further; what is done makes room for the next
GROUP: Final = Binding.Group("The queue")
FOOTER: Final = (
    *("table.open", "today.done", "today.put_off", "today.hand", "today.group", "today.account"),
    *("today.all", "today.undo"),
)


class TodayScreen(Screen[None]):
    """The queue by section; whatever is done is done where it belongs."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bound("today.done", "d", "done", "done", "Say that it is done", group=ROWS),
        bound("today.put_off", "h", "put_off", "put off", "Put it off to a day", group=ROWS),
        bound("today.hand", "t", "hand", "hand over", "Give it to somebody", group=ROWS),
        bound("today.account", "o", "account", "account", "Open the account", group=ROWS),
        bound("today.log", "l", "log", "log", "Log a contact, and what came of it", group=ROWS),
        bound("today.all", "v", "everybody", "all / mine", "Mine, or everybody's", group=GROUP),
        bound("today.group", "s", "group", "group", "By section, day, account, kind", group=GROUP),
        bound("today.reload", "r", "reload", "read again", "Read the queue again", group=GROUP),
        bound("today.undo", "z", "undo", "undo", "Take back your last change", group=PROGRAM),
    ]

    class Read(Message):
        """The queue is there, or what of it is late, and what could not be read for it."""

        def __init__(self, first: FirstOfQueue, trouble: str = "") -> None:
            self.first = first
            self.trouble = trouble
            super().__init__()

    def __init__(self, session: Session) -> None:
        """Open on what is this person's."""
        super().__init__()
        self._session = session
        self._reading = NewestReading(self, session.db.path)
        self._rows: list[TodayRow] = []
        self._first: FirstOfQueue | None = None
        self._is_mine = True
        self._by: Grouping = "section"

    def compose(self) -> ComposeResult:
        """Titles, the queue, the keys."""
        yield Titles("today", self._titles)
        yield HeadedTable(self._fetch, self._columns, glyphs=self._session.glyphs)
        yield HintLine(FOOTER, rule=self._session.glyphs.rule)

    def on_mount(self) -> None:
        """Read the queue."""
        self.table.focus()
        self.load()

    def on_screen_resume(self) -> None:
        """What was done elsewhere shows here."""
        if self._first is not None:
            self.load()

    def on_unmount(self) -> None:
        """Stop reading."""
        self._reading.stop()

    @property
    def table(self) -> HeadedTable[TodayRow]:
        """The queue."""
        return self.query_one(HeadedTable)

    def load(self) -> None:
        """Read the queue in a thread."""
        me = self._session.me if self._is_mine else None
        self._reading.ask(partial(self._read, me=me))

    def on_today_screen_read(self, message: Read) -> None:
        """Show it; the cursor stays on its line."""
        message.stop()
        if self._first is None or message.first.is_whole:  # never less than is shown already
            self._first = message.first
            self._show()
        if message.trouble:
            tell(self.app, message.trouble, is_problem=True)

    def on_reading_failed(self, message: ReadingFailed) -> None:
        """Tell why."""
        tell(self.app, message.error, is_problem=True)

    def _show(self) -> None:
        """The queue under its headings."""
        if self._first is None:
            return
        self._rows = []
        for title, found in grouped(self._first.queued, self._by):
            is_late = title == SECTIONS["late"]
            is_section = self._by == "section"
            count = self._first.counts[found[0].section] if is_section else len(found)
            self._rows += [Heading(title, count, is_late=is_late), *found]
        headings = {key for key, row in enumerate(self._rows, 1) if isinstance(row, Heading)}
        self.table.show_under(array("q", range(1, len(self._rows) + 1)), headings)
        self.query_one("#titles").refresh()

    def on_windowed_table_highlighted(self) -> None:
        """Say how the place of the thing under the cursor came about."""
        self.query_one("#titles").refresh()

    def on_windowed_table_opened(self, message: WindowedTable.Opened) -> None:
        """Open what it is: a play, else the account."""
        message.stop()
        row = self._under()
        if not isinstance(row, Queued):
            return
        if row.item.kind in {"step", "play"}:
            from cs_workbench.tui.screens.play import PlayScreen

            self.app.push_screen(PlayScreen(self._session, row.item.ref))
        else:
            self.action_account()

    def action_account(self) -> None:
        """Open the account."""
        from cs_workbench.tui.screens.account import AccountScreen

        row = self._under()
        if isinstance(row, Queued) and row.item.account_key is not None:
            self.app.push_screen(AccountScreen(self._session, row.item.account_key))

    @work
    async def action_log(self) -> None:
        """Log a contact with the account of the row."""
        from cs_workbench.tui.screens.remembering import log_contact

        row = self._under()
        if not isinstance(row, Queued) or row.item.account_key is None:
            return
        with telling(self.app):
            if told := await log_contact(self.app, self._session, [row.item.account_key]):
                tell(self.app, told)
                self.load()

    def action_everybody(self) -> None:
        """Mine, or everybody's."""
        self._is_mine = not self._is_mine
        self.load()

    def action_group(self) -> None:
        """By section, day, account, kind, and round again."""
        self._by = GROUPINGS[(GROUPINGS.index(self._by) + 1) % len(GROUPINGS)]
        self._show()

    def action_reload(self) -> None:
        """Read again."""
        self.load()

    @work
    async def action_done(self) -> None:
        """Do what *done* means for the thing under the cursor."""
        await self._act("done", {"signal": "How was it dealt with?", "play": "Why not?"})

    @work
    async def action_put_off(self) -> None:
        """Put it off."""
        await self._act("put off", {}, ask="Put off until when? (+3, fri, 12 dec)")

    @work
    async def action_hand(self) -> None:
        """Give it to somebody."""
        await self._act("hand over", {}, ask="Who does it?")

    @work(thread=True, group="writes")
    def action_undo(self) -> None:
        """Take back the last change of this person."""
        self.post_message(undone(self._session))

    def on_written(self, event: Written) -> None:
        """A write is through: say what was done, show it."""
        event.stop()
        tell(self.app, event.error or event.summary, is_problem=event.error is not None)
        self.load()

    async def _act(self, act: str, questions: dict[str, str], *, ask: str = "") -> None:
        row = self._under()
        if not isinstance(row, Queued):
            return
        question, text = ask or questions.get(row.item.kind, ""), ""
        if question:
            answer = await self.app.push_screen_wait(Prompt(joined((question, "bold"))))
            if answer is None:
                return
            text = answer
        self._write(row, act, text)

    @work(thread=True, group="writes")
    def _write(self, row: Queued, act: str, text: str) -> None:
        from cs_workbench.workflows.queue_acts import act_on
        from cs_workbench.workflows.tasks import By

        try:
            with open_database(self._session.db.path) as db:
                session = self._session
                by = By(session.me, session.today, session.renewal_policy_file)
                self.post_message(Written(act_on(db, row.item, by, act, text)))
        except WorkbenchError as problem:
            self.post_message(Written(error=problem))

    def _read(self, db: Database, me: str | None) -> Generator[Message, None, None]:
        from cs_workbench.workflows.today import todays_queue_by_parts

        today, calendar = self._session.today, None
        with suppress(WorkbenchError):
            calendar = load_config().calendar
        try:
            for first in todays_queue_by_parts(db, today, me=me, most=MOST, calendar=calendar):
                yield self.Read(first)
        except InputError as problem:
            for first in todays_queue_by_parts(db, today, me=me, most=MOST):
                yield self.Read(first, str(problem) if first.is_whole else "")

    def _under(self) -> TodayRow | None:
        key = self.table.cursor_key
        return None if key is None or key > len(self._rows) else self._rows[key - 1]

    def _fetch(self, keys: Sequence[int]) -> Sequence[TodayRow]:
        return [self._rows[key - 1] for key in keys]

    def _columns(self, width: int) -> tuple[Column[TodayRow], ...]:
        return today_columns(width, self._session.today, self._session.glyphs)

    def _titles(self, width: int) -> Content:
        session = self._session
        right = joined((f"{session.me} · {with_weekday(session.today)} ", "dim"))
        first = spread(names_line("today", width), right, width)
        stake = joined((f"  {self._stake()} ", "dim"))
        second = spread(self._told(width - stake.cell_length), stake, width)
        rule = safe(session.glyphs.rule * width, "dim")
        return first + Content("\n") + second + Content("\n") + rule

    def _told(self, width: int) -> Content:
        """How many things there are, and which; as much of it as has room."""
        if (first := self._first) is None:
            return joined((" reading …", "dim"))
        things, late = sum(first.counts.values()), first.counts.get("late", 0)
        shown = len(first.queued)
        whose = "everybody's" if first.is_everybodys else "mine"
        told = f"{things:,} things" if first.is_whole else "reading all …"
        parts = [f" {told}, {late:,} late", whose, f"by {self._by}"]
        if shown < things:
            parts.insert(1, f"first {shown:,} shown")
        gap = joined((" · ", "dim"))
        return between(fitting([joined((one, "dim")) for one in parts], width, gap=gap), gap)

    def _stake(self) -> str:
        """How the place of the thing under the cursor came about."""
        row = self._under() if self._rows else None
        return row.factors if isinstance(row, Queued) else ""
