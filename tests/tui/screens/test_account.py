from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from cs_workbench.core.glyphs import ASCII
from cs_workbench.store.database import Database, write
from cs_workbench.store.next_steps import NextStep, read_next_steps
from cs_workbench.tui.screens.account import AccountScreen
from cs_workbench.tui.screens.next_step import NextStepForm
from cs_workbench.tui.widgets.pane import Pane
from cs_workbench.tui.widgets.tab_line import TabLine
from cs_workbench.workflows.next_steps import set_next_step
from tests.factories import TODAY
from tests.tui.pages import HOSTILE, PageApp, picture, story

WIDE, NARROW, LARGE = (120, 40), (80, 24), (200, 60)


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    with story(tmp_path) as made:
        yield made


async def opened(app: PageApp, pilot: Pilot[str | None], account_key: int = 1) -> AccountScreen:
    screen = AccountScreen(app.session, account_key)
    app.push_screen(screen)
    await app.workers.wait_for_complete()
    await pilot.pause()
    return screen


def shown(app: PageApp) -> list[str]:
    """The panes that are visible, by name."""
    return [str(pane.id) for pane in app.screen.query(Pane) if pane.display]


async def test_panes_stand_beside_one_another_where_there_is_room(db: Database) -> None:
    app = PageApp(db)
    async with app.run_test(size=WIDE) as pilot:
        await opened(app, pilot)
        assert shown(app) == ["health", "usage", "open", "timeline", "since"]
        assert not app.screen.query_one(TabLine).display
        text = picture(app)
        for part in ("Kestrel Logistics GmbH", "Sum", "┈", "We owe", "Since you last spoke"):
            assert part in text
        await pilot.resize_terminal(*LARGE)
        await pilot.pause()
        assert shown(app) == ["health", "usage", "people", "open", "timeline", "since"]


async def test_one_pane_at_a_time_where_there_is_none(db: Database) -> None:
    app = PageApp(db)
    async with app.run_test(size=NARROW) as pilot:
        await opened(app, pilot)
        names = []
        for _ in range(12):
            (name,) = shown(app)
            names.append(name)
            assert "Kestrel Logistics GmbH" in picture(app)
            await pilot.press("tab")
        tabs = [
            "open",
            "health",
            "history",
            "usage",
            "timeline",
            "people",
            "plays",
            "goals",
            "service",
            "voice",
            "churn",
            "open",
        ]
        assert names == tabs
        await pilot.press("shift+tab")
        assert shown(app) == ["open"]


async def test_a_click_on_a_tab_opens_it(db: Database) -> None:
    app = PageApp(db)
    async with app.run_test(size=NARROW) as pilot:
        await opened(app, pilot)
        await pilot.click(TabLine, offset=(10, 0))
        await pilot.pause()
        assert shown(app) == ["health"]


async def test_zoom_shows_one_pane_and_esc_peels_it_before_it_leaves(db: Database) -> None:
    app = PageApp(db)
    async with app.run_test(size=WIDE) as pilot:
        screen = await opened(app, pilot)
        await pilot.press("plus")
        assert shown(app) == ["open"]
        assert app.focused is not None
        assert app.focused.id == "open"
        await pilot.press("escape")
        assert "health" in shown(app)
        assert app.screen is screen
        await pilot.press("tab", "plus", "plus", "escape")
        assert app.screen is not screen


async def test_the_history_is_read_day_by_day_and_zoomed(db: Database) -> None:
    app = PageApp(db)
    async with app.run_test(size=NARROW) as pilot:
        await opened(app, pilot)
        await pilot.press("h")
        assert "Score  ● 70.0 green  Mon 23 Nov 2026" in picture(app)
        await pilot.press("left", "left", "greater_than_sign")
        text = picture(app)
        assert "Mon 9 Nov 2026" in text
        assert "26 weeks < >" in text
        await pilot.press("right", "less_than_sign")
        assert "Mon 16 Nov 2026" in picture(app)
        assert "1 year < >" in picture(app)
        await pilot.press("tab", "left", "less_than_sign", "h")  # of no other pane's business
        assert "Mon 16 Nov 2026" in picture(app)
        assert "1 year < >" in picture(app)


async def test_the_usage_chart_is_read_week_by_week(db: Database) -> None:
    app = PageApp(db)
    async with app.run_test(size=NARROW) as pilot:
        await opened(app, pilot)
        await pilot.press("tab", "tab", "tab", "left", "left")
        assert shown(app) == ["usage"]
        assert "week to Mon 9 Nov 2026" in picture(app)
        await pilot.press("right", "right", "right")
        assert "week to" not in picture(app)


async def test_another_metric_and_another_kind_of_events(db: Database) -> None:
    app = PageApp(db)
    async with app.run_test(size=WIDE) as pilot:
        await opened(app, pilot)
        await pilot.press("full_stop")
        assert "api calls a day" in picture(app)
        await pilot.press("comma")
        assert "active users a day" in picture(app)
        await pilot.press("t")
        timeline = picture(app)
        assert "Timeline · t contact" in timeline
        assert "we missed" not in timeline


async def test_ten_thousand_entries_scroll_to_their_end(db: Database) -> None:
    with write(db) as pen:
        pen.executemany(
            "INSERT INTO touchpoint (touchpoint_id, account_key, occurred_at, channel, direction, "
            "summary) VALUES (?, 1, ?, 'email', 'inbound', ?)",
            [(f"n{n}", f"{2010 + n % 10}-01-01T00:00:00Z", f"entry {n}") for n in range(10_000)],
        )
    app = PageApp(db)
    async with app.run_test(size=NARROW) as pilot:
        await opened(app, pilot)
        await pilot.press("slash", "enter", "G")
        await pilot.pause()
        assert "entry" in picture(app)
        pane = app.screen.query_one("#timeline", Pane)
        assert pane.scroll_offset.y == pane.virtual_size.height - pane.size.height
        await pilot.press("g", "j")
        await pilot.pause()
        assert pane.scroll_offset.y == 1


