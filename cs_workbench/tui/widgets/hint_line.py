"""The footer: under a rule, the keys that matter most, as many as fit."""

from collections.abc import Sequence
from typing import Final

from textual.content import Content

from cs_workbench.core.glyphs import UNICODE
from cs_workbench.tui.formats import safe
from cs_workbench.tui.keys import commands, hints
from cs_workbench.tui.widgets.lines import Lines

LAST: Final = ("app.commands", "app.help", "screen.back", "app.leave")


class HintLine(Lines):
    """Keys by their bindings' ids, the most important first; it is never cut."""

    def __init__(self, first: Sequence[str], *, rule: str = UNICODE.rule) -> None:
        """Show `first` as far as there is room, and always what leads on and out."""
        super().__init__(self._hints)
        self._first = first
        self._ruler = rule

    def on_mount(self) -> None:
        """Follow the focus and what can be done."""
        self.screen.bindings_updated_signal.subscribe(self, lambda _: self.refresh())

    def _hints(self, width: int) -> Content:
        given = commands(self.screen.active_bindings)
        rule = safe(self._ruler * width, "dim")
        return rule + Content("\n") + hints(given, self._first, LAST, width)
