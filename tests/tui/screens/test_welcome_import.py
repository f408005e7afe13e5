from pathlib import Path

from textual.pilot import Pilot
from textual.widgets import Input

from cs_workbench.config import Config
from cs_workbench.tui.app import WorkbenchApp
from cs_workbench.tui.screens.accounts import AccountsScreen
from cs_workbench.tui.screens.welcome import WelcomeScreen
from cs_workbench.tui.widgets.windowed_table import WindowedTable
from tests.factories import TODAY
from tests.tui.awaiting import until, until_on

FILES = {
    "accounts.csv": "account_id,name,segment,industry,region,csm,lifecycle_stage,"
    "started_on,currency"
    "\nA1,Kestrel GmbH,smb,software,EMEA,ana,mature,2025-01-01,USD"
    "\nA2,東京データ KK,smb,software,APAC,bo,mature,2025-01-01,USD\n",
    "subscriptions.csv": "subscription_id,account_id,product,plan,seats,arr,currency,start_date,"
    "end_date,notice_days,auto_renew,cancelled_on"
    "\nS1,A1,platform,team,10,1200,USD,2026-01-01,2026-12-31,60,1,"
    "\nS2,A2,platform,team,10,1200,USD,2026-01-01,2026-12-31,60,1,\n",
}


def exports(folder: Path) -> Path:
    folder.mkdir()
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


async def load(pilot: Pilot[None], source: str) -> None:
    await pilot.press("down", "enter")
    await pilot.pause()
    pilot.app.screen.query_one(Input).value = source
    await pilot.press("enter")


async def test_own_files_are_loaded_scored_and_shown(tmp_path: Path) -> None:
    path, source = tmp_path / "mine.db", exports(tmp_path / "exports")
    app = WorkbenchApp(path, today=TODAY, config=Config(me="ana", db=path))
    async with app.run_test(size=(120, 40)) as pilot:
        await load(pilot, str(source))
        await until_on(pilot, AccountsScreen)
        assert isinstance(app.screen, AccountsScreen)
        await until(pilot, lambda: len(app.screen.query_one(WindowedTable).keys) == 2)
        told = "\n".join(notice.message for notice in app._notifications)
        assert "Rows loaded: 4; accounts scored: 2." in told


async def test_a_path_with_nothing_there_is_told_and_asked_again(tmp_path: Path) -> None:
    path = tmp_path / "mine.db"
    app = WorkbenchApp(path, today=TODAY, config=Config(me="ana", db=path))
    async with app.run_test() as pilot:
        await load(pilot, str(tmp_path / "nowhere"))
        await pilot.pause(0.2)
        assert isinstance(app.screen, WelcomeScreen)
        assert any("nothing at" in notice.message for notice in app._notifications)
    assert not path.exists()
