import datetime as dt

from cs_workbench.store.database import Database, write
from cs_workbench.store.freshness import SourceAge, last_as_of, last_usage_day, source_ages
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
        for as_of in ("2026-11-20", "2026-11-01"):
            insert(c, "refresh_run", {**run, "as_of": as_of, "scorecard_hash": "h"})
    assert last_as_of(db) == dt.date(2026, 11, 20)
    assert last_usage_day(db) == dt.date(2026, 11, 20)
    assert source_ages(db) == [
        SourceAge("crm", "2026-11-20T00:00:00Z"),
        SourceAge("native", "2026-10-01T00:00:00Z"),
    ]
