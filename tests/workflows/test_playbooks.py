import json
import os
import time
from pathlib import Path

import pytest

from cs_workbench.errors import ConflictError, InputError, NotFoundError, UsageError
from cs_workbench.shipped import shipped
from cs_workbench.workflows.playbooks import (
    MOST_FILES,
    SCHEMA_FILE,
    find_playbook,
    lint_playbooks,
    list_playbooks,
    new_playbook,
    playbook_at,
    schema_text,
)


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "own"
    folder.mkdir()
    monkeypatch.setenv("CSW_PLAYBOOKS", str(folder))
    return folder


def test_every_shipped_playbook_loads_and_is_in_good_style(own: Path) -> None:
    files = {path.stem for path in shipped("playbooks").glob("*.yaml")}
    assert {one.playbook.playbook_id for one in list_playbooks()} == files
    assert lint_playbooks([], strict=True) == ()


def test_the_shipped_schema_is_the_one_that_files_are_read_by() -> None:
    written = (shipped("playbooks") / SCHEMA_FILE).read_text(encoding="utf-8")
    assert written == schema_text()
    json.loads(written)


def test_a_playbook_is_found_by_its_id(own: Path) -> None:
    assert find_playbook("check-in").playbook.steps[0].step_id == "prepare"
    with pytest.raises(NotFoundError, match=r"'nope'.*check-in"):
        find_playbook("nope")


def test_a_teams_own_takes_the_place_of_the_shipped_one(own: Path) -> None:
    path = new_playbook("check-in", None)
    assert path == own / "check-in.yaml"
    found = find_playbook("check-in")
    assert (found.path, found.is_own) == (path, True)
    assert found.playbook.version == 1
    assert (own / SCHEMA_FILE).exists()
    with pytest.raises(ConflictError, match="is there already"):
        new_playbook("check-in", None)


def test_a_new_playbook_is_sound(own: Path) -> None:
    new_playbook("mine", None)
    assert lint_playbooks([own], strict=True) == ()
    with pytest.raises(UsageError, match="no id"):
        new_playbook("Not An Id", None)


def test_a_file_is_named_by_its_path(own: Path, tmp_path: Path) -> None:
    path = new_playbook("other", tmp_path / "other.yaml")
    assert playbook_at(str(path)).playbook_id == "other"


def test_what_is_not_there_is_told(own: Path) -> None:
    with pytest.raises(NotFoundError, match="no playbooks"):
        lint_playbooks([own], strict=False)
    with pytest.raises(NotFoundError, match="nothing at"):
        lint_playbooks([own / "none.yaml"], strict=False)


def test_a_link_to_elsewhere_is_not_followed(own: Path, tmp_path: Path) -> None:
    outside = new_playbook("secret", tmp_path / "secret.yaml")
    (own / "secret.yaml").symlink_to(outside)
    (own / "itself.yaml").symlink_to("itself.yaml")
    assert not {"secret", "itself"} & {one.playbook.playbook_id for one in list_playbooks()}
    for paths in ([], [own]):  # and who asks what is wrong is told
        problems = lint_playbooks(paths, strict=False)
        assert [(one.file, one.code) for one in problems] == [
            (str(own / "itself.yaml"), "link"),
            (str(own / "secret.yaml"), "link"),
        ]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no pipes")
def test_a_pipe_is_refused_and_not_waited_for(own: Path) -> None:
    os.mkfifo(own / "pipe.yaml")
    (own / "folder.yaml").mkdir()
    assert [one.code for one in lint_playbooks([own], strict=False)] == ["unreadable"] * 2


@pytest.mark.parametrize(
    "text",
    [
        "a: &a [x, x]\nb: *a\n",
        "[" * 100_000,
        "{a: " * 5_000,
        "a: !!python/object/apply:os.system [ls]\n",
        "- " * 50_000,
        "a: " + "x" * 300_000,
        "\x00\x00",
        "? " * 10_000,
        "a: |\n" + " x\n" * 60_000,
    ],
)
def test_a_hostile_file_is_refused_at_once(own: Path, text: str) -> None:
    (own / "bomb.yaml").write_text(text)
    begun = time.process_time()
    (problem, *_) = lint_playbooks([own], strict=False)
    assert time.process_time() - begun < 2
    assert problem.file == str(own / "bomb.yaml")
    with pytest.raises(InputError, match=r"bomb\.yaml"):
        list_playbooks()


def test_a_folder_of_something_else_is_refused(own: Path) -> None:
    for number in range(MOST_FILES + 1):
        (own / f"p{number}.yaml").touch()
    with pytest.raises(InputError, match="more than 500"):
        list_playbooks()
