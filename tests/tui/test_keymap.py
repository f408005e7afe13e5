"""The user's own keys."""

import re
from pathlib import Path

import pytest
from textual.widgets import Label

from cs_workbench.config import Config
from cs_workbench.errors import InputError
from cs_workbench.tui.app import WorkbenchApp
from cs_workbench.tui.keymap import all_bindings, checked_keymap
from cs_workbench.tui.screens.help import HelpScreen
from cs_workbench.tui.screens.menu import Menu
from cs_workbench.tui.widgets.hint_line import HintLine
from tests.factories import TODAY
from tests.tui.books import drawn_book

GUIDE = Path(__file__).parents[2] / "docs" / "guide.md"


def app_with(folder: Path, **keys: str) -> WorkbenchApp:
    path = drawn_book(folder)
    given = {name.replace("__", "."): key for name, key in keys.items()}
    return WorkbenchApp(path, today=TODAY, config=Config(me="ana", db=path, keys=given))


async def test_a_key_of_ones_own_takes_the_place_of_ours(tmp_path: Path) -> None:
    app = app_with(tmp_path, accounts__sort="o", app__help="f2,f9")
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause(0.2)
        await pilot.press("s")
        await pilot.pause(0.1)
        assert len(app.screen_stack) == 1
        hints = app.screen.query_one(HintLine).render().plain
        assert " o sort " in hints
        assert " f2 help " in hints
        await pilot.press("o")
        await pilot.pause(0.1)
        assert isinstance(app.screen, Menu)
        await pilot.press("escape", "f9")
        await pilot.pause(0.1)
        assert isinstance(app.screen, HelpScreen)
        told = "\n".join(str(label.render()) for label in app.screen.query(Label))
        assert "o                 Sort by any column" in told


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"accounts.srot": "o"}, "accounts.srot: there is no such key to set. Did you mean acc"),
        ({"zzz": "o"}, "The guide lists all of them"),
        ({"accounts.sort": "v"}, "'v' would mean both accounts.sort and accounts.view"),
        ({"accounts.sort": "j"}, "'j' would mean both accounts.sort and table.down"),
        ({"accounts.sort": "q"}, "'q' would mean both accounts.sort and app.leave"),
        ({"accounts.sort": "o", "accounts.view": "o"}, "'o' would mean both"),
        ({"panes.zoom": "g"}, "'g' would mean both panes.zoom and pane.top"),
        ({"accounts.sort": "?"}, "'question_mark' would mean both accounts.sort and app.help"),
        ({"accounts.sort": "spce"}, "'spce' is no key"),
        ({"accounts.sort": "ctrl+spce"}, "is no key"),
    ],
)
def test_what_cannot_be_meant_is_told(given: dict[str, str], told: str) -> None:
    with pytest.raises(InputError, match="keys") as caught:
        checked_keymap(given, WorkbenchApp)
    assert told in str(caught.value)


@pytest.mark.parametrize(
    "given",
    [
        {"accounts.sort": "v", "accounts.view": "s"},
        {"accounts.sort": "ctrl+t,f6,pagedown", "table.on": "space", "table.mark": "m"},
        {"panes.kind": "ß"},
        {"account.undo": "Z", "accounts.undo": "Z"},
        {"screen.back": "escape,backspace"},
        {},
    ],
)
def test_what_can_be_meant_is_taken(given: dict[str, str]) -> None:
    assert checked_keymap(given, WorkbenchApp) == given


def test_the_guide_lists_the_keys_as_they_are() -> None:
    listed = re.findall(r"^\| `(\w+\.\w+)` \| `(.+?)` \|", GUIDE.read_text(encoding="utf-8"), re.M)
    keys = {binding.id: binding.key for binding in all_bindings(WorkbenchApp)}
    assert {name: key for name, key in listed if keys.get(name) != key} == {}
    assert len(listed) > 50
