"""The panes of an account's page: beside one another where there is room, else under tabs."""

from collections.abc import Sequence
from functools import partial
from typing import ClassVar, Final

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Vertical
from textual.content import Content

from cs_workbench.core.account_page import AccountPage
from cs_workbench.core.glyphs import UNICODE, Glyphs
from cs_workbench.core.peer_band import PeerBand
from cs_workbench.core.service_reports import ServiceReport
from cs_workbench.core.voice import AccountVoice
from cs_workbench.tui.formats import joined
from cs_workbench.tui.keys import bound
from cs_workbench.tui.widgets.filter_bar import FilterBar
from cs_workbench.tui.widgets.health_lines import health_height
from cs_workbench.tui.widgets.open_lines import since_lines, since_title
from cs_workbench.tui.widgets.pane import Pane
from cs_workbench.tui.widgets.pane_table import PLACED, TABS, Drawing, PaneRow, PaneState
from cs_workbench.tui.widgets.tab_line import TabLine
from cs_workbench.tui.widgets.timeline_lines import TimelineChoice

MOST_BACK: Final = 52  # weeks
PANES: Final = Binding.Group("The panes")
SIDE_BY_SIDE: Final = (100, 24)  # cells and lines from which panes stand beside one another
ROOMY: Final = 118
THREE_ABREAST: Final = 180
LEAST_HEALTH: Final = 9
LEAST_BELOW: Final = 9
MOST_SINCE: Final = 4

KEYS: Final[list[BindingType]] = [
    bound("panes.next", "tab", "pane(1)", "pane", "Next pane", group=PANES),
    bound("panes.before", "shift+tab", "pane(-1)", "pane before", "Pane before", group=PANES),
    bound("panes.zoom", "plus", "zoom", "zoom", "This pane alone, or all", group=PANES),
    bound("panes.history", "h", "history", "history", "The score over weeks", group=PANES),
    bound("panes.later", "right", "cursor(1)", "later", "History, usage: a step on", group=PANES),
    bound(
        "panes.earlier", "left", "cursor(-1)", "earlier", "History, usage: a step back", group=PANES
    ),
    bound("panes.wide", "less_than_sign", "span(1)", "longer", "History: longer", group=PANES),
    bound(
        "panes.near",
        "greater_than_sign",
        "span(-1)",
        "shorter",
        "History: shorter",
        group=PANES,
    ),
    bound("panes.metric", "full_stop", "metric(1)", "metric", "Next metric", group=PANES),
    bound("panes.metric_before", "comma", "metric(-1)", "metric", "Metric before", group=PANES),
    bound("panes.sort", "s", "sort", "sort", "Health: by points lost, or as is", group=PANES),
    bound("panes.kind", "t", "kind", "timeline", "Timeline: one kind, or all", group=PANES),
]


