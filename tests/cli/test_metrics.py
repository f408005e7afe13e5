import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from cs_workbench.core.metrics.policy import DEFAULT_POLICY
from cs_workbench.store.database import open_database, write
from tests.cli.run import csw, within
from tests.factories import add_account, add_subscription, insert, portfolio

ON = ("--today", "2026-11-23")


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """Two accounts at 1,000 USD a year; the one with a hostile name left in July."""
    with portfolio(tmp_path) as db:
        with write(db) as c:
            for name, end in (("stay", "2027-01-31"), ("gone", "2026-07-31")):
                key = add_account(c, name, name="=EVIL()\x1b[31m" if name == "gone" else "Stay")
                add_subscription(c, key, arr_minor=100_000, start_date="2025-08-01", end_date=end)
        return db.path


def test_people_get_a_table_with_its_policy(book: Path) -> None:
    result = csw("--db", book, *ON, "metrics", "--accounts")
    assert result.returncode == 0, result.stderr
    assert (
        "2026-Q3: 2026-07-01 to 2026-09-30, 92 days, as known on 2026-11-23, USD" in result.stdout
    )
    assert "1,000.00 / 2,000.00" in result.stdout
    assert "= closing" in result.stdout
    assert DEFAULT_POLICY.digest in result.stdout
    assert "\x1b" not in result.stdout


def test_programs_get_the_keys_of_the_issue(book: Path) -> None:
    result = within("--db", book, *ON, "metrics", "--period", "2026-Q3", "--json", "--accounts")
    found = json.loads(result.stdout)
    assert {"from", "to", "policy", "metrics", "bridge"} <= set(found)
    wanted = {
        *("grr", "nrr", "crr", "ccr", "churn_simple", "churn_adjusted", "churn_predictive"),
        *("gross_renewal_rate", "logo_renewal_rate", "clv"),
    }
    assert wanted <= set(found["metrics"])
    grr = found["metrics"]["grr"]
    assert {key: grr[key] for key in ("value", "numerator", "denominator", "n")} == {
        "value": 0.5,
        "numerator": 1000,
        "denominator": 2000,
        "n": 2,
    }
    assert 0 <= grr["low"] < 0.5 < grr["high"] <= 1
    assert [one["account_id"] for one in grr["accounts"]] == ["stay", "gone"]
    assert list(found["bridge"])[:7] == [
        *("opening", "new", "expansion", "reactivation", "contraction", "churn", "closing"),
    ]
    assert found["metrics"]["clv"]["value"] is None


def test_without_accounts_no_names_are_told(book: Path) -> None:
    result = within("--db", book, *ON, "metrics", "--json")
    assert "EVIL" not in result.stdout
    assert "accounts" not in json.loads(result.stdout)["metrics"]["grr"]


def test_csv_has_a_row_for_each_metric_of_each_part(book: Path) -> None:
    result = within("--db", book, *ON, "metrics", "--by", "segment", "--csv")
    rows = list(csv.DictReader(io.StringIO(result.stdout)))
    assert {row["part"] for row in rows} == {"all", "not told"}
    assert next(row for row in rows if row["metric"] == "grr")["value"] == "0.500000"


@pytest.mark.parametrize(
    ("args", "code", "word"),
    [
        (("--period", "2026-Q9"), 2, "is not a period"),
        (("--period", "2026-Q3", "--from", "2026-01-01"), 2, "exclude one another"),
        (("--to", "2026-01-01"), 2, "--to needs --from"),
        (("--from", "2026-05-01", "--to", "2026-04-01"), 2, "cannot end"),
        (("--currency", "EUR"), 3, "No subscription is in EUR"),
        (("--by", "mood"), 2, "is not one of"),
    ],
)
def test_what_cannot_be_told(book: Path, args: tuple[str, ...], code: int, word: str) -> None:
    result = within("--db", book, *ON, "metrics", *args)
    assert result.returncode == code
    assert word in result.stderr


def test_a_period_that_is_not_over_is_cut_and_says_so(book: Path) -> None:
    result = within("--db", book, *ON, "metrics", "--period", "2026-Q4")
    assert "2026-10-01 to 2026-11-23" in result.stdout
    assert "not over" in result.stderr


