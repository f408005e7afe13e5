import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Input, OptionList
from textual.worker import WorkerCancelled

from cs_workbench.config import own_scorecard
from cs_workbench.core.glyphs import ASCII
from cs_workbench.core.scorecards import PointMap
from cs_workbench.store.database import Database, open_database, write
from cs_workbench.store.health import load_score
from cs_workbench.tui.screens.account import AccountScreen
from cs_workbench.tui.screens.menu import Menu
from cs_workbench.tui.screens.what_if import WhatIf
from cs_workbench.workflows.scorecards import scorecard_at
from cs_workbench.workflows.scoring import default_scorecard, refresh
from tests.factories import TODAY, add_account, add_subscription, add_ticket
from tests.tui.pages import HOSTILE, NARROW, SIZES, WIDE, PageApp, picture, story
from tests.workflows.test_scoring import steady

IDS = [one.measure_id for one in default_scorecard().measures]
TO_URGENT = ["j"] * IDS.index("open_urgent_tickets")
FIRST = default_scorecard().measures[0]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    with story(tmp_path_factory.mktemp("story")) as made:
        for count in range(3):
            key = steady(made, f"Loud {count} Ltd")
            with write(made) as pen:
                for _ in range(count):
                    add_ticket(pen, key, priority="urgent", opened_at="2026-11-17T09:00:00Z")
        refresh(made, as_of=TODAY, actor="ana")
        made.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return made.path


@pytest.fixture
def db(told: Path, tmp_path: Path) -> Iterator[Database]:
    with open_database(Path(shutil.copy(told, tmp_path))) as opened:
        yield opened


async def settled(pilot: Pilot[str | None]) -> None:
    for _ in range(5):  # a newer reading cancels the one before, which is no failure
        with suppress(WorkerCancelled):
            await pilot.app.workers.wait_for_complete()
            break
    await pilot.pause()


async def opened(app: PageApp, pilot: Pilot[str | None], *keys: str) -> None:
    app.push_screen(AccountScreen(app.session, 1))
    await settled(pilot)
    await pilot.press("w")
    await settled(pilot)
    for key in keys:
        await pilot.press(key)
    await settled(pilot)


def stands_on(app: PageApp, kind: type[Screen[Any]]) -> bool:
    return isinstance(app.screen, kind)


def stored(db: Database) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in db.connection.execute("SELECT * FROM score ORDER BY 1, 2")]


@pytest.mark.parametrize("size", SIZES)
async def test_a_weight_moves_the_score_and_the_bands_and_nothing_is_saved(
    db: Database, size: tuple[int, int]
) -> None:
    app = PageApp(db)
    before = stored(db)
    async with app.run_test(size=size) as pilot:
        await opened(app, pilot)
        text = picture(app)
        assert "What if · Kestrel Logistics GmbH" in text
        assert "as it is" in text
        assert "none would change band" in text
        await pilot.press(*TO_URGENT, "w", *"900", "enter")
        await settled(pilot)
        text = picture(app)
        assert "8 → 900" in text
        for listed in app.screen.query(OptionList):  # a line each, scrolled or not
            assert listed.virtual_size.height == listed.option_count
        assert "All 5  ■ 0 → 3" in text
        assert "Loud 2 Ltd" in text
        assert "Loud 0 Ltd" not in text
        await pilot.press("d")
        await settled(pilot)
        assert "none would change band" in picture(app)
        await pilot.press("escape")
        assert stands_on(app, AccountScreen)
    assert stored(db) == before
    assert not own_scorecard().exists()


async def test_a_value_is_the_accounts_alone(db: Database) -> None:
    app = PageApp(db)
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(app, pilot, "v", *"10 %", "enter")
        text = picture(app)
        assert FIRST.measure_id == "usage_level"
        assert "71 % → 10 %" in text
        assert "1 would change band" in text
        await pilot.press("v", "question_mark", "enter")
        await settled(pilot)
        assert "71 % → ?" in picture(app)
        await pilot.press("ctrl+s")
        assert stands_on(app, WhatIf)
        assert [one.message for one in app._notifications] == [
            "No weight or map was changed: a scorecard keeps these, not values."
        ]


async def test_what_cannot_be_is_said_beside_the_field(db: Database) -> None:
    app = PageApp(db)
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(app, pilot)
        for keys, said in (("wx", "whole number"), ("w0", "weight"), ("vsoon", "is no value")):
            await pilot.press(*keys, "enter")
            await settled(pilot)
            assert isinstance(app.focused, Input)
            lines = picture(app).splitlines()
            line = next(line for line in lines if " of usage to own best" in line)
            assert said in line.split("best", 1)[1]
            await pilot.press("escape")
            assert "none would change band" in picture(app)


