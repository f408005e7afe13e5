"""Reading the list in a thread of its own: the first of it at once, all of it behind that.

A person types on while it reads; a newer wish interrupts the statement under way.
"""

from array import array
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread
from typing import Final

from textual.message import Message

from cs_workbench.store.accounts import AccountQuery, account_keys
from cs_workbench.store.database import Database, open_database, snapshot
from cs_workbench.store.sqlite import Connection, sqlite3
from cs_workbench.tui.screens.account_book import Book, read_book

FIRST_ACCOUNTS: Final = 200  # more than the tallest terminal shows
MOMENT: Final = 0.03  # seconds for which a key may wait, so that a short list is drawn once


@dataclass(frozen=True)
class Answer:
    """The accounts of a query in its order; the first of them only, unless `is_whole`."""

    query: AccountQuery
    keys: "array[int]"
    is_whole: bool


class ListRead(Message):
    """A list, or its first accounts, are there."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
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


def first_accounts(db: Database, query: AccountQuery) -> Answer:
    """What a screen has room for, at once."""
    keys = account_keys(db, query, limit=FIRST_ACCOUNTS)
    return Answer(query, keys, is_whole=len(keys) < FIRST_ACCOUNTS)


class AccountReader:
    """Reads one list at a time, the newest that was asked for."""

    def __init__(self, path: Path, tell: Callable[[Message], object]) -> None:
        """Read the file at `path`; `tell` takes what was read, in the reading thread."""
        self._path = path
        self._tell = tell
        self._reading: _Reading | None = None

    def ask(
        self, query: AccountQuery, whole: AccountQuery | None, *, wait: float = MOMENT
    ) -> Answer | None:
        """Begin to read a list, and the figures of the book `whole` if one is given.

        Returns:
            What is there within `wait` seconds; it is told all the same.
        """
        self.stop()
        self._reading = _Reading(self._path, query, whole, self._tell)
        self._reading.start()
        return self._reading.answered(wait)

    def stop(self) -> None:
        """Give up what is being read."""
        if self._reading:
            self._reading.stop()


class _Reading(Thread):
    def __init__(
        self,
        path: Path,
        query: AccountQuery,
        whole: AccountQuery | None,
        tell: Callable[[Message], object],
    ) -> None:
        super().__init__(name="list", daemon=True)
        self._path = path
        self._query = query
        self._whole = whole
        self._tell = tell
        self._connection: Connection | None = None
        self._answer: Answer | None = None
        self._has_answer = Event()
        self._is_stopped = False

    def answered(self, wait: float) -> Answer | None:
        self._has_answer.wait(wait)
        return self._answer

    def stop(self) -> None:
        self._is_stopped = True
        if connection := self._connection:
            with suppress(sqlite3.ProgrammingError):  # it may be closed by now
                connection.interrupt()

    def run(self) -> None:
        try:
            with open_database(self._path) as db:
                self._connection = db.connection
                try:
                    self._read(db)
                finally:
                    self._connection = None
        except Exception as error:  # noqa: BLE001 - the screen tells it, or raises it there
            if not self._is_stopped:
                self._tell(ReadFailed(error))
        finally:
            self._has_answer.set()

    def _read(self, db: Database) -> None:
        with snapshot(db):
            answer = first_accounts(db, self._query)
            self._give(answer)
            if not answer.is_whole and not self._is_stopped:
                self._give(Answer(self._query, account_keys(db, self._query), is_whole=True))
            if self._whole and not self._is_stopped:
                book = read_book(db, self._whole)
                self._tell(BookRead(self._whole, book))

    def _give(self, answer: Answer) -> None:
        if not self._is_stopped:
            self._answer = self._answer or answer
            self._tell(ListRead(answer))
            self._has_answer.set()
