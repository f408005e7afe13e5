import pytest
from textual.app import App, ComposeResult

from cs_workbench.core.glyphs import UNICODE
from cs_workbench.core.usage_views import Mover
from cs_workbench.tui.widgets.mover_grid import MoverGrid

MOVERS = [
    Mover(
        at,
        f"a{at}",
        f"Firm {at:02}",
        None,
        20,
        10,
        -0.5,
        -0.5,
        (20.0,) * 22 + (10.0,) * 4,
        "",
        None,
    )
    for at in range(30)
]


class GridApp(App[None]):
    def compose(self) -> ComposeResult:
        yield MoverGrid(UNICODE)


@pytest.mark.parametrize(
    ("height", "rows", "chart"), [(20, 4, 2), (36, 6, 3), (17, 3, 2), (12, 2, 3)]
)
async def test_only_whole_accounts_are_drawn(height: int, rows: int, chart: int) -> None:
    app = GridApp()
    async with app.run_test(size=(80, height)):
        grid = app.query_one(MoverGrid)
        grid.show(MOVERS)
        lines = [grid.render_line(y).text for y in range(height)]
    names = [y for y, line in enumerate(lines) if "Firm" in line]
    words = [y for y, line in enumerate(lines) if "20 → 10 a day" in line]
    assert len(names) == rows
    assert words == [y + chart + 1 for y in names]


async def test_a_click_below_the_last_whole_account_selects_nothing() -> None:
    app = GridApp()
    async with app.run_test(size=(80, 17)) as pilot:
        grid = app.query_one(MoverGrid)
        grid.show(MOVERS)
        await pilot.click(MoverGrid, offset=(5, 16))
        assert grid.selected is MOVERS[0]
        await pilot.click(MoverGrid, offset=(5, 14))
        assert grid.selected is MOVERS[4]


async def test_the_selected_account_is_always_seen_whole() -> None:
    app = GridApp()
    async with app.run_test(size=(80, 17)) as pilot:
        grid = app.query_one(MoverGrid)
        grid.show(MOVERS)
        grid.focus()
        for key in ("end", "up", "up", "home", "down", "down", "down"):
            await pilot.press(key)
            lines = [grid.render_line(y).text for y in range(17)]
            assert grid.selected is not None
            (at,) = [y for y, line in enumerate(lines) if grid.selected.name in line]
            assert "20 → 10 a day" in lines[at + 3]
