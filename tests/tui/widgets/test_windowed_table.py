from array import array
from collections.abc import Sequence

import pytest
from textual.app import App, ComposeResult
from textual.content import Content

from cs_workbench.tui.widgets.columns import Column
from cs_workbench.tui.widgets.windowed_table import WindowedTable

COLUMNS = (
    Column[int]("", "", 2, lambda _: Content(), gap=0),
    Column[int]("number", "Number", 8, lambda row: Content(str(row)), gap=0, right=True),
    Column[int]("square", "Square", 12, lambda row: Content(f"[b]{row * row}[/b]"), right=True),
)


class TableApp(App[None]):
    def __init__(self, count: int) -> None:
        super().__init__()
        self.count = count
        self.read = 0
        self.opened: list[int] = []
        self.heads: list[str] = []

    def compose(self) -> ComposeResult:
        yield WindowedTable(self.fetch, lambda _: COLUMNS)

    def fetch(self, keys: Sequence[int]) -> Sequence[int]:
        self.read += len(keys)
        return list(keys)

    def on_mount(self) -> None:
        self.table.show_keys(array("q", range(self.count)), tail=Content("the end"))
        self.table.focus()

    @property
    def table(self) -> WindowedTable[int]:
        return self.query_one(WindowedTable)

    def on_windowed_table_opened(self, message: WindowedTable.Opened) -> None:
        self.opened.append(message.key)

    def on_windowed_table_head_clicked(self, message: WindowedTable.HeadClicked) -> None:
        self.heads.append(message.column)

    def lines(self) -> list[str]:
        return [self.table.render_line(y).text.rstrip() for y in range(self.table.size.height)]


async def test_only_what_is_looked_at_is_read() -> None:
    app = TableApp(100_000)
    async with app.run_test(size=(40, 12)) as pilot:
        await pilot.press("G")
        assert app.table.cursor_key == 99_999
        assert app.lines()[-2].startswith("›    99999")
        assert app.lines()[-1] == "the end"
        assert app.read < 300
        assert len(app.table.children) == 0


async def test_every_row_is_reached_by_pages() -> None:
    app = TableApp(100)
    async with app.run_test(size=(40, 12)) as pilot:
        seen = set()
        for _ in range(12):
            seen |= {line.split()[-2] for line in app.lines()[1:-1]}
            await pilot.press("pagedown")
        assert len(seen | {line.split()[-2] for line in app.lines()[1:-1]}) == 100


async def test_the_tail_follows_a_short_list() -> None:
    app = TableApp(3)
    async with app.run_test(size=(40, 12)):
        assert app.lines()[:5] == [
            "    Number       Square",
            "›        0     [b]0[/b]",
            "         1     [b]1[/b]",
            "         2     [b]4[/b]",
            "the end",
        ]


@pytest.mark.parametrize(
    ("keys", "place"),
    [
        (["j", "j", "k"], 1),
        (["down", "down", "G", "up"], 98),
        (["pagedown"], 10),
        (["pagedown", "pageup", "k"], 0),
        (["end", "g"], 0),
    ],
)
async def test_keys_move_the_cursor(keys: list[str], place: int) -> None:
    app = TableApp(100)
    async with app.run_test(size=(40, 12)) as pilot:
        await pilot.press(*keys)
        assert app.table.cursor == place


async def test_the_cursor_stays_on_its_row_and_line_when_the_order_changes() -> None:
    app = TableApp(1_000)
    async with app.run_test(size=(40, 12)) as pilot:
        app.table.move_to(500)
        await pilot.press("k", "k", "k")
        line = next(y for y, text in enumerate(app.lines()) if text.startswith("›"))
        app.table.show_keys(array("q", reversed(range(1_000))), tail=Content("the end"))
        await pilot.pause()
        assert app.table.cursor_key == 497
        assert app.lines()[line].startswith("›      497")


async def test_a_filtered_out_row_gets_the_cursor_back() -> None:
    app = TableApp(100)
    async with app.run_test(size=(40, 12)) as pilot:
        app.table.move_to(41)
        app.table.show_keys(array("q", range(0, 100, 2)))
        await pilot.pause()
        assert app.table.cursor_key is not None
        assert app.table.cursor_key != 41
        app.table.show_keys(array("q", range(100)))
        await pilot.pause()
        assert app.table.cursor_key == 41


async def test_the_rest_of_a_list_leaves_what_is_shown_alone() -> None:
    app = TableApp(0)
    async with app.run_test(size=(40, 12)) as pilot:
        app.table.show_keys(array("q", range(200)), more=True)
        await pilot.press("j", "j")
        await pilot.pause()
        before, app.read = app.lines(), 0
        app.table.show_more(array("q", range(1_000)))
        await pilot.pause()
        assert app.lines() == before
        assert app.read == 0
        await pilot.press("G")
        assert app.table.cursor_key == 999


async def test_a_last_line_that_comes_later_does_not_cover_the_cursor() -> None:
    app = TableApp(0)
    async with app.run_test(size=(40, 12)) as pilot:
        app.table.show_keys(array("q", range(200)), more=True)
        app.table.move_to(10)
        await pilot.pause()
        assert app.lines()[-1].startswith("›       10")
        app.table.show_more(array("q", range(1_000)), tail=Content("the end"))
        await pilot.pause()
        assert app.lines()[-2].startswith("›       10")
        assert app.lines()[-1] == "the end"


