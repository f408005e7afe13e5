"""Keys that arrive at once, as a paste or a slow line brings them."""

import asyncio

import pytest
from textual.events import Key
from textual.pilot import Pilot
from textual.widgets import Input

from cs_workbench.config import Config
from cs_workbench.store.database import Database, write
from cs_workbench.tui import orderly_app
from cs_workbench.tui.app import WorkbenchApp
from cs_workbench.tui.screens.accounts import AccountsScreen
from cs_workbench.tui.screens.next_step import NextStepForm
from tests.factories import TODAY, add_account, add_summary


@pytest.fixture
def app(db: Database) -> WorkbenchApp:
    with write(db) as connection:
        for number in range(3):
            add_summary(connection, add_account(connection, f"a{number}"), band="red")
    return WorkbenchApp(db.path, today=TODAY, config=Config(me="ana", db=db.path))


async def typed_at_once(app: WorkbenchApp, pilot: Pilot[None], *keys: str) -> None:
    await pilot.pause(0.15)
    for key in keys:
        app.post_message(Key(key, key if len(key) == 1 else None))
    await pilot.pause()
    assert app._handing is not None
    await app._handing
    await pilot.pause()


async def test_what_follows_the_key_of_the_filter_is_the_filter(app: WorkbenchApp) -> None:
    async with app.run_test() as pilot:
        await typed_at_once(app, pilot, "slash", *"summit")
        assert isinstance(app.screen, AccountsScreen)
        assert app.screen.query_one(Input).value == "summit"


async def test_what_follows_the_key_of_a_form_is_typed_in_the_form(app: WorkbenchApp) -> None:
    async with app.run_test() as pilot:
        await typed_at_once(app, pilot, "n", *"ask q", "tab", *"fri")
        assert isinstance(app.screen, NextStepForm)
        assert app.screen.read_fields()["text"] == "ask q"
        assert app.screen.read_fields()["due"] == "fri"


async def test_a_form_that_is_left_gives_the_keys_back(app: WorkbenchApp) -> None:
    async with app.run_test() as pilot:
        await typed_at_once(app, pilot, "n", "escape", "j", "j")
        assert isinstance(app.screen, AccountsScreen)
        assert app.screen.table.cursor == 2


async def test_what_follows_the_key_of_a_menu_chooses_in_it(app: WorkbenchApp) -> None:
    async with app.run_test() as pilot:
        await typed_at_once(app, pilot, "v", "2")
        assert isinstance(app.screen, AccountsScreen)  # and not the mode that 2 leads to
        assert app.screen._list.view == "all"


async def test_a_first_screen_that_breaks_ends_the_program(
    app: WorkbenchApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(_: AccountsScreen) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr(orderly_app, "PATIENCE", 0.1)
    monkeypatch.setattr(AccountsScreen, "start", breaks)
    with pytest.raises(RuntimeError, match="boom"):
        async with asyncio.timeout(10), app.run_test():
            pass
