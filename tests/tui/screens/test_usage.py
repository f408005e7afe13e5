"""The usage of one account on the full screen, and the movers of a book."""

import datetime as dt
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from cs_workbench.core.glyphs import ASCII
from cs_workbench.shipped import shipped
from cs_workbench.store.database import Database, open_database, write
from cs_workbench.store.sqlite import Connection
from cs_workbench.tui.screens.account import AccountScreen
from cs_workbench.tui.screens.movers import MoversScreen
from cs_workbench.tui.screens.usage import UsageScreen
from cs_workbench.tui.widgets.chart_canvas import ChartCanvas
from tests.factories import (
    TODAY,
    add_account,
    add_contact,
    add_person,
    add_subscription,
    add_usage,
    insert,
    portfolio,
)
from tests.tui.pages import PageApp

WEEKS = 60
FIRST = TODAY - dt.timedelta(7 * WEEKS)
PATTERN = (40, 42, 39, 41, 38, 6, 4)
SIZE = (80, 24)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    with portfolio(tmp_path_factory.mktemp("usage")) as db:
        with write(db) as pen:
            add_person(pen)
            add_person(pen, "jon", name="Jon")
            for number in range(12):
                _account(pen, number)
        db.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return db.path


def _account(pen: Connection, number: int) -> None:
    """Kestrel falls in its last three weeks, Dispatch most; all others are steady."""
    name = "Kestrel Logistics GmbH" if number == 0 else f"Steady {number}"
    csm = "ana" if number < 7 else "jon"
    key = add_account(pen, f"a{number}", name=name, csm=csm, region="EMEA", segment="smb")
    factors = [1.0] * WEEKS if number else [1.0] * (WEEKS - 3) + [0.5, 0.3, 0.3]
    add_usage(pen, key, FIRST, [round(day * f) for f in factors for day in PATTERN])
    if number == 0:
        add_usage(pen, key, FIRST, [9.0 * f for f in factors for _ in PATTERN], "logins")
        dispatch = [round(day * f * f / 2) for f in factors for day in PATTERN]
        add_usage(pen, key, FIRST, dispatch, "active_users/Dispatch")
        add_subscription(pen, key, product="Platform", start_date="2026-06-01")
        add_contact(pen, key, role="champion", left_on="2026-11-10")
        known = {"account_key": key, "author": "ana", "severity": "high"}
        outage = {"incident_id": "i", "shared": "s", "what": "outage", "began_on": "2026-11-04"}
        insert(pen, "incident", {**known, **outage})
        written = (shipped("playbooks") / "check-in.yaml").read_text("utf-8")
        text = {"hash": "h", "playbook_id": "check-in", "version": 1, "title": "Check-in"}
        insert(pen, "playbook_text", {**text, "text": written})
        play = {"play_id": "p", "account_key": key, "playbook_id": "check-in", "version": 1}
        begun = {"playbook_hash": "h", "state": "active", "started_on": "2026-11-18"}
        insert(pen, "play", {**play, **begun})


@pytest.fixture
def db(made: Path, tmp_path: Path) -> Iterator[Database]:
    with open_database(Path(shutil.copy(made, tmp_path))) as opened:
        yield opened


def text(app: PageApp) -> str:
    strips = app.screen._compositor.render_strips()
    return "\n".join(strip.text for strip in strips)


async def settled(pilot: Pilot[Any]) -> None:
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()


async def test_u_shows_what_fell_the_peers_the_teams_and_what_happened(db: Database) -> None:
    app = PageApp(db)
    async with app.run_test(size=(120, 40)) as pilot:
        app.push_screen(AccountScreen(app.session, 1))
        await settled(pilot)
        await pilot.press("u")
        await settled(pilot)
        shown = text(app)
        assert "Kestrel Logistics GmbH · usage  1/2" in shown
        assert "! active users fell from 30 to" in shown
        assert "middle half of 11 peers (emea smb)" in shown
        assert "week to Sun 22 Nov 2026" in shown
        assert "(peers 30–30)" in shown
        assert "Who stopped?" in shown
        assert "Dispatch" in shown
        assert "26 weeks: " in shown
        assert "P play began: Check-in" in shown
        await pilot.press("left", "left")
        assert "week to Sun 8 Nov 2026" in text(app)
        assert "I incident: outage" in text(app)
        await pilot.press("right")
        assert "C champion Lena Voss left" in text(app)
        await pilot.press("escape")
        assert isinstance(app.screen, AccountScreen)


