"""Screen 3 at both sizes, from the keyboard."""

import datetime as dt
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from cs_workbench.config import Config
from cs_workbench.store.database import open_database, write
from cs_workbench.tui.app import WorkbenchApp
from cs_workbench.tui.screens.account import AccountScreen
from cs_workbench.tui.screens.fields_form import FieldsForm
from cs_workbench.tui.screens.renewal_moves import MovesScreen, moves_lines
from cs_workbench.tui.screens.renewal_reader import Wanted, first_rows
from cs_workbench.tui.screens.renewal_titles import Seen, moved_of, title_lines
from cs_workbench.tui.screens.renewals import RenewalsScreen
from cs_workbench.tui.session import Session
from cs_workbench.tui.widgets.renewal_table import RenewalTable
from cs_workbench.workflows.pipeline import Window, compare, read_pipeline
from cs_workbench.workflows.renewals import settle_renewals
from tests.factories import (
    TODAY,
    add_account,
    add_contact,
    add_forecast,
    add_import,
    add_subscription,
    add_summary,
    portfolio,
)
from tests.hostile_churn import add_churn
from tests.tui.awaiting import until, until_on
from tests.tui.pages import picture
from tests.workflows.renewal_books import POLICY

ROWS = (  # name, end, ARR, CSM, category then now
    ("Kestrel", "2027-02-28", 41_200_000, "ana", "likely", "at risk"),
    ("Harlow", "2027-03-15", 14_600_000, "ana", "likely", "commit"),
    ("Summit", "2027-04-20", 12_200_000, "jon", None, None),
)


@pytest.fixture
def book(tmp_path: Path) -> Path:
    with portfolio(tmp_path) as db:
        with write(db) as connection:
            for name, end, arr, csm, before, now in ROWS:
                key = add_account(connection, name.lower(), name=name, csm=csm)
                add_summary(connection, key, band="red")
                term = {"start_date": "2026-03-01", "end_date": end, "arr_minor": arr}
                add_subscription(connection, key, **term)
                add_contact(connection, key, name="Tomasz Brandt", role="decision maker")
                for category, day in ((before, "2026-11-10"), (now, "2026-11-20")):
                    if category:
                        said = {"category": category, "made_at": f"{day}T09:00:00Z"}
                        add_forecast(connection, key, **said, renewal_end=end, amount_minor=arr)
        settle_renewals(db, today=TODAY, policy=POLICY)
        return db.path


def app_on(path: Path) -> WorkbenchApp:
    return WorkbenchApp(path, today=TODAY, config=Config(me="ana", db=path))


async def there(pilot: Pilot[None]) -> RenewalTable:
    await pilot.press("3")
    await until_on(pilot, RenewalsScreen)
    screen = pilot.app.screen
    assert isinstance(screen, RenewalsScreen)
    await until(pilot, lambda: screen._seen and screen._seen.moved)
    await pilot.pause()
    return screen.query_one(RenewalTable)


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
async def test_the_clock_the_totals_and_what_moved(book: Path, size: tuple[int, int]) -> None:
    with open_database(book) as db, write(db) as connection:
        add_churn(connection, [1], ("on",))
    async with app_on(book).run_test(size=size) as pilot:
        table = await there(pilot)
        seen = picture(pilot.app)
        if size[0] == 120:
            assert "leaves 34 %  (21 % to 49 %) by 21 Feb 2027 · expected loss 140k of 412k" in seen
        for text in (
            "Leaves",
            " 34% ",
            "[3 Ren",
            "commit by: passed, or within 7 d",
            "Kestrel",
            "680k",
            "Since 16 Nov",
        ):
            assert text in seen, text
        assert "−124k" in seen
        assert table.entry is not None
        assert table.entry.account.name == "Kestrel"
        await pilot.press("j")
        assert table.entry.account.name == "Harlow"  # past the heading
        await pilot.press("k", "k")
        assert table.entry.account.name == "Kestrel"


