"""The first start: nothing is there yet, and two ways to something."""

import shutil
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, Label

from cs_workbench.config import Config
from cs_workbench.shipped import shipped
from cs_workbench.tui.app import WorkbenchApp
from cs_workbench.tui.messages import OpenSample
from cs_workbench.tui.screens.accounts import AccountsScreen
from cs_workbench.tui.screens.welcome import WelcomeScreen
from cs_workbench.tui.widgets.windowed_table import WindowedTable
from tests.factories import TODAY
from tests.tui.awaiting import until

ACCOUNTS = "account_id,name,csm\na1,Acme,ana\na2,Bolt,jon\n"


@pytest.fixture
def app(tmp_path: Path) -> WorkbenchApp:
    path = tmp_path / "none.db"
    return WorkbenchApp(path, today=TODAY, config=Config(me="ana", db=path))


@pytest.fixture
def exports(tmp_path: Path) -> Path:
    folder = tmp_path / "exports"
    folder.mkdir()
    (folder / "accounts.csv").write_text(ACCOUNTS, encoding="utf-8")
    return folder


def listed(app: WorkbenchApp) -> int:
    """How many accounts are on the screen."""
    if not isinstance(app.screen, AccountsScreen):
        return 0
    return sum(len(table.keys) for table in app.screen.query(WindowedTable))


def told(app: WorkbenchApp, text: str) -> bool:
    return any(text in notice.message for notice in app._notifications)


async def give(pilot: Pilot[None], path: Path) -> None:
    await pilot.press("j", "enter")
    await pilot.pause()
    pilot.app.screen.query_one(Input).value = str(path)
    await pilot.press("enter")


async def test_it_says_where_nothing_is_in_whole_lines(app: WorkbenchApp, tmp_path: Path) -> None:
    async with app.run_test() as pilot:
        shown = "\n".join(str(label.content) for label in pilot.app.screen.query(Label))
        assert f"no accounts yet in\n{tmp_path / 'none.db'}\nWhat first?" in shown


async def test_the_sample_opens_as_a_copy_for_one_of_its_people(app: WorkbenchApp) -> None:
    before = shipped("sample.db").read_bytes()
    async with app.run_test() as pilot:
        await pilot.press("enter")
        await until(pilot, lambda: listed(app))
        await pilot.press("v", "2")
        await until(pilot, lambda: listed(app) > 100)
        await pilot.press("v", "3")
        await until(pilot, lambda: 0 < listed(app) < 100)
        await pilot.press("q")
        await until(pilot, lambda: not app.is_running)
    assert shipped("sample.db").read_bytes() == before


async def test_choosing_the_sample_twice_opens_it_once(app: WorkbenchApp) -> None:
    async with app.run_test() as pilot:
        app.post_message(OpenSample())
        app.post_message(OpenSample())
        await until(pilot, lambda: listed(app))


async def test_a_folder_is_loaded_and_its_accounts_shown(app: WorkbenchApp, exports: Path) -> None:
    async with app.run_test() as pilot:
        await give(pilot, exports)
        await until(pilot, lambda: listed(app) == 2)


async def test_a_folder_without_accounts_leaves_the_offer(app: WorkbenchApp, exports: Path) -> None:
    (exports / "accounts.csv").write_text("account_id,name\n,\n", encoding="utf-8")
    async with app.run_test(notifications=True) as pilot:
        await give(pilot, exports)
        await until(pilot, lambda: told(app, "still no accounts"))
        assert isinstance(app.screen, WelcomeScreen)


async def test_a_path_that_is_not_there_is_named(app: WorkbenchApp, exports: Path) -> None:
    shutil.rmtree(exports)
    async with app.run_test(notifications=True) as pilot:
        await give(pilot, exports)
        await until(pilot, lambda: told(app, str(exports)))
        await pilot.press("escape")
        await pilot.pause()
        assert not pilot.app.screen.query(Input)
