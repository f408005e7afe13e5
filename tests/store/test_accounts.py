import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from cs_workbench.core.filters import parse_filter
from cs_workbench.errors import UsageError
from cs_workbench.store.account_lines import account_lines
from cs_workbench.store.account_query import AccountQuery
from cs_workbench.store.accounts import (
    SORTS,
    account_keys,
    band_totals,
    holds_account,
    leading_keys,
)
from cs_workbench.store.database import Database, write
from tests.factories import (
    TODAY,
    add_account,
    add_promise,
    add_summary,
    insert,
    portfolio,
)
from tests.store.conftest import Book

YESTERDAY = (TODAY - dt.timedelta(days=1)).isoformat()


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


def test_the_first_rows_know_who_is_merged_and_who_is_not_scored(db: Database, book: Book) -> None:
    with write(db) as c:
        c.execute(
            "UPDATE account SET merged_into = ? WHERE account_key = ?",
            (book["green"], book["kestrel"]),
        )
    query = AccountQuery(TODAY)
    worst = [book["muller"], book["new"], book["tokyo"]]
    for limit in range(1, 4):
        assert account_keys(db, query, limit=limit).tolist() == worst[:limit]


def test_where_red_accounts_fill_the_first_rows_they_are_those_of_the_view(
    db: Database, book: Book
) -> None:
    with write(db) as c:
        c.execute("UPDATE account_summary SET band = 'red', band_rank = 0")
        c.execute(
            "UPDATE account SET merged_into = ? WHERE account_key = ?",
            (book["green"], book["kestrel"]),
        )
    for view in ("all", "needs me"):
        every = account_keys(db, AccountQuery(TODAY, view=view))
        assert book["kestrel"] not in every
        assert every[-1] == book["new"]  # that no refresh saw: behind all that are red
        for limit in range(1, len(every) + 1):
            assert account_keys(db, AccountQuery(TODAY, view=view), limit=limit) == every[:limit]


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
    assert [total.unpriced for total in totals] == [0, 0, 0]
    with write(db) as c:
        c.execute("UPDATE account_summary SET arr_minor = NULL WHERE band <> 'red'")
        c.execute("UPDATE account_summary SET arr_minor = NULL WHERE currency = 'JPY'")
    red, yellow, green = band_totals(db, AccountQuery(TODAY))
    assert (red.arr_by_currency, red.unpriced) == ({"USD": 56_600_000, "JPY": None}, 1)
    assert (yellow.arr_by_currency, green.unpriced) == ({"USD": None}, 1)
    mine = band_totals(db, AccountQuery(TODAY, parse_filter("kestrel"), view="needs me"))
    assert [(total.band, total.accounts) for total in mine] == [("red", 1)]


@pytest.mark.parametrize("sort", SORTS)
def test_the_first_of_a_list_are_the_start_of_all_of_it(
    db: Database, book: Book, sort: str
) -> None:
    query = AccountQuery(TODAY, sort=sort)
    assert account_keys(db, query, limit=2) == account_keys(db, query)[:2]


WIDE = 12_000  # accounts, so that whole groups are looked at and not collected


@pytest.fixture(scope="module")
def wide(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """Many accounts in few groups, every value of theirs repeated."""
    with portfolio(tmp_path_factory.mktemp("wide")) as db:
        with write(db) as c:
            c.executemany(
                "INSERT INTO account (account_key, account_id, name, segment, currency, "
                "lifecycle_stage, search_text) VALUES (?1, 'a' || ?1, 'Kes ' || ?1, ?2, 'USD', "
                "'mature', 'kes ' || ?1)",
                [(n, None if n % 9 == 0 else f"S{n % 2}") for n in range(1, WIDE)],
            )
            c.executemany(
                "INSERT INTO account_summary (account_key, as_of, band, band_rank, coverage_e4, "
                "low_e4, high_e4, spark, arr_minor, currency, causes, points_e4, deadline) VALUES "
                "(?1, ?2, 'red', 0, 5000, 0, 0, ?1 % 8, (?1 * 7919) % 1000 * 1000, 'USD', '[]', "
                "(?1 * 31) % 100 * 10000, ?2)",
                [(n, TODAY.isoformat()) for n in range(1, WIDE)],
            )
        yield db


@pytest.mark.parametrize(
    ("text", "sort"),
    [
        *(("", sort) for sort in ("band", "segment", "stage", "csm", "usage", "days", "score")),
        *((text, "band") for text in ("kes", "s", "-kes", "stage:mat", "segment:s1", "arr>0.5k")),
        *((text, "band") for text in ("kes 12", "kes 1", "-kes segment:s1", "segment:s1 11999")),
        *(
            (text, "band")
            for text in ("name:kes", "name:12", "119", "kes arr>990k", "12 -segment:s1")
        ),
        *((text, "segment") for text in ("kes", "segment:s1", "score>90", "zzz", "kes 12", "119")),
        *((text, "name") for text in ("kes", "119", "12 segment:s1 score>50")),
    ],
)
def test_the_start_of_a_long_list_is_that_of_all_of_it(
    wide: Database, text: str, sort: str
) -> None:
    query = AccountQuery(TODAY, parse_filter(text), sort=sort)
    every = account_keys(wide, query)
    assert account_keys(wide, query, limit=200) == every[:200]
    leading = leading_keys(wide, query, 200)
    assert leading == every[: len(leading)]
    assert len(leading) == 200 or leading == every


def test_all_keys_come_with_the_first_where_a_filter_leaves_few(wide: Database) -> None:
    few = AccountQuery(TODAY, parse_filter("119"))
    assert len(leading_keys(wide, few, 5)) == len(account_keys(wide, few)) > 5
    many = AccountQuery(TODAY, parse_filter("kes"))
    assert len(leading_keys(wide, many, 5)) == 5


@pytest.mark.parametrize("text", ["", "kes", "12", "kes 12", "-kes", "segment:s1", "score>90 12"])
@pytest.mark.parametrize("sort", ["band", "name", "segment"])
def test_an_account_is_in_a_list_or_not(wide: Database, text: str, sort: str) -> None:
    query = AccountQuery(TODAY, parse_filter(text), sort=sort)
    listed = set(account_keys(wide, query))
    for key in (1, 12, 120, 11_212, 11_999):
        assert holds_account(wide, query, key) == (key in listed)


def test_the_list_is_ordered_and_filtered_without_reading_its_rows(wide: Database) -> None:
    said: list[str] = []
    for sort in ("band", "score", "usage", "seats", "days", "end"):
        wide.connection.set_trace_callback(said.append)
        account_keys(wide, AccountQuery(TODAY, parse_filter("arr>50k days<60"), sort=sort))
        wide.connection.set_trace_callback(None)
        plan = wide.connection.execute(f"EXPLAIN QUERY PLAN {said[-1]}").fetchall()
        assert any("s USING COVERING INDEX" in row["detail"] for row in plan), (sort, plan)
