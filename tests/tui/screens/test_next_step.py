import asyncio
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from cs_workbench.store.database import Database, write
from cs_workbench.store.drafts import load_draft, save_draft, waiting_drafts
from cs_workbench.store.next_steps import NextStep, read_next_steps
from cs_workbench.tui.form_draft import SAVE_AFTER
from cs_workbench.tui.screens.accounts import AccountsScreen
from cs_workbench.tui.screens.next_step import NextStepForm
from cs_workbench.tui.screens.next_step_preview import NextStepPreview
from cs_workbench.tui.widgets.hint_line import HintLine
from cs_workbench.workflows.drafts import NEXT_STEP
from cs_workbench.workflows.next_steps import set_next_step
from tests.factories import TODAY, add_account, portfolio
from tests.tui.pages import HOSTILE, PageApp, picture

FRIDAY = TODAY.replace(day=27)


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    with portfolio(tmp_path) as opened:
        with write(opened) as pen:
            for key in range(1, 9):
                add_account(pen, f"a-{key}", name=f"Account {key}")
            add_account(pen, "bad", name=HOSTILE)
        yield opened


class Answer:
    """What the form gave, once it is left."""

    value: str | None = "still open"

    def __call__(self, value: str | None) -> None:
        self.value = value


async def opened(app: PageApp, pilot: Pilot[str | None], keys: Sequence[int] = (1,)) -> Answer:
    answer = Answer()
    app.push_screen(NextStepForm(app.session, keys), answer)
    await pilot.pause()
    return answer


async def settled(app: PageApp, pilot: Pilot[str | None]) -> None:
    await app.workers.wait_for_complete()
    await pilot.pause()


def step(db: Database, key: int = 1) -> NextStep:
    return read_next_steps(db, [key])[0].step


async def test_text_date_enter(db: Database) -> None:
    app = PageApp(db)
    async with app.run_test(size=(80, 24)) as pilot:
        answer = await opened(app, pilot)
        await pilot.press(*"call", "tab", *"fri", "enter")
        await settled(app, pilot)
    assert answer.value == "next step: call, ana, Fri 27 Nov 2026 · Account 1"
    assert step(db) == NextStep("call", "ana", FRIDAY)
    assert waiting_drafts(db, "ana") == []


async def test_the_field_holds_what_there_is_and_typing_replaces_it(db: Database) -> None:
    set_next_step(db, [1], text="old", owner="jon", due=FRIDAY, actor="ana", today=TODAY)
    app = PageApp(db)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(app, pilot)
        await pilot.press(*"new", "tab", *"+7", "enter")
        await settled(app, pilot)
    assert step(db) == NextStep("new", "jon", TODAY.replace(day=30))


async def test_a_day_that_is_none_is_refused_and_nothing_is_lost(db: Database) -> None:
    app = PageApp(db)
    async with app.run_test(size=(80, 24)) as pilot:
        answer = await opened(app, pilot)
        await pilot.press(*"call", "tab", *"soon")
        assert "not a date yet" in picture(app)
        await pilot.press("enter")
        await pilot.pause()
        assert "is not a date" in picture(app)
        assert answer.value == "still open"
        for _ in "soon":
            await pilot.press("backspace")
        await pilot.press("enter")
        await settled(app, pilot)
    assert step(db) == NextStep("call", "ana")


async def test_an_empty_text_is_refused(db: Database) -> None:
    app = PageApp(db)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(app, pilot)
        await pilot.press("enter")
        assert "Say what happens next" in picture(app)


async def test_explicitly_none(db: Database) -> None:
    set_next_step(db, [1], text="old", owner=None, due=FRIDAY, actor="ana", today=TODAY)
    app = PageApp(db)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(app, pilot)
        await pilot.press("ctrl+n")
        await settled(app, pilot)
    assert step(db) == NextStep(said_on=TODAY)


