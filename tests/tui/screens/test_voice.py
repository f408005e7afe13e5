"""`V` and the tabs of an account: what they say, what waits, how fast they are answered."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.pilot import Pilot

from cs_workbench.config import Config
from cs_workbench.store.database import Database, write
from cs_workbench.store.voice import read_answers
from cs_workbench.tui.app import WorkbenchApp
from cs_workbench.tui.screens.account import AccountScreen
from tests.factories import (
    TODAY,
    add_account,
    add_contact,
    add_summary,
    add_survey,
    add_ticket,
    insert,
    portfolio,
)

LONG = "We waited three weeks for an answer, and then it was for somebody else. 三週間待ちました。"


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    with portfolio(tmp_path) as opened:
        with write(opened) as pen:
            for number, name in enumerate(("Kestrel Logistics GmbH", "Harlow & Finch")):
                key = add_account(pen, name[:3], name=name)
                add_summary(pen, key, band="red", arr_minor=41_200_000 if number == 0 else 100)
                lena = add_contact(pen, key, name="Lena Voss", contact_id=f"c{number}")
                asked = {"contact_id": lena, "answered_on": "2026-11-10", "kind": "nps"}
                add_survey(pen, key, **asked, score=2 + 7 * number, comment=LONG)
                opened_at = {"opened_at": "2026-11-02T09:00:00Z", "priority": "urgent"}
                add_ticket(pen, key, **opened_at, subject="Sync fails", driver="bug")
            row = {"mention_id": "m1", "source": "G2", "said_on": "2026-11-01", "text": "slow"}
            insert(pen, "mention", {**row, "severity": "high", "sentiment": 2})
        yield opened


def lines(app: WorkbenchApp) -> list[str]:
    return [strip.text.rstrip() for strip in app.screen._compositor.render_strips()]


async def pressed(app: WorkbenchApp, pilot: Pilot[None], *keys: str) -> str:
    await pilot.press(*keys)
    for _ in range(3):
        await pilot.pause()
        for worker in [one for one in app.workers if one.group in {"voice", "peers", "writes"}]:
            await worker.wait()
    await pilot.pause()
    return "\n".join(lines(app))


async def test_what_waits_is_read_answered_and_taken_back(db: Database) -> None:
    app = WorkbenchApp(db.path, today=TODAY, config=Config(me="ana", db=db.path))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause(0.2)
        seen = await pressed(app, pilot, "V")
        assert "+0  too few to tell" in seen
        assert "Waiting for an answer · 2" in seen
        assert "10 Nov NPS 2 of 10  Kestrel Logistics GmbH · 412k" in seen
        assert "三週間待ちました" in seen  # whole, on a line of its own
        seen = await pressed(app, pilot, "d")
        assert "Waiting for an answer · 1" in seen
        found = read_answers(db, since=TODAY - dt.timedelta(90), until=TODAY, account_key=1)
        assert [one.replied_on for one in found] == [TODAY]
        assert "Waiting for an answer · 2" in await pressed(app, pilot, "z")
        await pressed(app, pilot, "o")
        assert isinstance(app.screen, AccountScreen)


async def test_every_part_tells_its_own(db: Database) -> None:
    app = WorkbenchApp(db.path, today=TODAY, config=Config(me="ana", db=db.path))
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause(0.2)
        assert "No complaint is open." in await pressed(app, pilot, "V", "tab")
        assert "2 from 2 accounts · 1 unhappy" in await pressed(app, pilot, "tab")
        assert "×" in await pressed(app, pilot, "tab")
        assert "G2 2026-11-01" in "\n".join(lines(app))
        assert "Everybody was heard of." in await pressed(app, pilot, "tab")
        assert "First answer" in await pressed(app, pilot, "tab")
        assert "Open tickets · 2 late, 0 in time" in await pressed(app, pilot, "tab")
        assert "in   1 tickets" in await pressed(app, pilot, "tab")


async def test_an_account_has_tabs_for_its_service_and_its_voice(db: Database) -> None:
    app = WorkbenchApp(db.path, today=TODAY, config=Config(me="ana", db=db.path))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause(0.2)
        seen = await pressed(app, pilot, "enter", "shift+tab", "shift+tab")
        assert "[Voice]" in seen
        assert "NPS 2 of 10  Lena Voss" in seen
        assert "not answered" in seen
        seen = await pressed(app, pilot, "shift+tab")
        assert "[Service]" in seen
        assert "Sync fails" in seen
        assert "late" in seen
