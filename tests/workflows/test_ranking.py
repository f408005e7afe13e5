"""Queues that are ordered by ARR, where one is not known."""

import datetime as dt

import pytest

from cs_workbench.store.database import Database, write
from cs_workbench.store.voice import Mention
from cs_workbench.workflows.complaining import list_complaints, open_complaint
from cs_workbench.workflows.judgements import Act
from cs_workbench.workflows.voicing import add_mention, ranked_mentions, silent_accounts, unanswered
from tests.factories import TODAY, add_account, add_summary, add_survey

BOOK = {"free": 0, "small": 1_000_000, "middle": 2_000_000, "large": 5_000_000, "bare": None}
ORDER = ["large", "bare", "middle", "small", "free"]  # bare as middle, and then by what else orders


@pytest.fixture
def book(db: Database) -> Database:
    with write(db) as connection:
        for number, (name, arr) in enumerate(sorted(BOOK.items())):
            key = add_account(connection, name)
            add_summary(connection, key, arr_minor=arr)
            day = TODAY - dt.timedelta(300 - number)
            add_survey(connection, key, answered_on=day.isoformat(), score=3)
    return db


def test_complaints_of_an_unknown_arr_stand_in_the_middle(book: Database) -> None:
    for key, day in zip(range(1, 6), range(5), strict=True):
        act = Act(key, "ana", TODAY + dt.timedelta(day))
        open_complaint(book, act, what="It broke.", severity="high", owner=None)
    found = list_complaints(book, today=TODAY, everything=False)
    assert [one.name.lower() for one in found] == ORDER


def test_mentions_of_an_unknown_arr_stand_in_the_middle(book: Database) -> None:
    for key in range(1, 6):
        said = Mention("", key, "G2", None, None, TODAY, "Slow.", 2, "normal", None, None)
        add_mention(book, Act(key, "ana", TODAY), said)
    found = ranked_mentions(book)
    assert [one.account.name.lower() for one in found if one.account] == ORDER
    assert [one.arr for one in found] == [50, 20, 20, 10, 1]


def test_what_waits_and_who_is_silent_is_ordered_so_too(book: Database) -> None:
    waiting = unanswered(book, today=TODAY)
    assert [one.account.name.lower() for one in waiting] == ORDER
    silent = silent_accounts(book, today=TODAY)
    assert [one.account.name.lower() for one in silent] == ORDER
