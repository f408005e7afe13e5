"""A review from the keyboard: at most four keys a decision, resumed where it was."""

from pathlib import Path

import pytest

from cs_workbench.config import Config
from cs_workbench.store.database import open_database, write
from cs_workbench.store.reviews import decisions, list_reviews
from cs_workbench.tui.app import WorkbenchApp
from cs_workbench.tui.screens.review_pages import opening_page, read_opened
from cs_workbench.tui.session import Session
from cs_workbench.workflows.forecasting import Speaker
from cs_workbench.workflows.renewals import settle_renewals
from cs_workbench.workflows.reviews import Opening, start_review
from tests.factories import TODAY, insert, portfolio
from tests.hostile_churn import add_churn
from tests.tui.pages import picture
from tests.workflows.renewal_books import POLICY
from tests.workflows.test_reviews import book


@pytest.fixture
def path(tmp_path: Path) -> Path:
    with portfolio(tmp_path) as db:
        book(db)
        settle_renewals(db, today=TODAY, policy=POLICY)
        return db.path


def app_on(path: Path) -> WorkbenchApp:
    return WorkbenchApp(path, today=TODAY, config=Config(me="ana", db=path))


def decided(path: Path) -> list[tuple[str, str]]:
    with open_database(path) as db:
        return [(one.kind, one.told) for one in decisions(db, list_reviews(db)[0].review_id)]


async def test_a_meeting_is_held_with_few_keys_and_leaves_its_files(path: Path) -> None:
    async with app_on(path).run_test(size=(120, 40)) as pilot:
        await pilot.press("5")
        await pilot.pause(0.2)
        assert "No review goes on" in picture(pilot.app)
        await pilot.press("R")
        await pilot.pause(0.4)
        assert "opening" in picture(pilot.app)
        await pilot.press("right")
        seen = picture(pilot.app)
        for text in ("CLASH", "item 1 of", "Score, computed", "People", "not decided yet"):
            assert text in seen, text
        await pilot.press("f", "c", "enter")  # three keys
        await pilot.pause(0.5)
        assert "z undoes" in picture(pilot.app)
        await pilot.press("right", "equals_sign")  # one
        await pilot.pause(0.3)
        await pilot.press("e", "enter")  # two
        await pilot.pause(0.5)
        await pilot.press("z")
        await pilot.pause(0.4)
        assert [kind for kind, _ in decided(path)] == ["forecast", "no change"]
        await pilot.press("greater_than_sign")
        await pilot.pause(0.2)
        assert "item 4 of 4" in picture(pilot.app)
        await pilot.press("greater_than_sign")  # from the top again
        await pilot.pause(0.2)
        assert "item 3 of 4" in picture(pilot.app)
        await pilot.press("X")
        await pilot.pause(0.2)
        seen = picture(pilot.app)
        assert "Read back" in seen
        assert "decided: 2 of 4" in seen
        await pilot.click("#page", offset=(10, 3))
        assert "item 2 of 4" in picture(pilot.app)
        await pilot.press("X", "X")
        await pilot.pause(0.4)
        await pilot.press("c")
        await pilot.pause(0.8)
        assert "No review goes on" in picture(pilot.app)
    names = sorted(one.suffix for one in (path.parent / "reviews").iterdir())
    assert names == [".csv", ".html", ".ics", ".json", ".md", ".xlsx"]


def test_the_opening_is_drawn_before_all_renewals_are_read(path: Path) -> None:
    with open_database(path) as db:
        sitting = start_review(db, Speaker("ana", TODAY), Opening(), POLICY)
        session = Session(db, TODAY, "ana")
        part = [line.plain for line in opening_page(session, sitting, None, 100)]
        opened = read_opened(db, sitting.review, POLICY)
        whole = [line.plain for line in opening_page(session, sitting, opened, 100)]
    at = next(at for at, line in enumerate(part) if "Since" in line)
    assert part[at].endswith("reading …")
    assert part[:at] == whole[:at]
    assert part[at + 1 :] == whole[-len(part[at + 1 :]) :]
    assert opened.totals.told_due("USD") in whole[at]


