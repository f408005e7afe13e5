from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from cs_workbench.store.database import Database
from cs_workbench.tui.screens.account import AccountScreen
from cs_workbench.tui.screens.what_changed import WhatChanged
from cs_workbench.tui.widgets.date_input import DateInput
from tests.tui.pages import PageApp, picture, story

NARROW = (80, 24)


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    with story(tmp_path) as made:
        yield made


async def settled(pilot: Pilot[str | None]) -> None:
    await pilot.pause()  # a message may be about to start a worker
    while list(pilot.app.workers):
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()
    await pilot.pause()


async def test_x_on_the_page_compares_with_four_weeks_ago(db: Database) -> None:
    app = PageApp(db)
    async with app.run_test(size=NARROW) as pilot:
        page = AccountScreen(app.session, 1)
        app.push_screen(page)
        await settled(pilot)
        await pilot.press("x")
        await settled(pilot)
        assert isinstance(app.screen, WhatChanged)
        text = picture(app)
        assert "What changed · Kestrel Logistics GmbH" in text
        assert "Mon 26 Oct 2026" in text
        assert "in 28 days" in text
        await pilot.press("escape")
        await settled(pilot)
        assert isinstance(app.screen_stack[-1], AccountScreen)


async def test_another_day_is_typed_as_everywhere(db: Database) -> None:
    app = PageApp(db)
    async with app.run_test(size=NARROW) as pilot:
        app.push_screen(WhatChanged(app.session, 1))
        await settled(pilot)
        await pilot.press("tab")
        app.screen.query_one("#since", DateInput).text = "-7"
        await settled(pilot)
        assert "in 7 days" in picture(app)
        await pilot.press("escape")  # from the field
        assert isinstance(app.screen, WhatChanged)
        await pilot.press("escape")
        assert not isinstance(app.screen, WhatChanged)


@pytest.mark.parametrize(
    ("since", "now", "said"),
    [
        ("2026-11-23", "2026-11-20", "The first day has to be before the second one."),
        ("2026-11-20", "+7", "no past day"),
    ],
)
async def test_days_that_cannot_be_compared_say_why(
    db: Database, since: str, now: str, said: str
) -> None:
    app = PageApp(db)
    async with app.run_test(size=NARROW) as pilot:
        app.push_screen(WhatChanged(app.session, 1))
        await settled(pilot)
        app.screen.query_one("#since", DateInput).text = since
        app.screen.query_one("#now", DateInput).text = now
        await settled(pilot)
        assert said in picture(app)


@pytest.mark.parametrize(
    ("typed", "day"),
    [("-28", "Mon 26 Oct 2026"), ("fri", "Fri 20 Nov 2026"), ("12 oct", "Mon 12 Oct 2026")],
)
async def test_a_day_without_a_year_is_the_last_one(db: Database, typed: str, day: str) -> None:
    app = PageApp(db)
    async with app.run_test(size=NARROW) as pilot:
        app.push_screen(WhatChanged(app.session, 1))
        await settled(pilot)
        app.screen.query_one("#since", DateInput).text = typed
        for _ in range(100):
            await settled(pilot)
            (then,) = [line for line in picture(app).splitlines() if line.startswith(" Then")]
            if day in then:
                break
        assert day in then
        assert day in picture(app).split("to 2026-11-23")[0]


async def test_enter_on_a_day_to_come_says_why_not(db: Database) -> None:
    app = PageApp(db)
    async with app.run_test(size=NARROW) as pilot:
        app.push_screen(WhatChanged(app.session, 1))
        await settled(pilot)
        field = app.screen.query_one("#now", DateInput)
        field.text = "+7"
        field.query_one(Input).focus()
        await pilot.press("enter")
        await settled(pilot)
        assert "Mon 30 Nov 2026 is still to come." in picture(app)


async def test_keys_go_from_refresh_to_refresh(db: Database) -> None:
    app = PageApp(db)
    async with app.run_test(size=NARROW) as pilot:
        app.push_screen(WhatChanged(app.session, 1))
        await settled(pilot)
        await pilot.press("comma")
        await settled(pilot)
        assert "from 2026-10-19" in picture(app)
        await pilot.press("full_stop", "full_stop", "less_than_sign")
        await settled(pilot)
        text = picture(app)
        assert "from 2026-11-02" in text
        assert "to 2026-11-16" in text
        assert "in 14 days" in text
        await pilot.press(*["greater_than_sign"] * 5)  # beyond the newest there is none
        await settled(pilot)
        assert "to 2026-11-23" in picture(app)


async def test_an_account_with_nothing_but_a_hostile_name(db: Database) -> None:
    app = PageApp(db)
    async with app.run_test(size=NARROW) as pilot:
        app.push_screen(WhatChanged(app.session, 2))
        await settled(pilot)
        assert "\x1b" not in picture(app)
        assert app.is_running
