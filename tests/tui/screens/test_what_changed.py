from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.pilot import Pilot

from cs_workbench.store.database import Database
from cs_workbench.tui.screens.account import AccountScreen
from cs_workbench.tui.screens.what_changed import WhatChanged
from cs_workbench.tui.widgets.date_input import DateInput
from tests.tui.pages import PageApp, story

NARROW = (80, 24)


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    with story(tmp_path) as made:
        yield made


async def settled(pilot: Pilot[str | None]) -> None:
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()


def picture(app: PageApp) -> str:
    return "\n".join(strip.text for strip in app.screen._compositor.render_strips())


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
        ("2026-11-20", "+7", "Nothing is known yet of a day to come."),
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


async def test_an_account_with_nothing_but_a_hostile_name(db: Database) -> None:
    app = PageApp(db)
    async with app.run_test(size=NARROW) as pilot:
        app.push_screen(WhatChanged(app.session, 2))
        await settled(pilot)
        assert "\x1b" not in picture(app)
        assert app.is_running
