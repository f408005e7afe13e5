"""What of the Accounts screen reads and shows a list, whatever is done to it."""

from collections.abc import Mapping, Sequence
from typing import Final

from textual._styles_cache import StylesCache
from textual.content import Content
from textual.screen import Screen

from cs_workbench.core.accounts import AccountLine
from cs_workbench.core.custom_fields import CustomField
from cs_workbench.core.filters import FIELDS
from cs_workbench.store.account_lines import account_lines
from cs_workbench.store.account_query import AccountQuery
from cs_workbench.store.accounts import SORTS
from cs_workbench.store.churn_switch import model_on
from cs_workbench.store.constant_columns import SAMPLE, constant_columns
from cs_workbench.store.custom_fields import custom_fields
from cs_workbench.tui.formats import safe
from cs_workbench.tui.messages import telling
from cs_workbench.tui.screens.account_book import Book
from cs_workbench.tui.screens.account_list import AccountList
from cs_workbench.tui.screens.account_reader import (
    AccountReader,
    BookRead,
    ConstantsRead,
    ListRead,
    ReadFailed,
)
from cs_workbench.tui.screens.account_titles import (
    Shown,
    band_line,
    tail_line,
    title_line,
    view_line,
)
from cs_workbench.tui.screens.first_accounts import Answer, first_accounts
from cs_workbench.tui.session import Session
from cs_workbench.tui.sizes import NARROW
from cs_workbench.tui.widgets.account_columns import AccountColumns
from cs_workbench.tui.widgets.columns import Column, shown
from cs_workbench.tui.widgets.windowed_table import WindowedTable

KNOWN: Final = frozenset({*SORTS, *FIELDS, ""})
MOST_OWN: Final = 2


