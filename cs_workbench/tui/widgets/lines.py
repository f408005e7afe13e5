"""Single lines that say what they can in the width they have."""

from collections.abc import Callable, Sequence

from textual.content import Content
from textual.widget import Widget

from cs_workbench.tui.formats import NOTHING
from cs_workbench.tui.widgets.columns import fitted


class Line(Widget):
    """One line, drawn anew for every width."""

    ALLOW_SELECT = False
    DEFAULT_CSS = "Line { height: 1; width: 100%; text-wrap: nowrap; }"

    def __init__(self, draw: Callable[[int], Content], *, id: str | None = None) -> None:  # noqa: A002
        """Show what `draw` gives for a number of cells."""
        super().__init__(id=id)
        self._draw = draw

    def render(self) -> Content:
        """Draw."""
        return self._draw(self.size.width)


def spread(left: Content, right: Content, width: int) -> Content:
    """`left` and `right` at the two ends of a line; the left one is cut where both are too long."""
    room = max(0, width - right.cell_length)
    return fitted(left, room) + fitted(right, min(width, right.cell_length))


def fitting(parts: Sequence[Content], width: int, *, gap: Content) -> Content:
    """As many parts as fit, the first ones first, `gap` between them."""
    line = NOTHING
    for part in parts:
        longer = line + gap + part if line else part
        if longer.cell_length > width:
            break
        line = longer
    return line
