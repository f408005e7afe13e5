"""`V` and the tabs of an account: what they say, what waits, how fast they are answered."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import OptionList

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


async def test_figures_stand_around_the_day_of_a_change(db: Database) -> None:
    with write(db) as pen:
        for place in range(12):  # six before, unhappy; six from the very day on, happy
            day = dt.date(2026, 10, 1) + dt.timedelta(place - 6)
            score = {"kind": "csat", "score": 1 if place < 6 else 5, "contact_id": None}
            add_survey(pen, 1, answered_on=day.isoformat(), **score)
        for key, what in ((1, LONG), (2, LONG), (2, "price")):
            row = {"imposed_change_id": f"i{key}{what[0]}", "account_key": key, "kind": "support"}
            days = {"announced_on": "2026-09-01", "effective_on": "2026-10-01"}
            insert(pen, "imposed_change", {**row, **days, "what": what, "author": "ana"})
    app = WorkbenchApp(db.path, today=TODAY, config=Config(me="ana", db=db.path))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause(0.2)
        seen = await pressed(app, pilot, "V", "tab")
        assert "Thu 1 Oct 2026 · 90 d before and after, 54 of them over · 2 accounts it hit" in seen
        assert "CSAT  0 %  n 6" in seen
        assert "100 %  n 6      +100 " in seen
        assert "too few answers to tell" in seen  # of NPS
        assert "1 Oct  support: We waited" in seen
        assert "2 accounts" in seen
        seen = await pressed(app, pilot, "j", "enter")  # one that hit nobody who answered
        assert "1 account it hit" in seen
        assert "CSAT  unknown  n 0" in seen
        seen = await pressed(app, pilot, "c", *"2 oct", "enter")
        assert "Fri 2 Oct 2026" in seen
        assert "CSAT  14 %  n 7" in seen
        await pressed(app, pilot, "c", *"+3", "enter")
        assert [one.message for one in app._notifications] == ["Thu 26 Nov 2026 is still to come."]
        assert "Thu 1 Oct 2026" in await pressed(app, pilot, "k", "enter")
        seen = await pressed(app, pilot, "slash", *"harlow", "enter")
        assert "Voice and service · Harlow & Finch" in seen
        assert "CSAT  unknown  n 0" in seen  # all twelve are the other's
        seen = await pressed(app, pilot, "shift+tab")
        assert "Kestrel" not in seen
        assert "Waiting for an answer · 1" in seen
        seen = await pressed(app, pilot, "escape", "tab")
        assert "whole book" in seen
        assert "CSAT  0 %  n 6" in seen


async def test_every_part_tells_its_own(db: Database) -> None:
    app = WorkbenchApp(db.path, today=TODAY, config=Config(me="ana", db=db.path))
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause(0.2)
        assert "No change is known here yet" in await pressed(app, pilot, "V", "tab")
        assert "No complaint is open." in await pressed(app, pilot, "tab")
        assert "2 from 2 accounts · 1 unhappy" in await pressed(app, pilot, "tab")
        assert "×" in await pressed(app, pilot, "tab")
        assert "G2 2026-11-01" in "\n".join(lines(app))
        assert "“slow”" in "\n".join(lines(app))
        assert "Everybody was heard of." in await pressed(app, pilot, "tab")
        assert "First answer" in await pressed(app, pilot, "tab")
        assert app.screen.query_one(OptionList).highlighted is not None  # so that keys scroll
        assert "Open tickets · 2 late, 0 in time" in await pressed(app, pilot, "tab")
        assert "in   1 tickets" in await pressed(app, pilot, "tab")


async def test_an_account_has_tabs_for_its_service_and_its_voice(db: Database) -> None:
    app = WorkbenchApp(db.path, today=TODAY, config=Config(me="ana", db=db.path))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause(0.2)
        seen = await pressed(app, pilot, "enter", "shift+tab", "shift+tab")
        assert "[Voice]" in seen
        assert "NPS 2 of 10  Lena Voss" in seen
        assert "waits 13 d" in seen
        seen = await pressed(app, pilot, "shift+tab")
        assert "[Service]" in seen
        assert "Sync fails" in seen
        assert "late" in seen
