"""The footer: under a rule, the keys that matter most, as many as fit; a click is as the key."""

from collections.abc import Sequence
from typing import Final

from textual import events
from textual.content import Content

from cs_workbench.core.glyphs import UNICODE
from cs_workbench.tui.formats import run_on, safe
from cs_workbench.tui.keys import LETTERED, Command, commands, hints, run
from cs_workbench.tui.widgets.lines import Lines

LAST: Final = ("app.commands", "app.help", "screen.back", "app.leave")


class HintLine(Lines):
    """Keys by their bindings' ids, the most important first; it is never cut."""

    def __init__(self, first: Sequence[str], *, rule: str = UNICODE.rule) -> None:
        """Show `first` as far as there is room, and always what leads on and out."""
        super().__init__(self._hints)
        self._first = first
        self._ruler = rule
        self._shown: list[tuple[Command, Content]] = []

    def on_mount(self) -> None:
        """Follow the focus and what can be done."""
        self.screen.bindings_updated_signal.subscribe(self, lambda _: self.refresh())

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Say more of the hint under the mouse."""
        command = self._at(event.x, event.y)
        self.tooltip = None if command is None else safe(command.help)

    async def on_click(self, event: events.Click) -> None:
        """Do what the key would do."""
        if command := self._at(event.x, event.y):
            event.stop()
            await run(self.app, command)

    def _hints(self, width: int) -> Content:
        lettered = self.app.has_class(LETTERED)
        given = commands(self.screen.active_bindings, lettered=lettered)
        self._shown = hints(given, self._first, LAST, width)
        rule = safe(self._ruler * width, "dim")
        return rule + Content("\n") + run_on(text for _, text in self._shown)

    def _at(self, x: int, y: int) -> Command | None:
        """The hint that is drawn there."""
        if y != 1:
            return None
        end = 0
        for command, text in self._shown:
            end += text.cell_length
            if x < end:
                return command
        return None