async def test_several_accounts_are_previewed_first(db: Database) -> None:
    set_next_step(db, [2], text="old", owner=None, due=None, actor="ana", today=TODAY)
    app = PageApp(db)
    async with app.run_test(size=(80, 24)) as pilot:
        answer = await opened(app, pilot, [1, 2, 3])
        await pilot.press(*"call", "enter")
        await pilot.pause()
        assert isinstance(app.screen, NextStepPreview)
        text = picture(app)
        assert "1 of them have one now, which goes:" in text
        assert "Account 2" in text
        assert step(db, 1) == NextStep()
        await pilot.press("escape")
        assert answer.value == "still open"
        await pilot.press("enter")
        await pilot.pause()
        await pilot.press("enter")
        await settled(app, pilot)
    assert answer.value == "next step: call, ana · 3 accounts"
    assert {step(db, key) for key in (1, 2, 3)} == {NextStep("call", "ana")}


async def test_what_was_typed_is_kept_within_a_second(db: Database) -> None:
    app = PageApp(db)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(app, pilot)
        await pilot.press(*"call", "tab", *"fr")
        assert SAVE_AFTER < 1
        async with asyncio.timeout(20):  # a slow machine is no mistake
            while load_draft(db, actor="ana", form="next step", subject="1") is None:
                await asyncio.sleep(0.02)
    draft = load_draft(db, actor="ana", form="next step", subject="1")
    assert draft is not None
    assert draft.fields == {"text": "call", "due": "fr", "owner": "ana", "@": "due"}
    assert step(db) == NextStep()


async def test_a_draft_is_restored_and_can_be_thrown_away(db: Database) -> None:
    app = PageApp(db)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(app, pilot)
        await pilot.press(*"call", "escape")
        await settled(app, pilot)
        await opened(app, pilot)
        assert app.screen.query_one("#text", Input).value == "call"
        assert "restored" in picture(app)
        await pilot.press("ctrl+r")
        await settled(app, pilot)
        assert app.screen.query_one("#text", Input).value == ""
        await pilot.press("escape")
        await settled(app, pilot)
        assert waiting_drafts(db, "ana") == []


async def test_leaving_without_typing_keeps_no_draft(db: Database) -> None:
    app = PageApp(db)
    async with app.run_test(size=(80, 24)) as pilot:
        answer = await opened(app, pilot)
        await pilot.press("escape")
        await settled(app, pilot)
    assert answer.value is None
    assert waiting_drafts(db, "ana") == []


async def test_an_account_gone_meanwhile_is_told_and_the_text_stays(db: Database) -> None:
    app = PageApp(db)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(app, pilot)
        await pilot.press(*"call")
        with write(db) as pen:
            pen.execute("DELETE FROM account WHERE account_key = 1")
        await pilot.press("enter")
        await settled(app, pilot)
        assert "nothing was changed" in picture(app)
        assert app.screen.query_one("#text", Input).value == "call"


async def test_hostile_names_and_steps(db: Database) -> None:
    key = 9
    set_next_step(db, [key], text=HOSTILE, owner=HOSTILE, due=None, actor="ana", today=TODAY)
    app = PageApp(db)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(app, pilot, [key, 1])
        text = picture(app)
        await pilot.press(*"call", "enter")
        await pilot.pause()
        assert isinstance(app.screen, NextStepPreview)
        text += picture(app)
        assert "\x1b" not in text
        assert "[@click=app" in text
        hints = app.screen.query_one(HintLine).region
        for y in range(24):
            if not hints.contains(20, y):  # a click there is a key
                await pilot.click(offset=(20, y))
        assert isinstance(app.screen, NextStepPreview)


async def test_the_list_tells_of_what_was_typed_and_never_set(db: Database) -> None:
    fields = {"text": "call", "due": "", "owner": "ana"}
    save_draft(db, actor="ana", form=NEXT_STEP, subject="3", fields=fields)
    app = PageApp(db)
    async with app.run_test(size=(80, 24)) as pilot:
        app.push_screen(AccountsScreen(app.session))
        await settled(app, pilot)
        await pilot.pause()
        (notice,) = app._notifications
        assert "“call” for Account 3" in notice.message
