from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from rich.cells import cell_len
from textual.pilot import Pilot
from textual.widgets import Input

from cs_workbench.config import Config
from cs_workbench.store.accounts import SORTS
from cs_workbench.store.database import Database, open_database, write
from cs_workbench.tui.app import WorkbenchApp
from cs_workbench.tui.screens.account import AccountScreen
from cs_workbench.tui.screens.account_titles import SORT_NAMES
from cs_workbench.tui.screens.accounts import AccountsScreen
from cs_workbench.tui.screens.menu import Menu
from cs_workbench.tui.widgets.filter_bar import FilterBar
from cs_workbench.tui.widgets.preview import Preview
from cs_workbench.tui.widgets.windowed_table import WindowedTable
from cs_workbench.tui.widgets.work_line import WorkLine
from cs_workbench.workflows.next_steps import set_next_step
from tests.factories import TODAY, add_account, add_signal, add_subscription, add_summary

BOOK = (
    ("Kestrel Logistics GmbH", "red", 41_200_000),
    ("東京データ KK", "red", 18_600_000),
    ("Summit Foods LLC", "unknown", 12_200_000),
    ("Northwind Trading Ltd", "yellow", 31_800_000),
    ("Greenleaf Retail", "green", 28_800_000),
    ("Harlow & Finch", "green", 14_600_000),
)


@pytest.fixture
def path(db: Database) -> Path:
    with write(db) as connection:
        for number, (name, band, arr) in enumerate(BOOK):
            key = add_account(
                connection, f"a{number}", name=name, csm="ana" if number % 2 else "bo"
            )
            add_subscription(connection, key, arr_minor=arr)
            causes = '["−11: champion left", "−8: users 48 → 19"]'
            add_summary(connection, key, band=band, arr_minor=arr, causes=causes)
    return db.path


@asynccontextmanager
async def running(path: Path, size: tuple[int, int] = (120, 40)) -> AsyncIterator[Pilot[None]]:
    app = WorkbenchApp(path, today=TODAY, config=Config(me="ana", db=path))
    async with app.run_test(size=size) as pilot:
        await pilot.pause(0.15)
        yield pilot


def drawn(pilot: Pilot[None]) -> list[str]:
    return [strip.text.rstrip() for strip in pilot.app.screen._compositor.render_strips()]


def names(pilot: Pilot[None]) -> list[str]:
    screen = pilot.app.screen_stack[0]
    assert isinstance(screen, AccountsScreen)
    return [screen.table._pages.row(place).name for place in range(len(screen.table.keys))]


async def test_it_opens_on_the_worst_and_says_who_can_wait(path: Path) -> None:
    async with running(path) as pilot:
        lines = drawn(pilot)
        assert "Needs me · 4 of 6 accounts · band, then ARR" in lines[1]
        assert "■ 2 red 598k" in lines[2]
        assert "? 1 unknown 122k" in lines[2]
        assert "all 1.47M" in lines[2]
        assert lines[5].startswith("› ■ 50")
        assert "Kestrel Logistics GmbH" in lines[5]
        assert "東京データ KK" in lines[6]
        assert "  2 more accounts do not need you today" in lines[9]


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60), (60, 12)])
async def test_no_line_is_cut_at_any_size(path: Path, size: tuple[int, int]) -> None:
    async with running(path, size) as pilot:
        lines = drawn(pilot)
        assert len(lines) == size[1]
        assert "quit" in lines[-1]
        assert "help" in lines[-1]
        assert lines[0].endswith("Mon 23 Nov 2026")


async def test_the_preview_follows_the_cursor_and_hides(path: Path) -> None:
    async with running(path) as pilot:
        await pilot.press("j")
        await pilot.pause(0.15)
        preview = pilot.app.screen.query_one(Preview)
        assert "東京データ KK" in "\n".join(drawn(pilot)[-12:])
        assert "−11: champion left   −8: users 48 → 19" in "\n".join(drawn(pilot))
        await pilot.press("i")
        await pilot.pause()
        assert not preview.display
    async with running(path, (80, 24)) as pilot:
        assert drawn(pilot)[-3] == " Kestrel  −11: champion left  −8: users 48 → 19"


