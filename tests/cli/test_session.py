import datetime as dt
from pathlib import Path

import pytest

from cs_workbench.cli.session import Session
from cs_workbench.config import load_config
from cs_workbench.errors import NotFoundError, UsageError
from cs_workbench.store.database import Database, write
from cs_workbench.store.settings import set_setting
from tests.factories import insert

SAMPLE_DAY = dt.date(2026, 11, 23)
Capture = pytest.CaptureFixture[str]


@pytest.fixture
def sample(db: Database) -> Database:
    with write(db) as connection:
        set_setting(connection, "sample_today", SAMPLE_DAY.isoformat())
    return db


def session(given: str | None = None, path: Path | None = None) -> Session:
    config = load_config()
    return Session(config._replace(db=path) if path else config, given)


def test_a_sample_stands_still_and_says_so(sample: Database, capsys: Capture) -> None:
    assert session().today(sample) == SAMPLE_DAY
    assert capsys.readouterr().err == "This is sample data: today is fixed to 2026-11-23.\n"


def test_a_date_that_was_asked_for_wins(
    sample: Database, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert session("2026-12-01").today(sample) == dt.date(2026, 12, 1)
    monkeypatch.setenv("CSW_TODAY", "2026-12-02")
    assert session().today(sample) == dt.date(2026, 12, 2)
    assert session("2026-12-01").today(sample) == dt.date(2026, 12, 1)
    assert capsys.readouterr().err == ""


def test_of_a_day_that_was_asked_for_now_is_the_end(db: Database) -> None:
    now = session("2026-11-20").now(db)
    assert (now.isoformat()[:19], now.tzinfo is None) == ("2026-11-20T23:59:59", False)


def test_a_portfolio_of_ones_own_follows_the_clock(db: Database, capsys: Capture) -> None:
    assert abs((session().today(db) - dt.datetime.now(dt.UTC).date()).days) <= 1
    assert capsys.readouterr().err == ""


def test_a_wrong_date_is_refused(db: Database) -> None:
    with pytest.raises(UsageError):
        session("soon").today(db)


def test_the_portfolio_of_the_settings_is_opened(db: Database, tmp_path: Path) -> None:
    with session(path=db.path).open() as opened:
        assert opened.path == db.path
    with pytest.raises(NotFoundError):
        session(path=tmp_path / "none.db").open()
    with session(path=tmp_path / "new.db").open(create=True) as opened:
        assert opened.path.exists()


def test_a_look_at_the_past_is_read_from_its_day_and_refreshed_from_the_clocks(
    db: Database, capsys: Capture
) -> None:
    with write(db) as c:
        insert(c, "scorecard", {"hash": "h", "text": ""})
        run = {"actor": "a", "program_version": "0", "scorecard_hash": "h"}
        at = {"as_of": "2024-12-31", "started_at": "2026-11-21T02:00:00Z", "report": "{}"}
        insert(c, "refresh_run", {**run, **at})
    assert session().reading_day(db) == dt.date(2024, 12, 31)
    assert "as of 2024-12-31" in capsys.readouterr().err
    assert session().today(db) > dt.date(2024, 12, 31)
    assert session("2025-01-05").reading_day(db) == dt.date(2025, 1, 5)
