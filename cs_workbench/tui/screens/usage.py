"""`u`: the usage of one account, as large as the terminal."""

from typing import ClassVar, Final

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Static

from cs_workbench.core.account_page import UsageHistory
from cs_workbench.core.peer_band import PeerBand
from cs_workbench.core.usage_parts import parts_of, wholes
from cs_workbench.core.usage_window import SPANS, UsageView
from cs_workbench.errors import WorkbenchError
from cs_workbench.store.database import open_database
from cs_workbench.tui.formats import joined
from cs_workbench.tui.keys import bound
from cs_workbench.tui.messages import tell
from cs_workbench.tui.session import Session
from cs_workbench.tui.widgets.chart_canvas import ChartCanvas
from cs_workbench.tui.widgets.hint_line import HintLine
from cs_workbench.tui.widgets.usage_picture import Drawn, Picture, draw_usage
from cs_workbench.tui.widgets.usage_plot import ink_for
from cs_workbench.workflows.scorecards import scorecard_at
from cs_workbench.workflows.usage_reading import UsageRead, read_usage
from cs_workbench.workflows.usage_views import Compared, read_peer_band

GROUP: Final = Binding.Group("Usage")
FOOTER: Final = (
    *("usage.earlier", "usage.longer", "usage.shorter", "usage.metric", "usage.more"),
    *("usage.compare", "usage.pan_back"),
)
MOST_METRICS: Final = 3
COMPARED: Final[tuple[tuple[Compared | None, str], ...]] = (
    ("peers", "region and segment"),
    ("segment", "the segment"),
    ("all", "all accounts"),
    (None, ""),
)