async def test_a_filter_narrows_while_it_is_typed_and_esc_peels(path: Path) -> None:
    async with running(path) as pilot:
        await pilot.press("slash", *"京")
        await pilot.pause()
        assert names(pilot) == ["東京データ KK"]
        assert "/京 · 1 of 6" in drawn(pilot)[1]
        await pilot.press("escape")
        await pilot.pause()
        assert len(names(pilot)) == 4
        await pilot.press("escape")
        await pilot.pause()
        assert not pilot.app.screen.query(FilterBar)
        assert pilot.app.is_running


async def test_a_wrong_filter_says_why_and_keeps_the_last_list(path: Path) -> None:
    async with running(path) as pilot:
        await pilot.press("slash", *"band:red")
        await pilot.pause()
        assert names(pilot) == ["Kestrel Logistics GmbH", "東京データ KK"]
        await pilot.press(*" arr>x")
        await pilot.pause()
        assert names(pilot) == []
        assert "'arr>x'" in "\n".join(drawn(pilot))


async def test_a_term_in_the_making_keeps_the_last_list(path: Path) -> None:
    async with running(path) as pilot:
        await pilot.press("slash", *"kes")
        pilot.app.screen.query_one(Input).value = "kes arr"
        await pilot.pause(0.1)
        assert names(pilot) == ["Kestrel Logistics GmbH"]
        assert "not finished yet" in "\n".join(drawn(pilot))
        pilot.app.screen.query_one(Input).value = "kes arr>1k"
        await pilot.pause(0.1)
        assert names(pilot) == ["Kestrel Logistics GmbH"]
        assert "not finished yet" not in "\n".join(drawn(pilot))
        assert "/kes arr>1k · 1 of 6" in drawn(pilot)[1]


async def test_a_field_s_name_can_be_looked_for_once_it_is_entered(path: Path) -> None:
    async with running(path) as pilot:
        await pilot.press("slash", *"next", "enter")
        await pilot.pause(0.1)
        assert names(pilot) == []
        assert "/next · 0 of 6" in drawn(pilot)[1]


async def test_enter_keeps_the_filter_and_esc_takes_it_away(path: Path) -> None:
    async with running(path) as pilot:
        await pilot.press("slash", *"arr>300k", "enter")
        await pilot.pause()
        assert isinstance(pilot.app.focused, WindowedTable)
        assert names(pilot) == ["Kestrel Logistics GmbH", "Northwind Trading Ltd"]
        await pilot.press("escape")
        await pilot.pause()
        assert len(names(pilot)) == 4


async def test_views_are_chosen_by_their_number(path: Path) -> None:
    async with running(path) as pilot:
        await pilot.press("v", "2")
        await pilot.pause(0.1)
        assert len(names(pilot)) == 6
        await pilot.press("v", "3")
        await pilot.pause(0.1)
        assert "Mine · 3 of 3 accounts" in drawn(pilot)[1]
        await pilot.press("escape")
        await pilot.pause()
        assert len(names(pilot)) == 4


async def test_a_column_that_says_the_same_in_every_row_is_in_the_title(path: Path) -> None:
    async with running(path, (200, 30)) as pilot:
        await pilot.press("v", "2")
        await pilot.pause(0.1)
        assert "CSM" in drawn(pilot)[4]
        assert "CSM" not in drawn(pilot)[1]
        assert "Segment" not in drawn(pilot)[4]  # nobody has one
        await pilot.press("slash", *"csm:bo", "enter")
        await pilot.pause(0.1)
        assert "CSM Bo" in drawn(pilot)[1]
        assert "CSM" not in drawn(pilot)[4]
        await pilot.press("escape")
        await pilot.pause(0.1)
        assert "CSM" in drawn(pilot)[4]
        assert "CSM" not in drawn(pilot)[1]


