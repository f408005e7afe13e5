from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, Static

from cs_workbench.config import Config
from cs_workbench.importers.records import Assumptions
from cs_workbench.tui.app import WorkbenchApp
from cs_workbench.tui.screens.accounts import AccountsScreen
from cs_workbench.tui.screens.guessed_file import GuessedFile
from cs_workbench.tui.screens.prompt import Prompt
from cs_workbench.tui.screens.welcome import WelcomeScreen
from cs_workbench.tui.widgets.pane import Pane
from cs_workbench.tui.widgets.windowed_table import WindowedTable
from cs_workbench.workflows.guided import guesses
from tests.factories import TODAY
from tests.importers.event_shapes import CUSTOMERS, SHAPES, export
from tests.tui.awaiting import until, until_on
from tests.tui.books import drawn_book

FIRMS = (
    "Firm,Yearly fee,Renews on,Comment,Seats,Industry,Country,Website\n"
    "Kestrel [@click=app.quit]x[/],1200,01/02/2027,Ana\x1b[31m,9,food,NO,kestrel.com\n"
    "東京データ,800,03/04/2027,Jon,8,data,JP,tokyo.jp\n"
)


def shown(app: WorkbenchApp) -> str:
    lines = app.screen.query_one(Pane)._lines
    return "\n".join(line.plain for line in lines)


async def answer(pilot: Pilot[None], text: str) -> None:
    pilot.app.screen.query_one(Input).value = text
    await pilot.press("enter")
    await pilot.pause()


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_a_file_nobody_knows_is_looked_at_from_the_welcome(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    source = tmp_path / "firms.csv"
    source.write_text(FIRMS, encoding="utf-8")
    path = tmp_path / "mine.db"
    app = WorkbenchApp(path, today=TODAY, config=Config(me="ana", db=path))
    async with app.run_test(size=size) as pilot:
        await until_on(pilot, WelcomeScreen)
        await pilot.press("down", "enter")
        await pilot.pause()
        await answer(pilot, str(source))
        await until_on(pilot, GuessedFile)
        await pilot.pause(0.1)
        problem = app.screen.query_one("#problem", Static)
        assert "Which order do dates have" in str(problem.render())
        await answer(pilot, "")
        assert isinstance(app.screen, GuessedFile)  # not before it is clear
        await answer(pilot, "dates=dmy")
        if size == (80, 24):  # the contracts stand below what fits
            await pilot.press("pagedown")
            assert app.screen.query_one(Pane).scroll_offset.y > 0
        assert "terms begin a year before they end" in shown(app)
        assert "2027-01-31" in shown(app)  # the day before 1 February, as it would be read
        assert "Kestrel [@click=app.quit]x[/]" in shown(app)
        assert "\x1b" not in shown(app)
        await answer(pilot, "csm=Com")
        await answer(pilot, "")
        await until_on(pilot, AccountsScreen)
        await until(pilot, lambda: len(app.screen.query_one(WindowedTable).keys) == 2)
    assert (tmp_path / "firms.mapping.toml").is_file()


async def test_files_are_loaded_from_the_list_and_escape_leaves_one_out(tmp_path: Path) -> None:
    exports = tmp_path / "exports"
    exports.mkdir()
    (exports / "more.csv").write_text("account_id,name\nnew-1,Brand New Firm\n", "utf-8")
    (exports / "firms.csv").write_text(FIRMS, encoding="utf-8")
    path = drawn_book(tmp_path)
    app = WorkbenchApp(path, today=TODAY, config=Config(me="ana", db=path))
    async with app.run_test(size=(120, 40)) as pilot:
        await until_on(pilot, AccountsScreen)
        before = len(app.screen.query_one(WindowedTable).keys)
        await pilot.press("I")
        await until_on(pilot, Prompt)
        await answer(pilot, str(exports))
        await until_on(pilot, GuessedFile)
        await pilot.press("escape")
        await until_on(pilot, AccountsScreen)
        await until(pilot, lambda: len(app.screen.query_one(WindowedTable).keys) > before)
        told = "\n".join(notice.message for notice in app._notifications)
        assert "Rows loaded: 1; " in told
    assert not (exports / "firms.mapping.toml").exists()


async def test_of_an_export_of_events_only_the_account_is_asked_for(tmp_path: Path) -> None:
    path = drawn_book(tmp_path)
    file = export(tmp_path, SHAPES["posthog"], ("[@click=app.quit]x[/]\x1b[31m", *CUSTOMERS[1:]))
    (found,) = guesses([file], path)
    app = WorkbenchApp(path, today=TODAY, config=Config(me="ana", db=path))
    async with app.run_test(size=(80, 24)) as pilot:
        await until_on(pilot, AccountsScreen)
        app.push_screen(GuessedFile(found, Assumptions()))
        await until_on(pilot, GuessedFile)
        await answer(pilot, "account_id=payer")
        told = shown(app)
        assert "account_id       from properties.$groups.payer" in told
        assert "[@click=app.quit]x[/]" in told
        assert "\x1b" not in told


async def test_a_refused_correction_is_told_and_does_not_hold_up(tmp_path: Path) -> None:
    source = tmp_path / "firms.csv"
    source.write_text("Firm,Yearly fee,Renews on\nKestrel,1200,2027-01-31\n", encoding="utf-8")
    path = drawn_book(tmp_path)
    (found,) = guesses([source], path)
    app = WorkbenchApp(path, today=TODAY, config=Config(me="ana", db=path))
    async with app.run_test(size=(80, 24)) as pilot:
        await until_on(pilot, AccountsScreen)
        taken: list[object] = []
        app.push_screen(GuessedFile(found, Assumptions()), taken.append)
        await until_on(pilot, GuessedFile)
        await answer(pilot, "csm=Nobody")
        problem = app.screen.query_one("#problem", Static)
        assert "'Nobody' is no column: Firm" in str(problem.render())
        assert app.screen.query_one(Input).value == ""
        await pilot.press("enter")
        await until_on(pilot, AccountsScreen)
    assert taken == [found]