class AccountPanes(Vertical):
    """Health, usage, what is open, people, timeline, and what is new since the last contact."""

    BINDINGS: ClassVar[list[BindingType]] = KEYS
    DEFAULT_CSS = """
    AccountPanes {
        height: 1fr;
        #panes { layout: grid; height: 1fr; }
        Pane {
            border: round $foreground 40%;
            border-title-color: $foreground;
            border-title-style: none;
            padding: 0 1;
        }
        Pane:focus { border: round $primary; border-title-style: bold reverse; }
        &.-ascii Pane { border: ascii $foreground 40%; }
        &.-ascii Pane:focus { border: ascii $primary; }
        &.-alone Pane { border: none; }
    }
    """

    def __init__(self, glyphs: Glyphs = UNICODE) -> None:
        """Show nothing yet."""
        super().__init__(classes="-ascii" if glyphs.rule.isascii() else "")
        self._glyphs = glyphs
        self._page: AccountPage | None = None
        self._current = "open"
        self._state = PaneState()
        self.is_zoomed = False

    @property
    def timeline(self) -> TimelineChoice:
        """Which entries of the timeline are shown."""
        return self._state.timeline

    def compose(self) -> ComposeResult:
        """Tabs, panes, and the strip below them."""
        yield TabLine(tuple(TABS), self._glyphs)
        with Container(id="panes"):
            for row in PLACED:
                yield Pane(partial(self._draw, row), id=row.id)
        yield Pane(self._since, id="since")

    def show(self, page: AccountPage) -> None:
        """Show this account."""
        self._page = page
        self.timeline.of(page.timeline)
        self._arrange()

    def show_band(self, metric: str, band: PeerBand) -> None:
        """What the peers did on a metric, behind its chart."""
        self._state.bands[metric] = band
        self.query_one("#usage", Pane).redraw()

    def show_said(self, service: ServiceReport, voice: AccountVoice) -> None:
        """How they are answered, and what they say."""
        self._state.service, self._state.voice = service, voice
        for name in ("service", "voice"):
            self.query_one(f"#{name}", Pane).redraw()

    def on_resize(self, _: events.Resize) -> None:
        """Arrange the panes anew."""
        self._arrange()

    def action_pane(self, steps: int) -> None:
        """Go to the next pane, or to the one before."""
        names = list(TABS.values()) if self._is_alone else self._beside()
        place = names.index(self._current) if self._current in names else 0
        self.go_to(names[(place + steps) % len(names)])

    def action_zoom(self) -> None:
        """Show one pane alone, or all."""
        self.is_zoomed = not self.is_zoomed
        self._arrange()

    def action_history(self) -> None:
        """Show the history of the score alone."""
        self.is_zoomed = True
        self.go_to("history")

    def action_cursor(self, steps: int) -> None:
        """Read another day of the score's history, or another week of usage."""
        if self._page is not None and self._current == "usage":
            back = (self._state.back or 0) - steps
            self._state.back = min(MOST_BACK, back) if back >= 0 else None
            self.query_one("#usage", Pane).redraw()
        if self._page is not None and self._current == "history":
            self._state.view.move(self._page, steps)
            self.query_one("#history", Pane).redraw()

    def action_span(self, steps: int) -> None:
        """Show a longer stretch of the history, or a shorter one."""
        if self._current == "history":
            self._state.view.widen(steps)
            self.query_one("#history", Pane).redraw()

    def action_metric(self, steps: int) -> None:
        """Show another usage metric."""
        if self._page is not None and self._page.usage:
            self._state.metric = (self._state.metric + steps) % len(self._page.usage)
            self.query_one("#usage", Pane).redraw()

    def action_sort(self) -> None:
        """Put the measures that cost most points first, or into the scorecard's order."""
        self._state.by_loss = not self._state.by_loss
        self.go_to("health")

    def action_kind(self) -> None:
        """Show one kind of events after the other, then all."""
        self.timeline.next_kind()
        self._show_timeline()

    def find(self, words: str) -> Content:
        """Show only what happened with these words; returns how many, of all."""
        self.timeline.words = words
        self._show_timeline()
        kind = f" · t {self.timeline.kind}" if self.timeline.kind else ""
        found = f"{len(self.timeline.shown):,} found{kind}"
        return joined((found if words.strip() else "", "dim"))

    def go_to_words(self, words: str) -> None:
        """Show what happened with these words, or all that happened where nothing has them."""
        self.go_to("timeline")
        self.find(words)
        if not self.timeline.shown:
            self.find("")

    def _show_timeline(self) -> None:
        self._entitle()
        pane = self.query_one("#timeline", Pane)
        pane.scroll_home(animate=False)
        pane.redraw()

    def go_to(self, name: str) -> None:
        """Give a pane the focus, and the room where it is alone."""
        self._current = name
        self._arrange()

    def on_tab_line_chosen(self, event: TabLine.Chosen) -> None:
        """Show the pane whose tab was clicked."""
        event.stop()
        self.go_to(TABS[event.name])

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Follow the focus, by keys or by mouse."""
        name = event.widget.id
        if name is not None and name in TABS.values():
            self._current = name

    @property
    def _is_alone(self) -> bool:
        width, height = self.app.size
        return self.is_zoomed or width < SIDE_BY_SIDE[0] or height < SIDE_BY_SIDE[1]

    @property
    def _is_three_abreast(self) -> bool:
        return not self._is_alone and self.app.size.width >= THREE_ABREAST

    def _beside(self) -> list[str]:
        wide = self._is_three_abreast
        return [row.id for row in PLACED if row.beside == "always" or (row.beside and wide)]

    def _arrange(self) -> None:
        """Decide which panes are shown, and how large."""
        if self._page is None or not self.is_mounted:
            return
        alone = self._is_alone
        shown = [self._current] if alone else self._beside()
        if self._current not in shown:
            self._current = "open"
        self.set_class(alone, "-alone")
        for name in TABS.values():
            self.query_one(f"#{name}").display = name in shown
        tabs = self.query_one(TabLine)
        tabs.display = alone
        tabs.choose(next(title for title, name in TABS.items() if name == self._current))
        self._measure(self._page)
        self._entitle()
        for pane in self.query(Pane):
            pane.redraw()
        if not self.screen.query(FilterBar):  # who types a word goes on typing
            self.query_one(f"#{self._current}").focus()

    def _measure(self, page: AccountPage) -> None:
        """Health gets the lines that it needs, as far as the panes below keep enough."""
        panes, since = self.query_one("#panes"), self.query_one("#since", Pane)
        alone, three = self._is_alone, self._is_three_abreast
        since.display = not alone and page.spoke_on is not None
        new = min(MOST_SINCE, len(since_lines(page, self.app.size.width - 4))) + 2
        since.styles.height = new
        panes.styles.grid_size_columns = 1 if alone else 3 if three else 2
        two = "79 1fr" if self.app.size.width >= ROOMY else "63fr 37fr"
        panes.styles.grid_columns = "1fr" if alone else "81 1fr 1fr" if three else two
        room = self.size.height - (new if since.display else 0)
        inner = self.query_one("#health", Pane).scrollable_content_region.width
        health = max(LEAST_HEALTH, min(health_height(page, inner) + 2, room - LEAST_BELOW))
        panes.styles.grid_rows = "1fr" if alone else f"{health} 1fr"
        self.query_one("#timeline").styles.column_span = 2 if three else 1

    def _entitle(self) -> None:
        if self._page is None:
            return
        for row in PLACED:
            title = row.entitle(self._page, self._state) if row.entitle else joined("")
            pane = self.query_one(f"#{row.id}", Pane)
            pane.border_title = joined(row.tab, title)
        self.query_one("#since", Pane).border_title = joined(since_title(self._page))
        self.query_one(TabLine).note("Timeline", self.timeline.kind or "")

    def _draw(self, row: PaneRow, width: int, height: int) -> Sequence[Content]:
        if self._page is None:
            return []
        drawing = Drawing(
            page=self._page,
            width=width,
            height=height,
            glyphs=self._glyphs,
            state=self._state,
            is_alone=self._is_alone,
            is_wide=self._is_three_abreast,
        )
        return row.draw(drawing)

    def _since(self, width: int, _: int) -> list[Content]:
        return [] if self._page is None else since_lines(self._page, width)
