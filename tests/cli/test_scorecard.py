import json
import re
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cs_workbench.cli.main import csw
from cs_workbench.config import config_path
from cs_workbench.store.database import write
from cs_workbench.workflows.scoring import shipped_scorecard
from tests.cards import plain_scorecard
from tests.cli.run import ROOT
from tests.factories import TODAY, add_ticket, portfolio
from tests.workflows.test_scoring import steady

DOCUMENTED = (ROOT / "docs" / "json.md").read_text(encoding="utf-8")


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(csw, ["scorecard", *map(str, arguments)])


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    path = tmp_path / "broken.toml"
    text = plain_scorecard().text
    path.write_text(text.replace("weight = 14", "weight = -1").replace("[0.9, 100]", "[0.9, 30]"))
    return path


def test_the_shipped_one_is_used_until_there_is_an_own() -> None:
    assert run("path").stdout == f"{shipped_scorecard()}\n"
    copied = run("copy").stdout.strip()
    assert copied == str(config_path().parent / "scorecard.toml")
    assert run("path").stdout.strip() == copied
    assert json.loads(run("path", "--json").stdout)["is_own"] is True
    assert run("copy").exit_code == 12
    assert run("diff", "default").stdout == "They score alike.\n"


def test_the_environment_and_the_settings_name_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config_path().parent.mkdir(parents=True)
    config_path().write_text(f'scorecard = "{tmp_path}/a.toml"\n')
    assert run("path").stdout.strip() == f"{tmp_path}/a.toml"
    monkeypatch.setenv("CSW_SCORECARD", f"{tmp_path}/b.toml")
    assert run("path").stdout.strip() == f"{tmp_path}/b.toml"
    assert run("show").exit_code == 3


def test_every_mistake_has_its_file_and_line(broken: Path) -> None:
    result = run("check", broken)
    lines = broken.read_text().split("\n")
    at = lines.index("weight = -1") + 1
    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        f"{broken}:{at}: measure usage_level: weight goes from 1 to 1000000, not -1",
        f"{broken}:{at + 2}: measure usage_level: the points must only rise or only fall with the "
        "value",
    ]
    assert result.stderr.endswith(f"2 mistakes in {broken}.\n")
    found = json.loads(run("check", broken, "--json").stdout)
    assert [one["line"] for one in found["mistakes"]] == [at, at + 2]


def test_a_sound_one_ends_with_nought() -> None:
    assert run("check").exit_code == 0
    assert json.loads(run("check", "--json").stdout)["mistakes"] == []


def test_it_is_shown_measure_by_measure(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    profile = '[[profiles]]\nname = "smb"\nsegment = ["smb"]\nmeasures.nps = { weight = 9 }\n'
    young = 'tenure = [{ until_months = 3, map = [[0.2, 0], [0.5, 100]] }]\nid = "usage_level"'
    path.write_text(plain_scorecard().text.replace('id = "usage_level"', young) + profile)
    shown = run("show", path).stdout
    assert shown.startswith("plain: red below 50, yellow below 70, green from there.\n")
    assert "\nParents roll up their accounts by ARR.\n" in shown
    assert "Profile smb, for segment smb\n" in shown
    assert re.search(r"\nusage_level .*\n  first 3 months +0.2 → 0, 0.5 → 100\n", shown)
    document = json.loads(run("show", path, "--json").stdout)
    given = tomllib.loads(path.read_text())
    assert [one["measure"] for one in document["measures"]] == [
        one["id"] for one in given["measures"]
    ]
    assert document["parents"] == "arr"
    assert document["profiles"][0]["name"] == "smb"


def test_differences_are_told(broken: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.toml"
    text = shipped_scorecard().read_text(encoding="utf-8")
    other.write_text(text.replace("green_from = 70", "green_from = 75"))
    assert run("diff", "default", other).stdout == "green from: 70 → 75\n"
    assert json.loads(run("diff", other, "--json").stdout)["differences"] == ["green from: 75 → 70"]
    assert run("diff", broken).exit_code == 4


@pytest.mark.parametrize("command", ["path", "show", "check", "diff"])
def test_every_key_is_documented(command: str) -> None:
    given = json.loads(run(command, *["default"] * (command == "diff"), "--json").stdout)
    keys = {*given, *given.get("measures", [{}])[0]}
    section = DOCUMENTED.partition("## csw scorecard")[2].partition("\n## ")[0]
    assert [key for key in sorted(keys) if f"`{key}`" not in section] == []


def test_a_simulation_says_who_changes_band(tmp_path: Path) -> None:
    place = tmp_path / "portfolio.db"
    with portfolio(tmp_path) as db:
        key = steady(db, "acme")
        with write(db) as connection:
            add_ticket(connection, key, priority="urgent", opened_at="2026-11-17T09:00:00Z")
    other = tmp_path / "other.toml"
    text = shipped_scorecard().read_text(encoding="utf-8")
    other.write_text(text.replace("green_from = 70", "green_from = 99"))

    def simulated(*arguments: str | Path) -> str:
        start = ["--db", str(place), "--today", TODAY.isoformat(), "scorecard", "simulate"]
        return CliRunner().invoke(csw, [*start, *map(str, arguments)]).stdout

    assert "1 would change band:" in simulated(other)
    assert "acme  Acme     green  → yellow" in simulated(other)
    assert "None would change band." in simulated("default")
    found = json.loads(simulated(other, "--json"))
    assert (found["moved"], found["rescored"], found["bands_after"]["yellow"]) == (1, 0, 1)
    section = DOCUMENTED.partition("## csw scorecard")[2].partition("\n## ")[0]
    keys = {*found, *found["moves"][0]}
    assert [key for key in sorted(keys) if f"`{key}`" not in section] == []


def test_a_scorecard_in_use_that_was_edited_is_held_against_the_last_scores(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place, own = tmp_path / "portfolio.db", tmp_path / "own.toml"
    with portfolio(tmp_path) as db:
        key = steady(db, "acme")
        with write(db) as connection:
            add_ticket(connection, key, priority="urgent", opened_at="2026-11-17T09:00:00Z")
    text = shipped_scorecard().read_text(encoding="utf-8")
    own.write_text(text)
    monkeypatch.setenv("CSW_SCORECARD", str(own))

    def asked(*arguments: str) -> Result:
        return CliRunner().invoke(
            csw, ["--db", str(place), "--today", TODAY.isoformat(), *arguments]
        )

    assert asked("refresh").exit_code == 0
    assert "None would change band." in asked("scorecard", "simulate", str(own)).stdout
    own.write_text(text.replace("green_from = 70", "green_from = 99"))
    edited = asked("scorecard", "simulate", str(own))
    assert "acme  Acme     green  → yellow" in edited.stdout
    assert f"compared with the scores of {TODAY}" in edited.stderr