def test_an_empty_portfolio_has_no_numbers(tmp_path: Path) -> None:
    with portfolio(tmp_path) as db:
        path = db.path
    result = within("--db", path, *ON, "metrics", "--json")
    metrics = json.loads(result.stdout)["metrics"]
    assert {one["value"] for one in metrics.values()} == {None}


def test_a_period_is_closed_once(book: Path) -> None:
    result = within("--db", book, *ON, "metrics", "close", "2026-Q3", "--json")
    assert json.loads(result.stdout)["period"] == "2026-Q3"
    again = within("--db", book, *ON, "metrics", "close", "2026-Q3")
    assert again.returncode == 12
    assert "never restated" in again.stderr
    assert "2026-Q3" in within("--db", book, "metrics", "closed").stdout
    listed = within("--db", book, "metrics", "closed", "--json")
    assert json.loads(listed.stdout)["periods"][0]["policy"] == DEFAULT_POLICY.digest
    told = within("--db", book, *ON, "metrics", "--period", "2026-Q3")
    assert "never restated" in told.stdout


def test_the_policy_can_be_found_read_checked_and_copied(book: Path, tmp_path: Path) -> None:
    assert within("metrics", "policy", "path").stdout.strip().endswith("metrics.toml")
    assert json.loads(within("metrics", "policy", "path", "--json").stdout)["is_own"] is False
    assert "first day without entitlement" in within("metrics", "policy", "show").stdout
    assert "grace_days = 30" in within("metrics", "policy", "show", "--text").stdout
    own = tmp_path / "own" / "metrics.toml"
    assert within("metrics", "policy", "copy", own).returncode == 0
    assert within("metrics", "policy", "copy", own).returncode == 12
    assert DEFAULT_POLICY.digest in within("metrics", "policy", "check", own).stdout
    own.write_text("grace_days = -1\nmood = 3\n")
    wrong = within("metrics", "policy", "check", own)
    assert wrong.returncode == 1
    assert "line 2: unknown setting 'mood'" in wrong.stdout
    told = within("--db", book, *ON, "metrics", CSW_METRICS=str(own))
    assert told.returncode == 4


def test_an_own_policy_changes_the_numbers_and_the_hash(book: Path, tmp_path: Path) -> None:
    own = tmp_path / "metrics.toml"
    own.write_text('name = "finance"\nchurn_date = "notice"\ngross_margin = 0.8\n')
    told = within("--db", book, *ON, "metrics", "--json", CSW_METRICS=str(own))
    found = json.loads(told.stdout)
    assert found["policy"]["name"] == "finance"
    assert found["policy"]["hash"] != DEFAULT_POLICY.digest
    assert found["metrics"]["crr"]["n"] == 1  # it left at notice, in June
    assert found["metrics"]["clv"]["value"] == 4000  # nobody left: capped at 60 months


def test_a_book_scored_as_of_a_day_long_gone_is_measured_on_that_day(book: Path) -> None:
    with open_database(book) as db, write(db) as c:
        insert(c, "scorecard", {"hash": "h", "text": ""})
        run = {"actor": "a", "program_version": "0", "scorecard_hash": "h", "report": "{}"}
        insert(
            c, "refresh_run", {**run, "as_of": "2026-01-31", "started_at": "2026-11-21T02:00:00Z"}
        )
    for command in ("metrics", "kpi"):
        told = json.loads(within("--db", book, command, "--json").stdout)
        assert told["as_of"] == "2026-01-31", command
    ages = [len(row["shares"]) for row in cohorts_of(book)]
    assert max(ages) < max(len(row["shares"]) for row in cohorts_of(book, "--today", "2026-11-23"))
    assert "As known on 2026-01-31" in within("--db", book, "baseline").stdout
    within("--db", book, "metrics", "close", "2025")
    (closed,) = json.loads(within("--db", book, "metrics", "closed", "--json").stdout)["periods"]
    assert closed["closed_on"] == "2026-01-31"


def cohorts_of(book: Path, *options: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(
        within("--db", book, *options, "cohorts", "--json").stdout
    )["cohorts"]
    return found
