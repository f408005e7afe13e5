from array import array
from collections.abc import Sequence

from textual.app import App, ComposeResult
from textual.content import Content

from cs_workbench.tui.widgets.columns import Column
from cs_workbench.tui.widgets.headed_table import HeadedTable

COLUMNS = (Column[int]("", "Number", 8, lambda row: Content(str(row)), gap=0),)
HEADINGS = {0, 10, 11, 20}


class HeadedApp(App[None]):
    def compose(self) -> ComposeResult:
        yield HeadedTable(self.fetch, lambda _: COLUMNS)

    def fetch(self, keys: Sequence[int]) -> Sequence[int]:
        return list(keys)

    def on_mount(self) -> None:
        self.show(range(21), HEADINGS)
        self.table.focus()

    def show(self, keys: range, headings: set[int]) -> None:
        self.table.show_under(array("q", keys), headings)

    @property
    def table(self) -> HeadedTable[int]:
        return self.query_one(HeadedTable)


async def test_the_cursor_steps_over_headings_and_shows_them() -> None:
    app = HeadedApp()
    async with app.run_test(size=(20, 7)) as pilot:
        assert app.table.cursor_key == 1
        for keys, key in (
            (["k"], 1),  # nothing above it but a heading
            (["j"] * 9, 12),
            (["k"], 9),
            (["G"], 19),
            (["pageup"], 13),
            (["g"], 1),
        ):
            await pilot.press(*keys)
            assert app.table.cursor_key == key
        assert app.table.render_line(1).text.strip() == "0"  # the heading is in sight again
        await pilot.press("j", "j")
        app.show(range(4), {0, 3})  # what was under the cursor is a heading now
        assert app.table.cursor_key == 2
        app.show(range(1), {0})
        await pilot.press("j", "enter")
        assert app.table.cursor_key == 0
