"""Reading the list in a thread of its own: the first of it at once, all of it behind that.

A person types on while it reads; a newer wish interrupts the statement under way. The thread and
its connection are kept: a keystroke pays for neither, and what SQLite has read stays read.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from threading import Condition, Event, Thread
from typing import Final

from textual.message import Message

from cs_workbench.store.account_query import AccountQuery
from cs_workbench.store.accounts import account_keys
from cs_workbench.store.constant_columns import constant_columns
from cs_workbench.store.database import Database, keep_little, open_database, snapshot
from cs_workbench.tui.screens.account_book import Book, read_book
from cs_workbench.tui.screens.first_accounts import Answer, first_accounts

MOMENT: Final = 0.03  # seconds for which a key may wait, so that a short list is drawn once
DRAWING: Final = 0.05  # seconds that the screen has for the first accounts before the rest is read
LAST_WAIT: Final = 2.0  # seconds for a thread that was told to end


class ListRead(Message):
    """A list, or its first accounts, are there."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        super().__init__()


class ConstantsRead(Message):
    """What all accounts of a list have in common."""

    def __init__(self, answer: Answer, constant: Mapping[str, str | None]) -> None:
        self.answer = answer
        self.constant = constant
        super().__init__()


class BookRead(Message):
    """The figures of the book `whole` are there."""

    def __init__(self, whole: AccountQuery, book: Book) -> None:
        self.whole = whole
        self.book = book
        super().__init__()


class ReadFailed(Message):
    """The list could not be read."""

    def __init__(self, error: Exception) -> None:
        self.error = error
        super().__init__()


@dataclass
class _Wish:
    """One list to read, and what became of it."""

    query: AccountQuery
    whole: AccountQuery | None
    kept: int | None
    answer: Answer | None = None
    has_answer: Event = field(default_factory=Event)
    is_stopped: bool = False


class AccountReader:
    """Reads one list at a time, the newest that was asked for."""

    def __init__(self, path: Path, tell: Callable[[Message], object]) -> None:
        """Read the file at `path`; `tell` takes what was read, in the reading thread."""
        self._path = path
        self._tell = tell
        self._changed = Condition()
        self._thread: Thread | None = None
        self._db: Database | None = None
        self._next: _Wish | None = None
        self._read: _Wish | None = None
        self._is_over = False

    def ask(
        self,
        query: AccountQuery,
        whole: AccountQuery | None,
        *,
        kept: int | None = None,
        wait: float = MOMENT,
    ) -> Answer | None:
        """Begin to read a list, and the figures of the book `whole` if one is given.

        Args:
            query: the list.
            whole: the book.
            kept: an account that the first answer has to hold if the list does.
            wait: for how many seconds to wait.

        Returns:
            What is there within `wait` seconds; it is told all the same.
        """
        wish = _Wish(query, whole, kept)
        with self._changed:
            self._give_up()
            self._next = wish
            if self._thread is None:
                self._thread = Thread(target=self._run, name="list", daemon=True)
                self._thread.start()
            self._changed.notify_all()
        wish.has_answer.wait(wait)
        return wish.answer

    def stop(self) -> None:
        """Give up what is being read, for good."""
        with self._changed:
            self._is_over = True
            self._give_up()
            self._changed.notify_all()
        if self._thread:
            self._thread.join(LAST_WAIT)

    def _give_up(self) -> None:
        """With the lock held, so that no statement of a later wish is hit."""
        self._next = None
        if self._read:
            self._read.is_stopped = True
            self._changed.notify_all()
            if self._db:
                self._db.connection.interrupt()

    def _run(self) -> None:
        try:
            while wish := self._taken():
                try:
                    self._answer(wish)
                except Exception as error:  # noqa: BLE001 - the screen tells it, or raises it there
                    if not wish.is_stopped:
                        self._tell(ReadFailed(error))
                finally:
                    wish.has_answer.set()
                    with self._changed:
                        self._read = None
        finally:
            if self._db:
                self._db.connection.close()

    def _taken(self) -> _Wish | None:
        """The next wish, once there is one; None at the end."""
        with self._changed:
            self._changed.wait_for(lambda: self._next or self._is_over)
            self._read, self._next = self._next, None
            return self._read

    def _answer(self, wish: _Wish) -> None:
        db = self._opened()
        with snapshot(db):
            answer = first_accounts(db, wish.query, wish.kept)
            self._give(wish, answer)
            if not answer.is_short and self._is_wanted_on(wish):
                self._read_on(db, wish, answer)
            if wish.whole and not wish.is_stopped:
                self._tell(BookRead(wish.whole, read_book(db, wish.whole)))

    def _read_on(self, db: Database, wish: _Wish, answer: Answer) -> None:
        """Read the rest of a long list, and what all of it has in common."""
        if not answer.is_whole:
            keys = account_keys(db, wish.query)
            answer = Answer(wish.query, keys, is_whole=True, kept=wish.kept)
            self._give(wish, answer)
        self._tell(ConstantsRead(answer, constant_columns(db, answer.keys)))

    def _is_wanted_on(self, wish: _Wish) -> bool:
        """Whether nothing else was asked for while its start was drawn: fast typing asks again."""
        with self._changed:
            return not self._changed.wait_for(lambda: wish.is_stopped, DRAWING)

    def _opened(self) -> Database:
        if self._db is None:
            db = keep_little(open_database(self._path))
            with self._changed:
                self._db = db
        return self._db

    def _give(self, wish: _Wish, answer: Answer) -> None:
        if not wish.is_stopped:
            wish.answer = wish.answer or answer
            self._tell(ListRead(answer))
            wish.has_answer.set()
