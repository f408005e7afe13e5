"""A play walked at the keys, and the day's queue."""

import shutil
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Input, TextArea

from cs_workbench.core.today import Queued
from cs_workbench.store.database import Database, open_database, write
from cs_workbench.store.plays import list_plays
from cs_workbench.tui.screens.account import AccountScreen
from cs_workbench.tui.screens.effects import EffectsScreen
from cs_workbench.tui.screens.fields_form import FieldsForm
from cs_workbench.tui.screens.menu import Menu
from cs_workbench.tui.screens.play import PlayScreen
from cs_workbench.tui.screens.play_draft import DraftScreen
from cs_workbench.tui.screens.today import TodayScreen
from cs_workbench.tui.screens.usage import UsageScreen
from cs_workbench.tui.widgets.today_columns import Heading
from cs_workbench.workflows import plays
from cs_workbench.workflows.play_moments import walk_of
from cs_workbench.workflows.playbooks import find_playbook
from cs_workbench.workflows.starting_plays import Start, accept_play, start_play
from cs_workbench.workflows.suggesting import suggest_plays
from cs_workbench.workflows.tasks import By
from cs_workbench.workflows.today import todays_queue
from tests.factories import TODAY, add_contact, add_signal, add_touchpoint
from tests.tui.pages import HOSTILE, SIZES, PageApp, picture, story


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    with story(tmp_path_factory.mktemp("story")) as made:
        with write(made) as c:
            c.execute("UPDATE signal SET resolved_on = '2026-11-01', resolution = 'r'")
            add_signal(c, 1, "usage drift", evidence="active users fell from 48 to 19")
            add_contact(c, 1, contact_id="c99", name="Tomasz Brandt", role="sponsor")
        suggest_plays(made, today=TODAY, playbooks=[find_playbook("usage-drop").playbook])
        made.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return made.path


@pytest.fixture
def db(told: Path, tmp_path: Path) -> Iterator[Database]:
    with open_database(Path(shutil.copy(told, tmp_path))) as opened:
        yield opened


async def settled(pilot: Pilot[str | None]) -> None:
    await pilot.pause()
    groups = {"set", "draft", "writes", "read"}
    for worker in [one for one in pilot.app.workers if one.group in groups]:
        await worker.wait()
    await pilot.pause()


def stands_on(app: PageApp, kind: type[Screen[Any]]) -> bool:
    return isinstance(app.screen, kind)


def kinds(screen: TodayScreen) -> list[str]:
    return [row.item.kind for row in screen._rows if isinstance(row, Queued)]


def current(db: Database) -> str:
    (line,) = list_plays(db)
    found = walk_of(db, line, TODAY).road.current
    return "" if found is None else found.step.step_id


@pytest.mark.parametrize("size", SIZES)
async def test_from_suggestion_to_a_written_promise(db: Database, size: tuple[int, int]) -> None:
    app = PageApp(db)
    async with app.run_test(size=size) as pilot:
        app.push_screen(AccountScreen(app.session, 1))
        await pilot.pause()
        await pilot.press("p")
        await pilot.pause()
        assert stands_on(app, Menu)
        await pilot.press("1")
        await pilot.pause()
        assert stands_on(app, PlayScreen)
        assert "Confirm that the drop is real" in picture(app)
        assert "active users fell from 48 to 19" in picture(app)
        assert "⏎ begins it" in picture(app)
        assert "late" not in picture(app).splitlines()[0]  # nobody has begun it
        await pilot.press("enter")  # take it up
        await settled(pilot)
        await pilot.press("u")  # the chart, as its guidance says
        await pilot.pause()
        assert stands_on(app, UsageScreen)
        await pilot.press("escape")
        await pilot.press("enter")  # the form of the step
        await pilot.pause()
        assert stands_on(app, FieldsForm)
        app.screen.query_one("#real", Input).value = "yes"
        await pilot.press("ctrl+s")
        await settled(pilot)
        assert current(db) == "who"
        await pilot.press("enter")
        await pilot.pause()
        await pilot.press("ctrl+s")  # what has to be filled is missing
        await settled(pilot)
        assert "Still to fill" in picture(app)
        assert "Your purpose in one sentence *" in picture(app)
        await pilot.press("escape", "z")
        await settled(pilot)
        assert current(db) == "confirm"


