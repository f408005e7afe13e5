import datetime as dt
from typing import Any

import pytest

from cs_workbench.core.filters import parse_filter
from cs_workbench.store.account_lines import account_lines
from cs_workbench.store.account_query import AccountQuery
from cs_workbench.store.accounts import account_keys
from cs_workbench.store.database import Database, write
from tests.factories import TODAY, add_account, add_signal, add_summary

SOON = (TODAY + dt.timedelta(days=1)).isoformat()


@pytest.fixture
def book(db: Database) -> Database:
    """How many signals are open, and not snoozed: three 2, one 1, none 0, quiet 0, new 1."""
    with write(db) as c:
        keys = {
            name: add_account(c, name, name=name)
            for name in ("three", "one", "none", "quiet", "new")
        }
        for place, name in enumerate(("none", "one", "three", "quiet")):
            add_summary(c, keys[name], band="red", arr_minor=1_000 * (9 - place))
        add_signal(c, keys["three"], "usage drift")
        add_signal(c, keys["three"], "silence")
        add_signal(c, keys["three"], "champion gone", snoozed_until=SOON)
        add_signal(c, keys["one"], "usage shock", snoozed_until=TODAY.isoformat())
        add_signal(c, keys["quiet"], "silence", resolved_on=TODAY.isoformat(), resolution="called")
        add_signal(c, keys["new"], "silence")
    return db


def names(db: Database, text: str = "", *, limit: int = -1, **query: Any) -> list[str]:
    wanted = AccountQuery(TODAY, parse_filter(text), **query)
    keys = account_keys(db, wanted, limit=limit)
    return [line.name for line in account_lines(db, keys, today=TODAY, me="ana")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("signals>0", {"one", "three", "new"}),
        ("signals:0", {"none", "quiet"}),
        ("signals<2", {"none", "quiet", "one", "new"}),
        ("signals>=2", {"three"}),
        ("signals>=0", {"one", "three", "new", "none", "quiet"}),
        ("-signals>0", {"none", "quiet"}),
        ("signals:none", {"none", "quiet"}),
        ("signal:none", {"none", "quiet"}),
        ("signal:usage_drift", {"three"}),
        ("signal:usage", {"one", "three"}),
        ("signal:SILENCE,shock", {"one", "three", "new"}),
        ('signal:"usage shock"', {"one"}),
        ("signal:champion", set()),
        ("-signal:silence", {"one", "none", "quiet"}),
        ("signals>0 band:red", {"one", "three"}),
    ],
)
def test_accounts_are_found_by_their_signals(book: Database, text: str, expected: set[str]) -> None:
    assert set(names(book, text)) == expected
    assert set(names(book, text, sort="name")) == expected
    assert set(names(book, text, limit=3)) <= expected


def test_the_most_signals_come_first_and_the_worst_account_among_equals(book: Database) -> None:
    most = ["three", "one", "new", "none", "quiet"]
    assert names(book, sort="signals", descending=True) == most
    assert names(book, sort="signals") == ["none", "quiet", "one", "new", "three"]
    for limit in range(6):
        assert names(book, sort="signals", descending=True, limit=limit) == most[:limit]


def test_what_the_list_counts_is_what_it_sorts_by(book: Database) -> None:
    keys = account_keys(book, AccountQuery(TODAY, sort="signals", descending=True))
    lines = account_lines(book, keys, today=TODAY, me="ana")
    assert [line.signals for line in lines] == [2, 1, 1, 0, 0]
