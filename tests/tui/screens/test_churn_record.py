import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.pilot import Pilot

from cs_workbench.store.database import Database, write
from cs_workbench.tui.screens.churn_record import ChurnRecord
from tests.churn_records import record
from tests.hostile_churn import add_churn
from tests.tui.pages import PageApp, picture, story


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    with story(tmp_path) as made:
        yield made


async def settled(pilot: Pilot[str | None]) -> None:
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()


async def test_a_backtest_of_now_can_be_run(db: Database) -> None:
    app = PageApp(db)
    async with app.run_test(size=(80, 24)) as pilot:
        app.push_screen(ChurnRecord(app.session))
        await settled(pilot)
        assert "No churn model is stored" in picture(app)
        await pilot.press("b")
        await settled(pilot)
        text = picture(app)
        assert "Too few to tell" in text
        assert "backtest of now, not kept" in text
        await pilot.press("escape")
        assert not isinstance(app.screen, ChurnRecord)


async def test_the_record_of_the_model_in_use_is_shown(db: Database) -> None:
    with write(db) as connection:
        add_churn(connection, [1], ("it beats them",))
    app = PageApp(db)
    async with app.run_test(size=(120, 40)) as pilot:
        app.push_screen(ChurnRecord(app.session))
        await settled(pilot)
        text = picture(app)
        assert "model c0ffee, in use" in text
        assert "On: it beats them" in text
        assert "health x calendar" in text
        assert "What was said, and what came" in text
        assert json.loads(json.dumps(record()))["n"] == 4200
