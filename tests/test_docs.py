import re

from cs_workbench import errors
from cs_workbench.cli.lazy import INTERRUPTED, PIPE_CLOSED
from cs_workbench.cli.main import COMMANDS
from cs_workbench.core.filters import FIELDS
from tests.cli.run import ROOT

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
