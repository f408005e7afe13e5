"""What is done alike from several modes: a contact logged, an edited book brought back."""

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.widgets import Input

from cs_workbench.config import Config
from cs_workbench.core.book_sheets import sheet_headings, sheet_row
from cs_workbench.core.forecast_policy import ForecastPolicy
from cs_workbench.core.memory import Touchpoint
from cs_workbench.store.account_fields import read_fields
from cs_workbench.store.account_lines import account_lines
from cs_workbench.store.database import Database, write
from cs_workbench.store.kept import read_kept
from cs_workbench.tui.app import WorkbenchApp
from cs_workbench.tui.screens.accounts import AccountsScreen
from cs_workbench.tui.screens.fields_form import FieldsForm
from cs_workbench.tui.screens.menu import Menu
from cs_workbench.tui.screens.prompt import Prompt
from cs_workbench.tui.screens.renewals import RenewalsScreen
from cs_workbench.tui.screens.today import TodayScreen
from cs_workbench.tui.widgets.windowed_table import WindowedTable
from cs_workbench.workflows.renewals import settle_renewals
from tests.factories import (
    TODAY,
    add_account,
    add_person,
    add_promise,
    add_subscription,
    add_summary,
    portfolio,
)
from tests.tui.awaiting import until, until_on


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    with portfolio(tmp_path) as opened:
        with write(opened) as pen:
            add_person(pen)
            key = add_account(pen, "kestrel", name="Kestrel [@click=app.quit]x[/]", csm="ana")
            add_summary(pen, key, band="red")
            add_promise(pen, key, due_on="2026-11-20", owner="ana")
            add_subscription(pen, key, start_date="2026-03-01", end_date="2026-12-31")
        settle_renewals(opened, today=TODAY, policy=ForecastPolicy())
        yield opened


def app_on(db: Database) -> WorkbenchApp:
    return WorkbenchApp(db.path, today=TODAY, config=Config(me="ana", db=db.path))


async def test_l_logs_a_contact_from_the_queue_and_from_the_pipeline(db: Database) -> None:
    app = app_on(db)
    async with app.run_test(size=(80, 24)) as pilot:
        for mode, screen in (("2", TodayScreen), ("3", RenewalsScreen)):
            await pilot.press(mode)
            await until_on(pilot, screen)
            await until(pilot, lambda: app.screen.query_one(WindowedTable).keys)
            await pilot.press("l")
            await until_on(pilot, FieldsForm)
            app.screen.query_one("#summary", Input).value = f"said in {mode}"
            await pilot.press("ctrl+s")
            await until(pilot, lambda: not isinstance(app.screen, FieldsForm))
    said = [one.summary for one in read_kept(db, Touchpoint, 1)]
    assert sorted(one for one in said if one) == ["said in 2", "said in 3"]


async def test_the_edited_book_is_shown_before_it_changes_anything(
    db: Database, tmp_path: Path
) -> None:
    (line,) = account_lines(db, [1], today=TODAY, me="ana")
    row = dict(zip(sheet_headings({}), sheet_row(line, TODAY, {}), strict=True))
    with (tmp_path / "book.csv").open("w", newline="", encoding="utf-8") as file:
        out = csv.DictWriter(file, list(row))
        out.writeheader()
        out.writerow(row | {"segment": "enterprise [b"})

    app = app_on(db)
    async with app.run_test(size=(80, 24)) as pilot:
        await until_on(pilot, AccountsScreen)
        await pilot.press("I")
        await until_on(pilot, Prompt)
        app.screen.query_one(Input).value = str(tmp_path / "book.csv")
        await pilot.press("enter")
        await until_on(pilot, Menu)
        shown = "\n".join(strip.text for strip in app.screen._compositor.render_strips())
        assert "→ enterprise [b" in shown
        assert read_fields(db, 1, ["segment"]) == {"segment": None}
        await pilot.press("y")
        await until_on(pilot, AccountsScreen)
        await until(pilot, lambda: read_fields(db, 1, ["segment"])["segment"] is not None)
        assert read_fields(db, 1, ["segment"]) == {"segment": "enterprise [b"}
