import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from cs_workbench.core.filters import parse_filter
from cs_workbench.errors import NotFoundError, UsageError
from cs_workbench.store.accounts import (
    SORTS,
    AccountQuery,
    account_keys,
    account_lines,
    account_names,
    band_totals,
    find_account,
)
from cs_workbench.store.database import Database, write
from tests.factories import (
    TODAY,
    add_account,
    add_person,
    add_promise,
    add_summary,
    insert,
)

Book = dict[str, int]
YESTERDAY = (TODAY - dt.timedelta(days=1)).isoformat()


@pytest.fixture
def book(db: Database) -> Book:
    """Six accounts and what a refresh wrote of five of them."""
    with write(db) as c:
        add_person(c, "ana", name="Ana Ruiz", email="ana@example.com")
        add_person(c, "bo", name="Bo Ågren")
        kestrel = add_account(c, "kes-1", name="Kestrel GmbH", csm="ana", segment="Enterprise")
        muller = add_account(c, "mul-2", name="Müller & Söhne", csm="bo", segment="SMB")
        tokyo = add_account(c, "tok-3", name="東京データ KK", csm="ana", lifecycle_stage="mature")
        green = add_account(c, "gre-4", name="Greenleaf", lifecycle_stage="onboarding")
        gone = add_account(c, "gon-5", name="Gone Ltd")
        new = add_account(c, "new-6", name="New Inc", currency="JPY")
        add_summary(c, kestrel, band="red", points_e4=310_000, arr_minor=41_200_000)
        add_summary(
            c, muller, band="red", points_e4=420_000, arr_minor=15_400_000, deadline="2027-01-22"
        )
        add_summary(c, tokyo, band="yellow", points_e4=520_000, arr_minor=900_000, seats=10)
        add_summary(c, green, points_e4=840_000, arr_minor=28_800_000, seats=50, seats_used=59)
        add_summary(c, gone, band="unknown", is_former=1)
    return {
        "kestrel": kestrel,
        "muller": muller,
        "tokyo": tokyo,
        "green": green,
        "gone": gone,
        "new": new,
    }


Names = Callable[..., list[str]]


@pytest.fixture
def names(db: Database, book: Book) -> Names:
    by_key = {key: name for name, key in book.items()}

    def ask(text: str = "", **options: Any) -> list[str]:
        query = AccountQuery(TODAY, parse_filter(text), **options)
        return [by_key[key] for key in account_keys(db, query)]

    return ask


def test_worst_first_then_arr_and_unscored_accounts_are_unknown(names: Names) -> None:
    assert names() == ["kestrel", "muller", "new", "tokyo", "green"]
    assert names(descending=True) == ["green", "tokyo", "new", "kestrel", "muller"]


def test_an_account_merged_into_another_is_not_listed(
    db: Database, book: Book, names: Names
) -> None:
    with write(db) as c:
        c.execute("UPDATE account SET merged_into = ? WHERE account_key = ?", (book["green"], 2))
    assert names() == ["kestrel", "new", "tokyo", "green"]
    assert names(sort="name") == ["green", "kestrel", "new", "tokyo"]


@pytest.mark.parametrize(
    ("view", "expected"),
    [
        ("needs me", ["kestrel", "muller", "new", "tokyo"]),
        ("mine", ["kestrel", "tokyo"]),
        ("renewing soon", ["muller"]),
        ("former", ["gone"]),
    ],
)
def test_a_view_narrows(names: Names, view: str, expected: list[str]) -> None:
    assert names(view=view, me="Ana Ruiz") == expected


@pytest.mark.parametrize("me", ["ana", "ANA RUIZ", "ana@example.com"])
def test_mine_knows_a_person_by_id_name_or_address(names: Names, me: str) -> None:
    assert names(view="mine", me=me) == ["kestrel", "tokyo"]


