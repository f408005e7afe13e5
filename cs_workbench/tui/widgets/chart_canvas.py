"""A chart that a mouse can point at, zoom and drag; it is given a function that draws it."""

from collections.abc import Callable
from typing import Final

from rich.segment import Segment
from textual import events
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from cs_workbench.tui.formats import NOTHING
from cs_workbench.tui.widgets.columns import fitted
from cs_workbench.tui.widgets.usage_picture import Drawn

Draw = Callable[[int, int], Drawn]
DRAG: Final = 3  # cells that a drag takes before it pans


class ChartCanvas(Widget, can_focus=True):
    """Draws lines, and says where in the plot the mouse is."""

    ALLOW_SELECT = False
    DEFAULT_CSS = "ChartCanvas { height: 1fr; width: 100%; }"

    class Pointed(Message):
        """Clicked at a share of the plot's width, 0 at its left."""

        def __init__(self, share: float) -> None:
            self.share = share
            super().__init__()

    class Wheeled(Message):
        """Turned the wheel over the plot: 1 asks for a longer stretch, -1 for a shorter one."""

        def __init__(self, steps: int) -> None:
            self.steps = steps
            super().__init__()

    class Dragged(Message):
        """Dragged the plot by a share of its width; to the right is back in time."""

        def __init__(self, share: float) -> None:
            self.share = share
            super().__init__()

    def __init__(self, draw: Draw, *, id: str) -> None:  # noqa: A002 - Textual's own name
        """Draw with `draw`; show nothing yet."""
        super().__init__(id=id)
        self._draw = draw
        self._drawn = Drawn([], 0, 1)
        self._pressed_at: int | None = None
        self._has_dragged = False

    def redraw(self) -> None:
        """Draw anew: what is shown changed, or the room for it."""
        if self.is_mounted and self.size.width:
            self._drawn = self._draw(self.size.width, self.size.height)
            self.refresh()

    def on_resize(self) -> None:
        """Draw for the new room."""
        self.redraw()

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Look closer."""
        event.stop()
        self.post_message(self.Wheeled(-1))

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Look from further away."""
        event.stop()
        self.post_message(self.Wheeled(1))

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Remember where a drag may begin."""
        self._pressed_at, self._has_dragged = event.x, False
        self.capture_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Pan while the button is held."""
        if self._pressed_at is None or abs(event.x - self._pressed_at) < DRAG:
            return
        moved = event.x - self._pressed_at
        self._pressed_at, self._has_dragged = event.x, True
        self.post_message(self.Dragged(moved / max(1, self._drawn.columns)))

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """Point, unless it was a drag."""
        self.release_mouse()
        pressed, self._pressed_at = self._pressed_at, None
        if pressed is not None and not self._has_dragged:
            share = (event.x - self._drawn.left) / max(1, self._drawn.columns - 1)
            self.post_message(self.Pointed(share))

    def render_line(self, y: int) -> Strip:
        """Draw one line."""
        lines, width = self._drawn.lines, self.size.width
        text = lines[y] if y < len(lines) else NOTHING
        drawn = fitted(text, width).render(self.visual_style, "", self.app.stylesheet.parse_style)
        return Strip((Segment(part, style.rich_style) for part, style in drawn), width)
