import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from cs_workbench.core.scorecard_files import read_scorecard
from cs_workbench.store.changes import Change, record_change_set
from cs_workbench.store.database import Database, write
from cs_workbench.store.health import load_score, score_history
from cs_workbench.workflows import scoring
from cs_workbench.workflows.refresh_reports import RefreshReport
from cs_workbench.workflows.scoring import backfill, refresh
from tests.cards import plain_scorecard
from tests.factories import (
    TODAY,
    add_a_calm_autumn,
    add_account,
    add_import,
    add_subscription,
    add_survey,
    add_ticket,
    add_touchpoint,
    add_usage,
    insert,
    portfolio,
)

HALF_YEAR = 26 * 7


def run(db: Database, as_of: dt.date = TODAY, *, dry_run: bool = False) -> RefreshReport:
    return refresh(db, as_of=as_of, actor="ana", dry_run=dry_run)


def steady(db: Database, name: str, level: float = 40, **account: Any) -> int:
    """A healthy account with half a year of usage on fifty seats."""
    with write(db) as connection:
        key = add_account(connection, name, started_on="2025-01-01", **account)
        add_subscription(connection, key, end_date="2027-12-31")
        add_usage(connection, key, TODAY - dt.timedelta(days=HALF_YEAR - 1), [level] * HALF_YEAR)
        add_a_calm_autumn(connection, key)
    return key


def everything(db: Database) -> list[tuple[Any, ...]]:
    return [
        tuple(row)
        for table in ("score", "account_summary", "refresh_run", "scorecard")
        for row in db.connection.execute(f"SELECT * FROM {table} ORDER BY 1, 2")
    ]


def summary(db: Database, key: int) -> Any:
    return db.connection.execute(
        "SELECT * FROM account_summary WHERE account_key = ?", (key,)
    ).fetchone()


def test_a_healthy_account_is_green_with_full_coverage(db: Database) -> None:
    key = steady(db, "acme")
    report = run(db)
    assert (report.accounts, report.bands["green"], report.unknown) == (1, 1, 0)
    assert sum(report.bands.values()) == report.accounts
    row = summary(db, key)
    assert (row["points_e4"], row["coverage_e4"], row["band"]) == (1_000_000, 10_000, "green")
    assert (row["seats"], row["seats_used"], row["spark"]) == (50, 40, "7" * 12)
    assert (row["deadline"], row["deadline_by"]) == ("2027-11-01", "notice")
    assert row["last_two_way_on"] == "2026-11-20"


def test_a_second_run_changes_nothing(db: Database) -> None:
    steady(db, "acme")
    run(db)
    before = everything(db)
    again = run(db)
    assert again.changed == 0
    assert everything(db) == before


def test_changed_data_replaces_the_score_of_the_same_day(db: Database) -> None:
    key = steady(db, "acme")
    run(db)
    with write(db) as connection:
        add_ticket(connection, key, priority="urgent", opened_at="2026-11-20T09:00:00Z")
    assert run(db).changed == 1
    assert [point.as_of for point in score_history(db, key)] == [TODAY]
    assert load_score(db, key).points_e4 == summary(db, key)["points_e4"] < 1_000_000


def test_a_dry_run_counts_and_writes_nothing(db: Database) -> None:
    steady(db, "acme")
    before = everything(db)
    report = run(db, dry_run=True)
    assert (report.accounts, report.changed) == (1, 0)
    assert everything(db) == before == []


def test_former_customers_and_merged_accounts_have_no_score(db: Database) -> None:
    steady(db, "acme")
    with write(db) as connection:
        gone = add_account(connection, "gone")
        add_subscription(connection, gone, end_date="2026-09-30")
        merged = add_account(connection, "merged", merged_into=gone)
    report = run(db)
    assert (report.accounts, report.former) == (1, 1)
    assert summary(db, gone)["is_former"] == 1
    assert summary(db, gone)["points_e4"] is None
    assert summary(db, merged) is None
    assert score_history(db, gone) == []


def test_an_account_that_is_merged_leaves_the_list_and_the_day(db: Database) -> None:
    key, other = steady(db, "acme"), steady(db, "other")
    run(db)
    with write(db) as connection:
        connection.execute("UPDATE account SET merged_into = ? WHERE account_key = ?", (other, key))
    assert run(db).accounts == 1
    assert summary(db, key) is None
    assert score_history(db, key) == []


def test_bands_that_moved_are_counted_since_the_previous_refresh(db: Database) -> None:
    key = steady(db, "acme")
    run(db, TODAY - dt.timedelta(days=7))
    with write(db) as connection:
        connection.execute(
            "UPDATE usage_week SET d0 = 0, d1 = 0, d2 = 0, d3 = 0, d4 = 0, d5 = 0, "
            "d6 = 0 WHERE week > (SELECT max(week) FROM usage_week) - 9"
        )
        for _ in range(3):
            add_ticket(connection, key, priority="urgent", opened_at="2026-11-20T09:00:00Z")
    report = run(db)
    assert (report.up, report.down) == (0, 1)
    kinds = [row[0] for row in db.connection.execute("SELECT kind FROM signal ORDER BY kind")]
    late = ["urgent ticket breach"] * 3
    assert kinds == ["bad experience", "band crossing", "fast fall", *late, "usage shock"]
    assert (report.signals, report.bands["green"]) == (7, 0)


