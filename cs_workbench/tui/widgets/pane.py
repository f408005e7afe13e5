"""A framed part of a page: lines drawn for the room there is, scrolled when there are more."""

from collections.abc import Callable, Sequence
from typing import ClassVar

from rich.segment import Segment
from textual.binding import BindingType
from textual.content import Content
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from cs_workbench.tui.formats import NOTHING
from cs_workbench.tui.keys import MOVE, bound
from cs_workbench.tui.widgets.columns import fitted

Draw = Callable[[int, int], Sequence[Content]]


class Pane(ScrollView, can_focus=True):
    """Shows what `draw` gives for a width and a height; only the visible lines are rendered."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bound("pane.down", "j,down", "move(1)", "down", "Line down", group=MOVE),
        bound("pane.up", "k,up", "move(-1)", "up", "Line up", group=MOVE),
        bound("pane.on", "pagedown,ctrl+f", "page(1)", "on", "A screen on", group=MOVE),
        bound("pane.back", "pageup,ctrl+b", "page(-1)", "back", "A screen back", group=MOVE),
        bound("pane.top", "g,home", "top", "top", "First line", group=MOVE),
        bound("pane.bottom", "G,end", "bottom", "bottom", "Last line", group=MOVE),
    ]
    ALLOW_SELECT = False
    DEFAULT_CSS = "Pane { scrollbar-size: 1 1; overflow-x: hidden; }"

    def __init__(self, draw: Draw, *, id: str) -> None:  # noqa: A002 - Textual's own name
        """Draw with `draw`; show nothing yet."""
        super().__init__(id=id)
        self._draw = draw
        self._lines: Sequence[Content] = ()

    def redraw(self) -> None:
        """Draw anew: what is shown changed, or the room for it; wait where there is none yet."""
        region = self.scrollable_content_region
        if not self.is_mounted or not region:
            return
        self._lines = self._draw(region.width, region.height)
        # The bar comes or goes only after this: what is drawn has its width already.
        bar = (len(self._lines) > region.height) - self.show_vertical_scrollbar
        if bar:
            width = region.width - bar * self.styles.scrollbar_size_vertical
            self._lines = self._draw(width, region.height)
        self.virtual_size = Size(0, len(self._lines))
        self.refresh()

    def on_resize(self) -> None:
        """Draw for the new room."""
        self.redraw()

    def action_move(self, lines: int) -> None:
        """Scroll by lines, at once: keys are not made to wait for an animation."""
        self.scroll_to(y=self.scroll_offset.y + lines, animate=False)

    def action_page(self, pages: int) -> None:
        """Scroll by screens, with one line kept in sight."""
        self.action_move(pages * max(1, self.scrollable_content_region.height - 1))

    def action_top(self) -> None:
        """Go to the first line."""
        self.scroll_to(y=0, animate=False)

    def action_bottom(self) -> None:
        """Go to the last line."""
        self.scroll_to(y=len(self._lines), animate=False)

    def render_line(self, y: int) -> Strip:
        """Draw one line of the screen."""
        place, width = y + self.scroll_offset.y, self.scrollable_content_region.width
        text = self._lines[place] if place < len(self._lines) else NOTHING
        drawn = fitted(text, width).render(self.visual_style, "", self.app.stylesheet.parse_style)
        return Strip((Segment(part, style.rich_style) for part, style in drawn), width)
