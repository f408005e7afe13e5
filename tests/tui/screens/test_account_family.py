from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.pilot import Pilot

from cs_workbench.store.database import Database, write
from cs_workbench.tui.screens.account import AccountScreen
from cs_workbench.tui.screens.menu import Menu
from tests.factories import add_account, add_summary, portfolio
from tests.tui.pages import HOSTILE, PageApp, picture


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    """1 heads 2 and the hostile 3; 4 is alone."""
    with portfolio(tmp_path) as opened:
        with write(opened) as pen:
            add_account(pen, "top", name="Kestrel Group")
            add_account(pen, "iberia", name="Kestrel Iberia", parent_key=1)
            add_account(pen, "bad", name=HOSTILE, parent_key=1)
            add_account(pen, "lone")
            for key in (1, 2, 3, 4):
                add_summary(pen, key, band="red", points_e4=310_000)
        yield opened


async def opened(app: PageApp, pilot: Pilot[str | None], key: int) -> None:
    app.push_screen(AccountScreen(app.session, key))
    await app.workers.wait_for_complete()
    await pilot.pause()


async def test_a_parent_opens_a_child_from_a_menu(db: Database) -> None:
    app = PageApp(db)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(app, pilot, 1)
        assert "■ 31 by ARR" in picture(app)
        await pilot.press("F")
        await pilot.pause()
        assert isinstance(app.screen, Menu)
        assert "\x1b" not in picture(app)
        await pilot.press("enter")
        await pilot.pause()
        assert "Kestrel Iberia" in picture(app).splitlines()[0]
        await pilot.press("escape")
        await pilot.pause()
        assert "Kestrel Group" in picture(app).splitlines()[0]


async def test_a_child_opens_its_parent_with_one_key(db: Database) -> None:
    app = PageApp(db)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(app, pilot, 2)
        assert "Parent    ■ 31  Kestrel Group · together ■ 31 by ARR" in picture(app)
        await pilot.press("F")
        await pilot.pause()
        await pilot.pause()
        assert "Kestrel Group" in picture(app).splitlines()[0]


async def test_leaving_the_menu_opens_nothing(db: Database) -> None:
    app = PageApp(db)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(app, pilot, 1)
        await pilot.press("F", "escape")
        await pilot.pause()
        assert "Kestrel Group" in picture(app).splitlines()[0]


async def test_without_a_family_the_key_says_so(db: Database) -> None:
    app = PageApp(db)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(app, pilot, 4)
        assert "Parent" not in picture(app)
        await pilot.press("F")
        await pilot.pause()
        assert any("no parent" in notice.message for notice in app._notifications)
