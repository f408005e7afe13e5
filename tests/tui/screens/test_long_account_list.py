"""The list of a large portfolio: it is read in two parts, and never seems to be."""

from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from cs_workbench.core.accounts import AccountLine
from cs_workbench.store.database import Database, write
from cs_workbench.tui.screens.accounts import AccountsScreen
from cs_workbench.tui.widgets.windowed_table import WindowedTable
from tests.factories import add_account, add_summary
from tests.tui.awaiting import until
from tests.tui.screens.test_accounts import names, running


@pytest.fixture
def long_path(db: Database) -> Path:
    with write(db) as connection:
        for number in range(450):
            name = f"{'Kestrel' if number % 3 else 'Zenith'} {number}"
            key = add_account(connection, f"a{number}", name=name)
            add_summary(connection, key, arr_minor=(1_000 - number) * 100, band="red")
    return db.path


async def settled(pilot: Pilot[None]) -> WindowedTable[AccountLine]:
    """The table when the whole list is there."""
    screen = pilot.app.screen_stack[0]
    assert isinstance(screen, AccountsScreen)
    await until(pilot, lambda: screen._answer and screen._answer.is_whole)
    return screen.table


async def test_fast_typing_ends_with_the_rows_of_the_last_letter(long_path: Path) -> None:
    async with running(long_path) as pilot:
        await pilot.press("slash")
        field = pilot.app.screen.query_one(Input)
        for typed in ("z", "ze", "zen", "zeni", "k", "ke", "kes", "kest", "zenith 44"):
            field.value = typed
        await settled(pilot)
        assert names(pilot) == [f"Zenith {number}" for number in (144, 441, 444, 447)]
        field.value = ""
        assert len((await settled(pilot)).keys) == 450


async def test_a_letter_and_its_rows_show_in_one_picture(long_path: Path) -> None:
    async with running(long_path) as pilot:
        await pilot.press("slash")
        await pilot.pause()
        pilot.app.screen.query_one(Input).value = "a44"
        assert len(pilot.app.screen.query_one(WindowedTable).keys) == 11


async def test_a_filtered_out_cursor_goes_to_the_top_and_comes_back(long_path: Path) -> None:
    async with running(long_path) as pilot:
        table = await settled(pilot)
        table.move_to(400)
        kept = table.cursor_key
        await pilot.press("slash")
        field = pilot.app.screen.query_one(Input)
        field.value = "zenith" if names_at(table, 400).startswith("Kestrel") else "kestrel"
        table = await settled(pilot)
        assert table.cursor == 0
        field.value = ""
        table = await settled(pilot)
        assert (table.cursor, table.cursor_key) == (400, kept)


def names_at(table: WindowedTable[AccountLine], place: int) -> str:
    return table._pages.row(place).name


async def test_what_a_long_list_has_in_common_is_folded_once_all_of_it_is_read(
    long_path: Path,
) -> None:
    async with running(long_path) as pilot:
        screen = pilot.app.screen
        assert isinstance(screen, AccountsScreen)
        await until(pilot, lambda: screen._constant)
        assert screen._constant == {"csm": None, "segment": None, "stage": None}


async def test_a_reload_keeps_marks_cursor_and_line_deep_in_the_list(long_path: Path) -> None:
    async with running(long_path) as pilot:
        table = await settled(pilot)
        table.move_to(420)
        await pilot.press("space")
        await pilot.pause()
        kept, marks, top = table.cursor_key, set(table.marks), table.scroll_offset.y
        screen = pilot.app.screen
        assert isinstance(screen, AccountsScreen)
        screen.load()
        table = await settled(pilot)
        await pilot.pause()
        assert (table.cursor_key, table.marks, table.scroll_offset.y) == (kept, marks, top)
