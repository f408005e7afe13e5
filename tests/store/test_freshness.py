import datetime as dt

from cs_workbench.store.database import Database, write
from cs_workbench.store.freshness import (
    SourceAge,
    StandingDay,
    last_as_of,
    last_usage_day,
    source_ages,
    standing_day,
)
from cs_workbench.store.settings import set_setting
from tests.factories import TODAY, add_account, add_import, add_usage, insert


def test_an_empty_portfolio_knows_nothing(db: Database) -> None:
    assert (last_as_of(db), last_usage_day(db), source_ages(db)) == (None, None, [])


def test_the_latest_of_each_counts(db: Database) -> None:
    with write(db) as c:
        add_usage(c, add_account(c), TODAY, [1.0])
        for source, at in (("crm", "2026-11-01"), ("crm", "2026-11-20"), ("native", "2026-10-01")):
            key = add_import(c, source, recorded_at=f"{at}T00:00:00Z")
            insert(c, "usage_frontier", {"metric_id": 1, "import_id": key, "last_day": at})
        add_import(c, "late", state="running")
        insert(c, "scorecard", {"hash": "h", "text": ""})
        run = {"started_at": "2026-11-20T00:00:00Z", "actor": "a", "program_version": "0"}
        for as_of, report in (("2026-11-20", "{}"), ("2026-11-01", "{}"), ("2026-11-21", None)):
            row = {**run, "as_of": as_of, "scorecard_hash": "h", "report": report}
            insert(c, "refresh_run", row)  # the last one was broken off
    assert last_as_of(db) == dt.date(2026, 11, 20)
    assert last_usage_day(db) == dt.date(2026, 11, 20)
    assert source_ages(db) == [
        SourceAge("crm", "2026-11-20T00:00:00Z"),
        SourceAge("native", "2026-10-01T00:00:00Z"),
    ]


def refreshed(db: Database, as_of: str, started_on: str) -> None:
    with write(db) as c:
        c.execute("INSERT OR IGNORE INTO scorecard (hash, text) VALUES ('h', '')")
        run = {"actor": "a", "program_version": "0", "scorecard_hash": "h", "report": "{}"}
        insert(c, "refresh_run", {**run, "as_of": as_of, "started_at": f"{started_on}T02:00:00Z"})


def test_accounts_scored_as_of_a_day_long_gone_stand_there(db: Database) -> None:
    assert standing_day(db) is None
    refreshed(db, "2024-12-31", "2026-11-21")
    assert standing_day(db) == StandingDay(dt.date(2024, 12, 31), is_sample=False)
    refreshed(db, "2026-11-20", "2026-11-21")
    assert standing_day(db) is None


def test_a_refresh_that_is_old_but_was_of_its_day_does_not_stop_the_clock(db: Database) -> None:
    refreshed(db, "2024-12-30", "2024-12-31")
    assert standing_day(db) is None


def test_the_day_of_sample_data_comes_first(db: Database) -> None:
    refreshed(db, "2024-12-31", "2026-11-21")
    with write(db) as c:
        set_setting(c, "sample_today", "2026-11-23")
    assert standing_day(db) == StandingDay(dt.date(2026, 11, 23), is_sample=True)
