import datetime as dt
from dataclasses import replace

import pytest

from cs_workbench.core.account_page import AccountPage, PagePlay
from cs_workbench.core.cadence import ContactDue
from cs_workbench.store.account_page import load_account_page
from cs_workbench.store.database import write
from cs_workbench.tui.widgets.account_plays import open_plays, plays_pane
from tests.factories import TODAY, add_account, portfolio
from tests.tui.pages import HOSTILE

DAY = dt.timedelta(1)
RUNS = PagePlay(
    *("p1", "Renewal", "active", "behind", "Audit the people", 2, 13),
    *(TODAY - 3 * DAY, "Ana Ruiz", HOSTILE, TODAY - 9 * DAY),
)
WAITS = replace(RUNS, title="Save", state="suggested", standing="suggested", step=None, number=0)
OVER = replace(WAITS, title="QBR", state="abandoned", told="they moved it", on=TODAY - 40 * DAY)


@pytest.fixture(scope="module")
def account_page(tmp_path_factory: pytest.TempPathFactory) -> AccountPage:
    with portfolio(tmp_path_factory.mktemp("page")) as db:
        with write(db) as c:
            key = add_account(c)
        return load_account_page(db, key, today=TODAY)


def page(account: AccountPage, *plays: PagePlay) -> AccountPage:
    due = ContactDue(TODAY - DAY, 15, True, TODAY - 16 * DAY, True)
    return replace(account, plays=plays, contact=due, today=TODAY)


def test_each_play_with_where_it_is(account_page: AccountPage) -> None:
    lines = [one.plain for one in plays_pane(page(account_page, RUNS, WAITS, OVER), 100)]
    assert lines[0].startswith("Speak again  due Sun 22 Nov 2026, 1 d late: every 15 d while usage")
    assert lines[2] == "Renewal behind · since 14 Nov"
    assert lines[3].startswith("  step 2 of 13: Audit the people · due ")
    assert lines[3].endswith("Ana Ruiz")
    assert lines[4].startswith("  because ACME [/foo] [@click=app.bell]x[/]")
    assert "Save suggested 14 Nov" in lines
    assert lines[-2:] == ["QBR abandoned 14 Oct", "  they moved it"]


def test_the_open_pane_has_them_in_a_line_each(account_page: AccountPage) -> None:
    lines = [one.plain for one in open_plays(page(account_page, RUNS, WAITS, OVER))]
    assert lines[0].startswith("Renewal behind: 2 Audit the people · due ")
    assert lines[1:] == ["suggested Save · p"]
    assert list(open_plays(page(account_page, OVER))) == []


def test_none_yet(account_page: AccountPage) -> None:
    bare = replace(account_page, plays=(), contact=None)
    assert [one.plain for one in plays_pane(bare, 80)] == ["no play yet · p begins one"]
