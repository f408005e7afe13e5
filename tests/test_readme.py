"""What a newcomer is told is what the gate runs."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def commands(name: str) -> list[str]:
    """The lines of a document that are to be typed."""
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    return [line.strip() for line in lines if line.startswith("    ")]


def set_up(name: str) -> list[str]:
    return [line for line in commands(name) if line.startswith("python3 -m venv")]


def test_two_lines_do_all_the_set_up() -> None:
    demo, test = set_up("README.md")
    assert demo.endswith("csw demo")
    assert test.endswith("pytest")


def test_the_gate_runs_the_readme_s_line() -> None:
    gate = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert set_up("README.md")[1] in [line.strip() for line in gate.splitlines()]
    assert set_up("README.md")[1] in set_up("CONTRIBUTING.md")


def test_the_gate_can_be_run_as_it_is_written() -> None:
    gate = ROOT / ".ci" / "run"
    assert gate.stat().st_mode & 0o111 == 0o111
    assert ".ci/run" in commands("CONTRIBUTING.md")


def test_contributing_is_short() -> None:
    assert len((ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").splitlines()) <= 120


@pytest.mark.parametrize("name", [path.name for path in sorted((ROOT / "docs").glob("*.md"))])
def test_every_page_is_in_the_index(name: str) -> None:
    index = (ROOT / "docs" / "README.md").read_text(encoding="utf-8")
    assert name == "README.md" or f"]({name})" in index


PAGES = [
    *("README.md", "CONTRIBUTING.md", "CHANGELOG.md"),
    *(f"docs/{path.name}" for path in sorted((ROOT / "docs").glob("*.md"))),
]


@pytest.mark.parametrize("name", PAGES)
def test_links_lead_somewhere(name: str) -> None:
    page = ROOT / name
    targets = [part.split(")")[0] for part in page.read_text(encoding="utf-8").split("](")[1:]]
    local = [target.split("#")[0] for target in targets if not target.startswith("http")]
    assert not [target for target in local if target and not (page.parent / target).exists()]
