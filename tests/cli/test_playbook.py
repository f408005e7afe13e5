import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from cs_workbench.cli.main import csw
from tests.cli.run import csw as started


def run(*arguments: str, code: int = 0) -> str:
    result = CliRunner().invoke(csw, ["playbook", *arguments], catch_exceptions=False)
    assert result.exit_code == code, result.output
    return result.stdout


def test_the_list_names_each_playbook() -> None:
    lines = started("playbook", "list").stdout.splitlines()
    assert lines[0].split()[:4] == ["Playbook", "Title", "Version", "Steps"]
    assert any(line.startswith("check-in ") for line in lines)


def test_the_list_as_json() -> None:
    document = json.loads(run("list", "--json"))
    assert document["schema"] == "csw.playbooks/2"
    found = {one["playbook_id"]: one for one in document["playbooks"]}
    assert found["check-in"]["is_own"] is False


def test_one_playbook_for_reading() -> None:
    text = run("show", "check-in")
    assert text.startswith("Check in with a purpose  (check-in, version 2)\n")
    assert "2  Ask for a quarter of an hour  (draft, csm, 2 business days after the start)" in text


def test_one_playbook_as_json() -> None:
    document = json.loads(run("show", "check-in", "--json"))
    assert document["trigger"]["when"] == ["days since contact > 45", "days since start > 120"]
    assert document["steps"][0]["fields"] == ["purpose", "gift", "person"]


def test_a_missing_playbook_ends_with_its_code() -> None:
    result = CliRunner().invoke(csw, ["playbook", "show", "nope"])
    assert result.exit_code == 3
    assert "check-in" in result.stderr


def test_lint_tells_file_and_line(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("id: a\ntitle: 7\n")
    document = json.loads(run("lint", str(path), "--json", code=1))
    places = [(one["file"], one["line"], one["code"]) for one in document["problems"]]
    assert (str(path), 2, "shape") in places
    assert run("lint", "--strict") == "No problems.\n"
    assert json.loads(run("lint", "--json")) == {"schema": "csw.playbook-lint/1", "problems": []}


def test_a_new_one_and_what_it_does_differently(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CSW_PLAYBOOKS", str(tmp_path))
    path = Path(run("new", "mine").strip())
    assert path == tmp_path / "mine.yaml"
    changed = tmp_path / "other.yaml"
    text = path.read_text().replace("id: mine", "id: other").replace("> 30", "> 60")
    changed.write_text(text.replace("today + 1 business day", "today + 2 days"))
    told = run("diff", "mine", "other")
    assert "suggested: days since contact above 60 (was days since contact above 30)" in told
    assert "step prepare, due: 2 days after the start (was 1 business day after the start)" in told
    assert run("diff", "mine", "mine") == "They do the same.\n"


def test_the_names_that_playbooks_may_use() -> None:
    document = json.loads(run("fields", "--json"))
    assert "days to deadline" in document["facts"]
    assert "contact.first_name" in document["messages"]
    assert not {"score", "band", "arr"} & set(document["messages"])