def test_the_trend_is_the_change_over_28_days_and_its_causes_are_told(db: Database) -> None:
    key = steady(db, "acme")
    then = TODAY - dt.timedelta(days=28)
    run(db, then)
    with write(db) as connection:
        add_ticket(connection, key, priority="urgent", opened_at="2026-11-17T09:00:00Z")
    run(db)
    row = summary(db, key)
    history = {point.as_of: point.points_e4 or 0 for point in score_history(db, key)}
    assert row["trend_e4"] == history[TODAY] - history[then] < 0
    causes = json.loads(row["causes"])
    assert causes[0].startswith("−6: urgent ticket open for 6 days")


def test_without_a_score_four_weeks_ago_there_is_no_trend(db: Database) -> None:
    key = steady(db, "acme")
    run(db, TODAY - dt.timedelta(days=20))
    run(db)
    assert summary(db, key)["trend_e4"] is None


def test_an_older_day_is_scored_but_the_list_stays_on_the_newest(db: Database) -> None:
    key = steady(db, "acme")
    run(db)
    run(db, TODAY - dt.timedelta(days=28))
    assert summary(db, key)["as_of"] == TODAY.isoformat()
    assert len(score_history(db, key)) == 2


def test_a_backfill_counts_back_from_its_end_and_replays_exactly(db: Database) -> None:
    key = steady(db, "acme")
    first = TODAY - dt.timedelta(days=30)
    reports = backfill(db, start=first, end=TODAY, actor="ana")
    days = [TODAY - dt.timedelta(days=7 * back) for back in (4, 3, 2, 1, 0)]
    assert [report.as_of for report in reports] == days
    assert [point.as_of for point in score_history(db, key)] == days
    before = everything(db)
    assert [one.changed for one in backfill(db, start=first, end=TODAY, actor="ana")] == [0] * 5
    assert everything(db) == before


def test_a_kind_that_was_never_imported_is_missing_not_zero(db: Database) -> None:
    with write(db) as connection:
        key = add_account(connection, "acme", started_on="2025-01-01")
        add_subscription(connection, key, end_date="2027-12-31")
    run(db)
    lines = {line.measure_id: line for line in load_score(db, key).contributions}
    assert lines["complaints"].points_e4 is None
    assert summary(db, key)["band"] == "unknown"
    assert "of the scorecard is known" in json.loads(summary(db, key)["causes"])[0]


def test_no_ticket_in_a_portfolio_that_has_tickets_is_a_fact(db: Database) -> None:
    steady(db, "acme")
    with write(db) as connection:
        key = add_account(connection, "calm", started_on="2025-01-01")
        add_subscription(connection, key, end_date="2027-12-31")
    run(db)
    lines = {line.measure_id: line for line in load_score(db, key).contributions}
    assert lines["complaints"].value == 0
    assert lines["complaints"].possible_e4 - (lines["complaints"].points_e4 or 0) in {0, 1}
    assert lines["usage_level"].points_e4 is None


def test_our_own_outbound_mail_is_no_two_way_contact(db: Database) -> None:
    key = steady(db, "acme")
    with write(db) as connection:
        add_touchpoint(
            connection, key, occurred_at="2026-11-21T09:00:00Z", direction="outbound", kind="tip"
        )
    run(db)
    assert summary(db, key)["last_two_way_on"] == "2026-11-20"
    with write(db) as connection:
        add_touchpoint(
            connection,
            key,
            occurred_at="2026-11-22T09:00:00Z",
            direction="outbound",
            channel="call",
        )
    run(db)
    assert summary(db, key)["last_two_way_on"] == "2026-11-22"


def test_the_spark_of_a_silent_feed_has_no_data_in_its_last_weeks(db: Database) -> None:
    key = steady(db, "acme")
    run(db, TODAY + dt.timedelta(days=6))
    assert summary(db, key)["spark"] == "777777777777"
    run(db, TODAY + dt.timedelta(days=20))
    assert summary(db, key)["spark"] == "7777777777.."


def test_progress_is_told_and_raising_in_it_stops_the_run(db: Database) -> None:
    steady(db, "acme")
    seen: list[tuple[int, int]] = []

    def stop(done: int, total: int) -> None:
        seen.append((done, total))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        refresh(db, as_of=TODAY, actor="ana", progress=stop)
    assert seen == [(0, 1)]
    assert not db.connection.in_transaction


def test_what_is_stopped_before_writing_leaves_the_portfolio_as_it_was(db: Database) -> None:
    steady(db, "acme")
    steady(db, "beta")
    before = everything_stored(db)

    def stop() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        refresh(db, as_of=TODAY, actor="ana", before_writing=stop)
    assert everything_stored(db) == before


