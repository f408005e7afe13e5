from pathlib import Path

import pytest

from benchmarks.__main__ import BEGIN, END, PAGE, machine, write_page, write_rows


def test_the_table_replaces_the_one_before(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"# Speed\n{BEGIN}\nold\n{END}\nrest\n", encoding="utf-8")
    write_page(page, "new")
    assert page.read_text(encoding="utf-8") == f"# Speed\n{BEGIN}\nnew\n{END}\nrest\n"


def test_figures_of_one_area_take_the_place_of_their_own(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    head = "a machine\n\n| What | Accounts | |\n| --- | ---: | |"
    page.write_text(f"{BEGIN}\n{head}\n| a | 5 | 1 |\n| b | 5 | 2 |\n{END}\nrest\n", "utf-8")
    write_rows(page, ["| a | 5 | 9 |", "| a | 50 | 3 |"])
    rows = "| a | 5 | 9 |\n| b | 5 | 2 |\n| a | 50 | 3 |"
    assert page.read_text(encoding="utf-8") == f"{BEGIN}\n{head}\n{rows}\n{END}\nrest\n"


@pytest.mark.parametrize("marker", [BEGIN, END])
def test_the_real_page_has_the_markers(marker: str) -> None:
    assert PAGE.read_text(encoding="utf-8").count(marker) == 1


def test_the_machine_is_described() -> None:
    assert "cores" in machine()
    assert "SQLite 3." in machine()
