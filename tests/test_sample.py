"""The sample portfolio tells the stories it was made for."""

import datetime as dt
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from cs_workbench.shipped import shipped
from cs_workbench.store.database import Database, open_database
from cs_workbench.store.settings import sample_today, setting
from tests.factories import portfolio


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    copy = tmp_path_factory.mktemp("sample") / "sample.db"
    shutil.copyfile(shipped("sample.db"), copy)
    with open_database(copy) as db:
        yield db


def rows(db: Database, statement: str) -> dict[str, object]:
    return dict(tuple(row) for row in db.connection.execute(statement))


def test_it_is_small_and_stands_still_on_its_date(sample: Database) -> None:
    assert shipped("sample.db").stat().st_size < 6_000_000
    assert sample_today(sample) == dt.date(2026, 11, 23)
    assert setting(sample, "sample_me") == "Ana Ruiz"


def test_it_is_one_sound_file(sample: Database) -> None:
    assert sample.connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    assert sample.connection.execute("PRAGMA foreign_key_check").fetchall() == []
    assert not Path(f"{shipped('sample.db')}-wal").exists()


def test_it_has_the_schema_of_today(sample: Database, tmp_path: Path) -> None:
    with portfolio(tmp_path) as new:
        assert schema(sample) == schema(new)


def schema(db: Database) -> set[tuple[str, str]]:
    rows = db.connection.execute("SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL")
    return {(row["name"], row["sql"]) for row in rows}


def test_it_has_accounts_and_eighteen_months_of_scores(sample: Database) -> None:
    count = sample.connection.execute("SELECT count(*) FROM account").fetchone()[0]
    days = sample.connection.execute(
        "SELECT min(as_of), max(as_of), count(DISTINCT as_of) FROM score"
    ).fetchone()
    assert 120 <= count <= 200
    assert days[0] <= "2025-07-31"
    assert days[1] == "2026-11-23"
    assert days[2] >= 35


def test_bands_are_spread_as_in_a_real_book(sample: Database) -> None:
    bands = rows(
        sample, "SELECT band, count(*) FROM account_summary WHERE is_former = 0 GROUP BY band"
    )
    total = sum(int(str(count)) for count in bands.values())
    share = {band: int(str(count)) / total for band, count in bands.items()}
    assert 0.07 <= share["red"] <= 0.17
    assert 0.03 <= share["unknown"] <= 0.11
    assert 0.14 <= share["yellow"] <= 0.28
    assert share["green"] >= 0.5


@pytest.mark.parametrize(
    ("account_id", "band"),
    [
        ("A001", "red"),  # Kestrel: usage collapsed, champion left
        ("A002", "red"),  # Tokyo Data: support keeps them waiting
        ("A003", "red"),  # Müller & Söhne: no kickoff
        ("A006", "unknown"),  # Summit: silent feed
        ("A007", "unknown"),  # Vertex: nothing imported yet
        ("A009", "yellow"),  # Northwind
        ("A018", "green"),  # Greenleaf: more people than seats
    ],
)
def test_stories_show_in_the_band(sample: Database, account_id: str, band: str) -> None:
    found = rows(
        sample,
        "SELECT account_id, band FROM account_summary JOIN account USING (account_key)",
    )
    assert found[account_id] == band


def test_kestrel_is_the_worst_and_late_with_a_promise(sample: Database) -> None:
    row = sample.connection.execute(
        "SELECT account_key, trend_e4, seats_used, seats, deadline, arr_minor "
        "FROM account_summary JOIN account USING (account_key) WHERE account_id = 'A001'"
    ).fetchone()
    assert row["trend_e4"] <= -100_000
    assert row["seats_used"] <= 50
    assert row["deadline"] == "2026-12-30"
    assert row["arr_minor"] == 41_200_000
    late = sample.connection.execute(
        "SELECT what FROM promise WHERE account_key = ? AND promised_by = 'us' "
        "AND state = 'open' AND due_on < '2026-11-23'",
        (row["account_key"],),
    ).fetchall()
    assert [one["what"] for one in late] == ["refund of the October overage"]


def test_greenleaf_uses_more_seats_than_it_has(sample: Database) -> None:
    used = sample.connection.execute(
        "SELECT 1.0 * seats_used / seats FROM account_summary JOIN account USING (account_key) "
        "WHERE account_id = 'A018'"
    ).fetchone()[0]
    assert 1.1 <= used <= 1.25


def test_next_steps_have_an_author_and_a_day(sample: Database) -> None:
    acts = sample.connection.execute(
        "SELECT count(*), count(DISTINCT actor), min(at), max(at) FROM change_set "
        "WHERE cause = 'person'"
    ).fetchone()
    assert acts[0] >= 40
    assert acts[1] == 4
    assert acts[3] < "2026-11-23T00:00:00Z"


def test_scores_move_both_ways(sample: Database) -> None:
    up, down = sample.connection.execute(
        "SELECT total(trend_e4 >= 30000), total(trend_e4 <= -30000) FROM account_summary"
    ).fetchone()
    assert up >= 12
    assert down >= 20


def test_signals_have_a_history_of_twelve_weeks(sample: Database) -> None:
    signals = sample.connection.execute(
        "SELECT count(DISTINCT opened_on) AS days, min(opened_on) AS first, "
        "total(resolved_on IS NULL) AS open, total(resolved_on IS NOT NULL AND resolved_by IS NULL)"
        " AS by_itself, total(resolved_by IS NOT NULL) AS by_people, "
        "total(snoozed_until > '2026-11-23') AS snoozed FROM signal"
    ).fetchone()
    assert (signals["days"], signals["first"]) == (13, "2026-08-31")
    assert 80 <= signals["open"] <= 220
    assert signals["by_itself"] >= 40
    assert (signals["by_people"], signals["snoozed"]) == (2, 2)


def test_some_have_left(sample: Database) -> None:
    former = sample.connection.execute(
        "SELECT count(*) FROM account_summary JOIN churn_event USING (account_key) "
        "WHERE is_former = 1"
    ).fetchone()[0]
    assert former >= 5