def test_what_is_written_at_the_end_is_what_is_written_bit_by_bit(tmp_path: Path) -> None:
    stored = []
    for name, before_writing in (("a", None), ("b", lambda: None)):
        (tmp_path / name).mkdir()
        with portfolio(tmp_path / name) as db:
            steady(db, "acme")
            refresh(db, as_of=TODAY, actor="ana", before_writing=before_writing)
            tables = everything_stored(db)
            stored.append(
                {table: tables[table] for table in ("score", "account_summary", "signal")}
            )
    assert stored[0] == stored[1]
    assert stored[0]["score"]


def everything_stored(db: Database) -> dict[str, list[tuple[object, ...]]]:
    tables = db.connection.execute(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE '%fts%'"
    ).fetchall()
    return {
        table: [tuple(row) for row in db.connection.execute(f"SELECT * FROM {table}")]
        for (table,) in tables
    }


def test_a_scorecard_that_can_no_longer_be_read_costs_only_the_story(db: Database) -> None:
    key = steady(db, "acme")
    run(db, TODAY - dt.timedelta(days=28))
    with write(db) as connection:
        connection.execute("INSERT INTO scorecard VALUES ('old', 'name = ')")
        connection.execute("UPDATE score SET scorecard_hash = 'old'")
        add_ticket(connection, key, priority="urgent", opened_at="2026-11-17T09:00:00Z")
    run(db)
    row = summary(db, key)
    assert row["trend_e4"] < 0
    assert json.loads(row["causes"])[0].endswith("urgent ticket open for 6 days")


def test_a_new_scorecard_is_a_cause_of_its_own(db: Database) -> None:
    key = steady(db, "acme")
    plain = plain_scorecard()
    refresh(db, as_of=TODAY - dt.timedelta(days=28), actor="ana", scorecard=plain)
    text = plain.text.replace(
        "map = [[0.1, 0], [0.4, 40], [0.75, 100]]", "map = [[0.1, 0], [0.4, 40], [1.5, 100]]"
    )
    refresh(db, as_of=TODAY, actor="ana", scorecard=read_scorecard(text))
    assert json.loads(summary(db, key)["causes"]) == ["−5: the scorecard was changed"]
    assert summary(db, key)["trend_e4"] == (load_score(db, key).points_e4 or 0) - 1_000_000


def test_chunks_do_not_show(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(5):
        steady(db, f"acme{number}", 10.0 * (number + 1))
    run(db)
    rows = [row[3:] for row in everything(db) if len(row) == 20]
    with write(db) as connection:
        connection.execute("DELETE FROM score")
        connection.execute("DELETE FROM account_summary")
    monkeypatch.setattr(scoring, "CHUNK", 2)
    assert run(db).accounts == 5
    assert [row[3:] for row in everything(db) if len(row) == 20] == rows


def test_what_became_known_later_does_not_move_the_past(db: Database) -> None:
    key = steady(db, "acme")
    with write(db) as connection:
        first = add_import(connection, recorded_at="2026-10-26T20:00:00Z")
        insert(
            connection,
            "usage_frontier",
            {"metric_id": 1, "import_id": first, "last_day": "2026-10-26"},
        )
        add_subscription(connection, key, subscription_id="more", import_id=first)
        add_ticket(
            connection,
            key,
            ticket_id="t1",
            opened_at="2026-10-20T09:00:00Z",
            priority="urgent",
            import_id=first,
        )
    then = dt.date(2026, 10, 26)
    run(db, then)
    before = everything(db)
    with write(db) as connection:
        later = add_import(connection, recorded_at="2026-11-20T20:00:00Z", known_policy="recorded")
        insert(
            connection,
            "usage_frontier",
            {"metric_id": 1, "import_id": later, "last_day": "2026-11-20"},
        )
        add_survey(connection, key, answered_on="2026-10-10", score=0, import_id=later)
        add_touchpoint(connection, key, occurred_at="2026-10-25T09:00:00Z", import_id=later)
        add_ticket(
            connection, key, opened_at="2026-10-25T09:00:00Z", is_complaint=1, import_id=later
        )
        connection.execute(
            "UPDATE ticket SET closed_at = '2026-10-21T09:00:00Z', "
            "priority = 'low' WHERE ticket_id = 't1'"
        )
        connection.execute("UPDATE subscription SET seats = 500 WHERE subscription_id = 'more'")
        connection.execute("UPDATE usage_week SET d1 = 1 WHERE week = 2963")
        insert(
            connection,
            "usage_correction",
            {
                "recorded_at": "2026-11-20T20:00:00Z",
                "account_key": key,
                "metric_id": 1,
                "day": "2026-10-20",
                "old": 40.0,
                "new": 1.0,
                "import_id": later,
            },
        )
        record_change_set(
            connection,
            actor="ana",
            cause="import",
            summary="second load",
            import_id=later,
            known_at="2026-11-20T20:00:00Z",
            changes=[
                Change("ticket", "t1", "closed_at", None, "2026-10-21T09:00:00Z"),
                Change("ticket", "t1", "priority", "urgent", "low"),
                Change("subscription", "more", "seats", 50, 500),
            ],
        )
    assert run(db, then).changed == 0
    assert everything(db) == before
    run(db)
    assert load_score(db, key).points_e4 != load_score(db, key, then).points_e4
