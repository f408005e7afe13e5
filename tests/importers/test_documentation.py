"""docs/importing.md says what the program takes."""

import re
from pathlib import Path

import pytest

from cs_workbench.core.records import KINDS, Kind
from cs_workbench.importers.mapping_files import read_mapping
from tests.importers.sources import write

TEXT = (Path(__file__).parents[2] / "docs" / "importing.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_every_heading_is_listed_and_marked_if_required(kind: Kind) -> None:
    line = next(line for line in TEXT.splitlines() if line.startswith(f"| {kind.name} |"))
    listed = [re.sub(r" \(.*?\)", "", part).strip() for part in line.split("|")[2].split(", ")]
    expected = [f"**{f.name}**" if f.required else f.name for f in kind.fields]
    assert [name for name in listed if name.strip("*") in {f.name for f in kind.fields}] == expected


def test_the_examples_are_mappings(tmp_path: Path) -> None:
    first, second = re.findall(r"```toml\n(.*?)```", TEXT, re.DOTALL)
    mapping = read_mapping(write(tmp_path, "crm.toml", first + second))
    assert [file.kind.name for file in mapping.files] == ["subscriptions", "usage"]