async def test_opening_it_marks_it_as_seen(db: Database) -> None:
    app = PageApp(db)
    async with app.run_test(size=NARROW) as pilot:
        await opened(app, pilot)
        rows = db.connection.execute("SELECT actor, account_key FROM account_seen").fetchall()
        assert [tuple(row) for row in rows] == [("ana", 1)]


@pytest.mark.parametrize("size", [WIDE, NARROW, pytest.param(LARGE, marks=pytest.mark.deep)])
async def test_hostile_names_are_shown_and_do_nothing(db: Database, size: tuple[int, int]) -> None:
    app = PageApp(db)
    async with app.run_test(size=size) as pilot:
        set_next_step(db, [2], text=HOSTILE, owner=HOSTILE, due=None, actor="ana", today=TODAY)
        screen = await opened(app, pilot, 2)
        text = picture(app)
        assert "ACME [/foo] [@cl" in text
        assert "\x1b" not in text
        assert "\u202e" not in text
        for y in range(size[1] - 1):  # the last line's hints are keys
            await pilot.click(offset=(8, y))
        assert app.screen is screen


async def test_the_next_step_is_set_shown_and_undone(db: Database) -> None:
    app = PageApp(db)
    async with app.run_test(size=WIDE) as pilot:
        await opened(app, pilot)
        await pilot.press("n")
        assert isinstance(app.screen, NextStepForm)
        app.screen.query_one("#text", Input).value = "call T. Brandt"
        await pilot.press("tab", "f", "r", "i")
        assert "Fri 27 Nov 2026" in picture(app)
        await pilot.press("enter")
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert isinstance(app.screen, AccountScreen)
        assert "call T. Brandt · Fri" in picture(app)
        await pilot.press("z")
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert "none yet: n sets it" in picture(app)
    assert read_next_steps(db, [1])[0].step == NextStep()


async def test_an_account_that_is_gone_says_so_and_leaves(db: Database) -> None:
    app = PageApp(db)
    async with app.run_test(size=NARROW) as pilot:
        app.push_screen(AccountScreen(app.session, 99))
        await pilot.pause()
        assert not isinstance(app.screen, AccountScreen)
        assert [notice.message for notice in app._notifications] == [
            "This account is gone. Refresh the list."
        ]


async def test_letters_for_terminals_that_draw_badly(db: Database) -> None:
    app = PageApp(db, glyphs=ASCII)
    async with app.run_test(size=NARROW) as pilot:
        await opened(app, pilot)
        await pilot.press("tab", "tab")
        text = picture(app)
        assert "⠤" not in text
        assert "*" in text


async def test_the_timeline_is_searched_while_typing_and_esc_peels(db: Database) -> None:
    app = PageApp(db)
    async with app.run_test(size=NARROW) as pilot:
        screen = await opened(app, pilot)
        await pilot.press("slash", *"SYNC")
        await pilot.pause()
        text = picture(app)
        assert "1 found" in text
        assert "sync fails" in text
        assert "#8533 closed" not in text
        await pilot.press("enter")
        await pilot.pause()
        assert shown(app) == ["timeline"]
        assert app.focused is not None
        assert app.focused.id == "timeline"
        await pilot.press("slash", *" nowhere")
        await pilot.pause()
        assert "nothing that happened has these words" in picture(app)
        await pilot.press("escape")  # the text
        await pilot.pause()
        assert "#8533 closed" in picture(app)
        await pilot.press("escape")  # the line
        await pilot.pause()
        assert app.screen is screen
        await pilot.press("t")
        assert "[Timeline · contact]" in picture(app)  # else nobody knows that others are hidden
        await pilot.press("slash", *"sso")
        await pilot.pause()
        assert "0 found · t contact" in picture(app)
        await pilot.press("escape", "escape")
        while "[Timeline]" not in picture(app):
            await pilot.press("t")
        await pilot.press("slash", *"sso", "down", "escape")  # the search that was left standing
        await pilot.pause()
        assert app.screen is screen
        assert "sync fails" in picture(app)
        await pilot.press("escape")
        await pilot.pause()
        assert app.screen is not screen


async def test_a_search_in_a_wide_window_keeps_the_field(db: Database) -> None:
    app = PageApp(db)
    async with app.run_test(size=WIDE) as pilot:
        await opened(app, pilot)
        await pilot.press("slash", *"lena")
        await pilot.resize_terminal(*LARGE)
        await pilot.press(*" voss")
        await pilot.pause()
        assert app.screen.query_one("SearchBar Input", Input).value == "lena voss"
        assert "Timeline · t all · /lena voss" in picture(app)


async def test_scoring_from_the_page_shows_the_new_score(db: Database) -> None:
    with write(db) as pen:
        pen.execute("DELETE FROM score WHERE as_of = ?", (TODAY.isoformat(),))
        pen.execute("DELETE FROM ticket")
    app = PageApp(db)
    async with app.run_test(size=WIDE) as pilot:
        await opened(app, pilot)
        before = picture(app)
        assert "scored as of" in before
        await pilot.press("r")
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert not app.screen.query("WorkLine")
        assert "scored as of" not in picture(app)
        assert any("accounts scored" in str(one.message) for one in app._notifications)
