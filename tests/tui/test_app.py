import datetime as dt
import gc
import re
from pathlib import Path
from typing import Any

import pytest
from textual.app import App
from textual.pilot import Pilot
from textual.widgets import Label

from cs_workbench.config import Config
from cs_workbench.errors import ForeignFileError, InputError
from cs_workbench.store.database import Database, write
from cs_workbench.store.settings import set_setting
from cs_workbench.tui.app import WorkbenchApp
from cs_workbench.tui.screens.accounts import AccountsScreen
from cs_workbench.tui.screens.help import HelpScreen
from cs_workbench.tui.screens.welcome import WelcomeScreen
from cs_workbench.tui.widgets.lines import Lines
from cs_workbench.tui.widgets.preview import Preview
from tests.factories import TODAY, add_account, add_summary

ACTING = "[@click=app.quit]press[/]"


@pytest.fixture
def path(db: Database) -> Path:
    with write(db) as connection:
        add_summary(connection, add_account(connection, "acme"), band="red")
    return db.path


def app_on(path: Path, today: dt.date | None = TODAY, **settings: Any) -> WorkbenchApp:
    return WorkbenchApp(path, today=today, config=Config(me="ana", db=path, **settings))


def title(pilot: Pilot[None]) -> str:
    return pilot.app.screen.query_one("#titles", Lines).render().plain.splitlines()[0]


async def test_it_opens_on_the_accounts(path: Path) -> None:
    async with app_on(path).run_test() as pilot:
        assert isinstance(pilot.app.screen, AccountsScreen)
        assert "Mon 23 Nov 2026" in title(pilot)


async def test_a_sample_says_that_its_day_is_fixed(db: Database, path: Path) -> None:
    with write(db) as connection:
        set_setting(connection, "sample_today", "2026-11-20")
    async with app_on(path, today=None).run_test() as pilot:
        assert "sample data, Fri 20 Nov 2026" in title(pilot)
    async with app_on(path, today=None).run_test(size=(120, 40)) as pilot:
        assert "sample data, today is fixed to Fri 20 Nov 2026" in title(pilot)
    async with app_on(path).run_test() as pilot:
        assert "sample" not in title(pilot)


async def test_without_a_portfolio_or_accounts_it_welcomes(db: Database, tmp_path: Path) -> None:
    for nothing in (tmp_path / "none.db", db.path):
        async with app_on(nothing).run_test() as pilot:
            assert isinstance(pilot.app.screen, WelcomeScreen)
    assert not (tmp_path / "none.db").exists()


def test_a_file_that_is_not_ours_is_refused_before_anything_is_drawn(tmp_path: Path) -> None:
    foreign = tmp_path / "foreign.db"
    foreign.write_text("hello" * 100, encoding="utf-8")
    with pytest.raises(ForeignFileError):
        app_on(foreign)


async def test_esc_never_leaves_and_q_leaves_from_the_first_screen(path: Path) -> None:
    app = app_on(path)
    async with app.run_test() as pilot:
        await pilot.press("escape", "escape", "escape")
        assert app.is_running
        await pilot.press("question_mark")
        assert isinstance(app.screen, HelpScreen)
        await pilot.press("q")
        assert isinstance(app.screen, AccountsScreen)
        await pilot.press("q")
        await pilot.pause()
        assert not app.is_running


async def test_text_on_the_screen_never_acts(path: Path) -> None:
    app = app_on(path)
    async with app.run_test() as pilot:
        await app.screen.mount(Label(ACTING, id="bait"), before=0)
        await pilot.click("#bait", offset=(1, 0))
        await pilot.pause()
        assert app.is_running


async def test_the_bait_does_act_elsewhere() -> None:
    app: App[None] = App()
    async with app.run_test() as pilot:
        await app.screen.mount(Label(ACTING, id="bait"))
        await pilot.click("#bait", offset=(1, 0))
        await pilot.pause()
        assert not app.is_running


def test_a_theme_that_there_is_not_is_named_with_those_there_are(path: Path) -> None:
    with pytest.raises(InputError, match=r"no theme 'csw-lihgt'\. Themes: .*csw-light"):
        app_on(path, theme="csw-lihgt")


@pytest.mark.parametrize("theme", ["csw-dark", "csw-light", "nord", "textual-light"])
async def test_bands_have_their_colours_in_every_theme(path: Path, theme: str) -> None:
    app = app_on(path, theme=theme)
    async with app.run_test() as pilot:
        await pilot.pause()
        assert app.theme == theme
        style = app.stylesheet.parse_style("bold $band-red")
        assert style.foreground is not None


async def test_no_color_means_none(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = app_on(path)
    async with app.run_test() as pilot:
        await pilot.press("question_mark")
        drawn = "".join(
            strip.render(app.console) for strip in app.screen._compositor.render_strips()
        )
    codes = {code for found in re.findall(r"\x1b\[([0-9;]*)m", drawn) for code in found.split(";")}
    assert codes <= {"", "0", "1", "2", "3", "4", "7"}
    assert "1" in codes


@pytest.mark.parametrize(("letters", "border"), [(True, "ascii"), (False, "round")])
async def test_frames_are_drawn_in_letters_where_signs_are(
    path: Path, letters: bool, border: str
) -> None:
    async with app_on(path, ascii=letters).run_test(size=(120, 40)) as pilot:
        assert pilot.app.screen.query_one(Preview).styles.border_top[0] == border
        await pilot.press("v")
        assert pilot.app.screen.query_one(".box").styles.border_top[0] == border


async def test_garbage_is_collected_once_it_runs(path: Path) -> None:
    gc.disable()
    async with app_on(path).run_test():
        assert gc.isenabled()
    gc.unfreeze()


async def test_the_palette_offers_what_the_keys_do(path: Path) -> None:
    app = app_on(path)
    async with app.run_test() as pilot:
        await pilot.press("colon", *"all keys")
        await pilot.pause(0.5)
        await pilot.press("enter")
        await pilot.pause(0.5)
        assert isinstance(app.screen, HelpScreen)
