"""What the account's page looks like; `pytest --snapshot-update` accepts a new look."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from cs_workbench.core.glyphs import ASCII
from cs_workbench.store.database import Database
from cs_workbench.tui.screens.account import AccountScreen
from tests.tui.pages import PageApp, story


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    with story(tmp_path) as made:
        yield made


@pytest.mark.parametrize(
    "size", [(80, 24), (120, 40), (200, 60)], ids=lambda size: "x".join(map(str, size))
)
def test_the_page(snap_compare: Any, db: Database, size: tuple[int, int]) -> None:
    app = PageApp(db)

    async def open_page(pilot: Pilot[Any]) -> None:
        app.push_screen(AccountScreen(app.session, 1))
        await app.workers.wait_for_complete()
        await pilot.pause()

    assert snap_compare(app, terminal_size=size, run_before=open_page)


@pytest.mark.parametrize(
    "keys",
    ["x", "a", "h", ["h", "left", "left"], ["w", "w", *"90", "enter"]],
    ids=["what_changed", "signals", "history", "history_cursor", "what_if"],
)
@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=lambda size: "x".join(map(str, size)))
def test_what_its_keys_open(
    snap_compare: Any, db: Database, keys: str | list[str], size: tuple[int, int]
) -> None:
    app = PageApp(db)

    async def open_it(pilot: Pilot[Any]) -> None:
        app.push_screen(AccountScreen(app.session, 1))
        await app.workers.wait_for_complete()
        for key in keys:
            await pilot.press(key)
            await app.workers.wait_for_complete()
            await pilot.pause()
        await app.workers.wait_for_complete()
        await pilot.pause()

    assert snap_compare(app, terminal_size=size, run_before=open_it)


def test_the_history_in_letters_without_colour(
    snap_compare: Any, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = PageApp(db, glyphs=ASCII)

    async def open_it(pilot: Pilot[Any]) -> None:
        app.push_screen(AccountScreen(app.session, 1))
        await app.workers.wait_for_complete()
        await pilot.press("h", "less_than_sign", "left")
        await pilot.pause()

    assert snap_compare(app, terminal_size=(80, 24), run_before=open_it)


def test_the_next_step_form(snap_compare: Any, db: Database) -> None:
    app = PageApp(db)

    async def open_form(pilot: Pilot[Any]) -> None:
        app.push_screen(AccountScreen(app.session, 1))
        await app.workers.wait_for_complete()
        await pilot.press("n")
        for field in app.screen.query(Input):
            field.cursor_blink = False
        await pilot.press(*"call T. Brandt", "tab", *"fri")
        await pilot.pause(0.6)
        await app.workers.wait_for_complete()
        await pilot.pause()

    assert snap_compare(app, terminal_size=(80, 24), run_before=open_form)
