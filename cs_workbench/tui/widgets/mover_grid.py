"""Small multiples: a chart of half a year for each account, side by side."""

from collections.abc import Sequence
from typing import ClassVar, Final

from rich.segment import Segment
from textual import events
from textual.binding import BindingType
from textual.content import Content
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from cs_workbench.core.charts import line_rows
from cs_workbench.core.dates import short_date
from cs_workbench.core.glyphs import Glyphs
from cs_workbench.core.usage_findings import amount
from cs_workbench.core.usage_views import Mover
from cs_workbench.tui.formats import NOTHING, joined, run_on, safe
from cs_workbench.tui.keys import MOVE, bound
from cs_workbench.tui.widgets.columns import fitted
from cs_workbench.tui.widgets.lines import spread
from cs_workbench.tui.widgets.usage_plot import LINE_STYLE, ink_for

LEAST_WIDTH: Final = 36  # of a cell
WORDS: Final = 3  # lines of a cell beside its chart: name, change, a blank one
CHART_ROWS: Final = (3, 2)  # whichever leaves fewer lines of the window without a whole cell
GAP: Final = 2
_VERBS: Final = {"shock": "fell", "drift": "fades", "growth": "grows", "silence": "stopped"}


class MoverGrid(Widget, can_focus=True):
    """The accounts in rows of cells, one of them selected."""

    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = [
        bound("movers.left", "left,h", "move(-1)", "left", "Account before", group=MOVE),
        bound("movers.right", "right,l", "move(1)", "right", "Next account", group=MOVE),
        bound("movers.up", "up,k", "row(-1)", "up", "Row above", group=MOVE),
        bound("movers.down", "down,j", "row(1)", "down", "Row below", group=MOVE),
        bound("movers.top", "home,g", "end(0)", "top", "First account", group=MOVE),
        bound("movers.bottom", "end,G", "end(1)", "bottom", "Last account", group=MOVE),
        bound("movers.open", "enter,u", "open", "usage", "The account's usage, large", group=MOVE),
    ]
    DEFAULT_CSS = "MoverGrid { height: 1fr; width: 100%; }"

    class Opened(Message):
        """An account's usage is asked for."""

        def __init__(self, account_key: int) -> None:
            self.account_key = account_key
            super().__init__()

    def __init__(self, glyphs: Glyphs) -> None:
        """Show nothing yet."""
        super().__init__(id="movers")
        self._glyphs = glyphs
        self._movers: Sequence[Mover] = ()
        self._selected = 0
        self._top = 0  # the first row of cells shown
        self._drawn: dict[int, list[Content]] = {}

    @property
    def selected(self) -> Mover | None:
        """The account under the cursor."""
        return self._movers[self._selected] if self._movers else None

    def show(self, movers: Sequence[Mover]) -> None:
        """Show these; the cursor goes to the first."""
        self._movers, self._selected, self._top = movers, 0, 0
        self._redraw()

    def on_resize(self) -> None:
        """Arrange the cells anew."""
        self._scroll()

    def on_click(self, event: events.Click) -> None:
        """Select the account; a second click opens it."""
        if event.y // self._height >= self._rows:
            return
        width = self._cell_width()
        column = min(self._columns - 1, event.x // (width + GAP))
        place = (self._top + event.y // self._height) * self._columns + column
        if place >= len(self._movers):
            return
        if place == self._selected and event.chain > 1:
            self.action_open()
        self._select(place)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """A row up."""
        event.stop()
        self.action_row(-1)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """A row down."""
        event.stop()
        self.action_row(1)

    def action_move(self, steps: int) -> None:
        """To the next account, or the one before."""
        self._select(self._selected + steps)

    def action_row(self, rows: int) -> None:
        """To the account below, or above."""
        wanted = self._selected + rows * self._columns
        if 0 <= wanted < len(self._movers):
            self._select(wanted)

    def action_end(self, at: int) -> None:
        """To the first account, or the last."""
        self._select((len(self._movers) - 1) * at)

    def action_open(self) -> None:
        """Ask for its usage."""
        if self.selected is not None:
            self.post_message(self.Opened(self.selected.account_key))

    def render_line(self, y: int) -> Strip:
        """Draw a line through the cells of a row."""
        row, line = divmod(y, self._height)
        if row >= self._rows:
            return Strip.blank(self.size.width, self.rich_style)
        first = (self._top + row) * self._columns
        width = self._cell_width()
        pieces: list[Content] = []
        for place in range(first, min(first + self._columns, len(self._movers))):
            gap = safe(" " * GAP) if pieces else NOTHING
            pieces += [gap, fitted(self._cell(place, width)[line], width)]
        drawn = fitted(run_on(pieces), self.size.width)
        parts = drawn.render(self.visual_style, "", self.app.stylesheet.parse_style)
        return Strip((Segment(part, style.rich_style) for part, style in parts), self.size.width)

    @property
    def _columns(self) -> int:
        return max(1, (self.size.width + GAP) // (LEAST_WIDTH + GAP))

    @property
    def _height(self) -> int:
        """Lines of a cell."""
        return min((WORDS + rows for rows in CHART_ROWS), key=lambda each: self.size.height % each)

    @property
    def _rows(self) -> int:
        """How many rows of cells are seen whole."""
        return max(1, self.size.height // self._height)

    def _cell_width(self) -> int:
        return max(1, (self.size.width + GAP) // self._columns - GAP)

    def _select(self, place: int) -> None:
        self._selected = min(max(0, place), max(0, len(self._movers) - 1))
        self._scroll()

    def _scroll(self) -> None:
        """Keep the selected account in sight."""
        row = self._selected // self._columns
        self._top = min(max(self._top, row - self._rows + 1), row)
        self._redraw()

    def _redraw(self) -> None:
        self._drawn.clear()
        self.refresh()

    def _cell(self, place: int, width: int) -> list[Content]:
        if place not in self._drawn:
            mover = self._movers[place]
            is_selected = place == self._selected
            size = (width, self._height)
            self._drawn[place] = cell_lines(mover, size, self._glyphs, is_selected=is_selected)
        return self._drawn[place]


def cell_lines(
    mover: Mover, size: tuple[int, int], glyphs: Glyphs, *, is_selected: bool
) -> list[Content]:
    """One account in so many cells and lines: name and change, half a year, that in words."""
    width, height = size
    sign = glyphs.up if mover.own_change > 0 else glyphs.down
    flat = abs(mover.own_change) < 0.03
    share = f"{glyphs.flat if flat else sign} {abs(mover.own_change):.0%}".replace("%", " %")
    name = joined((glyphs.cursor if is_selected else " ", "bold"), (mover.name, "bold"))
    style = "bold reverse" if is_selected else "bold"
    head = spread(name, joined((share, style)), width)
    ink = ink_for(glyphs)
    top = max([level for level in mover.levels if level is not None] + [1e-9])
    chart = line_rows(mover.levels, columns=width, rows=height - WORDS, top=top, ink=ink)
    arrow = "->" if ink == "ascii" else "→"
    words = f"{amount(mover.before)} {arrow} {amount(mover.now)} a day"
    if mover.finding is not None:
        kind = _VERBS[mover.finding.kind]
        words += f", {kind} since {short_date(mover.finding.onset)}"
    told = joined((words, "" if mover.finding else "dim"))
    return [head, *(joined((row, LINE_STYLE)) for row in chart), told, NOTHING]