async def test_skip_put_off_and_end(db: Database) -> None:
    (line,) = list_plays(db)
    accept_play(db, By("Ana Ruiz", TODAY), line.play.play_id)
    app = PageApp(db)
    async with app.run_test(size=(120, 40)) as pilot:
        app.push_screen(PlayScreen(app.session, line.play.play_id))
        await pilot.pause()
        await pilot.press("s", *"+3", "enter")
        await settled(pilot)
        assert "waiting" in picture(app)
        await pilot.press("S", *"known", "enter")
        await settled(pilot)
        assert current(db) == "who"
        await pilot.press("d")  # this step drafts nothing
        await pilot.pause()
        assert stands_on(app, PlayScreen)
        await pilot.press("X", "a", *"merged", "enter")
        await settled(pilot)
        assert "Abandoned: merged" in picture(app)
    assert list_plays(db) == []


async def test_a_closed_terminal_resumes_in_the_same_field_and_back_keeps_answers(
    db: Database,
) -> None:
    (line,) = list_plays(db)
    by, play_id = By("Ana Ruiz", TODAY), line.play.play_id
    accept_play(db, by, play_id)
    for answers in ({"real": "yes"}, {"person": "c99", "purpose": "why"}):
        plays.finish_step(db, by, play_id, answers=answers)
    app = PageApp(db)
    async with app.run_test(size=(80, 24)) as pilot:
        app.push_screen(PlayScreen(app.session, play_id))
        await pilot.press("enter")
        app.screen.query_one("#we_promise_by Input", Input).focus()
        await pilot.press(*"fri")
        await pilot.pause(0.6)
        await settled(pilot)  # and the terminal is closed
    again = PageApp(db)
    async with again.run_test(size=(80, 24)) as pilot:
        again.push_screen(PlayScreen(again.session, play_id))
        await pilot.press("enter")
        await pilot.pause()
        focused = again.focused
        assert isinstance(focused, Input)
        assert focused.value == "fri"
        await pilot.press("escape")
        await pilot.press("B")
        await settled(pilot)
        assert current(db) == "who"
        await pilot.press("enter")
        await pilot.pause()
        assert again.screen.query_one("#purpose", Input).value == "why"


def reach_the_cap(db: Database) -> None:
    """Let the message be for somebody who was called as often as may be."""
    with write(db) as c:
        c.execute("UPDATE message SET contact_id = 'c99', channel = 'phone'")
        for day in ("2026-11-01", "2026-11-10"):
            spoken = {"contact_id": "c99", "channel": "phone", "direction": "outbound"}
            add_touchpoint(c, 1, occurred_at=f"{day}T09:00:00Z", **spoken)


