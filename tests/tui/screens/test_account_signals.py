import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widget import Widget
from textual.widgets import Input, OptionList

from cs_workbench.store.database import Database, write
from cs_workbench.store.signals import list_signals
from cs_workbench.tui.screens.account import AccountScreen
from cs_workbench.tui.screens.account_signals import SignalsForm
from tests.factories import TODAY, insert
from tests.tui.pages import HOSTILE, SIZES, PageApp, picture, story


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    with story(tmp_path) as made:
        yield made


async def settled(pilot: Pilot[str | None]) -> None:
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()


async def opened(app: PageApp, pilot: Pilot[str | None], *keys: str) -> None:
    app.push_screen(AccountScreen(app.session, 1))
    await settled(pilot)
    await pilot.press(*keys)
    await settled(pilot)


def stands_on(app: PageApp, kind: type[AccountScreen] | type[SignalsForm]) -> bool:
    return isinstance(app.screen, kind)


def stands_in(app: PageApp, kind: type[Widget]) -> bool:
    return isinstance(app.focused, kind)


def speaking(db: Database) -> list[str]:
    return [one.kind for one in list_signals(db, today=TODAY, account_key=1)]


@pytest.mark.parametrize("size", SIZES)
async def test_the_page_lists_them_under_open(db: Database, size: tuple[int, int]) -> None:
    app = PageApp(db)
    async with app.run_test(size=size) as pilot:
        await opened(app, pilot)
        text = picture(app)
        assert "Signals" in text
        assert "champion gone" in text


@pytest.mark.parametrize("size", SIZES)
async def test_one_is_dealt_with_and_z_takes_it_back(db: Database, size: tuple[int, int]) -> None:
    app = PageApp(db)
    async with app.run_test(size=size) as pilot:
        await opened(app, pilot, "a")
        before = speaking(db)
        assert stands_on(app, SignalsForm)
        assert "ends when" in picture(app)
        await pilot.press("j", "d", *"spoke with T. Brandt", "enter")
        await settled(pilot)
        assert stands_on(app, AccountScreen)
        done = next(
            one
            for one in list_signals(db, today=TODAY, account_key=1, everything=True)
            if one.resolved_on
        )
        assert (done.resolution, done.resolved_by) == ("spoke with T. Brandt", "ana")
        assert done.kind == before[1]
        assert speaking(db) == [before[0], *before[2:]]
        await pilot.press("z")
        await settled(pilot)
        assert speaking(db) == before


async def test_one_is_silent_until_a_day_and_shown_so(db: Database) -> None:
    app = PageApp(db)
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(app, pilot, "a", "s")
        count = len(speaking(db))
        await pilot.press(*"fri", "enter")
        await settled(pilot)
        assert stands_on(app, AccountScreen)
        assert len(speaking(db)) == count - 1
        snoozed = list_signals(db, today=TODAY, account_key=1, everything=True)
        assert [one.snoozed_until for one in snoozed if one.snoozed_until] == [
            dt.date(2026, 11, 27)
        ]
        assert f"acts on {count - 1} signal" in picture(app)
        await pilot.press("a", "G")
        assert "silent until 27 Nov" in picture(app)


async def test_what_cannot_be_is_said_in_the_form(db: Database) -> None:
    app = PageApp(db)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(app, pilot, "a")
        before = speaking(db)
        for keys, said in (
            ("d", "Say why in one line"),
            ("s", "Until which day?"),
            ("stoday", "is not ahead"),
            ("ssoon", "is not a date"),
        ):
            assert said not in picture(app)
            await pilot.press(*keys, "enter")
            await settled(pilot)
            assert stands_on(app, SignalsForm)
            assert said in picture(app)
            assert speaking(db) == before
            await pilot.press("escape")


async def test_esc_peels_the_field_before_the_form(db: Database) -> None:
    app = PageApp(db)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(app, pilot, "a", "d")
        assert stands_in(app, Input)
        await pilot.press("escape")
        assert stands_on(app, SignalsForm)
        assert stands_in(app, OptionList)
        await pilot.press("escape")
        assert stands_on(app, AccountScreen)


async def test_an_account_without_signals_says_so(db: Database) -> None:
    with write(db) as pen:
        pen.execute("DELETE FROM signal")
    app = PageApp(db)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(app, pilot, "a")
        assert stands_on(app, AccountScreen)
        (notice,) = app._notifications
        assert notice.message == "There is no open signal on this account."


@pytest.mark.parametrize("size", SIZES)
async def test_a_hostile_signal_is_text(db: Database, size: tuple[int, int]) -> None:
    with write(db) as pen:
        row = {
            "signal_id": "s-hostile",
            "account_key": 1,
            "kind": HOSTILE,
            "reason": HOSTILE,
            "severity": "high",
            "evidence": HOSTILE,
            "resolves_when": HOSTILE,
            "opened_on": "2026-11-23",
            "last_seen_on": "2026-11-23",
        }
        insert(pen, "signal", row)
    app = PageApp(db)
    async with app.run_test(size=size) as pilot:
        await opened(app, pilot)
        assert "\x1b" not in picture(app)
        await pilot.press("a")
        await settled(pilot)
        assert "ACME [/foo] [@click" in picture(app)
        assert "\x1b" not in picture(app)
        assert "\u202e" not in picture(app)
