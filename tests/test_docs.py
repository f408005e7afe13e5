import json
import re
from pathlib import Path

import pytest

from cs_workbench import errors
from cs_workbench.cli.lazy import INTERRUPTED, PIPE_CLOSED
from cs_workbench.cli.main import COMMANDS
from cs_workbench.core.filters import FIELDS
from tests.cli.run import ROOT, within
from tests.factories import portfolio

TEXT = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")


def test_every_exit_code_is_documented() -> None:
    family = [
        kind
        for kind in vars(errors).values()
        if isinstance(kind, type) and issubclass(kind, errors.WorkbenchError)
    ]
    codes = {0, INTERRUPTED, PIPE_CLOSED, *(kind.exit_code for kind in family)}
    assert codes == {int(code) for code in re.findall(r"^\| (\d+) \|", TEXT, re.MULTILINE)}


def test_every_command_is_documented() -> None:
    named = set(re.findall(r"`csw (\w+)", TEXT.split("##")[0]))
    assert set(COMMANDS) <= named


def test_every_field_of_a_filter_is_documented() -> None:
    section = TEXT.split("## Filters")[1].split("\n## ")[0]
    for field in FIELDS:
        assert re.search(rf"\b{field}\b", section), field


JSON = (ROOT / "docs" / "json.md").read_text(encoding="utf-8")


def _documented(section: str) -> set[str]:
    text = JSON.split(f"## {section}\n")[1].split("\n## ")[0]
    heads = re.findall(r"^\| (`.+?) \|", text, re.MULTILINE)
    return {key for head in heads for key in re.findall(r"`(\w+)`", head)}


@pytest.mark.parametrize(
    ("args", "section"),
    [
        (("check", "--json"), "csw check"),
        (("sql", "SELECT 1", "--json"), "csw sql"),
        (("playbook", "show", "check-in", "--json"), "csw playbook"),
        (("refresh", "--json"), "csw refresh"),
    ],
)
def test_the_keys_of_a_document_are_documented(
    tmp_path: Path, args: tuple[str, ...], section: str
) -> None:
    portfolio(tmp_path).connection.close()
    shown = within("--db", tmp_path / "portfolio.db", *args)
    assert set(json.loads(shown.stdout)) == _documented(section)
