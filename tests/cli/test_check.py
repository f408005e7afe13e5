import json
from pathlib import Path

import pytest

from cs_workbench.store.database import write
from cs_workbench.store.files import SCHEMA_VERSION
from tests.cli import run
from tests.factories import add_account, add_subscription, portfolio
from tests.store.test_backup import damage, fill


@pytest.fixture
def book(tmp_path: Path) -> Path:
    tmp_path.chmod(0o700)
    with portfolio(tmp_path) as db:
        with write(db) as c:
            add_subscription(c, add_account(c, "kes-1"))
            add_account(c, "lon\x1b-2")
        return db.path


def test_findings_are_told_with_what_to_do_and_end_with_1(book: Path) -> None:
    result = run.csw("--db", book, "check")
    assert result.returncode == 1
    lines = result.stdout.splitlines()
    assert f"2 accounts, schema {SCHEMA_VERSION}" in lines[0]
    assert any(line.startswith("account-without-subscription: ") for line in lines)
    assert "(lon␛-2)" in result.stdout
    assert "Run `csw refresh`" in result.stdout
    assert "Findings that need a person: 2." in result.stderr


def test_json_has_the_same(book: Path) -> None:
    result = run.within("--db", book, "check", "--json")
    assert result.returncode == 1
    document = json.loads(result.stdout)
    assert (document["schema"], document["accounts"]) == ("csw.check/1", 2)
    codes = [finding["code"] for finding in document["findings"]]
    assert codes == ["account-without-subscription", "never-refreshed"]
    assert set(document["findings"][0]) == {"code", "message", "count", "examples"}


def test_a_damaged_portfolio_is_told_not_crashed_on(book: Path) -> None:
    with portfolio(book.parent) as db:
        fill(db)
    damage(book)
    result = run.within("--db", book, "check", "--json")
    assert result.returncode == 1
    assert [one["code"] for one in json.loads(result.stdout)["findings"]] == ["damaged"]


def test_a_scorecard_that_cannot_be_used_is_a_finding(book: Path, tmp_path: Path) -> None:
    card = tmp_path / "card.toml"
    card.write_text("name =", encoding="utf-8")
    result = run.within("--db", book, "check", "--json", CSW_SCORECARD=str(card))
    assert result.returncode == 1
    first = json.loads(result.stdout)["findings"][0]
    assert first["code"] == "scorecard-broken"
    assert "card.toml:1" in first["message"]
