"""The footer under the mouse."""

from pathlib import Path

import pytest
from textual.pilot import Pilot

from cs_workbench.config import Config
from cs_workbench.tui.app import WorkbenchApp
from cs_workbench.tui.screens.help import HelpScreen
from cs_workbench.tui.screens.menu import Menu
from cs_workbench.tui.widgets.hint_line import HintLine
from cs_workbench.tui.widgets.windowed_table import WindowedTable
from tests.factories import TODAY
from tests.tui.books import drawn_book


@pytest.fixture
def app(tmp_path: Path) -> WorkbenchApp:
    path = drawn_book(tmp_path)
    return WorkbenchApp(path, today=TODAY, config=Config(me="ana", db=path))


def place_of(pilot: Pilot[None], hint: str) -> tuple[int, int]:
    """Where on the screen a hint's word stands."""
    line = pilot.app.screen.query_one(HintLine)
    drawn = pilot.app.screen._compositor.render_strips()[line.region.bottom - 1].text
    return drawn.index(hint) + 1, line.region.bottom - 1


@pytest.mark.parametrize(("hint", "screen"), [("sort", Menu), ("view", Menu), ("help", HelpScreen)])
async def test_a_click_on_a_hint_does_what_its_key_does(
    app: WorkbenchApp, hint: str, screen: type
) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause(0.2)
        await pilot.click(offset=place_of(pilot, hint))
        await pilot.pause(0.2)
        assert isinstance(app.screen, screen)
        await pilot.press("escape")
        assert isinstance(app.focused, WindowedTable)


async def test_a_click_beside_the_hints_and_on_their_rule_does_nothing(app: WorkbenchApp) -> None:
    async with app.run_test(size=(200, 24)) as pilot:
        await pilot.pause(0.2)
        x, y = place_of(pilot, "quit")
        for place in ((199, y), (x, y - 1)):
            await pilot.click(offset=place)
            await pilot.pause()
        assert app.is_running
        assert len(app.screen_stack) == 1


async def test_the_quit_hint_quits(app: WorkbenchApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause(0.2)
        await pilot.click(offset=place_of(pilot, "quit"))
        await pilot.pause()
        assert not app.is_running


async def test_a_hint_under_the_mouse_says_more(app: WorkbenchApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause(0.2)
        line = app.screen.query_one(HintLine)
        await pilot.hover(offset=place_of(pilot, "sort"))
        await pilot.pause()
        assert str(line.tooltip) == "Sort by any column"
        x, y = place_of(pilot, "sort")
        await pilot.hover(offset=(x, y - 1))
        await pilot.pause()
        assert line.tooltip is None
