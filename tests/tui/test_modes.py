"""The table of modes, and what derives from it."""

from pathlib import Path

import pytest
from textual.screen import Screen
from textual.widgets import Input

from cs_workbench.config import Config
from cs_workbench.tui.app import WorkbenchApp
from cs_workbench.tui.modes import MODES, Mode, mode_at, mode_bindings, named, names_line
from tests.factories import TODAY
from tests.tui.books import drawn_book

THREE = (
    *MODES[:1],
    Mode("3", "renewals", "Renewals", "Ren", "nowhere:Nothing", "what"),
)


def app_on(path: Path) -> WorkbenchApp:
    return WorkbenchApp(path, today=TODAY, config=Config(me="ana", db=path))


def text_of(current: str, width: int) -> str:
    return "".join(text.plain for _, text in named(current, width, THREE))


def test_the_current_mode_stands_in_brackets_and_names_shorten() -> None:
    assert text_of("accounts", 120) == " csw [1 Accounts]  3 Renewals  "
    assert text_of("renewals", 120) == " csw  1 Accounts  [3 Renewals] "
    assert text_of("renewals", 80) == " 1 Acc  [3 Ren] "


def test_a_name_is_where_it_is_drawn() -> None:
    for width in (80, 120):
        line = names_line("accounts", width).plain
        for mode in MODES:
            name = mode.title if width > 100 else mode.short
            assert mode_at("accounts", width, line.index(name)) is mode
        assert mode_at("accounts", width, len(line) + 1) is None


def test_every_mode_has_a_digit_of_its_own_and_a_screen_that_is_there() -> None:
    digits = [mode.key for mode in MODES]
    assert digits == sorted(set(digits))
    assert set(digits) <= set("123456789")
    assert [binding.key for binding in mode_bindings()] == digits
    with pytest.raises(ModuleNotFoundError):
        THREE[1].screen(None)


async def test_a_digit_leads_to_its_mode_from_every_page_but_not_out_of_a_field(
    tmp_path: Path,
) -> None:
    app = app_on(drawn_book(tmp_path))
    async with app.run_test(size=(120, 40)) as pilot:
        before: Screen[object] = app.screen
        for mode in MODES[::-1]:
            await pilot.press(mode.key)
            assert f"[{mode.key} {mode.title}]" in names_of(app, 120)
        assert app.screen is before
        await pilot.press("slash", "1", "3")
        assert app.screen.query_one(Input).value == "13"
        assert app.screen is before


async def test_a_click_on_a_name_leads_there(tmp_path: Path) -> None:
    app = app_on(drawn_book(tmp_path))
    async with app.run_test(size=(120, 40)) as pilot:
        line = names_of(app, 120)
        last = MODES[-1]
        await pilot.click("#titles", offset=(line.index(last.title), 0))
        assert f"[{last.key} {last.title}]" in names_of(app, 120)


async def test_before_there_is_a_portfolio_there_is_no_mode(tmp_path: Path) -> None:
    app = app_on(tmp_path / "none.db")
    async with app.run_test() as pilot:
        before: Screen[object] = app.screen
        await pilot.press("1", "3")
        assert app.screen is before
        assert not any(
            binding.binding.action.startswith("go_to") and binding.enabled
            for binding in app.screen.active_bindings.values()
        )


def names_of(app: WorkbenchApp, width: int) -> str:
    titles: object = app.screen.query_one("#titles").render()
    return str(titles).splitlines()[0][:width]
