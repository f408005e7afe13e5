"""What the screens look like, kept as pictures; renew them with `pytest --snapshot-update`."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from cs_workbench.config import Config
from cs_workbench.tui.app import WorkbenchApp
from tests.factories import TODAY
from tests.tui.books import drawn_book

Compare = Callable[..., bool]


@pytest.fixture(autouse=True)
def one_time_zone(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def app_on(folder: Path, *, theme: str = "csw-dark", letters: bool = False) -> WorkbenchApp:
    path = drawn_book(folder)
    config = Config(me="Ana Ruiz", db=path, theme=theme, ascii=letters)
    return WorkbenchApp(path, today=TODAY, config=config)


async def settle(pilot: Pilot[None]) -> None:
    await pilot.pause(0.3)
    await pilot.pause(0.2)


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)], ids=["80", "120", "200"])
def test_the_list(snap_compare: Compare, tmp_path: Path, size: tuple[int, int]) -> None:
    assert snap_compare(app_on(tmp_path), terminal_size=size, run_before=settle)


def test_the_list_on_light_ground(snap_compare: Compare, tmp_path: Path) -> None:
    app = app_on(tmp_path, theme="csw-light")
    assert snap_compare(app, terminal_size=(120, 40), run_before=settle)


def test_the_list_in_letters_without_colour(
    snap_compare: Compare, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = app_on(tmp_path, letters=True)
    assert snap_compare(app, terminal_size=(80, 24), run_before=settle)


@pytest.mark.parametrize(
    "keys",
    [["v"], ["s"], ["question_mark"], ["slash", "a", "r", "r", ">", "x"]],
    ids=["view", "sort", "help", "filter"],
)
def test_menus(snap_compare: Compare, tmp_path: Path, keys: list[str]) -> None:
    async def press(pilot: Pilot[None]) -> None:
        await settle(pilot)
        await pilot.press(*keys)
        for field in pilot.app.screen.query(Input):
            field.cursor_blink = False
        await settle(pilot)

    assert snap_compare(app_on(tmp_path), terminal_size=(100, 30), run_before=press)


def test_the_welcome(
    snap_compare: Compare, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    path = Path("portfolio.db")
    app = WorkbenchApp(path, today=TODAY, config=Config(me="ana", db=path))
    assert snap_compare(app, terminal_size=(80, 24))