def test_a_green_account_needs_me_for_a_promise_a_deadline_or_a_step(
    db: Database, book: Book, names: Names
) -> None:
    key = book["green"]
    reasons = [
        f"UPDATE account_summary SET deadline = '2027-01-22' WHERE account_key = {key}",
        f"UPDATE account SET next_step_due = '2026-11-23' WHERE account_key = {key}",
    ]
    for reason in reasons:
        db.connection.execute("BEGIN")
        db.connection.execute(reason)
        assert "green" in names(view="needs me")
        db.connection.execute("ROLLBACK")
    with write(db) as c:
        add_promise(c, key, due_on=TODAY.isoformat())
        add_promise(c, key, due_on=YESTERDAY, promised_by="customer")
        add_promise(c, key, due_on=YESTERDAY, state="kept")
    assert "green" not in names(view="needs me")
    with write(db) as c:
        add_promise(c, key, due_on=YESTERDAY)
    assert "green" in names(view="needs me")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("kestrel", ["kestrel"]),
        ("MULLER", ["muller"]),
        ("東京", ["tokyo"]),
        ("データ", ["tokyo"]),
        ("k", ["kestrel", "tokyo"]),
        ("ke es", ["kestrel"]),
        ("mul-2", ["muller"]),
        ("-kestrel -new", ["muller", "tokyo", "green"]),
        ('"ler & s"', ["muller"]),
        ("%", []),
        ("name:mul", ["muller"]),
        ("id:KES", ["kestrel"]),
        ("csm:ruiz", ["kestrel", "tokyo"]),
        ("csm:agren", ["muller"]),
        ("csm:none", ["new", "green"]),
        ("-csm:ana", ["muller", "new", "green"]),
        ("segment:smb,enter", ["kestrel", "muller"]),
        ("stage:mature", ["tokyo"]),
        ("band:red", ["kestrel", "muller"]),
        ("band:unknown,yellow", ["new", "tokyo"]),
        ("score<=42", ["kestrel", "muller"]),
        ("score:none", ["new"]),
        ("-score>40", ["kestrel", "new"]),
        ("arr>154k", ["kestrel", "green"]),
        ("arr:154000", ["muller"]),
        ("days<=60", ["muller"]),
        ("days<60", []),
        ("days:none", ["kestrel", "new", "tokyo", "green"]),
        ("seats>100", ["green"]),
        ("seats:none", ["kestrel", "muller", "new", "tokyo"]),
        ("cov<=90 band:green", ["green"]),
        ("score>99999999999999999999999", []),
        ("days<99999999999999", ["muller"]),
    ],
)
def test_a_filter_narrows(names: Names, text: str, expected: list[str]) -> None:
    assert names(text) == expected
    assert sorted(names(text, sort="name")) == sorted(expected)


def test_next_step_is_found_by_text_and_day(db: Database, book: Book, names: Names) -> None:
    with write(db) as c:
        c.execute(
            "UPDATE account SET next_step = 'Call Zoë', next_step_due = ? WHERE account_key = ?",
            (YESTERDAY, book["green"]),
        )
    assert names("next:zoe") == ["green"]
    assert names("next<0") == ["green"]
    assert names("next>=0") == []
    assert "green" not in names("next:none")


def test_amounts_compare_in_major_units_of_their_currency(db: Database, names: Names) -> None:
    with write(db) as c:
        yen = add_account(c, "yen", currency="JPY", name="Yen")
        add_summary(c, yen, currency="JPY", arr_minor=500_000)
        c.execute("DELETE FROM account_summary WHERE account_key = 1")
    keys = account_keys(db, AccountQuery(TODAY, parse_filter("arr>=500k")))
    assert list(keys) == [yen]


@pytest.mark.parametrize(
    ("sort", "ascending", "descending"),
    [
        (
            "score",
            ["kestrel", "muller", "tokyo", "green", "new"],
            ["green", "tokyo", "muller", "kestrel", "new"],
        ),
        (
            "name",
            ["green", "kestrel", "muller", "new", "tokyo"],
            ["tokyo", "new", "muller", "kestrel", "green"],
        ),
        (
            "csm",
            ["kestrel", "tokyo", "muller", "new", "green"],
            ["muller", "kestrel", "tokyo", "new", "green"],
        ),
        (
            "stage",
            ["green", "tokyo", "kestrel", "muller", "new"],
            ["tokyo", "green", "kestrel", "muller", "new"],
        ),
        (
            "days",
            ["muller", "kestrel", "new", "tokyo", "green"],
            ["muller", "kestrel", "new", "tokyo", "green"],
        ),
    ],
)
def test_unknown_values_sort_last_both_ways(
    names: Names, sort: str, ascending: list[str], descending: list[str]
) -> None:
    assert names(sort=sort) == ascending
    assert names(sort=sort, descending=True) == descending


@pytest.mark.parametrize("sort", SORTS)
def test_every_sort_keeps_every_account(names: Names, sort: str) -> None:
    assert sorted(names(sort=sort)) == ["green", "kestrel", "muller", "new", "tokyo"]


def test_a_wrong_sort_or_view_is_told(names: Names) -> None:
    with pytest.raises(UsageError, match="sorted by 'colour'"):
        names(sort="colour")
    with pytest.raises(UsageError, match="no view 'theirs'"):
        names(view="theirs")


