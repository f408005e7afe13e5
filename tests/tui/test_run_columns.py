from dataclasses import replace
from functools import partial
from unicodedata import category

import pytest
from rich.cells import cell_len
from textual.content import Content

from cs_workbench.tui.formats import content
from cs_workbench.tui.run_columns import (
    RunColumn,
    cells,
    cells_of,
    fitted_runs,
    head_runs,
    row_runs,
)
from cs_workbench.tui.runs import Runs, run
from cs_workbench.tui.widgets.columns import head_text, row_text, shown
from tests.hostile import TEXTS

# Every block that `cells` tells by itself, with its edges and what lies beyond them.
BLOCKS = ((0x20, 0x400), (0x2000, 0x2800), (0x3000, 0x3200), (0xABFF, 0xAC10), (0xD790, 0xD7B0))


@pytest.mark.parametrize(("first", "last"), [*BLOCKS, (0x4DF0, 0x4E10), (0x9FF0, 0xA010)])
def test_a_sign_takes_the_cells_that_textual_gives_it(first: int, last: int) -> None:
    signs = [chr(code) for code in range(first, last) if chr(code).isprintable()]
    assert [sign for sign in signs if cells(sign) != cell_len(sign)] == []


NAMES = (
    "Kestrel",
    "Café Lumière",
    "東京データ KK",
    "星空科技",
    "한국 데이터",
    "a\u0301b",
    "👩‍👩‍👧 Ltd",
    "",
)


@pytest.mark.parametrize("name", [*NAMES, *TEXTS])
@pytest.mark.parametrize("width", [1, 2, 3, 7, 22])
def test_a_cell_is_cut_and_padded_as_textual_does(name: str, width: int) -> None:
    column: RunColumn[str] = RunColumn("name", "Account", width, lambda one: run(one, "bold"))
    runs = row_runs((column,), name)
    assert cells_of(runs) == cell_len("".join(text for text, _ in runs)) == width + 1
    assert not any(category(sign) == "Cc" for text, _ in runs for sign in text)
    assert content(runs) == row_text((replace(shown(column), runs=None),), name)


def test_runs_are_cut_where_the_width_ends() -> None:
    runs: Runs = (("▅▅▅", "dim"), ("abc", ""), ("d", "bold"))
    cut = partial(fitted_runs, runs, right=False, gap=0)
    assert cut(7) == runs
    assert cut(5) == (("▅▅▅", "dim"), ("a…", ""))
    assert cut(4) == (("▅▅▅", "dim"), ("…", ""))
    assert cut(3) == (("▅▅…", "dim"),)


def test_a_head_runs_on_over_a_neighbour_without_one() -> None:
    def nothing(_: object) -> Runs:
        return ()

    columns = (
        RunColumn[object]("days", "Deadline", 6, nothing),
        RunColumn[object]("days", "", 4, nothing, right=True),
        RunColumn[object]("arr", "ARR", 5, nothing, right=True),
    )
    heads = content(head_runs(columns))
    assert heads.plain == " Deadline      ARR"
    assert heads.plain == head_text(tuple(shown(one) for one in columns)).plain
    assert isinstance(heads, Content)