class UsageScreen(Screen[None]):
    """A panel for each chosen metric over one time axis, with peers, events and teams."""

    AUTO_FOCUS = "ChartCanvas"
    BINDINGS: ClassVar[list[BindingType]] = [
        bound("usage.earlier", "left", "move(-1)", "earlier", "Cursor a step back", group=GROUP),
        bound("usage.later", "right", "move(1)", "later", "Cursor a step on", group=GROUP),
        bound("usage.longer", "less_than_sign", "zoom(1)", "longer", "See more", group=GROUP),
        bound("usage.shorter", "greater_than_sign", "zoom(-1)", "shorter", "See less", group=GROUP),
        bound("usage.pan_back", "shift+left,pageup", "pan(1)", "pan", "Back in time", group=GROUP),
        bound("usage.pan_on", "shift+right,pagedown", "pan(-1)", "on", "On in time", group=GROUP),
        bound("usage.metric", "full_stop", "metric(1)", "metric", "Next metric", group=GROUP),
        bound("usage.metric_before", "comma", "metric(-1)", "metric", "Metric before", group=GROUP),
        bound("usage.more", "m", "more", "metrics", "One metric more, or one alone", group=GROUP),
        bound("usage.compare", "v", "compare", "view peers", "Against whom", group=GROUP),
        bound("usage.newest", "end,G", "newest", "newest", "To the newest week", group=GROUP),
        bound("screen.back", "escape,q,u", "leave", "back", "One layer back", group=GROUP),
    ]

    DEFAULT_CSS = """
    UsageScreen #name { height: 1; text-wrap: nowrap; text-overflow: ellipsis; }
    """

    class Read(Message):
        """The thread has read the account, or could not."""

        def __init__(self, found: UsageRead | WorkbenchError) -> None:
            self.found = found
            super().__init__()

    class BandRead(Message):
        """The thread knows what the peers did on a metric."""

        def __init__(self, metric: str, compared: Compared, band: PeerBand | None) -> None:
            self.key = metric, compared
            self.band = band
            super().__init__()

    def __init__(self, session: Session, account_key: int) -> None:
        """Half a year of the main metric, against the peers."""
        super().__init__()
        self._session = session
        self._account_key = account_key
        self._read: UsageRead | None = None
        self._first = 0
        self._count = 1
        self._view = UsageView()
        self._with = 0
        self._bands: dict[tuple[str, Compared], PeerBand | None] = {}

    def compose(self) -> ComposeResult:
        """Title, chart, keys."""
        yield Static(joined(("Usage", "bold")), id="name")
        yield ChartCanvas(self._draw, id="chart")
        yield HintLine(FOOTER, rule=self._session.glyphs.rule)

    def on_mount(self) -> None:
        """Read the account."""
        self._read_account()

    def on_usage_screen_read(self, message: Read) -> None:
        """Show it, or leave where it cannot be read."""
        if isinstance(message.found, WorkbenchError):
            tell(self.app, message.found, is_problem=True)
            self.dismiss(None)
            return
        self._read = message.found
        self._show()

    def on_usage_screen_band_read(self, message: BandRead) -> None:
        """Draw the band behind the line."""
        self._bands[message.key] = message.band
        self.query_one(ChartCanvas).redraw()

    def on_chart_canvas_pointed(self, message: ChartCanvas.Pointed) -> None:
        """Put the cursor there."""
        if self._shown:
            self._view.point(self._shown[0], message.share)
            self.query_one(ChartCanvas).redraw()

    def on_chart_canvas_wheeled(self, message: ChartCanvas.Wheeled) -> None:
        """Zoom."""
        self.action_zoom(message.steps)

    def on_chart_canvas_dragged(self, message: ChartCanvas.Dragged) -> None:
        """Pan by what was dragged, a week at least."""
        weeks = round(message.share * SPANS[self._view.zoom])
        self.action_pan(weeks or (1 if message.share > 0 else -1), in_weeks=True)

    def action_move(self, steps: int) -> None:
        """Move the cursor."""
        if self._shown:
            self._view.move(self._shown[0], steps)
            self.query_one(ChartCanvas).redraw()

    def action_zoom(self, steps: int) -> None:
        """Show a longer stretch, or a shorter one."""
        if self._shown:
            self._view.widen(self._shown[0], steps)
            self.query_one(ChartCanvas).redraw()

    def action_pan(self, steps: int, *, in_weeks: bool = False) -> None:
        """Show an earlier stretch, or a later one; by a quarter of what is shown."""
        if self._shown:
            quarter = max(1, SPANS[self._view.zoom] // 4)
            self._view.pan(self._shown[0], steps if in_weeks else steps * quarter)
            self.query_one(ChartCanvas).redraw()

    def action_newest(self) -> None:
        """Back to the newest week."""
        self._view.back, self._view.on = 0, None
        self.query_one(ChartCanvas).redraw()

    def action_metric(self, steps: int) -> None:
        """Begin with another metric."""
        if self._metrics:
            self._first = (self._first + steps) % len(self._metrics)
            self._show()

    def action_more(self) -> None:
        """One metric more below the first; after all, the first alone."""
        most = min(MOST_METRICS, len(self._metrics))
        self._count = self._count % most + 1 if most else 1
        self._show()

    def action_compare(self) -> None:
        """Region and segment, the segment, all accounts, nobody."""
        self._with = (self._with + 1) % len(COMPARED)
        self._show()

    def action_leave(self) -> None:
        """Back to where it was asked for."""
        self.dismiss(None)

    @property
    def _metrics(self) -> tuple[UsageHistory, ...]:
        """Whole metrics, up to today."""
        found = wholes(self._read.histories) if self._read else ()
        return tuple(one.up_to(self._session.today) for one in found)

    @property
    def _shown(self) -> tuple[UsageHistory, ...]:
        metrics = self._metrics
        return tuple(
            metrics[(self._first + at) % len(metrics)]
            for at in range(min(self._count, len(metrics)))
        )

    def _show(self) -> None:
        """Draw; what the peers did is read behind it."""
        read = self._read
        if read is None:
            return
        place = f"  {self._first + 1}/{len(self._metrics)}" if len(self._metrics) > 1 else ""
        named = joined((read.name, "bold"), (" · usage", "dim"), (place, "dim"))
        self.query_one("#name", Static).update(named)
        compared = COMPARED[self._with][0]
        if compared is not None:
            shown = {one.metric for one in self._shown}
            for history in read.histories:
                if history.metric in shown and (history.metric, compared) not in self._bands:
                    self._read_band(history, compared)
        self.query_one(ChartCanvas).redraw()

    def _draw(self, width: int, height: int) -> Drawn:
        read = self._read
        if read is None:
            return Drawn([joined(("reading …", "dim"))], 0, 1)
        if not self._shown:
            return Drawn([joined(("no usage in the last three years", "dim"))], 0, 1)
        glyphs = self._session.glyphs
        compared, told = COMPARED[self._with]
        bands = {
            metric: band.stretched(len(self._shown[0].ends) - len(band.low))
            for (metric, whom), band in self._bands.items()
            if whom == compared and band is not None
        }
        is_known = (self._shown[0].metric, compared) in self._bands
        picture = Picture(
            histories=self._shown,
            view=self._view,
            bands=bands,
            compared=told if compared is not None and is_known else None,
            events=read.events,
            told=read.told,
            notes=read.notes,
            parts=parts_of(self._shown[0].metric, read.histories),
            today=self._session.today,
            glyphs=glyphs,
            ink=ink_for(glyphs),
        )
        return draw_usage(picture, width, height)

    @work(thread=True, group="usage")
    def _read_account(self) -> None:
        session = self._session
        found: UsageRead | WorkbenchError
        try:
            card = scorecard_at(session.scorecard_file)
            with open_database(session.db.path) as db:
                found = read_usage(db, self._account_key, card, today=session.today, me=session.me)
        except WorkbenchError as problem:
            found = problem
        self.post_message(self.Read(found))

    @work(thread=True, group="bands")
    def _read_band(self, history: UsageHistory, compared: Compared) -> None:
        band: PeerBand | None
        try:
            with open_database(self._session.db.path) as db:
                band = read_peer_band(db, self._account_key, history, compared)
        except WorkbenchError:
            band = None
        self.post_message(self.BandRead(history.metric, compared, band))