async def test_keys_zoom_pan_choose_metrics_and_peers(db: Database) -> None:
    app = PageApp(db)
    async with app.run_test(size=SIZE) as pilot:
        app.push_screen(UsageScreen(app.session, 1))
        await settled(pilot)
        await pilot.press("less_than_sign")
        assert "1 year: 23 Nov 2025" in text(app)
        await pilot.press("greater_than_sign", "greater_than_sign", "greater_than_sign")
        assert "4 weeks: 26 Oct to " in text(app)
        assert "active users by day" in text(app)
        await pilot.press("shift+left")
        assert "to 15 Nov 2026" in text(app)
        await pilot.press("end", "less_than_sign", "m")
        both = text(app)
        assert "active users a day" in both
        assert "logins a day" in both
        await pilot.press("m", "full_stop")
        assert "logins a day" in text(app)
        assert "By team: not imported" in text(app)
        await pilot.press("comma", "v", "v")
        await settled(pilot)
        assert "all accounts" in text(app)
        await pilot.press("v")
        assert "peers" not in text(app).split("usual")[1].split("\n")[0]


async def test_the_mouse_points_zooms_and_drags(db: Database) -> None:
    app = PageApp(db)
    async with app.run_test(size=SIZE) as pilot:
        screen = UsageScreen(app.session, 1)
        app.push_screen(screen)
        await settled(pilot)
        canvas = screen.query_one(ChartCanvas)
        await pilot.click(ChartCanvas, offset=(4, 8))
        assert "week to Sun 31 May 2026" in text(app)
        canvas.post_message(ChartCanvas.Wheeled(1))
        await pilot.pause()
        assert "1 year" in text(app)
        canvas.post_message(ChartCanvas.Wheeled(-1))
        await pilot.press("end")
        await pilot.mouse_down(ChartCanvas, offset=(20, 8))
        await pilot.hover(ChartCanvas, offset=(60, 8))
        await pilot.mouse_up(ChartCanvas, offset=(60, 8))
        assert "to 22 Nov 2026" not in text(app)


async def test_an_account_without_usage_says_so(db: Database) -> None:
    with write(db) as pen:
        key = add_account(pen, "new", name="New")
    app = PageApp(db)
    async with app.run_test(size=SIZE) as pilot:
        app.push_screen(UsageScreen(app.session, key))
        await settled(pilot)
        assert "no usage in the last three years" in text(app)
        await pilot.press("left", "less_than_sign", "v", "m", "full_stop")
        await pilot.click(ChartCanvas, offset=(4, 3))


async def test_movers_show_my_book_the_change_first_and_open_it(db: Database) -> None:
    app = PageApp(db)
    async with app.run_test(size=SIZE) as pilot:
        app.push_screen(MoversScreen(app.session))
        await settled(pilot)
        shown = text(app)
        assert "ana's book" in shown
        assert "1 of 7 moved beyond chance" in shown
        assert "›Kestrel Logistics GmbH" in shown
        assert "fell since 2 Nov" in shown
        await pilot.press("right", "down")
        assert "›Steady 3" in text(app)
        await pilot.press("v")
        await settled(pilot)
        assert "1 of 12 moved beyond chance" in text(app)
        await pilot.press("s", "s")
        assert "rose most" in text(app)
        await pilot.press("s", "s", "enter")
        await settled(pilot)
        assert isinstance(app.screen, UsageScreen)
        await pilot.press("escape", "o")
        await settled(pilot)
        assert isinstance(app.screen, AccountScreen)


async def test_who_has_no_book_sees_all_accounts(db: Database) -> None:
    app = PageApp(db)
    app.session = type(app.session)(db, TODAY, "nobody", ASCII)
    async with app.run_test(size=SIZE) as pilot:
        app.push_screen(MoversScreen(app.session))
        await settled(pilot)
        assert "all accounts" in text(app)
        assert "1 of 12" in text(app)


@pytest.mark.parametrize("kind", ["usage", "movers"])
def test_the_pictures(snap_compare: Any, db: Database, kind: str) -> None:
    app = PageApp(db)

    async def open_it(pilot: Pilot[Any]) -> None:
        made = UsageScreen(app.session, 1) if kind == "usage" else MoversScreen(app.session)
        app.push_screen(made)
        await settled(pilot)

    assert snap_compare(app, terminal_size=SIZE, run_before=open_it)
