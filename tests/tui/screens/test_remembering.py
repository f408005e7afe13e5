"""`l` and `P`: typed, kept as a draft, set, taken back; texts of the data never act."""

import asyncio
import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, OptionList

from cs_workbench.core import memory
from cs_workbench.errors import UsageError
from cs_workbench.store.database import Database, write
from cs_workbench.store.drafts import waiting_drafts
from cs_workbench.store.kept import read_kept
from cs_workbench.store.next_steps import read_next_steps
from cs_workbench.tui.long_text import edited_outside
from cs_workbench.tui.screens.account import AccountScreen
from cs_workbench.tui.screens.accounts import AccountsScreen
from cs_workbench.tui.screens.fields_form import FieldsForm
from cs_workbench.tui.screens.log_sheets import read_mood
from cs_workbench.tui.screens.menu import Menu
from cs_workbench.workflows.drafts import tell_drafts
from tests.factories import (
    add_account,
    add_contact,
    add_person,
    add_promise,
    add_summary,
    portfolio,
)
from tests.tui.pages import HOSTILE, NARROW, SIZES, WIDE, PageApp, picture


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    with portfolio(tmp_path) as opened:
        with write(opened) as pen:
            add_person(pen)
            for name in ("Kestrel Logistics GmbH", HOSTILE):
                key = add_account(pen, name[:3], name=name)
                add_summary(pen, key, band="red")
                add_contact(pen, key, name=f"Lena {name}", preferred_channel="phone")
        yield opened


async def settled(app: PageApp, pilot: Pilot[str | None]) -> None:
    await pilot.pause()
    for worker in [one for one in app.workers if one.group in {"set", "draft", "seen", "writes"}]:
        await worker.wait()
    await pilot.pause()


async def shown(app: PageApp, pilot: Pilot[str | None], text: str) -> None:
    """Wait until it is on the screen, which it is when the last key is a moment ago."""
    for _ in range(60):
        if text in picture(app):
            return
        await asyncio.sleep(0.1)
        await settled(app, pilot)
    raise AssertionError(text)


async def on_page(app: PageApp, pilot: Pilot[str | None], *keys: str, key: int = 1) -> None:
    app.push_screen(AccountScreen(app.session, key))
    await settled(app, pilot)
    for one in keys:
        await pilot.press(one)
        await pilot.pause()


@pytest.mark.parametrize("size", SIZES)
async def test_four_fields_log_a_contact_and_undo_takes_it_back(
    db: Database, size: tuple[int, int]
) -> None:
    app = PageApp(db)
    async with app.run_test(size=size) as pilot:
        await on_page(app, pilot, "l")
        assert isinstance(app.screen, FieldsForm)
        drawn = picture(app)
        assert "What was said" in drawn
        assert "Sentiment" not in drawn
        assert "ctrl+e" in drawn
        await pilot.press(*"lena", "tab", *"ok", "tab", *"call", "tab", *"+2", "enter")
        await settled(app, pilot)
        assert isinstance(app.screen, AccountScreen)
        (touch,) = read_kept(db, memory.Touchpoint)
        assert (touch.summary, touch.contact_id, touch.author) == ("ok", "contact-0", "ana")
        assert read_next_steps(db, [1])[0].step.text == "call"
        assert "logged phone: ok" in str([one.message for one in app._notifications])
        await pilot.press("z")
        await settled(app, pilot)
    assert not read_kept(db, memory.Touchpoint)


