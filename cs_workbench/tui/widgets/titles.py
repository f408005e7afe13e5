"""The lines on top of a mode: its first one names all modes, and a click on a name goes there."""

from collections.abc import Callable

from textual import events
from textual.content import Content

from cs_workbench.tui.modes import mode_at
from cs_workbench.tui.widgets.lines import Lines


class Titles(Lines):
    """Lines of which the first begins with the modes' names."""

    def __init__(self, mode: str, draw: Callable[[int], Content]) -> None:
        """Show what `draw` gives for a width; `mode` is the current one."""
        super().__init__(draw, id="titles")
        self._mode = mode

    async def on_click(self, event: events.Click) -> None:
        """Go where the name under the mouse leads."""
        if event.y == 0 and (mode := mode_at(self._mode, self.size.width, event.x)):
            event.stop()
            await self.app.run_action(f"go_to({mode.name!r})")
