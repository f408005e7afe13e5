"""`W`: rows come while one types, the whole text is read, the account opens with the words."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.pilot import Pilot

from cs_workbench.config import Config
from cs_workbench.store.database import Database, write
from cs_workbench.tui.app import WorkbenchApp
from cs_workbench.tui.screens.account import AccountScreen
from cs_workbench.tui.screens.search import SearchScreen
from tests.factories import TODAY, add_account, add_summary, add_touchpoint, portfolio

LONG = "she showed us round. " * 30 + "Their garden has 庭園 behind it."


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    with portfolio(tmp_path) as opened:
        with write(opened) as pen:
            for name in ("Kestrel Logistics GmbH", "Harlow & Finch"):
                key = add_account(pen, name[:3], name=name)
                add_summary(pen, key, band="red")
                add_touchpoint(pen, key, summary=f"Garden of {name}", note=LONG)
            add_touchpoint(pen, 1, summary="Nothing of that kind")
        yield opened


def lines(app: WorkbenchApp) -> list[str]:
    return [strip.text for strip in app.screen._compositor.render_strips()]


async def typed(app: WorkbenchApp, pilot: Pilot[None], *keys: str) -> list[str]:
    await pilot.press(*keys)
    for worker in [one for one in app.workers if one.group in {"search", "read"}]:
        await worker.wait()
    await pilot.pause()
    await pilot.pause()
    return lines(app)


async def test_words_are_searched_in_all_accounts_and_lead_to_one(db: Database) -> None:
    app = WorkbenchApp(db.path, today=TODAY, config=Config(me="ana", db=db.path))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause(0.2)
        seen = await typed(app, pilot, "W", *"GARD", "down")
        assert "in all accounts · 2 found" in seen[0]
        assert "Garden of Kestrel" in "\n".join(seen[2:8])
        assert "she showed us round." in "\n".join(seen[-6:])  # the rest of what is found
        assert seen[-1].startswith(" ⏎ open  down next")
        await pilot.press("enter")
        await pilot.pause(0.2)
        assert isinstance(app.screen, AccountScreen)
        page = "\n".join(lines(app))
        assert "[Timeline]" in page
        assert "Garden of" in page
        assert "Nothing of that kind" not in page


async def test_an_account_is_searched_alone_until_tab(db: Database) -> None:
    app = WorkbenchApp(db.path, today=TODAY, config=Config(me="ana", db=db.path))
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause(0.2)
        seen = await typed(app, pilot, "enter", "W", "庭")
        assert " found" in seen[0]
        assert "· 1 found" in seen[0]
        assert "in all" not in seen[0]
        assert "庭園" in seen[3]  # far down in a note: the row shows the part that has it
        seen = await typed(app, pilot, "tab")
        assert "in all accounts · 2 found" in seen[0]
        seen = await typed(app, pilot, "x")
        assert "Nothing that was written" in seen[3]
        await pilot.press("escape")
        await pilot.pause()
        assert not isinstance(app.screen, SearchScreen)
