"""Accounts given away at the keys."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.widgets import Input

from cs_workbench.store.database import Database, write
from cs_workbench.tui.screens.fields_form import FieldsForm
from cs_workbench.tui.screens.reassign import hand_accounts_over
from tests.factories import add_person
from tests.tui.pages import PageApp, story


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    with story(tmp_path) as made:
        with write(made) as c:
            add_person(c, "jon", name="Jon Beck")
        yield made


async def test_what_moves_is_shown_before_it_moves(db: Database) -> None:
    app = PageApp(db)
    async with app.run_test(size=(80, 24)) as pilot:
        worker = app.run_worker(hand_accounts_over(app, app.session, [1]))
        await pilot.pause()
        form = app.screen
        assert isinstance(form, FieldsForm)
        form.query_one("#to", Input).value = "Jon Beck"
        await pilot.pause(0.6)
        shown = "\n".join(strip.text for strip in form._compositor.render_strips())
        assert "Moves  1 account" in shown
        await pilot.press("ctrl+s")
        told = await worker.wait()
    assert told is not None
    assert told.startswith("handed over 1 account")
    rows = db.connection.execute("SELECT csm FROM account WHERE account_key = 1").fetchall()
    assert [tuple(one) for one in rows] == [("jon",)]