async def test_a_draft_is_kept_while_typing_and_approved(
    db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    links: list[str] = []

    def handed(opens: bool, link: str) -> bool:
        links.append(link)
        return opens

    by = By("Ana Ruiz", TODAY)
    play_id = start_play(db, by, 1, find_playbook("qbr").playbook, Start())
    app = PageApp(db)
    async with app.run_test(size=(80, 24)) as pilot:
        app.push_screen(PlayScreen(app.session, play_id))
        await pilot.pause()
        await pilot.press("d")
        await pilot.pause()
        assert stands_on(app, DraftScreen)
        app.screen.query_one(TextArea).text = "Hello [@click=app.quit]you[/]\n"
        app.screen.query_one("#subject", Input).value = "Your quarter"
        await pilot.pause(0.6)  # what is typed is saved by itself, and the line says so
        await settled(pilot)
        for opens, told in ((False, "No mail program answers"), (True, "handed to your mail")):
            monkeypatch.setattr("webbrowser.open", partial(handed, opens))
            await pilot.press("f9")
            assert told in picture(app)
        assert links[-1].startswith("mailto:?subject=Your%20quarter&body=Hello%20%5B%40click")
        await pilot.press("f8")
        await pilot.pause()
        app.screen.query_one(Input).value = str(tmp_path / "m.eml")
        await pilot.press("enter")
        await settled(pilot)
        saved = (tmp_path / "m.eml").read_text()
        assert "Subject: Your quarter" in saved
        assert "Hello [@click=app.quit]you[/]" in saved
        reach_the_cap(db)
        await pilot.press("f2")
        await settled(pilot)
        await pilot.pause()
        assert "Why all the same?" in picture(app)  # it is beyond the cap
        await pilot.press(*"asked", "enter")
        await settled(pilot)
        assert stands_on(app, PlayScreen)
        assert "approved" in picture(app)
        assert "[@click=app.quit]you[/]" in picture(app)
    row = db.connection.execute("SELECT state, subject FROM message").fetchone()
    assert tuple(row) == ("approved", "Your quarter")


@pytest.mark.parametrize("size", SIZES)
async def test_the_days_queue_opens_and_does(db: Database, size: tuple[int, int]) -> None:
    app = PageApp(db)
    async with app.run_test(size=size) as pilot:
        waiting = TodayScreen(app.session)
        assert "reading" in waiting._titles(80).plain  # and not that there is nothing
        app.push_screen(waiting)
        await settled(pilot)
        assert stands_on(app, TodayScreen)
        assert "[2 Today]" in picture(app)
        screen = app.screen
        assert isinstance(screen, TodayScreen)
        assert "signal" in kinds(screen)
        place = next(
            number
            for number, row in enumerate(screen._rows)
            if isinstance(row, Queued) and row.item.kind == "signal"
        )
        screen.table.move_to(place)
        await pilot.press("h", *"+7", "enter")
        await settled(pilot)
        assert "signal" not in kinds(screen)
        await pilot.press("z")
        await settled(pilot)
        assert "signal" in kinds(screen)
        await pilot.press("o")
        await pilot.pause()
        assert stands_on(app, AccountScreen)


class Reads(TodayScreen):
    times = 0

    def load(self) -> None:
        self.times += 1
        super().load()


async def test_the_queue_is_read_once_and_again_when_it_is_come_back_to(db: Database) -> None:
    app = PageApp(db)
    async with app.run_test() as pilot:
        screen = Reads(app.session)
        app.push_screen(screen)
        await settled(pilot)
        assert screen.times == 1
        app.push_screen(AccountScreen(app.session, 1))
        await settled(pilot)
        app.pop_screen()
        await settled(pilot)
        assert screen.times == 2


async def test_a_long_queue_says_how_much_of_it_is_shown(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cs_workbench.tui.screens.today.MOST", 1)
    whole = todays_queue(db, TODAY, me=None)
    app = PageApp(db)
    async with app.run_test(size=(120, 24)) as pilot:
        app.push_screen(TodayScreen(app.session))
        await settled(pilot)
        screen = app.screen
        assert isinstance(screen, TodayScreen)
        headings = [row for row in screen._rows if isinstance(row, Heading)]
        assert sum(one.count for one in headings) == len(whole)
        assert len(screen._rows) == 2 * len(headings) < len(headings) + len(whole)
        told = f"{len(whole)} things, 1 late · first {len(headings)} shown · mine"
        assert told in picture(app)


async def test_hostile_names_and_answers(db: Database) -> None:
    with write(db) as c:
        c.execute("UPDATE account SET name = ?", (HOSTILE,))
        c.execute("UPDATE play SET evidence = ?", (HOSTILE,))
        c.execute("UPDATE playbook_text SET title = ?", (HOSTILE,))
    (line,) = list_plays(db)
    app = PageApp(db)
    async with app.run_test(size=(120, 40)) as pilot:
        app.push_screen(PlayScreen(app.session, line.play.play_id))
        await pilot.pause()
        for row in range(2, 12):
            await pilot.click(offset=(50, row))
        assert stands_on(app, PlayScreen)
        assert "\x1b" not in picture(app)
        app.push_screen(TodayScreen(app.session))
        await settled(pilot)
        assert "\x1b" not in picture(app)
        app.push_screen(EffectsScreen(app.session))
        await settled(pilot)
        assert "not enough data" in picture(app)
        assert "\x1b" not in picture(app)


async def test_a_wait_is_ended_by_hand_only_on_purpose(db: Database) -> None:
    (line,) = list_plays(db)
    by, play_id = By("Ana Ruiz", TODAY), line.play.play_id
    accept_play(db, by, play_id)
    while (step := current(db)) and step != "back":
        plays.skip_step(db, by, play_id, reason="known")
    assert step == "back"
    app = PageApp(db)
    async with app.run_test(size=(80, 24)) as pilot:
        app.push_screen(PlayScreen(app.session, play_id))
        await pilot.pause()
        for answer, then in (("escape", "back"), ("enter", "back"), ("e", "judge")):
            await pilot.press("enter")
            await pilot.pause()
            assert "This step waits for usage change" in picture(app)
            await pilot.press(answer)
            await settled(pilot)
            assert current(db) == then
