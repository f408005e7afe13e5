"""Screen 4: a number leads to its accounts in two keys, and to its policy in one."""

import datetime as dt
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.screen import Screen

from cs_workbench.config import Config
from cs_workbench.core.glyphs import UNICODE
from cs_workbench.store.database import open_database, write
from cs_workbench.tui.app import WorkbenchApp
from cs_workbench.tui.screens.account import AccountScreen
from cs_workbench.tui.screens.metric_accounts import MetricAccounts, MetricPolicyNote
from cs_workbench.tui.screens.portfolio import PortfolioScreen
from cs_workbench.tui.screens.portfolio_numbers import beside, figures_of
from cs_workbench.tui.widgets.number_list import NumberList
from cs_workbench.workflows.loyalty import score_loyalty
from cs_workbench.workflows.portfolio import Wanted, portfolio_by_parts
from cs_workbench.workflows.scoring import refresh
from tests.factories import (
    TODAY,
    add_account,
    add_promise,
    add_subscription,
    add_summary,
    add_ticket,
    portfolio,
)

WANTED = Wanted(TODAY, "ana")


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """Ten accounts at 1,000 USD; two have left, one grew; two segments."""
    with portfolio(tmp_path) as db, write(db) as c:
        for at in range(10):
            key = add_account(c, f"a{at}", name=f"Account {at}", segment="SMB" if at % 2 else "Mid")
            last = "2026-03-31" if at < 2 else "2026-06-30"
            terms = [("2024-07-01", last, 100_000)]
            if at >= 2:
                terms.append(("2026-07-01", "2027-06-30", 150_000 if at == 9 else 100_000))
            for start, end, arr in terms:
                add_subscription(c, key, start_date=start, end_date=end, arr_minor=arr)
        return db.path


async def settled(pilot: Pilot[None], *keys: str) -> None:
    for key in keys:
        await pilot.press(key)
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()


def lines(pilot: Pilot[None]) -> list[str]:
    return [strip.text.rstrip() for strip in pilot.app.screen._compositor.render_strips()]


def line_with(pilot: Pilot[None], word: str) -> str:
    return next(line for line in lines(pilot) if line.strip().startswith(word))


def is_on(pilot: Pilot[None], kind: type[Screen[None]]) -> bool:
    return isinstance(pilot.app.screen, kind)


async def test_figures_lead_to_their_accounts_and_to_a_page(book: Path) -> None:
    app = WorkbenchApp(book, today=TODAY, config=Config(me="ana", db=book))
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot, "4")
        assert "80.0 %" in line_with(pilot, "GRR")
        assert "49.0 to 94.3" in line_with(pilot, "CRR")
        assert line_with(pilot, "NRR").split()[1:5] == ["85.0", "%", "↓", "◆"]
        assert "2k" in line_with(pilot, "churn").replace("-", "")
        assert "2024-Q3" in "".join(lines(pilot))
        await settled(pilot, "enter")
        assert is_on(pilot, MetricAccounts)
        assert "Account 0" in line_with(pilot, "Account 0")
        assert "1,000.00" in line_with(pilot, "Account 0")
        await settled(pilot, "enter")
        assert is_on(pilot, AccountScreen)
        await settled(pilot, "escape", "escape")
        await settled(pilot, "x")
        assert is_on(pilot, MetricPolicyNote)
        assert any("first day without entitlement" in line for line in lines(pilot))
        await settled(pilot, "x")
        assert is_on(pilot, PortfolioScreen)


