import datetime as dt
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cs_workbench.cli.main import csw
from cs_workbench.cli.refresh import describe
from cs_workbench.core.accounts import Band
from cs_workbench.store.database import open_database, write
from cs_workbench.store.health import score_history
from cs_workbench.workflows.refresh_reports import RefreshReport
from tests.cli.run import csw as started
from tests.factories import add_account, add_subscription, add_ticket, add_usage, portfolio

KEYS = ["as_of", "accounts", "bands", "up", "down", "unknown", "signals", "waiting", "former"]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    place = tmp_path / "portfolio.db"
    with portfolio(tmp_path) as db, write(db) as connection:
        key = add_account(connection, "acme", started_on="2026-01-01")
        add_subscription(connection, key)
        add_ticket(connection, key, opened_at="2026-03-01T09:00:00Z")
        add_subscription(connection, add_account(connection, "gone"), end_date="2026-02-01")
    return place


def run(path: Path, *arguments: str) -> Result:
    return CliRunner().invoke(csw, ["--db", str(path), "refresh", *arguments])


def test_json_is_one_document_with_the_documented_keys(path: Path) -> None:
    result = run(path, "--as-of", "2026-11-23", "--json")
    assert result.exit_code == 0
    report = json.loads(result.stdout)
    assert report["schema"] == "csw.refresh/1"
    names = (
        "changed",
        "metric",
        "seat_metric",
        "warnings",
        "ruler",
        "stops",
        "seconds",
        "plays_suggested",
        "would_suggest",
        "renewals_closed",
        "churn_published",
        "churn_drift",
    )
    assert list(report) == ["schema", *KEYS, *names]
    assert (report["accounts"], report["former"], report["unknown"]) == (1, 1, 1)
    assert report["bands"] == {"red": 0, "unknown": 1, "yellow": 0, "green": 0}
    assert report["as_of"] == "2026-11-23"


def test_a_person_reads_a_few_lines(path: Path) -> None:
    text = started("--db", path, "refresh", "--as-of", "2026-11-23").stdout
    assert "1 account scored as of 23 Nov 2026: 0 red, 1 unknown" in text
    assert "No usage is known by that day" in text
    assert "1 former customer is not scored." in text
    assert "1 score written" in text


def test_a_dry_run_says_so_and_writes_nothing(path: Path) -> None:
    assert "Nothing was written" in run(path, "--as-of", "2026-11-23", "--dry-run").stdout
    with open_database(path) as db:
        assert score_history(db, 1) == []


def test_a_backfill_fills_the_steps(path: Path) -> None:
    arguments = ("--as-of", "2026-11-23", "--backfill", "2026-11-01", "--every", "week")
    result = run(path, *arguments)
    assert (result.exit_code, "4 scores written" in result.stdout) == (0, True)
    with open_database(path) as db:
        days = [point.as_of.isoformat() for point in score_history(db, 1)]
    assert days == ["2026-11-02", "2026-11-09", "2026-11-16", "2026-11-23"]


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("--every", "day"), "--every is the step of --backfill"),
        (("--verify", "--as-of", "2026-11-23"), "--verify recomputes every day"),
        (("--verify", "--backfill", "2026-11-01"), "--verify recomputes every day"),
        (("--verify", "--every", "day"), "--verify recomputes every day"),
        (("--verify", "--dry-run"), "--verify recomputes every day"),
    ],
)
def test_an_option_that_would_do_nothing_is_refused(
    path: Path, arguments: tuple[str, ...], why: str
) -> None:
    result = run(path, *arguments)
    assert (result.exit_code, why in result.stderr) == (2, True)


@pytest.mark.parametrize("arguments", [("--as-of", "soon"), ("--backfill", "2026-13-01")])
def test_a_bad_date_ends_with_its_own_code(path: Path, arguments: tuple[str, ...]) -> None:
    assert run(path, *arguments).exit_code == 2


def test_a_history_that_begins_after_its_end_is_refused(path: Path) -> None:
    result = run(path, "--as-of", "2026-11-23", "--backfill", "2026-11-24")
    assert result.exit_code == 2
    assert "cannot begin on 2026-11-24, after 2026-11-23" in result.stderr
    with open_database(path) as db:
        assert score_history(db, 1) == []


def test_without_a_portfolio_there_is_advice(tmp_path: Path) -> None:
    result = run(tmp_path / "none.db", "--json")
    assert result.exit_code == 3
    assert "csw demo" in result.stderr


def test_every_key_is_documented(path: Path) -> None:
    text = (Path(__file__).parents[2] / "docs" / "json.md").read_text(encoding="utf-8")
    page = text.partition("## csw refresh")[2].partition("\n## ")[0]
    report = json.loads(run(path, "--as-of", "2026-11-23", "--dry-run", "--json").stdout)
    assert [key for key in report if f"`{key}`" not in page] == []


def test_days_are_typed_as_everywhere(path: Path) -> None:
    arguments = ["--db", str(path), "--today", "2026-11-23", "refresh", "--json", "--as-of"]
    days = {
        typed: CliRunner().invoke(csw, [*arguments, typed]) for typed in ("-7", "16 nov", "fri")
    }
    told = {typed: json.loads(done.stdout)["as_of"] for typed, done in days.items()}
    assert told == {"-7": "2026-11-16", "16 nov": "2026-11-16", "fri": "2026-11-20"}


def test_a_day_in_the_future_is_scored_with_a_warning(path: Path) -> None:
    arguments = ["--db", str(path), "--today", "2026-11-22", "refresh", "--json", "--as-of"]
    later = CliRunner().invoke(csw, [*arguments, "2026-11-23"])
    assert (later.exit_code, "in the future" in later.stderr) == (0, True)
    now = CliRunner().invoke(csw, [*arguments, "2026-11-22"])
    assert (now.exit_code, now.stderr) == (0, "")


def test_a_changed_ruler_ends_with_its_own_code_after_the_scores_are_stored(
    tmp_path: Path,
) -> None:
    place = tmp_path / "portfolio.db"
    first = dt.date(2026, 10, 12)
    with portfolio(tmp_path) as db, write(db) as connection:
        for number in range(30):
            key = add_account(connection, f"a{number}", started_on="2026-01-01")
            add_subscription(connection, key)
            add_usage(connection, key, first, [20 + number] * 42 + [10 * (20 + number)])
    result = run(place, "--as-of", "2026-11-23", "--json")
    assert result.exit_code == 13
    report = json.loads(result.stdout)
    assert [(one["metric"], one["moved"]) for one in report["ruler"]] == [("active_users", 30)]
    assert "The ruler changed, not the customers: active_users" in report["warnings"][0]
    assert "the ruler changed" in result.stderr.lower()
    with open_database(place) as db:
        assert len(score_history(db, 1)) == 1
    checked = CliRunner().invoke(csw, ["--db", str(place), "--today", "2026-11-23", "check"])
    assert "ruler-changed: " in checked.stdout


@pytest.mark.parametrize(("signals", "said"), [(0, "0 new signals;"), (1, "1 new signal;")])
def test_signals_are_counted_in_words(signals: int, said: str) -> None:
    bands: dict[Band, int] = {"red": 0, "unknown": 0, "yellow": 1, "green": 0}
    report = RefreshReport(
        dt.date(2026, 11, 23), 1, bands, 0, 0, 0, signals, 0, 0.1, "logins", None, 1
    )
    assert f"\n{said}" in describe(report)
