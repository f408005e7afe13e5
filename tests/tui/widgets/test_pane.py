from textual.app import App, ComposeResult
from textual.content import Content

from cs_workbench.tui.widgets.pane import Pane


class OnePane(App[None]):
    """A pane that notes for what room it was drawn."""

    def __init__(self) -> None:
        super().__init__()
        self.rooms: list[tuple[int, int]] = []

    def compose(self) -> ComposeResult:
        yield Pane(self._draw, id="pane")

    def _draw(self, width: int, height: int) -> list[Content]:
        self.rooms.append((width, height))
        return [Content("a line")]


async def test_a_pane_is_drawn_once_there_is_room_for_it() -> None:
    """Drawn for no room, its lines would be seen cut to nothing until the next picture."""
    app = OnePane()
    async with app.run_test(size=(40, 10)) as pilot:
        pane = app.query_one(Pane)
        pane.display = False
        await pilot.pause()
        app.rooms.clear()
        pane.redraw()
        assert app.rooms == []
        pane.display = True
        await pilot.pause()
        assert app.rooms[-1] == (40, 10)
