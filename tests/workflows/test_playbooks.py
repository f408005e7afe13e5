import pytest

from cs_workbench.errors import NotFoundError
from cs_workbench.shipped import shipped
from cs_workbench.workflows.playbooks import find_playbook, list_playbooks


def test_every_shipped_playbook_loads() -> None:
    files = {path.stem for path in shipped("playbooks").iterdir()}
    assert {playbook.playbook_id for playbook in list_playbooks()} == files
    assert "check-in" in files


def test_a_playbook_is_found_by_its_id() -> None:
    assert find_playbook("check-in").steps[0].step_id == "prepare"


def test_a_missing_playbook_names_those_that_are_there() -> None:
    with pytest.raises(NotFoundError, match=r"'nope'.*check-in"):
        find_playbook("nope")
