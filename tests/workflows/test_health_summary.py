import datetime as dt
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cs_workbench.core.filters import parse_filter
from cs_workbench.core.health_summaries import By, Group, HealthSummary
from cs_workbench.store.account_query import AccountQuery
from cs_workbench.store.database import Database, copy_log, open_database, write
from cs_workbench.workflows.health_summary import summarise_health
from cs_workbench.workflows.scoring import backfill, default_scorecard, refresh
from tests.factories import (
    TODAY,
    add_account,
    add_subscription,
    add_summary,
    add_ticket,
    add_touchpoint,
    add_usage,
    portfolio,
)

CARD = default_scorecard()
WEEK = dt.timedelta(7)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two books, a family of three with a former member, one more currency, ten scored weeks."""
    with portfolio(tmp_path_factory.mktemp("book")) as db:
        with write(db) as pen:
            top = add_account(pen, "top", csm="ana", segment="SMB", started_on="2025-01-01")
            child = add_account(pen, "child", csm="ana", parent_key=top, started_on="2025-01-01")
            gone = add_account(pen, "gone", csm="bo", parent_key=top, started_on="2025-01-01")
            yen = add_account(pen, "yen", csm="bo", currency="JPY", started_on="2025-01-01")
            none = add_account(pen, "none", started_on="2025-01-01")
            for key, arr in ((top, 100_000), (child, 300_000), (none, 50_000)):
                add_subscription(pen, key, arr_minor=arr, end_date="2027-12-31")
            add_subscription(pen, yen, arr_minor=900, currency="JPY", end_date="2027-12-31")
            add_subscription(pen, gone, arr_minor=70_000, end_date="2026-10-05")
            add_usage(pen, top, TODAY - 40 * WEEK, [50.0] * 280)
            add_usage(pen, child, TODAY - 40 * WEEK, [50.0] * 250 + [1.0] * 30)
            add_usage(pen, gone, TODAY - 40 * WEEK, [50.0] * 200)
            add_usage(pen, yen, TODAY - 40 * WEEK, [float(day % 50) for day in range(280)])
            for key in (top, child, yen):
                add_touchpoint(pen, key, occurred_at="2026-11-20T09:00:00Z")
            for _ in range(3):
                add_ticket(pen, child, priority="urgent", is_complaint=1)
        backfill(db, start=TODAY - 9 * WEEK, end=TODAY, actor="ana")
        copy_log(db)
        return db.path


@pytest.fixture
def book(made: Path, tmp_path: Path) -> Iterator[Database]:
    with open_database(Path(shutil.copy(made, tmp_path))) as db:
        yield db


def summed(db: Database, by: By = "csm", text: str = "", **options: Any) -> HealthSummary:
    query = AccountQuery(TODAY, parse_filter(text))
    given = {"since": TODAY - 9 * WEEK, **options}
    return summarise_health(db, query, CARD, by=by, **given)


def named(found: HealthSummary, name: str | None) -> Group:
    return next(one for one in found.groups if one.name == name)


def test_groups_are_what_the_list_shows(book: Database) -> None:
    columns: dict[By, str] = {"csm": "csm", "segment": "segment", "stage": "lifecycle_stage"}
    for by, column in columns.items():
        found = summed(book, by)
        rows = book.connection.execute(
            f"SELECT {column}, band FROM account_summary JOIN account USING (account_key) "
            "WHERE is_former = 0"
        ).fetchall()
        counted = Counter((row[0], row[1]) for row in rows)
        shown = {
            (one.group_id, band): count
            for one in found.groups
            for band, count in one.bands.items()
            if count
        }
        assert shown == counted
        assert found.total.accounts == len(rows) == 4


def test_scores_are_weighted_with_arr_in_each_currency(book: Database) -> None:
    rows = book.connection.execute(
        "SELECT currency, arr_minor, points_e4, band FROM account_summary WHERE is_former = 0"
    ).fetchall()
    for money in summed(book).total.money:
        known = [row for row in rows if row[0] == money.currency and row[3] != "unknown"]
        mean = sum(row[1] * row[2] for row in known) / sum(row[1] for row in known)
        assert abs((money.points_e4 or 0) - mean) <= 0.5
        assert money.minor == sum(row[1] for row in rows if row[0] == money.currency)
    assert [one.currency for one in summed(book).total.money] == ["USD", "JPY"]


def test_moves_are_those_since_four_weeks_before(book: Database) -> None:
    found = summed(book)
    assert found.compared_with == TODAY - 4 * WEEK
    ranks = {"red": 0, "yellow": 2, "green": 3}
    rows = book.connection.execute(
        "SELECT a.band, b.band FROM score a JOIN score b USING (account_key) "
        "WHERE a.as_of = ? AND b.as_of = ?",
        (TODAY.isoformat(), (TODAY - 4 * WEEK).isoformat()),
    ).fetchall()
    known = [(ranks[now], ranks[then]) for now, then in rows if {now, then} <= set(ranks)]
    assert found.total.down == sum(now < then for now, then in known) > 0
    assert found.total.up == sum(now > then for now, then in known)


def test_the_history_counts_who_was_a_customer_then(book: Database) -> None:
    found = summed(book)
    assert len(found.history) == 10
    for span, spread in found.history:
        assert spread is not None
        rows = book.connection.execute(
            "SELECT band, points_e4 FROM score WHERE as_of = ?", (span.last.isoformat(),)
        ).fetchall()
        assert {band: count for band, count in spread.bands.items() if count} == Counter(
            row[0] for row in rows
        )
        points = sorted(row[1] for row in rows if row[0] != "unknown")
        assert (spread.quarters or (0,))[0] == points[(len(points) + 3) // 4 - 1] // 1_000
    accounts = [spread.accounts for _, spread in found.history if spread]
    assert (accounts[0], accounts[-1]) == (5, 4)  # 5 Oct and 30 days of grace
    first, last = found.history[0][1], found.history[-1][1]
    assert first is not None
    assert last is not None
    assert sum(first.arr["USD"].values()) == 520_000
    assert sum(last.arr["USD"].values()) == 450_000
    assert last.arr["USD"] == found.total.money[0].by_band
    assert first.arr["JPY"] != {}


def test_a_week_without_refresh_is_a_gap(book: Database) -> None:
    gap = TODAY - 3 * WEEK
    with write(book) as pen:
        pen.execute("DELETE FROM score WHERE as_of = ?", (gap.isoformat(),))
        pen.execute("DELETE FROM refresh_run WHERE as_of = ?", (gap.isoformat(),))
    found = {span.last: (span.as_of, spread) for span, spread in summed(book).history}
    assert found[gap] == (None, None)
    assert found[gap + WEEK][1] is not None


def test_a_refresh_broken_off_is_a_gap(book: Database) -> None:
    gap = TODAY - 3 * WEEK
    with write(book) as pen:
        pen.execute("UPDATE refresh_run SET report = NULL WHERE as_of = ?", (gap.isoformat(),))
    assert {span.last: spread for span, spread in summed(book).history}[gap] is None


def test_two_refreshes_of_a_day_are_one_day(book: Database) -> None:
    before = summed(book).history
    with write(book) as pen:
        add_ticket(pen, 1, priority="urgent", opened_at="2026-11-22T09:00:00Z")
    refresh(book, as_of=TODAY, actor="ana", scorecard=CARD)
    runs = book.connection.execute(
        "SELECT count(DISTINCT run_id) FROM score WHERE as_of = ?", (TODAY.isoformat(),)
    )
    assert runs.fetchone()[0] == 2
    after = summed(book).history
    assert after[:-1] == before[:-1]
    assert after[-1][1] is not None
    assert after[-1][1].accounts == 4


def test_months_take_their_last_scored_day(book: Database) -> None:
    found = summed(book, every="month", since=dt.date(2026, 8, 1)).history
    assert [span.as_of and span.as_of.isoformat() for span, _ in found] == [
        *(None, "2026-09-28", "2026-10-26", "2026-11-23"),
    ]
    weeks = {span.as_of: spread for span, spread in summed(book).history}
    assert [spread for _, spread in found[1:]] == [weeks[span.as_of] for span, _ in found[1:]]


def test_a_filter_holds_for_groups_and_history(book: Database) -> None:
    found = summed(book, "csm", "csm:bo")
    assert [one.name for one in found.groups] == ["Bo"]
    first, last = found.history[0][1], found.history[-1][1]
    assert first is not None
    assert last is not None
    assert (first.accounts, last.accounts) == (2, 1)  # one of them left meanwhile
    assert summed(book, "csm", "csm:nobody").total.accounts == 0


def test_families_have_a_roll_up_beside_the_parents_own_score(book: Database) -> None:
    found = summed(book, "parent")
    (family,) = found.groups
    assert (family.group_id, family.name, family.accounts, found.apart) == ("top", "Top", 2, 2)
    rows = book.connection.execute(
        "SELECT arr_minor, points_e4, band FROM account_summary WHERE account_key IN (1, 2)"
    ).fetchall()
    assert "unknown" not in {row[2] for row in rows}
    mean = sum(row[0] * row[1] for row in rows) / 400_000
    assert family.rollup is not None
    assert abs((family.rollup.points_e4 or 0) - mean) <= 0.5
    assert family.top is not None
    assert family.top.points_e4 == rows[0][1]
    assert family.rollup.worst is not None
    assert family.rollup.worst.account_id == "child"


def test_the_scorecard_chooses_the_worst(book: Database) -> None:
    worst = replace(CARD, parents_by="worst")
    query = AccountQuery(TODAY)
    (family,) = summarise_health(book, query, worst, by="parent").groups
    assert family.rollup is not None
    assert family.rollup.worst is not None
    assert family.rollup.points_e4 == family.rollup.worst.points_e4


def test_a_filter_leaves_the_roll_up_whole(book: Database) -> None:
    whole, part = summed(book, "parent"), summed(book, "parent", "top")
    assert part.groups[0].accounts == 1
    assert part.groups[0].rollup == whole.groups[0].rollup


def test_merged_accounts_belong_to_no_family(book: Database) -> None:
    with write(book) as pen:
        pen.execute("UPDATE account SET merged_into = 1 WHERE account_key = 2")
        pen.execute("DELETE FROM account_summary WHERE account_key = 2")
    (family,) = summed(book, "parent").groups
    assert family.rollup is not None
    assert family.rollup.accounts == 1


def test_before_the_first_refresh_all_is_unknown(tmp_path: Path) -> None:
    with portfolio(tmp_path) as db:
        with write(db) as pen:
            add_account(pen, "new")
        found = summarise_health(db, AccountQuery(TODAY), CARD, by="csm")
    assert (found.as_of, found.history, found.compared_with) == (None, (), None)
    assert found.total.bands["unknown"] == 1
    assert found.total.money == ()


def test_it_says_of_how_many_accounts_the_arr_is_not_known(book: Database) -> None:
    assert summed(book).total.unpriced == 0
    with write(book) as pen:
        pen.execute("UPDATE account_summary SET arr_minor = NULL WHERE account_key = 2")
    found = summed(book)
    assert (found.total.unpriced, found.total.money[0].minor) == (1, 150_000)
    assert sum(one.unpriced for one in found.groups) == 1


def test_a_daily_history_is_read_like_a_weekly_one(book: Database) -> None:
    weekly = summed(book).history
    backfill(book, start=TODAY - 9 * WEEK, end=TODAY, actor="ana", every_days=1)
    daily = summed(book).history
    assert [spread for _, spread in daily] == [spread for _, spread in weekly]


def test_amounts_beyond_the_integers_of_the_database_add_up(tmp_path: Path) -> None:
    huge = 4_000_000_000_000_000
    with portfolio(tmp_path) as db:
        with write(db) as pen:
            for name, points in (("a", 600_000), ("b", 1_000_000)):
                key = add_account(pen, name)
                add_summary(pen, key, arr_minor=huge, points_e4=points)
        found = summarise_health(db, AccountQuery(TODAY), CARD, by="all")
    assert found.total.money[0].points_e4 == 800_000
