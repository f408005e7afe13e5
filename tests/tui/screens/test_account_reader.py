import threading
from collections.abc import Callable
from pathlib import Path

from textual.message import Message

from cs_workbench.core.filters import parse_filter
from cs_workbench.store.account_query import AccountQuery
from cs_workbench.store.accounts import account_keys
from cs_workbench.store.database import Database, write
from cs_workbench.tui.screens.account_reader import (
    AccountReader,
    BookRead,
    ConstantsRead,
    ListRead,
    ReadFailed,
)
from cs_workbench.tui.screens.first_accounts import FIRST_ACCOUNTS
from tests.factories import TODAY, add_account, add_person, add_summary, portfolio

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


def fill(db: Database, csm: str | None = None) -> Path:
    with write(db) as connection:
        if csm:
            add_person(connection, csm)
        for number in range(ACCOUNTS):
            key = add_account(connection, f"a{number}", csm=csm)
            add_summary(connection, key, arr_minor=number * 100)
    return db.path


def lists(messages: list[Message]) -> list[ListRead]:
    return [message for message in messages if isinstance(message, ListRead)]


def test_a_long_list_comes_in_two_parts_and_then_the_book(db: Database) -> None:
    told = Told()
    reader = AccountReader(fill(db), told)
    reader.ask(LONG, LONG, wait=20)
    messages = told.until(lambda got: any(isinstance(one, BookRead) for one in got))
    reader.stop()
    first, whole = (message.answer for message in lists(messages))
    assert not first.is_whole
    assert whole.is_whole
    assert whole.keys == account_keys(db, LONG)
    assert first.keys == whole.keys[:FIRST_ACCOUNTS]
    (book,) = [message.book for message in messages if isinstance(message, BookRead)]
    assert book.accounts == ACCOUNTS


def test_what_a_long_list_has_in_common_comes_behind_all_of_it(db: Database) -> None:
    told = Told()
    reader = AccountReader(fill(db, csm="ana"), told)
    reader.ask(LONG, None, wait=20)
    messages = told.until(lambda got: isinstance(got[-1], ConstantsRead))
    reader.stop()
    *_, whole, constants = messages
    assert isinstance(whole, ListRead)
    assert isinstance(constants, ConstantsRead)
    assert constants.answer is whole.answer
    assert constants.constant == {"csm": "Ana Ruiz", "segment": None, "stage": None}


def test_a_short_list_is_there_at_once_and_whole(db: Database) -> None:
    told = Told()
    reader = AccountReader(fill(db), told)
    answer = reader.ask(SHORT, None, wait=20)
    reader.stop()
    assert answer is not None
    assert answer.is_whole
    assert answer.keys == account_keys(db, SHORT)
    (only,) = told.messages  # the screen looks by itself what a short one has in common
    assert isinstance(only, ListRead)
    assert only.answer == answer


def test_a_newer_wish_is_the_one_that_is_read_to_its_end(db: Database) -> None:
    told = Told()
    reader = AccountReader(fill(db), told)
    for _ in range(20):
        reader.ask(LONG, None, wait=0)
    reader.ask(SHORT, None, wait=0)
    messages = told.until(lambda got: any(one.answer.query == SHORT for one in lists(got)))
    reader.stop()
    assert lists(messages)[-1].answer.keys == account_keys(db, SHORT)
    assert not [message for message in messages if isinstance(message, ReadFailed)]


def test_a_kept_account_deep_in_the_list_brings_all_of_it_at_once(db: Database) -> None:
    reader = AccountReader(fill(db), Told())
    deep = account_keys(db, LONG)[ACCOUNTS - 1]
    answer = reader.ask(LONG, None, kept=deep, wait=20)
    reader.stop()
    assert answer is not None
    assert answer.is_whole
    assert answer.keys[-1] == deep == answer.kept


def test_a_kept_account_that_is_not_in_the_list_waits_for_nothing(db: Database) -> None:
    path = fill(db)
    with write(db) as connection:
        gone = add_account(connection, "gone")
        add_summary(connection, gone, is_former=1)
    reader = AccountReader(path, Told())
    answer = reader.ask(LONG, None, kept=gone, wait=20)
    reader.stop()
    assert answer is not None
    assert (answer.is_whole, answer.kept, len(answer.keys)) == (False, gone, FIRST_ACCOUNTS)


def test_what_was_superseded_is_not_told(db: Database) -> None:
    told = Told()
    reader = AccountReader(fill(db), told)
    reader.ask(LONG, LONG, wait=20)
    reader.ask(SHORT, None, wait=20)
    reader.stop()
    queries = [(one.answer.query, one.answer.is_whole) for one in lists(told.messages)]
    assert queries[-1] == (SHORT, True)
    assert (LONG, True) not in queries
    assert not [one for one in told.messages if isinstance(one, BookRead)]


def test_one_thread_reads_everything_and_ends_when_it_is_told_to(db: Database) -> None:
    before = threading.active_count()
    reader = AccountReader(fill(db), Told())
    for query in (LONG, SHORT, LONG, SHORT):
        reader.ask(query, None, wait=20)
    assert threading.active_count() == before + 1
    reader.stop()
    assert threading.active_count() == before


def test_an_error_is_told_and_the_next_wish_is_read(tmp_path: Path) -> None:
    told = Told()
    with portfolio(tmp_path) as db:
        path = fill(db)
        hidden = path.rename(tmp_path / "elsewhere.db")
        reader = AccountReader(path, told)
        assert reader.ask(SHORT, None, wait=20) is None
        hidden.rename(path)
        answer = reader.ask(SHORT, None, wait=20)
        reader.stop()
    assert isinstance(told.messages[0], ReadFailed)
    assert answer is not None
    assert len(answer.keys) > 0


def test_a_file_that_is_gone_is_told(tmp_path: Path) -> None:
    told = Told()
    reader = AccountReader(tmp_path / "none.db", told)
    assert reader.ask(LONG, None, wait=20) is None
    (message,) = told.until(bool)
    reader.stop()
    assert isinstance(message, ReadFailed)
    assert "no portfolio" in str(message.error)