async def test_the_weights_are_kept_only_on_demand_and_the_next_refresh_uses_them(
    db: Database,
) -> None:
    app = PageApp(db)
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(app, pilot, "w", *"40", "enter", "ctrl+s")
        assert stands_on(app, Menu)
        await pilot.press("escape")
        assert not own_scorecard().exists()
        await pilot.press("ctrl+s", "s")
        await settled(pilot)
        assert stands_on(app, AccountScreen)
        card = scorecard_at(own_scorecard())
        assert card.measures[0].weight == 40
        assert [one.weight for one in card.measures[1:]] == [
            one.weight for one in default_scorecard().measures[1:]
        ]
        assert any("The next refresh (r) uses it" in one.message for one in app._notifications)
        await pilot.press("r")
        await settled(pilot)
        await settled(pilot)
    assert load_score(db, 1).as_of == TODAY
    assert load_score(db, 1).scorecard.origin == card.origin


async def test_ones_own_scorecard_is_replaced_and_kept(db: Database) -> None:
    own_scorecard().parent.mkdir(parents=True)
    mine = default_scorecard().text.replace(f"weight = {FIRST.weight}", "weight = 30", 1)
    own_scorecard().write_text(mine)
    app = PageApp(db)
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(app, pilot, "w", *"40", "enter")
        assert "30 → 40" in picture(app)
        await pilot.press("ctrl+s", "s")
        await settled(pilot)
    assert scorecard_at(own_scorecard()).measures[0].weight == 40
    (kept,) = own_scorecard().parent.glob("scorecard-before-*.toml")
    assert kept.read_text() == mine


async def test_leaving_asks_before_weights_are_forgotten(db: Database) -> None:
    app = PageApp(db)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(app, pilot, "w", *"40", "enter", "escape")
        assert stands_on(app, Menu)
        await pilot.press("d")
        await settled(pilot)
        assert stands_on(app, AccountScreen)
    assert not own_scorecard().exists()


async def test_an_account_that_would_move_is_opened_and_left_again(db: Database) -> None:
    app = PageApp(db)
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(app, pilot, *TO_URGENT, "w", *"900", "enter")
        await pilot.press("tab")
        assert app.focused is app.screen.query_one("#moves", OptionList)
        await pilot.press("j", "enter")
        await settled(pilot)
        assert stands_on(app, AccountScreen)
        assert "Loud" in picture(app)
        await pilot.press("escape")
        await settled(pilot)
        assert stands_on(app, WhatIf)
        assert "8 → 900" in picture(app)


async def test_a_former_customer_has_nothing_to_try(db: Database) -> None:
    with write(db) as pen:
        key = add_account(pen, "gone")
        add_subscription(pen, key, end_date="2026-01-31")
    app = PageApp(db)
    async with app.run_test(size=(80, 24)) as pilot:
        app.push_screen(WhatIf(app.session, key))
        await settled(pilot)
        assert not stands_on(app, WhatIf)
        (notice,) = app._notifications
        assert "no customer any more" in notice.message


async def test_hostile_names_are_text_in_letters_too(db: Database) -> None:
    with write(db) as pen:
        pen.execute("UPDATE account SET name = ?", (HOSTILE,))
    app = PageApp(db, glyphs=ASCII)
    async with app.run_test(size=NARROW) as pilot:
        await opened(app, pilot, *TO_URGENT, "w", *"900", "enter")
        for size in (NARROW, WIDE):
            await pilot.resize_terminal(*size)
            await settled(pilot)
            text = picture(app)
            assert "ACME [/foo]" in text
            assert "would change band" in text
            assert "→" not in text
            assert "\x1b" not in text
            assert "\u202e" not in text


async def test_a_map_is_tried_kept_and_refused_beside_the_field(db: Database) -> None:
    app = PageApp(db)
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(app, pilot, "m")
        field = app.screen.query_one(Input)
        assert field.value == "30 %: 0, 60 %: 40, 95 %: 100"
        assert field.value in picture(app)
        await pilot.press("end", "backspace", "backspace", "backspace", *"90", "enter")
        await settled(pilot)
        assert "as it is" not in picture(app)
        await pilot.press("m")
        field.value = "30 %: 0, 60 %: much, 95 %: 100"
        await pilot.press("enter")
        assert "are no points" in picture(app)
        field.value = "30 %: 0, 60 %: 100"
        await pilot.press("enter")
        await settled(pilot)
        assert "as it is" not in picture(app)
        await pilot.press("ctrl+s", "s")
        await settled(pilot)
    assert scorecard_at(own_scorecard()).measures[0].worth == PointMap(
        (300_000, 600_000), (0, 1_000_000)
    )