def test_lines_come_in_the_order_of_the_keys(db: Database, book: Book) -> None:
    keys = [book["green"], book["kestrel"], book["new"]]
    lines = account_lines(db, keys, today=TODAY, me="ana")
    assert [line.account_key for line in lines] == keys
    green, kestrel, new = lines
    assert (kestrel.name, kestrel.csm, kestrel.band) == ("Kestrel GmbH", "Ana Ruiz", "red")
    assert (green.seat_use, kestrel.seat_use) == (59 / 50, None)
    assert (new.band, new.points_e4, new.as_of, new.low_e4, new.high_e4) == (
        *("unknown", None, None),
        *(0, 1_000_000),
    )


def test_a_line_counts_late_promises_and_tells_what_changed(db: Database, book: Book) -> None:
    key = book["kestrel"]
    seen = {"actor": "ana", "account_key": key, "seen_at": "2026-11-20T08:00:00Z"}
    with write(db) as c:
        add_promise(c, key, due_on=YESTERDAY)
        add_promise(c, key, due_on=TODAY.isoformat())
        insert(c, "account_seen", {**seen, "points_e4": 540_000, "band": "yellow"})
    mine = account_lines(db, [key], today=TODAY, me="ana")[0]
    theirs = account_lines(db, [key], today=TODAY, me="bo")[0]
    assert (mine.promises_late, mine.changed, theirs.changed) == (1, True, False)


def test_totals_are_by_band_and_currency(db: Database, book: Book) -> None:
    with write(db) as c:
        add_summary(c, book["new"], band="red", currency="JPY", arr_minor=1_500)
    totals = band_totals(db, AccountQuery(TODAY))
    assert [(total.band, total.accounts) for total in totals] == [
        *(("red", 3), ("yellow", 1), ("green", 1))
    ]
    assert totals[0].arr_by_currency == {"USD": 56_600_000, "JPY": 1_500}
    mine = band_totals(db, AccountQuery(TODAY, parse_filter("kestrel"), view="needs me"))
    assert [(total.band, total.accounts) for total in mine] == [("red", 1)]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("kes-1", "kestrel"),
        ("KES-1", "kestrel"),
        ("crm-77", "kestrel"),
        ("kestrel gmbh", "kestrel"),
        ("kestrel", "kestrel"),
        ("MULLER & SOHNE", "muller"),
        ("東京", "tokyo"),
        (" new inc ", "new"),
        ("old-9", "green"),
        ("gone", "gone"),
    ],
)
def test_an_account_is_found_by_what_a_person_types(
    db: Database, book: Book, text: str, name: str
) -> None:
    with write(db) as c:
        insert(
            c,
            "account_alias",
            {"source": "crm", "alias": "crm-77", "account_key": book["kestrel"]},
        )
        between = add_account(c, "mid-8", name="Between", merged_into=book["green"])
        add_account(c, "old-9", name="Old Leaf", merged_into=between)
    assert find_account(db, text) == book[name]


def test_an_exact_name_wins_over_longer_ones(db: Database) -> None:
    with write(db) as c:
        add_account(c, "a-1", name="Atlas Robotics")
        key = add_account(c, "a-2", name="Atlas")
    assert find_account(db, "atlas") == key


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("kestral gmbh", r"no account 'kestral gmbh'. Did you mean Kestrel GmbH \(kes-1\)"),
        ("kestrl", r"no account 'kestrl'. Did you mean Kestrel GmbH \(kes-1\)"),
        ("gmb", None),
        ("zzz", r"no account 'zzz'\.$"),
        ("", "no account ''"),
        ('"\0"', "no account"),
        ("e", r"Several accounts fit 'e': .*Use the id"),
    ],
)
def test_a_miss_names_the_nearest(db: Database, book: Book, text: str, told: str | None) -> None:
    if told is None:
        assert find_account(db, text) == book["kestrel"]
        return
    with pytest.raises(NotFoundError, match=told):
        find_account(db, text)


def test_names_complete_from_their_beginning(db: Database, book: Book) -> None:
    assert account_names(db, "mü") == ["Müller & Söhne"]
    assert account_names(db, "") == [
        *("Gone Ltd", "Greenleaf", "Kestrel GmbH", "Müller & Söhne", "New Inc", "東京データ KK")
    ]


@pytest.mark.parametrize("sort", SORTS)
def test_the_first_of_a_list_are_the_start_of_all_of_it(
    db: Database, book: Book, sort: str
) -> None:
    query = AccountQuery(TODAY, sort=sort)
    assert account_keys(db, query, limit=2) == account_keys(db, query)[:2]