async def test_a_meeting_with_undecided_items_asks_before_it_closes(path: Path) -> None:
    async with app_on(path).run_test(size=(80, 24)) as pilot:
        await pilot.press("5", "R")
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()
        assert "due" in next(line for line in picture(pilot.app).splitlines() if "Since" in line)
        await pilot.press("right", "equals_sign")
        await pilot.pause(0.3)
        for answer, then in (("escape", "Read back"), ("enter", "item 2 of 4")):
            await pilot.press("X", "X")
            await pilot.pause(0.4)
            assert "3 of 4 items are not decided yet" in picture(pilot.app)
            await pilot.press(answer)  # the cursor is on the way back, not on the end
            await pilot.pause(0.3)
            assert then in picture(pilot.app)
    assert [kind for kind, _ in decided(path)] == ["no change"]
    with open_database(path) as db:
        assert list_reviews(db)[0].closed_at is None


async def test_a_killed_terminal_comes_back_to_the_same_account(path: Path) -> None:
    async with app_on(path).run_test(size=(80, 24)) as pilot:
        await pilot.press("5", "R")
        await pilot.pause(0.4)
        await pilot.press("right", "right", "right", "left")
        await pilot.pause(0.6)
        assert "NEAR" in picture(pilot.app)
        pilot.app._exit = True
    async with app_on(path).run_test(size=(80, 24)) as pilot:
        await pilot.press("5")
        await pilot.pause(0.3)
        seen = picture(pilot.app)
        assert "NEAR" in seen
        assert "item 2 of" in seen
        assert "Decides" in seen
        assert "not decided yet" in seen  # the whole page, without scrolling
        await pilot.press("f", "a", "enter")
        await pilot.pause(0.6)
        assert pilot.app.focused is not None
        assert pilot.app.focused.id == "risk"  # the cursor is where something is missing
        await pilot.press(*"budget", "enter")
        await pilot.pause(0.6)
        assert pilot.app.focused is not None
        assert pilot.app.focused.id == "narrative"
        await pilot.press(*"They cut.", "enter")
        await pilot.pause(0.6)
        assert decided(path) == [("forecast", "at risk 100")]
        await pilot.press("tab")
        assert "[Score]" in picture(pilot.app)


async def test_the_renewals_begin_a_review_of_their_window(path: Path) -> None:
    async with app_on(path).run_test(size=(120, 40)) as pilot:
        await pilot.press("3")
        await pilot.pause(0.6)
        await pilot.press("R")
        await pilot.pause(0.6)
        assert "[5 Review]" in picture(pilot.app)
        with open_database(path) as db:
            assert list_reviews(db)[0].day == TODAY
            assert list_reviews(db)[0].window_days == 120
        await pilot.click("#titles", offset=(33, 0))
        await pilot.pause(0.4)
        assert "[3 Renewals]" in picture(pilot.app)


async def test_the_model_stands_beside_the_forecast_with_interval_and_record(path: Path) -> None:
    with open_database(path) as db, write(db) as connection:
        add_churn(connection, [2], ("plain",))
        past = {"hash": "c0ffee", "as_of": "2026-01-05", "window_to": "2026-04-05"}
        now = connection.execute("SELECT * FROM churn_prediction").fetchone()
        kept = {**dict(now), **past, "outcome": 1, "scored_on": "2026-04-06"}
        insert(connection, "churn_prediction", kept)
    async with app_on(path).run_test(size=(120, 40)) as pilot:
        await pilot.press("5", "R")
        await pilot.pause(0.4)
        await pilot.press("right", "right")  # 66 % stay is no disagreement with commit
        seen = picture(pilot.app)
        assert "CLASH" in seen
        assert "leaves 34 %  (21 % to 49 %)" in seen
        assert "5 Apr: said 0.3, 1 left, n 1" in seen