async def test_open_signals_are_counted_and_the_worst_is_told(path: Path) -> None:
    with open_database(path) as db, write(db) as connection:
        add_signal(connection, 1, "silence", evidence="no two-way contact for 71 days")
        add_signal(connection, 1, "usage shock", severity="high", evidence="19, was 48")
        add_signal(connection, 2, "silence", snoozed_until="2026-12-24")
    async with running(path) as pilot:
        at = drawn(pilot)[4].index("Sig")
        assert drawn(pilot)[5][at : at + 3] == "  2"
        assert drawn(pilot)[6].replace("東京データ", " " * 10)[at : at + 3] == "   "
        assert "Signals   usage shock: 19, was 48   + silence" in "\n".join(drawn(pilot))
        await pilot.press("slash", *"signal:shock", "enter")
        await pilot.pause(0.1)
        assert names(pilot) == ["Kestrel Logistics GmbH"]


async def test_sorting_by_menu_and_by_head_and_the_same_again_turns_round(path: Path) -> None:
    async with running(path) as pilot:
        await pilot.press("v", "2", "s", "n")
        await pilot.pause(0.1)
        assert names(pilot)[0] == "Greenleaf Retail"
        await pilot.press("s", "n")
        await pilot.pause(0.1)
        assert names(pilot)[-1] == "Greenleaf Retail"
        await pilot.click(WindowedTable, offset=(drawn(pilot)[4].index("ARR"), 0))
        await pilot.pause(0.1)
        assert names(pilot)[0] == "Kestrel Logistics GmbH"
        assert names(pilot)[-1] == "Summit Foods LLC"


async def test_a_new_order_starts_at_its_top_and_a_filter_keeps_the_cursors_row(path: Path) -> None:
    async with running(path) as pilot:
        table = pilot.app.screen.query_one(WindowedTable)
        await pilot.press("v", "2", "j", "j", "j", "s", "n")
        await pilot.pause(0.1)
        assert (table.cursor, names(pilot)[0]) == (0, "Greenleaf Retail")
        await pilot.press("j", "j")
        kept = table.cursor_key
        await pilot.press("slash", *"arr>1")
        await pilot.pause(0.1)
        assert table.cursor_key == kept


async def test_a_view_is_saved_recalled_deleted_and_brought_back(path: Path) -> None:
    async with running(path) as pilot:
        await pilot.press("v", "2", "slash", *"band:green", "enter", "v", "s", *"happy", "enter")
        await pilot.pause(0.2)
        assert "Happy · /band:green · 2 of 6" in drawn(pilot)[1]
        await pilot.press("escape", "v", "7")
        await pilot.pause(0.2)
        assert names(pilot) == ["Greenleaf Retail", "Harlow & Finch"]
        await pilot.press("v", "d")
        await pilot.pause(0.2)
        await pilot.press("v")
        await pilot.pause(0.1)
        assert isinstance(pilot.app.screen, Menu)
        assert not any("happy" in line for line in drawn(pilot)[8:-12])
        await pilot.press("escape", "z")
        await pilot.app.workers.wait_for_complete()
        await pilot.press("v")
        await pilot.pause(0.2)
        assert any("7  happy" in line for line in drawn(pilot))


async def test_a_saved_view_stays_a_part_of_the_view_it_was_made_in(path: Path) -> None:
    async with running(path) as pilot:
        await pilot.press("v", "3", "slash", *"arr>150k", "enter", "v", "s", *"large", "enter")
        await pilot.pause(0.2)
        await pilot.press("escape", "v", "7")
        await pilot.pause(0.2)
        assert names(pilot) == ["東京データ KK", "Northwind Trading Ltd"]
        assert "Large in mine · /arr>150k · 2 of 3" in drawn(pilot)[1]
        await pilot.press("v")
        await pilot.pause(0.1)
        assert any("7  large  mine: arr>150k" in line for line in drawn(pilot))


async def test_the_sort_menu_leaves_the_list_in_sight_and_marks_the_current_sort(
    path: Path,
) -> None:
    async with running(path, (80, 24)) as pilot:
        await pilot.press("s", "a", "s")
        await pilot.pause(0.1)
        lines = drawn(pilot)
        assert sum("Score" in line or "score" in line for line in lines) >= 1
        box = [line for line in lines if "│" in line]
        assert len(box) <= 14
        assert any("a  ARR ↓  now" in line for line in box)
        assert all(any(name in line for line in box) for name in SORT_NAMES.values())


