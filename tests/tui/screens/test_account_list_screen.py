import gc
import weakref

from cs_workbench.config import Config
from cs_workbench.store.database import Database, write
from cs_workbench.tui.app import WorkbenchApp
from cs_workbench.tui.screens.menu import Menu
from tests.factories import TODAY, add_account, add_summary


async def test_what_was_drawn_of_a_closed_dialog_is_let_go(db: Database) -> None:
    with write(db) as connection:
        add_summary(connection, add_account(connection, "a1"), band="red")
    app = WorkbenchApp(db.path, today=TODAY, config=Config(me="ana", db=db.path))
    async with app.run_test() as pilot:
        await pilot.press("s")
        await pilot.pause()
        assert isinstance(app.screen, Menu)
        drawn = weakref.ref(app.screen.query("OptionList").first()._styles_cache)
        await pilot.press("escape")
        await pilot.pause(0.1)
        gc.collect()
        assert drawn() is None
