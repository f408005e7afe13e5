"""A table over any number of rows of which only the visible ones are read and drawn."""

from array import array
from collections.abc import Callable, Sequence
from typing import ClassVar, Final, Generic

from rich.segment import Segment
from textual import events
from textual.binding import BindingType
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.style import Style

from cs_workbench.core.glyphs import UNICODE, Glyphs
from cs_workbench.tui.formats import NOTHING, joined, safe
from cs_workbench.tui.keys import MOVE, ROWS, bound
from cs_workbench.tui.widgets.columns import Column, Row, column_at, fitted, head_text, row_text
from cs_workbench.tui.widgets.pages import Pages

DRAWN = 256
SELECTED = Style(bold=True, reverse=True)

KEYS: Final[list[BindingType]] = [
    bound("table.down", "down,j", "move(1)", "down", "Next row", group=MOVE),
    bound("table.up", "up,k", "move(-1)", "up", "Row before", group=MOVE),
    bound("table.on", "pagedown,ctrl+f", "page(1)", "on", "A screen on", group=MOVE),
    bound("table.back", "pageup,ctrl+b", "page(-1)", "back", "A screen back", group=MOVE),
    bound("table.top", "g,home", "edge(0)", "top", "First row", group=MOVE),
    bound("table.bottom", "G,end", "edge(1)", "bottom", "Last row", group=MOVE),
    bound("table.open", "enter", "open", "open", "Open it", group=ROWS),
    bound("table.mark", "space", "mark", "mark", "Mark it, or unmark it", group=ROWS),
]