async def test_a_kind_unfolds_the_rest_and_warnings_are_said_while_typing(db: Database) -> None:
    app = PageApp(db)
    async with app.run_test(size=WIDE) as pilot:
        await on_page(app, pilot, "l", "ctrl+o")
        form = app.screen
        form.query_one("#who", Input).value = "lena"
        form.query_one("#summary", Input).value = "lost data"
        form.query_one("#channel", Input).value = "email"
        await shown(app, pilot, "they prefer phone")
        form.query_one("#kind", Input).value = "complaint"
        await pilot.press("ctrl+s")
        await settled(app, pilot)
        assert app.screen is form
        assert "needs a next step" in picture(app)
        form.query_one("#next", Input).value = "call back"
        form.query_one("#severity", Input).value = "urgent"
        assert isinstance(form, FieldsForm)
        form.put_fields(form.read_fields() | {"note": "first\nsecond"})  # as an editor leaves it
        await settled(app, pilot)
        (line,) = (one for one in picture(app).split("\n") if "first␊second" in one)
        assert line.rstrip().endswith("│")
        await pilot.press("ctrl+s")
        await settled(app, pilot)
        assert [one.note for one in read_kept(db, memory.Touchpoint)] == ["first\nsecond"]
        assert [one.severity for one in read_kept(db, memory.Complaint)] == ["urgent"]
        assert "Complaint urgent lost data" in " ".join(picture(app).split())


async def test_what_was_typed_waits_and_is_told_at_the_next_start(db: Database) -> None:
    app = PageApp(db)
    async with app.run_test(size=NARROW) as pilot:
        await on_page(app, pilot, "l", "tab", *"half", "escape", key=2)
        await settled(app, pilot)
        assert isinstance(app.screen, AccountScreen)
        (draft,) = waiting_drafts(db, "ana")
        assert draft.fields["summary"] == "half"
        assert "contact “half” for" in tell_drafts(db, "ana")
        await pilot.press("l")
        await pilot.pause()
        assert app.screen.query_one("#summary", Input).value == "half"
        assert "restored" in picture(app)
        await pilot.press("ctrl+r")
        await settled(app, pilot)
        assert waiting_drafts(db, "ana") == []


async def test_marked_accounts_share_an_incident(db: Database) -> None:
    app = PageApp(db)
    async with app.run_test(size=WIDE) as pilot:
        app.push_screen(AccountsScreen(app.session))
        await settled(app, pilot)
        await pilot.press("space", "space", "l")
        await pilot.pause()
        assert "2 accounts" in picture(app)
        await pilot.press(*"outage", "enter")
        await settled(app, pilot)
    first, second = read_kept(db, memory.Incident)
    assert (first.shared, first.severity) == (second.shared, "high")


async def test_p_promises_and_says_what_became_of_it(db: Database) -> None:
    app = PageApp(db)
    async with app.run_test(size=WIDE) as pilot:
        await on_page(app, pilot, "P", "tab", *"refund", "tab", *"+3", "enter")
        await settled(app, pilot)
        (made,) = read_kept(db, memory.Promise)
        assert (made.promised_by, made.what, made.owner) == ("us", "refund", "ana")
        await pilot.press("P")
        await pilot.pause()
        assert isinstance(app.screen, Menu)
        await pilot.press("1", "r")
        await pilot.pause()
        await pilot.press(*"+9", "enter")
        await settled(app, pilot)
        states = {one.state for one in read_kept(db, memory.Promise)}
        assert states == {"renegotiated", "open"}
        await pilot.press("P", "1", "k")
        await settled(app, pilot)
    assert {one.state for one in read_kept(db, memory.Promise)} == {"renegotiated", "kept"}


async def test_hostile_promises_act_nowhere(db: Database) -> None:
    with write(db) as pen:
        add_promise(pen, 2, what=HOSTILE)
    app = PageApp(db)
    async with app.run_test(size=NARROW) as pilot:
        await on_page(app, pilot, "P", key=2)
        app.screen.query_one(OptionList).highlighted = 1
        assert "\x1b" not in picture(app)
        await pilot.press("1")
        await pilot.pause()
        assert isinstance(app.screen, Menu)
        await pilot.press("escape")
        await settled(app, pilot)
        assert isinstance(app.screen, AccountScreen)


@pytest.mark.parametrize(
    ("typed", "mood"),
    [("", (None, None)), ("2 worried", (2, "worried")), ("5", (5, None))],
)
def test_a_mood_as_typed(typed: str, mood: tuple[int | None, str | None]) -> None:
    assert read_mood(typed) == mood


@pytest.mark.parametrize("typed", ["worried", "6 fine", "23"])
def test_what_is_no_mood(typed: str) -> None:
    with pytest.raises(UsageError, match="from 1 to 5"):
        read_mood(typed)


