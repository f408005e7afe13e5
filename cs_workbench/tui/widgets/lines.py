"""Lines that say what they can in the width they have."""

from collections.abc import Callable, Iterable

from textual.content import Content
from textual.widget import Widget

from cs_workbench.tui.formats import run_on
from cs_workbench.tui.widgets.columns import fitted


class Lines(Widget):
    """Lines drawn anew for every width; as high as they are many."""

    ALLOW_SELECT = False
    DEFAULT_CSS = "Lines { height: auto; width: 100%; text-wrap: nowrap; }"

    def __init__(self, draw: Callable[[int], Content], *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        """Show what `draw` gives for a number of cells, rows divided by line breaks."""
        super().__init__(id=id)
        self._draw = draw

    def render(self) -> Content:
        """Draw."""
        return self._draw(self.size.width or self.app.size.width)


def spread(left: Content, right: Content, width: int) -> Content:
    """`left` and `right` at the two ends of a line; the left one is cut where both are too long."""
    room = max(0, width - right.cell_length)
    return fitted(left, room) + fitted(right, min(width, right.cell_length))


def fitting(parts: Iterable[Content], width: int, *, gap: Content) -> list[Content]:
    """As many parts as fit, the first ones first, reckoning with a gap between them."""
    kept: list[Content] = []
    for part in parts:
        if between([*kept, part], gap).cell_length > width:
            break
        kept.append(part)
    return kept


def between(parts: Iterable[Content], gap: Content) -> Content:
    """The parts with a gap between them; empty ones are left out.

    Not `Content.join`: it counts a gap too many once the gap's own width was asked for.
    """
    shown = [part for part in parts if part]
    pieces = [piece for part in shown for piece in (gap, part)]
    return run_on(pieces[1:])