async def test_the_sort_menu_is_walked_and_clicked(path: Path) -> None:
    async with running(path, (80, 24)) as pilot:
        await pilot.press("v", "2", "s", "right", "j", "k", "enter")
        await pilot.pause(0.1)
        beside = SORTS[(len(SORTS) + 1) // 2]
        assert SORT_NAMES[beside] in drawn(pilot)[1]
        await pilot.press("s")
        await pilot.pause(0.1)
        (y,) = (at for at, line in enumerate(drawn(pilot)) if "i  id" in line)
        await pilot.click(offset=(cell_len(drawn(pilot)[y].partition("i  id")[0]) + 3, y))
        await pilot.pause(0.1)
        assert names(pilot) == [name for name, *_ in BOOK]


async def test_a_page_opens_on_enter_and_esc_comes_back_to_the_row(path: Path) -> None:
    async with running(path) as pilot:
        await pilot.press("j", "enter")
        await pilot.pause()
        assert isinstance(pilot.app.screen, AccountScreen)
        await pilot.press("escape")
        await pilot.pause()
        table = pilot.app.screen.query_one(WindowedTable)
        assert table.cursor == 1


async def test_marks_are_counted_and_esc_clears_them(path: Path) -> None:
    async with running(path) as pilot:
        await pilot.press("space", "space")
        await pilot.pause()
        assert "2 marked" in drawn(pilot)[1]
        await pilot.press("escape")
        await pilot.pause()
        assert "marked" not in drawn(pilot)[1]


async def test_refreshing_keeps_the_cursor_on_its_account(path: Path) -> None:
    async with running(path) as pilot:
        table = pilot.app.screen.query_one(WindowedTable)
        await pilot.press("v", "2", "j", "j", "j")
        await pilot.pause()
        key = table.cursor_key
        await pilot.press("r")
        await pilot.app.workers.wait_for_complete()
        await pilot.pause(0.1)
        assert not pilot.app.screen.query(WorkLine)
        assert table.cursor_key == key
        assert "data " in drawn(pilot)[0]


async def test_esc_during_a_refresh_is_heard_at_once_and_nothing_changes(path: Path) -> None:
    async with running(path) as pilot:
        with open_database(path) as db:
            before = stored(db)
        screen = pilot.app.screen
        assert isinstance(screen, AccountsScreen)
        screen.action_refresh()
        screen.action_peel()
        await pilot.pause()
        assert not pilot.app.screen.query(WorkLine)
        assert [one.message for one in pilot.app._notifications] == ["Cancelled, nothing changed."]
        await pilot.app.workers.wait_for_complete()
        with open_database(path) as db:
            assert stored(db) == before


def stored(db: Database) -> list[tuple[object, ...]]:
    return [
        tuple(row)
        for table in ("score", "account_summary", "refresh_run", "signal", "scorecard")
        for row in db.connection.execute(f"SELECT * FROM {table}")
    ]


async def test_undo_with_nothing_to_undo_says_so(path: Path) -> None:
    async with running(path) as pilot:
        await pilot.press("z")
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()
        assert [one.message for one in pilot.app._notifications] == [
            "There is nothing by ana left to undo."
        ]


async def test_undo_waits_for_another_writer_while_the_list_goes_on(path: Path) -> None:
    with open_database(path) as other:
        key = other.connection.execute("SELECT min(account_key) FROM account").fetchone()[0]
        set_next_step(other, [key], text="call", owner=None, due=None, actor="ana", today=TODAY)
        async with running(path) as pilot:
            with write(other):
                await pilot.press("z", "j", "j")
                await pilot.pause(0.2)
                assert pilot.app.screen.query_one(WindowedTable).cursor == 2
                assert not list(pilot.app._notifications)
            await pilot.app.workers.wait_for_complete()
            await pilot.pause()
            assert [one.message[:20] for one in pilot.app._notifications] == [
                "undid: next step: ca"
            ]
            assert not any("call" in line for line in drawn(pilot)[5:12])


async def test_why_there_is_no_band_is_not_taken_for_points(path: Path) -> None:
    with open_database(path) as db, write(db) as connection:
        told = '["45 % of the scorecard is known"]'
        connection.execute("UPDATE account_summary SET causes = ?", (told,))
    async with running(path, (80, 24)) as pilot:
        assert drawn(pilot)[-3] == " Kestrel  45 % of the scorecard is known"