class AccountListScreen(Screen[None]):
    """One list of accounts at a time, read in a thread; the screen never waits for it."""

    def __init__(self, session: Session) -> None:
        """Begin with the accounts that need this person."""
        super().__init__()
        self._session = session
        self._list = AccountList.first(session)
        self._book = Book()
        self._book_of: AccountQuery | None = None
        self._answer: Answer | None = None
        self._stays_near = False
        self._constant: Mapping[str, str | None] = {}
        self._own: tuple[CustomField, ...] = ()
        self._reader = AccountReader(session.db.path, self.post_message)

    @property
    def table(self) -> WindowedTable[AccountLine]:
        """The list."""
        return self.query_one(WindowedTable)

    def start(self) -> None:
        """Show the first accounts at once; all of them and the book's figures are read behind."""
        self._take(first_accounts(self._session.db, self._list.query))
        self.call_after_refresh(self._read_on, self._list)

    def _read_on(self, wanted: AccountList) -> None:
        """Read the rest in a thread, unless another list is asked for by now."""
        if wanted is self._list:
            self._reader.ask(wanted.query, wanted.whole, wait=0)

    def on_screen_resume(self) -> None:
        """Let go of what was drawn of closed dialogs: Textual keeps that of 1,024 widgets."""
        StylesCache.get_inner_outer.cache_clear()

    def on_unmount(self) -> None:
        """Stop reading."""
        self._reader.stop()

    def load(self) -> None:
        """Read everything again: the book's figures, which accounts are shown, and their lines."""
        self._book_of = None
        self._stays_near = True
        self._ask()

    def show(self, wanted: AccountList) -> None:
        """Show another list of accounts; a filter alone leaves the cursor on its row."""
        if _order(wanted) != _order(self._list):
            self.table.start_over()
        self._list = wanted
        self._stays_near = False
        self._show_own()
        self._ask()

    def _show_own(self) -> None:
        """Show the fields of one's own by which the list is sorted or narrowed."""
        query = self._list.query
        asked = (query.sort, *(term.field for term in query.filter.terms))
        own = () if all(name in KNOWN for name in asked) else self._custom(asked)
        if own != self._own:
            self._own = own
            self.table.on_resize()

    def _custom(self, asked: Sequence[str]) -> tuple[CustomField, ...]:
        fields = custom_fields(self._session.db.connection)
        return tuple(fields[name] for name in dict.fromkeys(asked) if name in fields)[:MOST_OWN]

    def on_list_read(self, message: ListRead) -> None:
        """Show it, unless another list is asked for by now."""
        self._take(message.answer)

    def on_book_read(self, message: BookRead) -> None:
        """Show the book's figures."""
        if message.whole == self._list.whole:
            self._book, self._book_of = message.book, message.whole
            if self._answer and self._answer.is_whole:
                self.table.show_tail(tail_line(self._shown()))
            self._name_list()

    def on_read_failed(self, message: ReadFailed) -> None:
        """Tell why."""
        with telling(self.app):
            raise message.error

    def _ask(self) -> None:
        """Read the list; what the thread has within a moment shows without another picture."""
        wanted, self._answer = self._list, None
        whole = None if self._book_of == wanted.whole else wanted.whole
        if answer := self._reader.ask(wanted.query, whole, kept=self.table.wanted):
            self._take(answer)
        else:
            self._name_list()

    def _take(self, answer: Answer) -> None:
        """Show a list, or the start of it if the cursor can stand there."""
        before = self._answer
        if answer.query != self._list.query or answer is before:
            return
        if before and answer.keys == before.keys and answer.is_whole == before.is_whole:
            return  # the start of it is on the screen since the program began
        if answer.is_whole:
            self._answer = answer
            tail = tail_line(self._shown())
            if before and not before.is_whole:
                self.table.show_more(answer.keys, tail=tail)
            else:
                self.table.show_keys(answer.keys, tail=tail, near=self._stays_near)
            self._fold(answer)
        elif self._can_begin(answer):
            self._answer = answer
            self.table.show_keys(answer.keys, more=True, near=self._stays_near)
            self._fold(answer)
        self._name_list()

    def _can_begin(self, answer: Answer) -> bool:
        """Not where the cursor's account, or the line it was on, may come later."""
        table = self.table
        if table.wanted is None or table.wanted in answer.keys:
            return True
        return table.wanted == answer.kept and not self._stays_near

    def on_constants_read(self, message: ConstantsRead) -> None:
        """Fold them, if that list is still the one that is shown."""
        if message.answer == self._answer:
            self._fold_away(message.constant)

    def _fold(self, answer: Answer) -> None:
        """Of a short list at once; a long one is read on and shown as it is until then."""
        found = constant_columns(self._session.db, answer.keys[:SAMPLE])
        self._fold_away(answer.certain(found, self._constant))

    def _fold_away(self, constant: Mapping[str, str | None]) -> None:
        if constant != self._constant:
            self._constant = constant
            self.table.on_resize()
            self._name_list()

    def _name_list(self) -> None:
        self.query_one("#titles").refresh()

    def _titles(self, width: int) -> Content:
        session, glyphs = self._session, self._session.glyphs
        lines = [
            title_line(session, self._book, width),
            view_line(self._shown(), self._book, width, glyphs),
        ]
        if width >= NARROW:
            lines.append(band_line(self._book, width, glyphs))
        lines.append(safe(glyphs.rule * width, "dim"))
        return Content("\n").join(lines)

    def _fetch(self, keys: Sequence[int]) -> Sequence[AccountLine]:
        session = self._session
        return account_lines(session.db, keys, today=session.today, me=session.me)

    def _columns(self, width: int) -> tuple[Column[AccountLine], ...]:
        session = self._session
        columns = AccountColumns(
            session.today,
            session.glyphs,
            frozenset(self._constant),
            has_churn=model_on(session.db.connection) is not None,
            view=self._list.query.view,
            own=self._own,
        )
        return tuple(shown(column) for column in columns.fit(width))

    def _shown(self) -> Shown:
        answer = self._answer
        return Shown(
            view=self._list.view,
            filter_text=self._list.filter_text,
            sort=self._list.query.sort,
            descending=self._list.query.descending,
            count=len(answer.keys) if answer and answer.is_whole else None,
            total=self._book.accounts,
            marked=len(self.table.marks),
            base=self._list.query.view,
            constant=self._constant,
        )


def _order(wanted: AccountList) -> tuple[str, str, bool]:
    return wanted.query.view, wanted.query.sort, wanted.query.descending
