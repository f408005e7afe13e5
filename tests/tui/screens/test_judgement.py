import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, OptionList

from cs_workbench.core.glyphs import ASCII, UNICODE, Glyphs
from cs_workbench.store.database import Database, write
from cs_workbench.store.drafts import Draft, load_draft, waiting_drafts
from cs_workbench.store.overrides import list_overrides
from cs_workbench.store.ratings import list_ratings
from cs_workbench.store.standing import standing_override
from cs_workbench.tui.form_draft import SAVE_AFTER
from cs_workbench.tui.screens.account import AccountScreen
from cs_workbench.tui.screens.accounts import AccountsScreen
from cs_workbench.tui.screens.judgement import JudgementForm
from cs_workbench.tui.screens.menu import Menu
from cs_workbench.workflows.judgements import Act, make_override, override_band
from cs_workbench.workflows.scoring import default_scorecard
from tests.core.test_rating_measures import CARD
from tests.factories import TODAY, add_account, add_person, add_summary, portfolio
from tests.tui.pages import DAY, HOSTILE, NARROW, SIZES, WIDE, PageApp, picture


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    with portfolio(tmp_path) as opened:
        with write(opened) as pen:
            add_person(pen)
            for name in ("Kestrel Logistics GmbH", HOSTILE):
                key = add_account(pen, name[:3], name=name)
                scores = {"points_e4": 310_000, "low_e4": 290_000, "high_e4": 370_000}
                add_summary(pen, key, band="red", trend_e4=-230_000, **scores)
        yield opened


def judged(db: Database, key: int = 1, reason: str = "new sponsor met") -> None:
    act = Act(key, "ana", TODAY)
    card, until = default_scorecard(), TODAY + 37 * DAY
    made = make_override(
        act, band="yellow", points_e4=None, reason=reason, until=until, scorecard=card
    )
    override_band(db, act, made)


async def opened(app: PageApp, pilot: Pilot[str | None], key: int = 1, *keys: str) -> None:
    app.push_screen(AccountScreen(app.session, key))
    await settled(app, pilot)
    for one in keys:
        await pilot.press(one)
        await pilot.pause()


async def settled(app: PageApp, pilot: Pilot[str | None]) -> None:
    await pilot.pause()
    for worker in [one for one in app.workers if one.group in {"set", "draft", "seen", "writes"}]:
        await worker.wait()
    await pilot.pause()


@pytest.mark.parametrize("size", SIZES)
async def test_overriding_the_band(db: Database, size: tuple[int, int]) -> None:
    app = PageApp(db)
    async with app.run_test(size=size) as pilot:
        await opened(app, pilot, 1, "e")
        assert isinstance(app.screen, Menu)
        assert "Rate the relationship" in picture(app)
        assert "Withdraw" not in picture(app)
        await pilot.press("o")
        await pilot.pause()
        assert isinstance(app.screen, JudgementForm)
        assert "Wed 23 Dec 2026" in picture(app)
        await pilot.press("y", "enter", *"55", "tab", *"met her", "tab", *"+37", "enter")
        await settled(app, pilot)
        assert isinstance(app.screen, AccountScreen)
        text = picture(app)
    assert f"Ana{' Ruiz' * (size == WIDE)} says ◆ 55 yellow" in text.splitlines()[0]
    found = standing_override(db, 1, TODAY)
    assert found is not None
    assert (found.band, found.points_e4, found.reason) == ("yellow", 550_000, "met her")
    assert found.expires_on == TODAY + 37 * DAY
    assert waiting_drafts(db, "ana") == []


async def test_what_is_missing_is_told_and_nothing_is_lost(db: Database) -> None:
    app = PageApp(db)
    async with app.run_test(size=NARROW) as pilot:
        await opened(app, pilot, 1, "e", "o")
        said = []
        steps = (
            ("ctrl+s",),
            ("y", "ctrl+s"),
            ("tab", "9", "tab", "x", "ctrl+s"),
            ("shift+tab", "backspace", "tab", "tab", *"+91", "ctrl+s"),
        )
        for keys in steps:
            await pilot.press(*keys)
            await settled(app, pilot)
            said.append(next(line for line in picture(app).splitlines() if "! " in line))
        assert app.screen.query_one("#reason", Input).value == "x"
    told = ("Choose the band", "A score of 9 is red", "at most 90 days")
    assert told[0] in said[0]
    assert "A score of 9 is red, not yellow" in said[2]
    assert "Say why" in said[1]
    assert told[2] in said[3]
    assert list_overrides(db, today=TODAY, everything=True) == []


@pytest.mark.parametrize("size", SIZES)
async def test_rating_the_relationship(db: Database, size: tuple[int, int]) -> None:
    app = PageApp(db)
    async with app.run_test(size=size) as pilot:
        await opened(app, pilot, 1, "e", "r")
        assert "they would recommend us unasked" in picture(app)
        assert app.screen.query_one(OptionList).highlighted is None  # nobody chose for them
        await pilot.press("2", "tab", *"quiet", "tab", *"-23", "enter")
        await settled(app, pilot)
        if size == NARROW:
            await pilot.press("tab")
            await pilot.pause()
        text = picture(app)
    assert "sentiment 2 of 5 · Ana Ruiz, 31 Oct: quiet" in text
    (line,) = list_ratings(db)
    assert (line.rating.value, line.rating.rated_on) == (2, TODAY - 23 * DAY)


