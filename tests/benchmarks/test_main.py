from pathlib import Path

import pytest

from benchmarks.__main__ import BEGIN, END, PAGE, machine, write_page


def test_the_table_replaces_the_one_before(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"# Speed\n{BEGIN}\nold\n{END}\nrest\n", encoding="utf-8")
    write_page(page, "new")
    assert page.read_text(encoding="utf-8") == f"# Speed\n{BEGIN}\nnew\n{END}\nrest\n"


@pytest.mark.parametrize("marker", [BEGIN, END])
def test_the_real_page_has_the_markers(marker: str) -> None:
    assert PAGE.read_text(encoding="utf-8").count(marker) == 1


def test_the_machine_is_described() -> None:
    assert "cores" in machine()
    assert "SQLite 3." in machine()