async def test_a_long_list_is_let_go_of_and_comes_back_with_its_cursor(
    book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cs_workbench.tui.screens.renewal_list_screen.LONG", 2)
    async with app_on(book).run_test(size=(120, 40)) as pilot:
        table = await there(pilot)
        await pilot.press("G")
        screen = pilot.app.screen
        assert isinstance(screen, RenewalsScreen)
        assert table.entry is not None
        assert table.entry.account.name == "Summit"
        await pilot.press("enter")  # a page over it is no other mode
        await pilot.pause()
        assert len(table.keys) == 6
        await pilot.press("escape", "1")
        await pilot.pause()
        assert len(table.keys) == len(table._rows) == 0
        await there(pilot)
        assert table.entry is not None
        assert table.entry.account.name == "Summit"
        assert "680k" in picture(pilot.app)


async def test_a_short_list_is_kept(book: Path) -> None:
    async with app_on(book).run_test() as pilot:
        await there(pilot)
        screen = pilot.app.screen
        assert isinstance(screen, RenewalsScreen)
        await pilot.press("1")
        await pilot.pause()
        assert screen._seen is not None


@pytest.mark.parametrize("width", [120, 80])
def test_without_any_price_the_totals_are_of_what_is_expected(book: Path, width: int) -> None:
    with open_database(book) as db:
        with write(db) as connection:
            connection.execute("UPDATE subscription SET arr_minor = NULL")
            connection.execute("DELETE FROM setting WHERE name = 'renewals derived'")
        settle_renewals(db, today=TODAY, policy=POLICY)
        found = read_pipeline(db, Window(TODAY, 200), POLICY)
        seen = Seen(found, found.totals, "clock")
        told = title_lines(Session(db, TODAY, "ana"), seen, width).plain
    assert "None" not in told
    if width == 80:
        assert "3 due of unknown price · weighted 324k ±" in told
        assert "commit 146k · likely 0 · at risk 412k · churn exp. 0 · none –" in told
    else:
        amounts = next(line.split() for line in told.splitlines() if " amount " in line)
        assert amounts[:8] == ["amount", "0", "146k", "0", "412k", "0", "–", "–"]


def test_of_very_many_moves_the_largest_are_told(
    book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = TODAY - dt.timedelta(7)
    with open_database(book) as db:
        found = moved_of(compare(db, Window(TODAY), day, POLICY))
    whole = [line.plain for line in moves_lines(found, 80)]
    assert [line.split()[0] for line in whole] == ["Kestrel", "Harlow", "in"]
    assert set(found.names.values()) == {"Kestrel", "Harlow"}
    monkeypatch.setattr("cs_workbench.tui.screens.renewal_moves.MOST", 1)
    short = [line.plain for line in moves_lines(found, 80)]
    assert (short[0], short[2]) == (whole[0], whole[2])
    assert short[1].startswith("1 smaller move ")
    assert short[1].split()[-1] == whole[1].split()[-1]


def test_the_first_picture_is_not_empty_because_what_ended_last_is_closed(book: Path) -> None:
    with open_database(book) as db:
        with write(db) as connection:
            key = add_account(connection, "gone", csm="ana")
            term = {"start_date": "2025-11-10", "end_date": "2026-11-09", "auto_renew": 0}
            loaded = add_import(connection, recorded_at="2026-01-01T02:00:00Z")
            cancelled = {"cancelled_on": "2026-11-10", "import_id": loaded}
            add_subscription(connection, key, **term, **cancelled)
        settle_renewals(db, today=TODAY, policy=POLICY)
        wanted = Wanted(Window(TODAY))
        first, more = (first_rows(db, wanted, "-", POLICY, one) for one in ((1,), (1, 100)))
    assert first.pipeline.entries == ()
    names = [one.account.name for one in more.pipeline.entries]
    assert names == ["Kestrel", "Harlow", "Summit"]


async def test_a_forecast_is_checked_while_typed_and_shows_at_once(book: Path) -> None:
    async with app_on(book).run_test(size=(120, 40)) as pilot:
        await there(pilot)
        await pilot.press("f", "l")
        await pilot.pause(0.6)
        assert isinstance(pilot.app.screen, FieldsForm)
        assert "name the one fact that is missing" in picture(pilot.app)
        await pilot.press("backspace", "c", "enter")
        await pilot.pause(0.8)
        assert len(pilot.app.screen_stack) == 1
        with open_database(book) as db:
            said = db.connection.execute("SELECT category, author FROM forecast ORDER BY made_at")
            assert [tuple(row) for row in said][-1] == ("commit", "ana")
        await pilot.press("z")
        await pilot.pause(0.5)
        with open_database(book) as db:
            assert db.connection.execute("SELECT count(*) FROM forecast").fetchone()[0] == 4


async def test_commitment_and_notice_by_form(book: Path) -> None:
    async with app_on(book).run_test(size=(120, 40)) as pilot:
        await there(pilot)
        await pilot.press("c")
        await pilot.pause(0.2)
        pilot.app.screen.query_one("#signer", Input).value = "Brandt"
        pilot.app.screen.query_one("#evidence", Input).value = "call"
        await pilot.press("ctrl+s")
        await pilot.pause(0.6)
        await pilot.press("N")
        await pilot.pause(0.2)
        pilot.app.screen.query_one("#by", Input).value = "Brandt"
        await pilot.press("ctrl+s")
        await pilot.pause(0.8)
        seen = picture(pilot.app)
        assert "verbal" in seen
        assert "churn exp." in seen
        assert "notice received 23 Nov (all)" in seen


async def test_grouping_window_filter_past_day_and_moves(book: Path) -> None:
    async with app_on(book).run_test(size=(120, 40)) as pilot:
        table = await there(pilot)
        await pilot.press("g")
        await pilot.pause(0.4)
        assert "by category" in picture(pilot.app)
        await pilot.press("w", "slash", *"kest")
        await pilot.pause(0.5)
        assert "Deadline in 180 d" in picture(pilot.app)
        assert len([key for key in table.keys if key > 0]) == 1
        await pilot.press("enter", "escape", "a", *"16 nov", "enter")
        await pilot.pause(0.6)
        assert table.entry is not None
        assert "likely" in picture(pilot.app)
        await pilot.press("escape")
        await pilot.pause(0.6)
        await pilot.press("m")
        await pilot.pause(0.2)
        assert isinstance(pilot.app.screen, MovesScreen)
        assert "-123,600.00" in picture(pilot.app)
        await pilot.press("escape", "M", *"-1", "enter")
        await pilot.pause(0.6)
        assert "Since 22 Nov" in picture(pilot.app)


async def test_what_is_shown_is_written_to_a_file(
    book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    async with app_on(book).run_test(size=(80, 24)) as pilot:
        await there(pilot)
        await pilot.press("g", "g")
        await pilot.pause(0.4)
        assert "week of 28 Dec" in picture(pilot.app)
        await pilot.press("X")
        await pilot.pause(0.2)
        await pilot.press("enter")
        await pilot.pause(0.5)
        lines = (tmp_path / "renewals-2026-11-23.csv").read_text().splitlines()
        assert [line.split(",")[1] for line in lines] == ["name", "Kestrel", "Harlow", "Summit"]


async def test_the_account_page_says_it_of_the_next_renewal(book: Path) -> None:
    async with app_on(book).run_test(size=(80, 24)) as pilot:
        await there(pilot)
        await pilot.press("enter")
        await pilot.pause(0.4)
        assert isinstance(pilot.app.screen, AccountScreen)
        await pilot.press("c")
        await pilot.pause(0.4)
        pilot.app.screen.query_one("#signer", Input).value = "Brandt"
        pilot.app.screen.query_one("#evidence", Input).value = "call"
        await pilot.press("ctrl+s")
        await pilot.pause(0.6)
        await pilot.press("f")
        await pilot.pause(0.4)
        assert isinstance(pilot.app.screen, FieldsForm)
        await pilot.press("c", "enter")
        await pilot.pause(0.6)
        assert isinstance(pilot.app.screen, AccountScreen)
    with open_database(book) as db:
        given = db.connection.execute("SELECT level, renewal_end FROM commitment").fetchall()
        assert [tuple(row) for row in given] == [("verbal", "2027-02-28")]
        said = db.connection.execute("SELECT category FROM forecast ORDER BY made_at").fetchall()
        assert said[-1][0] == "commit"
