import datetime as dt
from pathlib import Path

import pytest

from cs_workbench.churn.evidence import Evidence
from cs_workbench.churn.selection import Task
from cs_workbench.store.database import Database
from cs_workbench.workflows.churn_predicting import predict, read_today, with_evidence
from cs_workbench.workflows.importing import import_paths
from cs_workbench.workflows.scoring import default_scorecard
from tests.factories import portfolio

CARD = default_scorecard()
TODAY = dt.date(2026, 6, 28)  # a Sunday
LAST_FRIDAY = dt.date(2026, 6, 26)


def usage_file(folder: Path, rows: list[tuple[str, dt.date]]) -> Path:
    lines = [f"A1,{day.isoformat()},{metric},5" for metric, day in rows]
    path = folder / "usage.csv"
    path.write_text("\n".join(["account_id,date,metric,value", *lines]) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Files of one account that was used on Fridays, and by another metric on two days a month."""
    files = tmp_path / "files"
    files.mkdir()
    (files / "accounts.csv").write_text(
        "account_id,name,started_on\nA1,Kestrel,2025-01-01\n", encoding="utf-8"
    )
    (files / "subscriptions.csv").write_text(
        "subscription_id,account_id,product,arr,currency,start_date,end_date\n"
        "S1,A1,Core,1000,EUR,2025-01-01,2026-12-31\n",
        encoding="utf-8",
    )
    fridays = [LAST_FRIDAY - dt.timedelta(weeks=back) for back in range(52)]
    others = [LAST_FRIDAY - dt.timedelta(weeks=4 * back, days=2) for back in range(6)]
    usage_file(
        files,
        [("active_users", day) for day in fridays] + [("reports_run", day) for day in others],
    )
    return files


def evidence(db: Database) -> dict[str, Evidence]:
    found = predict(db, as_of=TODAY, card=CARD, task=Task())
    source, day = read_today(db, as_of=TODAY, card=CARD)
    return {one.feature: one for one in with_evidence(db, source, found.accounts[0], day)}


def test_usage_is_named_by_its_true_days(folder: Path, tmp_path: Path) -> None:
    with portfolio(tmp_path) as db:
        import_paths(db, [folder], actor="Ana Ruiz")
        found = evidence(db)
    whole_weeks = LAST_FRIDAY - dt.timedelta(weeks=1)  # nothing is known of the last Sunday yet
    change = found["usage_change"]
    assert (change.rows, change.last) == (16, whole_weeks)  # not the Mondays of these weeks
    assert change.first == whole_weeks - dt.timedelta(weeks=15)
    assert found["active_days"].rows == 4


def test_each_feature_names_the_days_of_the_metrics_it_reads(folder: Path, tmp_path: Path) -> None:
    with portfolio(tmp_path) as db:
        import_paths(db, [folder], actor="Ana Ruiz")
        found = evidence(db)
    others = found["other_usage_change"]
    assert others.last.strftime("%A") == others.first.strftime("%A") == "Wednesday"
    assert found["breadth"].rows == 51 + others.rows + 1  # of a year; the other had six days


def test_days_that_came_later_are_not_named(folder: Path, tmp_path: Path) -> None:
    with portfolio(tmp_path) as db:
        import_paths(db, [folder], actor="Ana Ruiz")
        before = evidence(db)["usage_change"]
        late = [LAST_FRIDAY - dt.timedelta(weeks=back, days=1) for back in range(1, 5)]
        more = tmp_path / "more"
        more.mkdir()
        import_paths(
            db, [usage_file(more, [("active_users", day) for day in late])], actor="Ana Ruiz"
        )
        rows = db.connection.execute("SELECT count(*) FROM usage_correction").fetchone()
        assert tuple(rows) == (4,)
        assert evidence(db)["usage_change"] == before