async def test_of_a_large_book_comes_first_what_contracts_tell(
    book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_database(book) as db:
        (whole,) = portfolio_by_parts(db, WANTED)
        monkeypatch.setattr("cs_workbench.workflows.portfolio.LONG", 9)
        part, again = portfolio_by_parts(db, WANTED)
    assert (part.is_whole, again.is_whole) == (False, True)
    assert again == whole
    assert (part.cohorts, part.began, part.curve) == (whole.cohorts, whole.began, whole.curve)
    assert (part.sheet.bridge, part.sheet.ends) == (whole.sheet.bridge, whole.sheet.ends)
    told = {one.metric.key: one.metric for one in whole.sheet.kpis}
    first = {one.metric.key: one.metric for one in part.sheet.kpis}
    assert {"grr", "crr", "clv"} <= first.keys() < told.keys()
    assert {key: told[key] for key in first} == first


async def test_what_is_still_read_has_its_place_and_says_so(
    book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cs_workbench.workflows.portfolio.LONG", 9)
    with open_database(book) as db:
        part, whole = portfolio_by_parts(db, WANTED)
    drawn = [[one.line.plain for one in figures_of(view, 78, UNICODE)] for view in (part, whole)]
    waiting = [at for at, line in enumerate(drawn[0]) if line.endswith("reading …")]
    assert [drawn[0][at].split("  ")[0] for at in waiting][:2] == ["First response", "Conversion"]
    bridges = [lines[lines.index("ARR bridge · USD") :][:8] for lines in drawn]
    assert bridges[0] == bridges[1]
    beside_it = [one.line.plain for one in beside(part, 40, UNICODE, lettered=False)]
    assert "Health · reading …" in beside_it


@pytest.mark.parametrize("theme", ["csw-light", "csw-dark"])
async def test_lines_that_lead_nowhere_are_as_easy_to_read_as_others(
    book: Path, theme: str
) -> None:
    app = WorkbenchApp(book, today=TODAY, config=Config(me="ana", db=book, theme=theme))
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot, "4")
        drawn = {
            part.text.strip(): part.style
            for strip in app.screen._compositor.render_strips()
            for part in strip
        }
        heading, value = drawn["ARR bridge"], drawn["85.0 %"]
        assert heading is not None
        assert value is not None
        assert (heading.color, heading.bgcolor) == (value.color, value.bgcolor)


async def test_period_and_part_can_be_changed_on_a_small_terminal(book: Path) -> None:
    app = WorkbenchApp(book, today=TODAY, config=Config(me="ana", db=book))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot, "4", "w", "2")
        assert any("2026-07-01 to 2026-09-30" in line for line in lines(pilot))
        assert line_with(pilot, "GRR").split()[1:5] == ["100.0", "%", "↑", "●"]
        figures = app.screen.query_one("#figures", NumberList)
        widest = max(len(str(one.prompt)) for one in figures.options)
        assert widest <= figures.scrollable_content_region.width  # no bar under the scrollbar
        await settled(pilot, "full_stop")
        assert any("2026-10-01 to 2026-11-23 · open" in line for line in lines(pilot))
        await settled(pilot, "comma", "comma")
        assert any("2026-04-01 to 2026-06-30" in line for line in lines(pilot))
        await settled(pilot, "v", "j", "enter")
        assert any("segment Mid" in line for line in lines(pilot))
        await settled(pilot, "tab")
        assert any("Cohorts" in line for line in lines(pilot))
        await settled(pilot, "enter")  # the cohort of the oldest quarter
        assert is_on(pilot, MetricAccounts)
        assert line_with(pilot, "Account 0").split()[2:] == ["0.00", "1,000.00"]
        assert line_with(pilot, "Account 2").split()[2:] == ["1,000.00", "1,000.00"]
        await settled(pilot, "escape", "tab")
        assert app.screen.query_one("#figures").has_focus


async def test_a_month_of_health_leads_to_who_was_scored_then(book: Path) -> None:
    with open_database(book) as db:
        for day in (dt.date(2026, 10, 30), TODAY):
            refresh(db, as_of=day, actor="ana")
        scored = {
            str(band): count
            for band, count in db.connection.execute(
                "SELECT band, count(*) FROM score WHERE as_of = '2026-10-30' GROUP BY band"
            )
        }
    app = WorkbenchApp(book, today=TODAY, config=Config(me="ana", db=book))
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot, "4", "tab", "k", "k", "enter")  # round the end, to October
        assert is_on(pilot, MetricAccounts)
        shown = lines(pilot)
        assert f"health on 2026-10-30 · {sum(scored.values())} behind it" in shown[0]
        assert sum(" -- " in f"{line} " for line in shown) == scored.get("unknown", 0)


async def test_our_loyalty_leads_to_whom_it_may_cost_us(book: Path) -> None:
    with open_database(book) as db:
        with write(db) as c:
            c.execute("UPDATE account SET started_on = '2023-01-01'")
            for (key,) in c.execute("SELECT account_key FROM account").fetchall():
                add_summary(c, key)
                late = {"due_on": "2026-11-01", "state": "open"}
                if key > 1:
                    late |= {"kept_on": "2026-10-30", "state": "kept"}
                add_promise(c, key, **late)
                add_ticket(c, key, opened_at="2026-11-01T09:00:00Z", priority="urgent",
                           closed_at=None if key == 1 else "2026-11-01T10:00:00Z")  # fmt: skip
        score_loyalty(db, as_of=TODAY)
    app = WorkbenchApp(book, today=TODAY, config=Config(me="ana", db=book))
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot, "4")
        assert line_with(pilot, "Our loyalty").split()[2:4] == ["91.8", "●"]
        assert line_with(pilot, "loyal and squeezed").split()[3] == "1"
        await settled(pilot, "k", "k", "enter")  # round the end to the standing before the last
        assert is_on(pilot, MetricAccounts)
        assert line_with(pilot, "Account 0").split()[-1] == "100"
        await settled(pilot, "enter")
        assert is_on(pilot, AccountScreen)
        await settled(pilot, "escape", "escape", "x")
        assert any("below 50" in line for line in lines(pilot))