async def test_what_the_scorecard_asks_can_be_rated_too(db: Database, tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text(CARD, encoding="utf-8")
    app = PageApp(db, scorecard=own)
    async with app.run_test(size=NARROW) as pilot:
        await opened(app, pilot, 1, "e")
        assert "1  Rate access to executives" in picture(app)
        await pilot.press("1")
        await pilot.pause()
        assert "5 they call us" in picture(app)
        await pilot.press("4", "enter", *"they come", "enter")
        await settled(app, pilot)
    assert [(one.rating.rated, one.rating.value) for one in list_ratings(db)] == [("access", 4)]


async def test_a_scorecard_that_cannot_be_read_is_told(db: Database, tmp_path: Path) -> None:
    app = PageApp(db, scorecard=tmp_path / "gone.toml")
    async with app.run_test(size=NARROW) as pilot:
        await opened(app, pilot, 1, "e")
        assert isinstance(app.screen, AccountScreen)
        (notice,) = app._notifications
        assert "There is no scorecard at" in notice.message


def kept(db: Database) -> Draft | None:
    return load_draft(db, actor="ana", form="override", subject="1")


async def test_what_was_typed_is_kept_within_a_second_and_restored(db: Database) -> None:
    app = PageApp(db)
    async with app.run_test(size=NARROW) as pilot:
        await opened(app, pilot, 1, "e", "o")
        await pilot.press("g", "tab", "tab", *"met")
        assert SAVE_AFTER < 1
        async with asyncio.timeout(20):  # a slow machine is no mistake
            while (draft := kept(db)) is None or draft.fields["reason"] != "met":
                await asyncio.sleep(0.02)
        assert draft.fields == {
            "choice": "green",
            "score": "",
            "reason": "met",
            "day": "+30",
            "@": "reason",
        }
        await pilot.press("escape")
        await settled(app, pilot)
        await pilot.press("e", "o")
        await pilot.pause()
        assert "restored" in picture(app)
        assert app.screen.query_one(OptionList).highlighted == 2
        await pilot.press("ctrl+r")
        await settled(app, pilot)
        assert app.screen.query_one("#reason", Input).value == ""
        assert app.screen.query_one(OptionList).highlighted is None
        await pilot.press("escape")
        await settled(app, pilot)
    assert waiting_drafts(db, "ana") == []
    assert list_overrides(db, today=TODAY, everything=True) == []


async def test_withdrawing_and_undo(db: Database) -> None:
    judged(db)
    app = PageApp(db)
    async with app.run_test(size=WIDE) as pilot:
        await opened(app, pilot, 1)
        assert "Ana Ruiz says ◆ yellow until 30 Dec: new sponsor met" in picture(app)
        await pilot.press("e", "w")
        await settled(app, pilot)
        assert "says" not in picture(app).splitlines()[0]
        await pilot.press("z")
        await settled(app, pilot)
        assert "says ◆ yellow" in picture(app).splitlines()[0]
        assert standing_override(db, 1, TODAY) is not None


@pytest.mark.parametrize(
    ("glyphs", "sign"), [(UNICODE, "■ 31◆ ↓23"), (ASCII, "R 31Y -23")], ids=["glyphs", "ascii"]
)
@pytest.mark.parametrize("size", SIZES)
async def test_the_list_has_a_sign_where_one_stands(
    db: Database, size: tuple[int, int], glyphs: Glyphs, sign: str
) -> None:
    judged(db)
    app = PageApp(db, glyphs=glyphs)
    async with app.run_test(size=size) as pilot:
        app.push_screen(AccountsScreen(app.session))
        await pilot.pause(0.2)
        rows = [line for line in picture(app).splitlines() if "↓23" in line or "-23" in line]
    assert sign in rows[0]
    assert sign not in rows[1]
    assert sign.replace("◆", " ").replace("Y", " ") in rows[1]


@pytest.mark.parametrize("size", SIZES)
async def test_hostile_names_and_reasons(db: Database, size: tuple[int, int]) -> None:
    judged(db, 2, HOSTILE)
    app = PageApp(db)
    async with app.run_test(size=size) as pilot:
        await opened(app, pilot, 2)
        text = picture(app)
        for keys in (("e",), ("o",)):
            await pilot.press(*keys)
            await pilot.pause()
            text += picture(app)
        assert isinstance(app.screen, JudgementForm)
        for y in range(3, 20):
            await pilot.click(offset=(size[0] // 2, y))
        assert isinstance(app.screen, JudgementForm | AccountScreen)
    assert "\x1b" not in text
    assert "[@click=app" in text