async def test_a_long_note_is_written_in_an_editor_outside(
    db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor = tmp_path / "editor"
    editor.write_text("#!/bin/sh\nprintf 'two\\nlines\\n' > \"$1\"\n")
    editor.chmod(editor.stat().st_mode | stat.S_IXUSR)
    app = PageApp(db)
    async with app.run_test():
        monkeypatch.delenv("VISUAL", raising=False)
        monkeypatch.delenv("EDITOR", raising=False)
        with pytest.raises(UsageError, match="No editor is set"):
            edited_outside(app, "")
        monkeypatch.setenv("EDITOR", os.fspath(editor))
        with pytest.raises(UsageError, match="cannot be started here"):  # no terminal to give away
            edited_outside(app, "")


async def test_e_edits_fields_in_one_act(db: Database) -> None:
    app = PageApp(db)
    async with app.run_test(size=NARROW) as pilot:
        await on_page(app, pilot, "e", "f")
        assert isinstance(app.screen, FieldsForm)
        app.screen.query_one("#f-segment", Input).value = "smb"
        app.screen.query_one("#f-fit", Input).value = "good"
        await pilot.press("ctrl+s")
        await settled(app, pilot)
        assert isinstance(app.screen, AccountScreen)
        row = db.connection.execute("SELECT segment, fit FROM account WHERE account_key = 1")
        assert tuple(row.fetchone()) == ("smb", "good")
        await pilot.press("z")
        await settled(app, pilot)
    row = db.connection.execute("SELECT segment, fit FROM account WHERE account_key = 1")
    assert tuple(row.fetchone()) == (None, None)


async def test_e_decides_where_the_source_says_otherwise(db: Database) -> None:
    with write(db) as pen:
        pen.execute(
            "INSERT INTO field_conflict (field_conflict_id, of_entity, of_id, of_field, mine, "
            "theirs) VALUES ('c', 'account', '1', 'segment', 'null', '\"smb\"')"
        )
    app = PageApp(db)
    async with app.run_test(size=WIDE) as pilot:
        await on_page(app, pilot, "e")
        assert "here nothing, else smb (an import)" in picture(app)
        choices = app.screen.query_one(OptionList)
        choices.highlighted = choices.option_count - 1
        await pilot.press("enter")
        await shown(app, pilot, "Take smb (an import)")
        await pilot.press("t")
        for _ in range(30):
            await settled(app, pilot)
            if isinstance(app.screen, AccountScreen):
                break
    row = db.connection.execute("SELECT segment FROM account WHERE account_key = 1").fetchone()
    assert row[0] == "smb"


async def test_the_customer_sees_goals_and_promises_and_nothing_of_ours(db: Database) -> None:
    with write(db) as pen:
        add_promise(pen, 1, what="refund of the overage")
        pen.execute(
            "INSERT INTO goal (goal_id, account_key, what, target, unit, state, said_on, author) "
            "VALUES ('g', 1, 'dispatch time', 9, 'min', 'open', '2026-11-01', 'ana')"
        )
    app = PageApp(db)
    async with app.run_test(size=NARROW) as pilot:
        await on_page(app, pilot, "ctrl+k")
        drawn = picture(app)
        assert "dispatch time  to 9 min" in drawn
        assert "refund of the overage" in drawn
        for ours in ("red", "50", "coverage", "late", "health", "Ana"):
            assert ours not in drawn, ours
        await pilot.press("escape")
        await settled(app, pilot)
        assert isinstance(app.screen, AccountScreen)


async def test_a_brief_before_a_call(db: Database) -> None:
    with write(db) as pen:
        add_promise(pen, 1, what="refund of the overage")
    app = PageApp(db)
    async with app.run_test(size=NARROW) as pilot:
        await on_page(app, pilot, "b")
        drawn = picture(app)
        for told in ("Since you last spoke", "We owe", "refund of the overage", "They owe"):
            assert told in drawn, told
        await pilot.press("b")
        await settled(app, pilot)
        assert isinstance(app.screen, AccountScreen)
