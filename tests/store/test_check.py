import datetime as dt
import os
from pathlib import Path

import pytest

from cs_workbench.core.findings import Finding
from cs_workbench.core.ruler import RulerChange
from cs_workbench.errors import ForeignFileError, NotFoundError
from cs_workbench.store.check import _versions, check, find_damage
from cs_workbench.store.database import Database, write
from cs_workbench.store.files import SCHEMA_VERSION
from cs_workbench.store.ruler import save_change
from tests.factories import (
    TODAY,
    add_account,
    add_import,
    add_subscription,
    add_survey,
    add_usage,
    insert,
)
from tests.store.test_backup import damage, fill


@pytest.fixture
def tidy(db: Database) -> Database:
    """A portfolio in which there is nothing to find."""
    db.path.parent.chmod(0o700)
    with write(db) as c:
        key = add_account(c, "kes-1")
        add_subscription(c, key)
        import_id = add_import(c, recorded_at="2026-11-20T02:00:00Z")
        add_usage(c, key, TODAY - dt.timedelta(days=30), [5.0] * 30)
        insert(
            c, "usage_frontier", {"metric_id": 1, "import_id": import_id, "last_day": "2026-11-22"}
        )
        insert(c, "scorecard", {"hash": "h", "text": ""})
        insert(
            c,
            "refresh_run",
            {
                "as_of": "2026-11-22",
                "started_at": "2026-11-22T02:00:00Z",
                "actor": "cron",
                "program_version": "0",
                "scorecard_hash": "h",
                "report": "{}",
            },
        )
    return db


def found(db: Database, today: dt.date = TODAY) -> dict[str, Finding]:
    return {finding.code: finding for finding in check(db, today).findings}


def test_a_changed_ruler_and_a_broken_contract_are_findings(db: Database) -> None:
    with write(db) as connection:
        add_usage(connection, add_account(connection, "acme"), TODAY, [5.0], "logins")
        connection.execute("UPDATE usage_metric SET high = 4")
        change = RulerChange("logins", "logins", TODAY, "up", 40, 39, 10.0)
        save_change(connection, 1, change, TODAY)
    found = {one.code: one for one in check(db, TODAY).findings}
    assert found["ruler-changed"].examples == ("logins 2026-11-23",)
    assert "outside of … to 4" in found["metric-not-plausible"].message


def test_a_tidy_portfolio_has_no_findings(tidy: Database) -> None:
    report = check(tidy, TODAY)
    assert report.findings == ()
    assert find_damage(tidy.path) == []
    assert (report.accounts, report.schema, report.journal_mode) == (1, SCHEMA_VERSION, "wal")
    assert (report.as_of, report.last_usage_day) == (dt.date(2026, 11, 22), dt.date(2026, 11, 22))
    assert [source.source for source in report.sources] == ["native"]


@pytest.mark.parametrize(
    ("days", "codes"),
    [
        (-3, {"usage-to-come"}),
        (1, set()),
        (3, {"stale-scores"}),
        (20, {"stale-scores", "stale-source", "stale-usage"}),
    ],
)
def test_what_is_old_is_found(tidy: Database, days: int, codes: set[str]) -> None:
    assert set(found(tidy, TODAY + dt.timedelta(days=days))) == codes


def test_an_empty_portfolio_was_never_refreshed(db: Database) -> None:
    db.path.parent.chmod(0o700)
    assert set(found(db)) == {"never-refreshed"}


def test_open_permissions_are_found(tidy: Database) -> None:
    tidy.path.chmod(0o640)
    tidy.path.parent.chmod(0o777)
    findings = found(tidy)
    assert set(findings) == {"readable-by-others", "folder-open-to-others"}
    assert findings["readable-by-others"].examples == (str(tidy.path),)


def test_rows_without_their_others_are_found(tidy: Database) -> None:
    with write(tidy) as c:
        lonely = add_account(c, "lon-2")
        add_survey(c, lonely, contact_id="nobody")
        metric = {"name": "logins", "label": "logins", "unit": "n", "rollup": "sum"}
        insert(c, "usage_metric", metric)
        add_subscription(c, add_account(c, "old-3", merged_into=lonely))
    findings = found(tidy)
    assert {code: finding.examples for code, finding in findings.items()} == {
        "account-without-subscription": ("lon-2",),
        "metric-without-data": ("logins",),
        "unknown-contact": ("nobody",),
        "rows-of-merged-account": ("old-3",),
    }


def test_broken_links_are_found(tidy: Database) -> None:
    tidy.connection.execute("PRAGMA foreign_keys = OFF")
    with write(tidy) as c:
        c.execute("DELETE FROM usage_metric")
    finding = found(tidy)["broken-links"]
    assert finding.count > 1
    assert "has no usage_metric" in finding.examples[0]


def test_contradictions_and_broken_off_imports_are_found_too(tidy: Database) -> None:
    with write(tidy) as c:
        add_import(c, state="running", file_hash="f", file_name="late.csv")
    assert found(tidy)["import-unfinished"].examples == ("late.csv",)


def test_an_old_sqlite_is_found() -> None:
    assert _versions((3, 51, 3)) == []
    assert [finding.code for finding in _versions((3, 45, 1))] == ["old-sqlite"]


def test_damage_is_found_without_opening(tmp_path: Path, db: Database) -> None:
    fill(db)
    db.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    damage(db.path)
    assert [finding.code for finding in find_damage(db.path)] == ["damaged"]


def test_a_truncated_portfolio_is_damaged(db: Database) -> None:
    fill(db)
    db.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    os.truncate(db.path, 4096 * 10)
    assert [finding.code for finding in find_damage(db.path)] == ["damaged"]


def test_only_a_portfolio_is_looked_at(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError):
        find_damage(tmp_path / "none.db")
    (tmp_path / "letter").write_text("dear " * 100, encoding="utf-8")
    with pytest.raises(ForeignFileError):
        find_damage(tmp_path / "letter")
