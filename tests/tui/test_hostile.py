"""Every text hostile, every screen opened, every cell clicked: nothing acts, nothing crashes."""

import shutil
import unicodedata
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual import events
from textual.dom import DOMNode
from textual.events import Event
from textual.pilot import Pilot
from textual.screen import ModalScreen
from textual.widgets import OptionList

from cs_workbench.config import Config
from cs_workbench.store.database import open_database
from cs_workbench.tui.app import WorkbenchApp
from cs_workbench.tui.formats import safe
from cs_workbench.tui.screens.welcome import WelcomeScreen
from cs_workbench.tui.widgets.hint_line import HintLine
from cs_workbench.tui.widgets.windowed_table import WindowedTable
from tests.factories import TODAY
from tests.hostile import TEXTS, at_leaves, fill, hostile_portfolio, text_columns
from tests.tui.pages import ONE_OF_EACH_KIND, WALKS, gone_back

WIDTH, HEIGHT = 120, 40
TURNING = {"LRE", "RLE", "PDF", "LRO", "RLO", "LRI", "RLI", "FSI", "PDI"}


class WatchedApp(WorkbenchApp):
    """Remembers whether text on the screen made something happen."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, today=TODAY, config=Config(me=TEXTS[0], db=path))
        self.acted: list[str] = []

    async def _broker_event(
        self, event_name: str, event: Event, default_namespace: DOMNode
    ) -> bool:
        done = await super()._broker_event(event_name, event, default_namespace)
        if done:
            self.acted.append(event_name)
        return done


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    with hostile_portfolio(tmp_path_factory.mktemp("hostile")) as db:
        return db.path


@pytest.fixture
def path(hostile: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(hostile, tmp_path))


@asynccontextmanager
async def running(
    path: Path, size: tuple[int, int] = (WIDTH, HEIGHT)
) -> AsyncIterator[Pilot[None]]:
    app = WatchedApp(path)
    async with app.run_test(size=size) as pilot:
        await pilot.pause(0.2)
        yield pilot
        assert app.acted == []


def drawn(pilot: Pilot[None]) -> list[str]:
    """The screen as it goes to the terminal, behind all filters."""
    return [strip.text for strip in pilot.app.screen._compositor.render_strips()]


def steering(pilot: Pilot[None]) -> set[str]:
    """What of it a terminal would obey, or turn the direction of text by."""
    return {
        sign
        for line in drawn(pilot)
        for sign in line
        if unicodedata.category(sign) == "Cc" or unicodedata.bidirectional(sign) in TURNING
    }


async def click_every_cell(pilot: Pilot[None]) -> None:
    """Each cell once, as the terminal would tell of it, until a choice has closed a menu."""
    screen = pilot.app.screen
    for y in range(HEIGHT):
        is_tried = False  # a line of choices does the same in each of its cells
        for x in range(WIDTH):
            widget, _ = screen.get_widget_at(x, y)
            if isinstance(widget, HintLine) or (
                widget is screen and isinstance(screen, ModalScreen)
            ):
                continue  # a click is a key there; a click beside a menu closes it
            style = screen.get_style_at(x, y)
            screen._forward_event(
                events.Click(widget, x, y, 0, 0, 1, False, False, False, x, y, style)
            )
            if isinstance(widget, OptionList) and not is_tried:
                is_tried = True
                await pilot.pause()
                if pilot.app.screen is not screen:
                    return
        await pilot.pause()
    assert pilot.app.is_running


SHOWN = {
    "account": "name",
    "contact": "name",
    "subscription": "product",
    "ticket": "subject",
    "survey_response": "comment",
    "touchpoint": "summary",
    "churn_event": "feedback",
    "forecast": "narrative",
    "promise": "evidence",
    "saved_view": "name",
    "import_run": "file_name",
    "signal": "evidence",
}
# What these hold is dates and numbers alone.
WORDLESS = {"usage_correction", "usage_frontier"}


def test_every_table_that_screens_read_is_full_of_hostile_texts(path: Path) -> None:
    with open_database(path) as db:
        for table in {table for table, _ in text_columns(db.connection)} & set(SHOWN):
            column = SHOWN[table]
            found = {row[0] for row in db.connection.execute(f"SELECT {column} FROM {table}")}
            assert found >= set(TEXTS), (table, column)


def test_every_text_is_hostile_unless_the_store_refuses_it(path: Path) -> None:
    with open_database(path) as db:
        columns = text_columns(db.connection)
        for table in {table for table, _ in columns} - WORDLESS:
            assert db.connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0], table
        for table, column in columns:
            found = {str(row[0]) for row in db.connection.execute(f"SELECT {column} FROM {table}")}
            if any(text[:3] in value for text in TEXTS for value in found):
                continue
            fill(db.connection, table, column)
            again = {str(row[0]) for row in db.connection.execute(f"SELECT {column} FROM {table}")}
            assert again == found, (table, column)


def test_the_leaves_of_json_are_hostile_too() -> None:
    given = {"up": 1, "day": "2026-11-23", "told": ["a", {"b": "c"}], "none": None}
    assert at_leaves(given, "[b]") == {
        **given,
        "told": ["[b]", {"b": "[b]"}],
    }


async def test_the_list_shows_what_is_stored_and_does_not_act(path: Path) -> None:
    async with running(path) as pilot:
        table = pilot.app.screen.query_one(WindowedTable)
        lines = drawn(pilot)
        assert steering(pilot) == set()
        seen = "\n".join(lines)
        for text in TEXTS:
            assert safe(text).plain[:10] in seen
        assert len(table.keys) == len(TEXTS)
        await click_every_cell(pilot)
        assert len(table.keys) == len(TEXTS)


@pytest.mark.parametrize("walks", [ONE_OF_EACH_KIND, pytest.param(WALKS, marks=pytest.mark.deep)])
async def test_no_screen_lets_a_control_character_through(
    path: Path, walks: list[list[str]]
) -> None:
    found = {}
    async with running(path) as pilot:
        first = pilot.app.screen
        for keys in walks:
            await pilot.press(*keys)
            await pilot.pause(0.2)
            assert pilot.app.screen is not first, keys
            if signs := steering(pilot):
                found["-".join(keys)] = signs
            await gone_back(pilot)
    assert found == {}


@pytest.mark.parametrize("keys", [["v"], ["enter"]], ids="-".join)
async def test_no_cell_acts(path: Path, keys: list[str]) -> None:
    await walk(path, keys)


@pytest.mark.deep
@pytest.mark.parametrize("keys", WALKS, ids="-".join)
async def test_no_cell_of_any_screen_acts(path: Path, keys: list[str]) -> None:
    await walk(path, keys)


async def walk(path: Path, keys: list[str]) -> None:
    async with running(path) as pilot:
        await pilot.press(*keys)
        await pilot.pause(0.2)
        await click_every_cell(pilot)


@pytest.mark.deep
async def test_every_page_of_every_account_can_be_read(path: Path) -> None:
    async with running(path) as pilot:
        for _ in TEXTS:
            await pilot.press("enter", "tab", "tab")
            assert steering(pilot) == set()
            await pilot.press("escape", "j")


# What is typed last stays in the field.
DONE = (["i"], ["v", "6"], ["space", "space"], ["z"], ["r"], ["n", "x"], ["slash", "x"])


async def test_nothing_done_to_the_list_lets_a_control_character_through(path: Path) -> None:
    async with running(path) as pilot:
        for keys in DONE:
            await pilot.press(*keys)
            await pilot.pause(0.2)
            assert steering(pilot) == set(), keys
            await gone_back(pilot)


async def test_every_width_survives(path: Path) -> None:
    async with running(path) as pilot:
        for width in (40, 80, 200):
            await pilot.resize_terminal(width, 24)
            await pilot.press("g", *["j"] * len(TEXTS))
            await pilot.pause(0.2)
            assert steering(pilot) == set(), width


async def test_a_wide_list_shows_long_names_as_they_are_stored(path: Path) -> None:
    async with running(path, (200, 60)) as pilot:
        seen = "\n".join(drawn(pilot))
        for text in TEXTS:
            assert safe(text).plain[:32].rstrip() in seen


async def test_the_menu_of_views_shows_their_names_and_does_not_act(path: Path) -> None:
    async with running(path) as pilot:
        await pilot.press("v")
        await pilot.pause(0.2)
        seen = "\n".join(drawn(pilot))
        for text in TEXTS:
            assert safe(text).plain[:24].rstrip() in seen
        assert steering(pilot) == set()


@pytest.mark.parametrize("text", [text for text in TEXTS if "\0" not in text])
async def test_the_welcome_names_a_hostile_place(tmp_path: Path, text: str) -> None:
    place = tmp_path / text.replace("/", "")[:60]
    async with running(place) as pilot:
        assert isinstance(pilot.app.screen, WelcomeScreen)
        assert steering(pilot) == set()
        await pilot.press("down", "enter", *"no", "enter")
        await pilot.pause()
        assert steering(pilot) == set()