class WindowedTable(ScrollView, Generic[Row], can_focus=True):
    """Rows named by keys; the cursor stays on its key whatever happens to the order."""

    BINDINGS: ClassVar[list[BindingType]] = KEYS
    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {"table--head", "table--cursor", "table--tail"}

    cursor: reactive[int] = reactive(0, repaint=False, init=False)

    class Highlighted(Message):
        """The cursor is on another row, or on none (`key` None)."""

        def __init__(self, key: int | None) -> None:
            self.key = key
            super().__init__()

    class Opened(Message):
        """A row was asked for with ⏎ or a double click."""

        def __init__(self, key: int) -> None:
            self.key = key
            super().__init__()

    class HeadClicked(Message):
        """A column head was clicked."""

        def __init__(self, column: str) -> None:
            self.column = column
            super().__init__()

    class Marked(Message):
        """The set of marked rows changed."""

    def __init__(
        self,
        fetch: Callable[[Sequence[int]], Sequence[Row]],
        columns: Callable[[int], tuple[Column[Row], ...]],
        *,
        glyphs: Glyphs = UNICODE,
        id: str | None = None,  # noqa: A002 - Textual's own name
    ) -> None:
        """Show rows that `fetch` reads by key, in the columns that fit a width.

        The first two cells of a row show the cursor and the mark.
        """
        super().__init__(id=id)
        self._glyphs = glyphs
        self._choose_columns = columns
        self._pages = Pages(fetch)
        self._columns: tuple[Column[Row], ...] = ()
        self._fitted = 0
        self._tail = NOTHING
        self._strips: dict[int, Strip] = {}
        self.wanted: int | None = None  # the key that the cursor stays on, shown or not
        self._more = False
        self._goes_on = False
        self.marks: set[int] = set()

    @property
    def keys(self) -> "array[int]":
        """All keys, in order."""
        return self._pages.keys

    @property
    def cursor_key(self) -> int | None:
        """The key under the cursor."""
        return self.keys[self.cursor] if self.keys else None

    @property
    def chosen(self) -> list[int]:
        """The marked keys in order, else the one under the cursor."""
        if self.marks:
            return [key for key in self.keys if key in self.marks]
        return [] if self.cursor_key is None else [self.cursor_key]

    @property
    def cursor_row(self) -> Row | None:
        """The row under the cursor."""
        return self._pages.row(self.cursor) if self.keys else None

    @property
    def window(self) -> int:
        """How many rows are visible at once."""
        return max(1, self.scrollable_content_region.height - 1 - bool(self._tail))

    def show_keys(
        self, keys: "array[int]", *, tail: Content = NOTHING, more: bool = False, near: bool = True
    ) -> None:
        """Show these rows, `more` to follow; the cursor stays on its key and line of the screen.

        A key that is gone gives it to a `near` row, or to the first, and gets it back on return.
        """
        line = self.cursor - self.scroll_offset.y
        self._pages.replace(keys)
        self._more, self._goes_on = more, False
        self._tail, self._fitted = tail, 0
        self._fit()
        place = self._pages.place(self.wanted, self.cursor if near else 0)
        self.marks &= set(keys) if self.marks and not more else self.marks
        self.set_reactive(WindowedTable.cursor, place)
        self.scroll_to(y=max(0, place - line), animate=False)
        self._follow(place)
        self.post_message(self.Highlighted(self.cursor_key))

    def show_more(self, keys: "array[int]", *, tail: Content = NOTHING) -> None:
        """The same rows and all that come behind them; what is on the screen stays as it is."""
        if keys[: len(self.keys)] != self.keys:
            self.show_keys(keys, tail=tail)
            return
        self._pages.extend(keys)
        self._more = False
        self.marks &= set(keys) if self.marks else set()
        self.show_tail(tail)
        if self._goes_on:
            self.action_edge(1)

    def show_tail(self, tail: Content) -> None:
        """Show another line under the last row."""
        is_new, self._tail = tail != self._tail, tail
        self._fit()
        if is_new:
            self.refresh()
            self._follow(self.cursor)

    def start_over(self) -> None:
        """Show the next rows from their first: the order is new, and its top is what is wanted."""
        self.wanted = None
        self.set_reactive(WindowedTable.cursor, 0)

    def hold(self) -> None:
        """Make the row under the cursor the one that the cursor stays on."""
        self.wanted = self.cursor_key

    def move_to(self, index: int) -> None:
        """Put the cursor on a row by its place."""
        if self.keys:
            self.cursor = max(0, min(index, len(self.keys) - 1))
            self.wanted = self.cursor_key
            self._goes_on = False

    def clear_marks(self) -> None:
        """Unmark all rows."""
        self.marks.clear()
        self._forget_drawings()
        self.post_message(self.Marked())

    def watch_cursor(self, old: int, new: int) -> None:
        """Draw the two rows that changed, and tell."""
        for place in (old, new):
            self._strips.pop(place, None)
            self.refresh_line(place + 1)
        self._follow(new)
        self.post_message(self.Highlighted(self.cursor_key))

    def render_line(self, y: int) -> Strip:
        """Draw one line of the screen."""
        width = self.scrollable_content_region.width
        if y == 0:
            return _drawn(self, head_text(self._columns), width, "table--head")
        if self._tail and y == 1 + min(len(self.keys), self.window):
            return _drawn(self, self._tail, width, "table--tail")
        place = y - 1 + self.scroll_offset.y
        if place >= len(self.keys) or y > self.window:
            return _drawn(self, NOTHING, width)
        if place not in self._strips:
            if len(self._strips) > DRAWN:
                self._strips.clear()
            style = "table--cursor" if place == self.cursor else ""
            self._strips[place] = _drawn(self, self._row(place), width, style)
        return self._strips[place]

    def on_resize(self) -> None:
        """Choose the columns anew, also when what the rows have in common changed."""
        self._fitted = 0
        self._fit()
        self._follow(self.cursor)

    def notify_style_update(self) -> None:
        """Forget what was drawn in the old theme."""
        super().notify_style_update()
        self._strips.clear()

    def on_click(self, event: events.Click) -> None:
        """Put the cursor there, sort by a head, open on a double click."""
        if event.y == 0:
            column = column_at(self._columns, event.x)
            if column and column.name:
                self.post_message(self.HeadClicked(column.name))
            return
        place = event.y - 1 + self.scroll_offset.y
        if event.y <= self.window and place < len(self.keys):
            self.move_to(place)
            if event.chain == 2:
                self.action_open()

    def action_move(self, rows: int) -> None:
        """Move the cursor."""
        self.move_to(self.cursor + rows)

    def action_page(self, pages: int) -> None:
        """Move the cursor by screens."""
        self.move_to(self.cursor + pages * self.window)

    def action_edge(self, last: int) -> None:
        """Go to the first row, or to the last one, also of rows that are still to come."""
        self.move_to(last * (len(self.keys) - 1))
        self._goes_on = bool(last) and self._more

    def action_open(self) -> None:
        """Ask for the row under the cursor."""
        if self.cursor_key is not None:
            self.post_message(self.Opened(self.cursor_key))

    def action_mark(self) -> None:
        """Mark or unmark, and go on to the next row."""
        if self.cursor_key is None:
            return
        self.marks ^= {self.cursor_key}
        self._strips.pop(self.cursor, None)
        self.refresh_line(self.cursor + 1)
        self.post_message(self.Marked())
        self.action_move(1)

    def _fit(self) -> None:
        size = Size(0, len(self.keys) + 1 + bool(self._tail))
        if size != self.virtual_size:  # set as usual, it would lay out and draw the whole screen
            self.set_reactive(WindowedTable.virtual_size, size)
            self._scroll_update(size)
        width = self.scrollable_content_region.width
        if width != self._fitted:
            self._fitted = width
            self._columns = self._choose_columns(width)
            self._forget_drawings()

    def _forget_drawings(self) -> None:
        self._strips.clear()
        self.refresh()

    def _follow(self, place: int) -> None:
        """Scroll just far enough to see the row."""
        top = self.scroll_offset.y
        seen = min(place, max(top, place - self.window + 1))
        if seen != top:
            self.scroll_to(y=seen, animate=False)

    def _row(self, place: int) -> Content:
        text = row_text(self._columns, self._pages.row(place))
        if self.keys[place] in self.marks:
            text = joined(text[:1], (self._glyphs.mark, "bold"), text[2:])
        return safe(self._glyphs.cursor) + text.plain[1:] if place == self.cursor else text


def _drawn(table: WindowedTable[Row], text: Content, width: int, component: str = "") -> Strip:
    base = table.get_visual_style(component) if component else table.visual_style
    if component == "table--cursor":
        base += SELECTED  # a component's own `reverse` is lost on the way
    parts = fitted(text, width).render(base, "", table.app.stylesheet.parse_style)
    return Strip((Segment(part, style.rich_style) for part, style in parts), width)
