"""Tabs in one line, where panes do not fit beside one another; those about the current one fit."""

from collections.abc import Sequence

from textual import events
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from cs_workbench.core.glyphs import UNICODE, Glyphs
from cs_workbench.tui.formats import joined
from cs_workbench.tui.widgets.columns import fitted

HINT = " tab "


class TabLine(Widget):
    """`─[Open]──Health──Usage───── tab ──`; a click chooses."""

    ALLOW_SELECT = False
    DEFAULT_CSS = "TabLine { height: 1; width: 100%; text-wrap: nowrap; }"

    class Chosen(Message):
        """A tab was clicked; `name` is which."""

        def __init__(self, name: str) -> None:
            self.name = name
            super().__init__()

    def __init__(self, names: Sequence[str], glyphs: Glyphs = UNICODE) -> None:
        """Show these names, the first as the current one."""
        super().__init__()
        self._names = tuple(names)
        self._current = self._names[0]
        self._notes: dict[str, str] = {}
        self._glyphs = glyphs

    def choose(self, name: str) -> None:
        """Show this one as the current one."""
        self._current = name
        self.refresh()

    def note(self, name: str, text: str) -> None:
        """Say beside a tab's name what of it is shown; nothing for all."""
        self._notes[name] = text
        self.refresh()

    def _label(self, name: str) -> str:
        return " · ".join(part for part in (name, self._notes.get(name, "")) if part)

    def render(self) -> Content:
        """Draw."""
        rule, width = self._glyphs.rule, self.size.width
        parts: list[object] = []
        for name in self._shown():
            current = name == self._current
            parts += [(rule, "dim"), "[" if current else (rule, "dim")]
            label = (self._label(name), "bold" if current else "")
            parts += [label, "]" if current else (rule, "dim")]
        tabs = joined(*parts)
        left = width - tabs.cell_length - len(HINT) - 2
        if left < 0:
            return fitted(tabs, width)
        return joined(tabs, (rule * left + HINT + rule * 2, "dim"))

    def _shown(self) -> tuple[str, ...]:
        """The tabs that fit, beginning as far left as shows the current one."""
        names, room = self._names, self.size.width - len(HINT) - 4
        current = names.index(self._current)
        first = 0
        while first < current and self._cells(names[first : current + 1]) > room:
            first += 1
        last = len(names)
        while last - first > 1 and self._cells(names[first:last]) > room:
            last -= 1
        return names[first:last]

    def _cells(self, names: Sequence[str]) -> int:
        return sum(len(self._label(name)) + 3 for name in names)

    def on_click(self, event: events.Click) -> None:
        """Tell which tab it was."""
        end = 0
        for name in self._shown():
            end += self._cells((name,))
            if event.x < end:
                self.post_message(self.Chosen(name))
                return