async def test_another_list_than_was_begun_is_shown_anew() -> None:
    app = TableApp(0)
    async with app.run_test(size=(40, 12)) as pilot:
        app.table.show_keys(array("q", range(200)), more=True)
        await pilot.press("j", "j")
        app.table.show_more(array("q", reversed(range(1_000))))
        await pilot.pause()
        assert app.table.cursor_key == 2
        assert "›        2" in "\n".join(app.lines())


async def test_the_last_row_is_reached_before_it_is_known() -> None:
    app = TableApp(0)
    async with app.run_test(size=(40, 12)) as pilot:
        app.table.show_keys(array("q", range(200)), more=True)
        await pilot.press("G")
        app.table.show_more(array("q", range(1_000)))
        assert app.table.cursor_key == 999
        app.table.show_keys(array("q", range(200)), more=True)
        await pilot.press("G", "k")
        app.table.show_more(array("q", range(1_000)))
        assert app.table.cursor_key == 198


async def test_marks_outlive_the_start_of_a_list() -> None:
    app = TableApp(1_000)
    async with app.run_test(size=(40, 12)) as pilot:
        await pilot.press("G", "space")
        app.table.show_keys(array("q", range(200)), more=True)
        assert sorted(app.table.marks) == [999]
        app.table.show_more(array("q", range(1_000)))
        assert sorted(app.table.marks) == [999]
        app.table.show_keys(array("q", range(200)))
        assert app.table.chosen == [app.table.cursor_key]


async def test_a_lost_row_leaves_the_cursor_near_or_on_top() -> None:
    app = TableApp(100)
    async with app.run_test(size=(40, 12)):
        app.table.move_to(41)
        app.table.show_keys(array("q", range(0, 100, 2)))
        places = [app.table.cursor]
        app.table.show_keys(array("q", range(0, 100, 2)), near=False)
        places.append(app.table.cursor)
        assert places == [41, 0]
        app.table.show_keys(array("q", range(100)), near=False)
        assert app.table.cursor_key == 41


async def test_the_scrollbar_comes_and_goes_with_the_length() -> None:
    app = TableApp(3)
    async with app.run_test(size=(40, 12)) as pilot:
        shown = [app.table.show_vertical_scrollbar]
        for count in (100, 3):
            app.table.show_keys(array("q", range(count)))
            await pilot.pause()
            shown.append(app.table.show_vertical_scrollbar)
        assert shown == [False, True, False]
        assert app.lines()[1].startswith("›        0")


async def test_an_untouched_cursor_stays_on_top() -> None:
    app = TableApp(100)
    async with app.run_test(size=(40, 12)):
        app.table.show_keys(array("q", reversed(range(100))))
        assert app.table.cursor_key == 99
        app.table.hold()
        app.table.show_keys(array("q", range(100)))
        assert app.table.cursor_key == 99


async def test_nothing_to_show_is_no_row() -> None:
    app = TableApp(0)
    async with app.run_test(size=(40, 12)) as pilot:
        await pilot.press("j", "enter", "space", "G")
        assert app.table.cursor_key is None
        assert app.table.cursor_row is None
        assert app.opened == []


async def test_marks_move_on_and_leave_with_their_rows() -> None:
    app = TableApp(20)
    async with app.run_test(size=(40, 12)) as pilot:
        await pilot.press("space", "space", "j", "space")
        assert app.table.marks == {0, 1, 3}
        assert app.lines()[1].startswith(" *")
        app.table.show_keys(array("q", [1, 3]))
        assert app.table.marks == {1, 3}
        app.table.clear_marks()
        assert app.table.marks == set()


async def test_the_mouse_points_opens_and_sorts() -> None:
    app = TableApp(100)
    async with app.run_test(size=(40, 12)) as pilot:
        await pilot.click(WindowedTable, offset=(3, 4))
        assert app.table.cursor == 3
        await pilot.click(WindowedTable, offset=(3, 6), times=2)
        assert app.opened == [5]
        await pilot.click(WindowedTable, offset=(8, 0))
        await pilot.click(WindowedTable, offset=(15, 0))
        assert app.heads == ["number", "square"]


async def test_the_wheel_scrolls_without_moving_the_cursor() -> None:
    app = TableApp(100)
    async with app.run_test(size=(40, 12)) as pilot:
        app.table.scroll_relative(y=5, animate=False)
        await pilot.pause()
        assert app.table.cursor == 0
        assert app.lines()[1].split()[0] == "5"


async def test_a_narrow_window_keeps_the_cursor_in_sight() -> None:
    app = TableApp(100)
    async with app.run_test(size=(40, 12)) as pilot:
        app.table.move_to(9)
        await pilot.resize_terminal(40, 6)
        await pilot.pause()
        assert any(line.startswith("›        9") for line in app.lines())


async def test_the_row_under_the_cursor_is_reversed_and_has_no_colour_of_its_own() -> None:
    app = TableApp(3)
    async with app.run_test(size=(40, 12)):
        (segment,) = app.table.render_line(1)
        assert segment.style is not None
        assert segment.style.reverse
        assert all(not part.style or not part.style.reverse for part in app.table.render_line(2))
