import json
from pathlib import Path

import pytest

from cs_workbench.store.database import write
from tests.cli import run
from tests.factories import TODAY, add_account, add_ticket, portfolio

EVIL = "sync \x1b]52;c;aGk=\x07 [@click=app.quit]fails[/]"


@pytest.fixture
def book(tmp_path: Path) -> Path:
    with portfolio(tmp_path) as db, write(db) as connection:
        key = add_account(connection, region="EMEA", segment="smb", started_on="2026-06-01")
        for number in range(3):
            add_ticket(
                connection,
                key,
                subject=EVIL,
                driver=EVIL if number else "login",
                opened_at="2026-11-02T09:00:00Z",
                first_response_at="2026-11-02T10:00:00Z",
                closed_at=None if number == 2 else "2026-11-03T10:00:00Z",
            )
    return db.path


def test_csw_service_says_how_fast_and_of_how_many(book: Path) -> None:
    given = ("--db", book, "--today", TODAY.isoformat(), "service")
    result = run.csw(*given)
    assert result.returncode == 0, result.stderr
    assert "\x1b" not in result.stdout
    assert "First contact resolution 100.0 % (2 of 2 closed)." in result.stdout
    assert "none yet" in result.stdout
    document = json.loads(run.within(*given, "--json").stdout)
    assert document["schema"] == "csw.service/1"
    assert document["fcr"] == {"numerator": 2, "denominator": 2, "share": 1, "repeat_days": 7}
    assert document["fcr_by"]["tenure"]["first year"]["denominator"] == 2
    named = [one["type"] for one in document["drivers_by"]["segment"]["smb"]]
    assert sorted(named) == sorted([EVIL, "login"])
    assert [one["answered"]["denominator"] for one in document["tat"]] == [1, 2]
    assert document["first_response_business"]["median_minutes"] == 60
    assert document["first_response_calendar"]["median_minutes"] >= 60
    (late,) = document["breaches"]
    assert (late["waits_for"], late["account"]) == ("resolution", "Acme")
    assert document["time_cost"][0]["wait_minutes"] == 180
    alone = run.within(*given, "--json", "--account", "acme", "--days", "5")
    assert json.loads(alone.stdout)["fcr"]["share"] is None


def test_the_policy_is_ones_own_where_there_is_one(
    book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CSW_CONFIG", str(tmp_path / "config.toml"))
    shipped = run.within("--db", book, "service", "--policy").stdout
    assert "[[target]]" in shipped
    own = tmp_path / "service.toml"
    (tmp_path / "ops.md").write_text("first look at the log")
    named = '\nLOGIN = "ops.md"\nbug = "https://help.example"\n'
    for file, told in (("ops.md", "ops.md\n"), ("gone.md", "gone.md (no such file)\n")):
        own.write_text(shipped + named.replace("ops.md", file))
        assert told in run.within("--db", book, "--today", TODAY.isoformat(), "service").stdout
    own.write_text(shipped.replace('holidays = "DE"', 'holidays = "XX"'))
    result = run.within("--db", book, "service")
    assert (result.returncode, "no holidays are known of 'XX'" in result.stderr) == (4, True)
