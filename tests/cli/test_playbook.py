import json

from click.testing import CliRunner

from cs_workbench.cli.main import csw


def run(*arguments: str) -> str:
    result = CliRunner().invoke(csw, ["playbook", *arguments], catch_exceptions=False)
    assert result.exit_code == 0
    return result.stdout


def test_the_list_names_each_playbook() -> None:
    lines = run("list").splitlines()
    assert lines[0].split() == ["Playbook", "Title", "Steps", "Starts", "when"]
    assert any(line.startswith("check-in ") for line in lines)


def test_the_list_as_json() -> None:
    document = json.loads(run("list", "--json"))
    assert document["schema"] == "csw.playbooks/1"
    ids = [playbook["playbook_id"] for playbook in document["playbooks"]]
    assert "check-in" in ids


def test_one_playbook_for_reading() -> None:
    text = run("show", "check-in")
    assert text.startswith("Check in with a purpose  (check-in, version 1)\n")
    assert "2  Reach a person, on their channel  (csm, 2 days after the start)" in text


def test_one_playbook_as_json() -> None:
    document = json.loads(run("show", "check-in", "--json"))
    assert document["trigger"]["above"] == 30
    assert document["steps"][0]["step_id"] == "prepare"


def test_a_missing_playbook_ends_with_its_code() -> None:
    result = CliRunner().invoke(csw, ["playbook", "show", "nope"])
    assert result.exit_code == 3
    assert "check-in" in result.stderr
