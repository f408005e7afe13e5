import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cs_workbench.cli.main import csw
from cs_workbench.shipped import shipped


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("plays") / "sample.db"
    shutil.copyfile(shipped("sample.db"), path)
    return path


def run(sample: Path, *arguments: str) -> Result:
    return CliRunner().invoke(
        csw, ["--db", str(sample), *arguments], catch_exceptions=False, env={"CSW_ME": "Ana Ruiz"}
    )


def test_a_play_is_walked_from_the_command_line(sample: Path) -> None:
    started = run(sample, "play", "start", "Northwind Trading Ltd", "usage-drop", "--json")
    document = json.loads(started.stdout)
    assert (document["current"], document["standing"]) == ("confirm", "on track")
    play_id = document["play_id"]
    answered = json.loads(run(sample, "play", "answer", play_id, "-a", "real=y", "--json").stdout)
    assert answered["asks"][0]["answer"] == "yes"
    went = run(sample, "play", "next", play_id[-8:])
    assert "▶  2 Find out who stopped" in went.stdout
    assert "next: Find out who stopped" in went.stderr
    asks = json.loads(run(sample, "play", "show", play_id, "--json").stdout)["asks"]
    (champion,) = [one for one in asks if one["field"] == "person"]
    assert champion["answer"] not in went.stdout  # an id; a person reads the name
    assert "= " + champion["source"].removeprefix("the champion ").split(",")[0] in went.stdout
    assert run(sample, "play", "next", play_id).exit_code == 2
    assert run(sample, "play", "answer", play_id, "-a", "x").exit_code == 2
    assert run(sample, "play", "start", "Northwind Trading Ltd", "usage-drop").exit_code == 12
    assert run(sample, "play", "skip", play_id, "--reason", "known").exit_code == 0
    assert run(sample, "play", "snooze", play_id, "--until", "+3").exit_code == 0
    assert run(sample, "play", "hand", play_id, "--to", "Jon").exit_code == 0
    listed = json.loads(run(sample, "plays", "--json").stdout)
    (play,) = [one for one in listed["plays"] if one["play_id"] == play_id]
    assert (play["step_id"], play["step_number"], play["standing"]) == ("call", 3, "waiting")
    assert "Northwind Trading Ltd" in run(sample, "plays").stdout
    assert run(sample, "play", "complete", play_id, "--evidence", "usage is back").exit_code == 0
    assert run(sample, "play", "show", play_id).stdout.splitlines()[0].endswith(play_id[-8:])
    assert run(sample, "play", "abandon", play_id, "--reason", "x").exit_code == 12
    assert run(sample, "play", "show", "nothing").exit_code == 3


def test_a_play_moves_to_todays_file_when_told_to(
    sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CSW_PLAYBOOKS", str(tmp_path))
    account = "Kestrel Logistics GmbH"
    begun = json.loads(run(sample, "play", "start", account, "qbr", "--json").stdout)
    play_id = begun["play_id"]
    assert run(sample, "play", "migrate", play_id).exit_code == 12
    text = shipped("playbooks").joinpath("qbr.yaml").read_text()
    (tmp_path / "qbr.yaml").write_text(text.replace("version: 1\n", "version: 7\n"))
    shown = run(sample, "play", "migrate", play_id)
    assert "version 1 → 7" in shown.stdout
    assert "add --yes" in shown.stderr
    assert json.loads(run(sample, "play", "show", play_id, "--json").stdout)["version"] == 1
    moved = json.loads(run(sample, "play", "migrate", play_id, "--yes", "--json").stdout)
    assert (moved["from_version"], moved["to_version"], moved["is_moved"]) == (1, 7, True)
    assert json.loads(run(sample, "play", "show", play_id, "--json").stdout)["version"] == 7


def test_a_playbook_is_run_dry(sample: Path) -> None:
    command = ("playbook", "test", "usage-drop", "Kestrel Logistics GmbH", "-a", "real=no")
    told = run(sample, *command)
    assert "✓ Confirm that the drop is real (ask)" in told.stdout
    assert "→ end · real is no" in told.stdout
    document = json.loads(run(sample, *command, "--json").stdout)
    assert [one["step_id"] for one in document["path"]] == ["confirm", "real-or-not"]
    assert document["ends_on"] == document["path"][-1]["on"]
    assert run(sample, *command, "-a", "colour=red").exit_code == 2
