import threading
from collections.abc import Callable
from pathlib import Path

from textual.message import Message

from cs_workbench.core.filters import parse_filter
from cs_workbench.store.accounts import AccountQuery, account_keys
from cs_workbench.store.database import Database, write
from cs_workbench.tui.screens.account_reader import (
    FIRST_ACCOUNTS,
    AccountReader,
    BookRead,
    ListRead,
    ReadFailed,
)
from tests.factories import TODAY, add_account, add_summary

ACCOUNTS = 450
LONG = AccountQuery(TODAY)
SHORT = AccountQuery(TODAY, parse_filter("a7"))


class Told:
    """What a reader tells, and a way to wait for it."""

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self._came = threading.Condition()

    def __call__(self, message: Message) -> None:
        with self._came:
            self.messages.append(message)
            self._came.notify_all()

    def until(self, is_there: Callable[[list[Message]], bool]) -> list[Message]:
        with self._came:
            assert self._came.wait_for(lambda: is_there(self.messages), timeout=20)
        return self.messages


def fill(db: Database) -> Path:
    with write(db) as connection:
        for number in range(ACCOUNTS):
            key = add_account(connection, f"a{number}")
            add_summary(connection, key, arr_minor=number * 100)
    return db.path


def lists(messages: list[Message]) -> list[ListRead]:
    return [message for message in messages if isinstance(message, ListRead)]


def test_a_long_list_comes_in_two_parts_and_then_the_book(db: Database) -> None:
    told = Told()
    AccountReader(fill(db), told).ask(LONG, LONG, wait=20)
    messages = told.until(lambda got: any(isinstance(one, BookRead) for one in got))
    first, whole = (message.answer for message in lists(messages))
    assert not first.is_whole
    assert whole.is_whole
    assert whole.keys == account_keys(db, LONG)
    assert first.keys == whole.keys[:FIRST_ACCOUNTS]
    (book,) = [message.book for message in messages if isinstance(message, BookRead)]
    assert book.accounts == ACCOUNTS


def test_a_short_list_is_there_at_once_and_whole(db: Database) -> None:
    told = Told()
    answer = AccountReader(fill(db), told).ask(SHORT, None, wait=20)
    assert answer is not None
    assert answer.is_whole
    assert answer.keys == account_keys(db, SHORT)
    assert [message.answer for message in lists(told.messages)] == [answer]


def test_a_newer_wish_is_the_one_that_is_read_to_its_end(db: Database) -> None:
    told = Told()
    reader = AccountReader(fill(db), told)
    for _ in range(20):
        reader.ask(LONG, None, wait=0)
    reader.ask(SHORT, None, wait=0)
    messages = told.until(lambda got: any(one.answer.query == SHORT for one in lists(got)))
    assert lists(messages)[-1].answer.keys == account_keys(db, SHORT)
    assert not [message for message in messages if isinstance(message, ReadFailed)]


def test_a_file_that_is_gone_is_told(tmp_path: Path) -> None:
    told = Told()
    assert AccountReader(tmp_path / "none.db", told).ask(LONG, None, wait=20) is None
    (message,) = told.until(bool)
    assert isinstance(message, ReadFailed)
    assert "no portfolio" in str(message.error)
