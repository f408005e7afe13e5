"""Pages of accounts for the tests of their widgets, from a portfolio that tells a story."""

import datetime as dt
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from textual.app import App
from textual.pilot import Pilot

from cs_workbench.core.account_page import AccountPage
from cs_workbench.core.glyphs import UNICODE, Glyphs
from cs_workbench.store.account_page import load_account_page
from cs_workbench.store.database import Database, open_database, write
from cs_workbench.store.sqlite import Connection
from cs_workbench.tui.line_filters import Harmless
from cs_workbench.tui.session import Session
from cs_workbench.tui.theme import CSW_DARK
from cs_workbench.workflows.scoring import backfill
from tests.cards import plain_scorecard
from tests.factories import (
    TODAY,
    add_account,
    add_contact,
    add_person,
    add_promise,
    add_subscription,
    add_survey,
    add_ticket,
    add_touchpoint,
    add_usage,
    portfolio,
)

# The keys to every screen, from the list.
WALKS = [
    ["v"],
    ["4"],
    ["4", "x"],
    ["s"],
    ["question_mark"],
    ["colon"],
    ["n"],
    ["space", "space", "n"],
    ["x"],
    ["u"],
    ["U"],
    ["C"],
    ["enter"],
    ["enter", "n"],
    ["enter", "a"],
    ["enter", "u"],
    ["enter", "x"],
    ["enter", "h", "left"],
    ["enter", "w"],
    ["enter", "l", "ctrl+o"],
    ["enter", "P"],
    ["enter", "ctrl+k"],
    ["enter", "b"],
    ["enter", "W", "e", "down"],
    ["V"],
    ["V", "tab"],
    ["enter", "e", "t"],
    ["enter", "e", "g", "1"],
    ["enter", "e", "f", "ctrl+o"],
    ["enter", "tab", "tab", "tab", "plus"],
    ["3"],
    ["3", "f"],
    ["3", "c"],
    ["3", "m"],
    ["5"],
    ["5", "right"],
    ["5", "right", "f"],
    ["enter", "plus", *["shift+tab"] * 2],
    ["enter", "plus", "shift+tab"],
    ["2"],
    ["3", "enter"],
    ["enter", "h"],
    ["enter", "tab", "plus"],
    ["enter", "tab", "tab", "plus"],
    ["enter", "slash", *"call"],
    ["enter", "question_mark"],
]
# A pipeline, a form, a sheet, a page, a chart, feedback.
ONE_OF_EACH_KIND = [["3"], ["n"], ["x"], ["enter", "plus", "shift+tab"], ["enter", "u"], ["V"]]
HOSTILE = "ACME [/foo] [@click=app.bell]x[/] \x1b]52;c;eA==\x07\u202e東京"
DAY = dt.timedelta(1)
# The small window is the harder one; the gate looks at both.
NARROW, WIDE = (80, 24), (120, 40)
SIZES = [NARROW, pytest.param(WIDE, marks=pytest.mark.deep)]


def story(folder: Path) -> Database:
    """Account 1 is Kestrel, whose usage collapsed; account 2 has nothing but a hostile name."""
    path = folder / "portfolio.db"
    path.write_bytes(_told())
    path.chmod(0o600)
    return open_database(path)


@cache
def _told() -> bytes:
    with TemporaryDirectory() as folder, _made(Path(folder)) as db:
        db.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return db.path.read_bytes()


def _made(folder: Path) -> Database:
    db = portfolio(folder)
    with write(db) as pen:
        add_person(pen)
        key = add_account(
            pen,
            "kes-1",
            name="Kestrel Logistics GmbH",
            segment="enterprise",
            region="EMEA",
            csm="ana",
            lifecycle_stage="mature",
            started_on="2023-02-20",
        )
        add_account(pen, "bad-2", name=HOSTILE)
        terms = {"start_date": "2026-03-01", "end_date": "2027-02-28"}
        add_subscription(
            pen, key, product="Platform", plan="Enterprise", arr_minor=38_000_000, **terms
        )
        add_subscription(pen, key, product="API", seats=None, arr_minor=3_200_000, **terms)
        lena = add_contact(pen, key, role="champion", left_on="2026-11-02")
        tom = add_contact(pen, key, name="Tomasz Brandt", role="decision maker", title="COO")
        _events(pen, key, lena, tom)
        levels = [48.0] * 320 + [48.0 - 1.1 * day for day in range(27)]
        gone = range(200, 230)
        values = [None if day in gone else level for day, level in enumerate(levels)]
        add_usage(pen, key, TODAY - 346 * DAY, values)
        add_usage(pen, key, TODAY - 346 * DAY, [level * 210 for level in levels], "api_calls")
    backfill(db, start=TODAY - 42 * DAY, end=TODAY, actor="ana", scorecard=plain_scorecard())
    return db


def _events(pen: Connection, key: int, lena: str, tom: str) -> None:
    at = "2026-11-17T08:00:00Z"
    add_ticket(pen, key, ticket_id="#8812", subject="sync fails", priority="urgent", opened_at=at)
    closed = {"opened_at": "2026-09-10T08:00:00Z", "closed_at": "2026-09-14T09:00:00Z"}
    add_ticket(pen, key, ticket_id="#8533", subject="SSO", **closed)
    add_touchpoint(
        pen, key, contact_id=lena, channel="call", occurred_at="2026-10-31T10:00:00Z", sentiment=2
    )
    mail = {"channel": "email", "direction": "outbound", "occurred_at": "2026-11-10T10:00:00Z"}
    add_touchpoint(pen, key, contact_id=tom, **mail)
    add_survey(pen, key, contact_id=lena, score=9, answered_on="2025-05-13")
    add_promise(pen, key, what="refund of the October overage")
    add_promise(pen, key, what="list of leavers", promised_by="customer", due_on="2026-11-27")


def page_of(db: Database, account_key: int = 1) -> AccountPage:
    """The page as the widgets are given it."""
    return load_account_page(db, account_key, today=TODAY, me="ana")


class PageApp(App[str | None]):
    """The least app that a screen of ours runs in."""

    def __init__(
        self, db: Database, *, glyphs: Glyphs = UNICODE, scorecard: Path | None = None
    ) -> None:
        super().__init__()
        self.session = Session(db, TODAY, "ana", glyphs, scorecard=scorecard)
        self.register_theme(CSW_DARK)
        self.theme = CSW_DARK.name
        self._harmless = Harmless()

    def get_line_filters(self) -> tuple[Harmless, ...]:
        return (self._harmless,)


def picture(app: App[Any]) -> str:
    """Everything on the screen as text."""
    return "\n".join(strip.text for strip in app.screen._compositor.render_strips())


async def gone_back(pilot: Pilot[None]) -> None:
    """Leave whatever was opened or typed, for the accounts."""
    while len(pilot.app.screen_stack) > 1:
        await pilot.press("escape")
        await pilot.pause()
    await pilot.press("escape", "1")
