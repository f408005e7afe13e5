"""Everything on the full screen of an account's usage, drawn for the room there is."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from textual.content import Content

from cs_workbench.core.account_page import UsageHistory
from cs_workbench.core.charts import Ink, cells_of, month_ticks
from cs_workbench.core.dates import near_date, short_date, with_weekday
from cs_workbench.core.glyphs import Glyphs
from cs_workbench.core.measure_words import signed_percent
from cs_workbench.core.peer_band import PeerBand
from cs_workbench.core.score_history import ScoreEvent, Sign
from cs_workbench.core.usage_findings import amount
from cs_workbench.core.usage_parts import Part
from cs_workbench.core.usage_window import SPAN_NAMES, WEEK, UsageView, Window
from cs_workbench.tui.formats import NOTHING, joined, safe
from cs_workbench.tui.widgets.chart_axes import axis_lines, mark_cells, sign_legend
from cs_workbench.tui.widgets.columns import fitted
from cs_workbench.tui.widgets.lines import between, spread
from cs_workbench.tui.widgets.usage_plot import Behind, Scale, plot_lines, value_scale

LEAST_ROWS: Final = 3
ROOMY: Final = 28  # lines
GAP: Final = safe("  ")
MOST_PARTS: Final = 5
SPARK_WEEKS: Final = 16
MOST_EVENTS: Final = 2
NO_TEAMS: Final = "Who stopped? By team: not imported (see docs/usage.md, by team)"


@dataclass(frozen=True, slots=True)
class Picture:
    """What is shown.

    Attributes:
        histories: of the chosen metrics, of the same weeks up to today.
        bands: of the peers, by metric, of the same weeks; none while they are read, or too few.
        compared: whom the account is held against, in words; None for nobody.
        events: what is marked on the time axis, newest first.
        told: what the detectors say, in sentences.
        notes: seats and supplies, in words.
        parts: teams of the first metric.
    """

    histories: tuple[UsageHistory, ...]
    view: UsageView
    bands: Mapping[str, PeerBand]
    compared: str | None
    events: Sequence[ScoreEvent]
    told: Sequence[str]
    notes: Sequence[str]
    parts: Sequence[Part]
    today: dt.date
    glyphs: Glyphs
    ink: Ink


@dataclass(frozen=True, slots=True)
class Drawn:
    """Lines, and where in them the plot is: its first cell and how many it has."""

    lines: list[Content]
    left: int
    columns: int


def draw_usage(picture: Picture, width: int, height: int) -> Drawn:
    """Findings, a panel for each metric over one time axis, the cursor in words, the teams."""
    windows = [picture.view.window(one) for one in picture.histories]
    place = picture.view.place(windows[0])
    above = [line for one in picture.told for line in _told(one, width)]
    below = [
        *_read(picture, windows, place, width),
        *(fitted(safe(one[:1].upper() + one[1:]), width) for one in picture.notes),
        *_parts(picture, width),
    ]
    is_roomy = height >= ROOMY
    room = height - len(above) - len(below) - 3 - is_roomy  # axis, months, legend
    each = max(LEAST_ROWS + 1, room // len(windows))
    shown = max(1, min(len(windows), room // each))
    plots = [_Plot.of(picture, at, windows[at], each - 1) for at in range(shown)]
    margin = max(one.margin for one in plots)
    columns = max(2, width - margin - 1)
    cursor = _cell(place, len(windows[0].ends), columns)
    lines = list(above)
    for at, plot in enumerate(plots):
        lines.append(_heading(picture, at, windows[at], width))
        lines.extend(plot.lines(margin, columns, cursor, picture.ink))
    span = windows[0].ends[0], windows[0].ends[-1]
    marks = mark_cells(picture.events, span, columns)
    ticks = month_ticks(*span, columns)
    plain = picture.ink == "ascii"
    lines += axis_lines(ticks, margin, columns, plain=plain, marks=marks)
    lines += _legend(picture, marks, width, two_lines=is_roomy)
    return Drawn([*lines, *below][:height], margin + 1, columns)


def _told(text: str, width: int) -> list[Content]:
    """A finding, in two lines where one is not enough."""
    lines = joined(("! ", "bold $late"), (text, "bold")).wrap(max(1, width))
    return [*lines[:1], *(fitted(one, width) for one in lines[1:2])]


@dataclass(frozen=True, slots=True)
class _Plot:
    """One panel: its values, and what stands behind them."""

    window: Window
    scale: Scale
    base: float | None
    base_weeks: tuple[int, int]
    band: PeerBand | None

    @classmethod
    def of(cls, picture: Picture, at: int, window: Window, rows: int) -> "_Plot":
        history = picture.histories[at]
        band = picture.bands.get(history.metric) if window.step == WEEK else None
        band = None if band is None else band.last(window.first, window.end)
        known = len(history.ends) - (history.ends[-1] - history.newest).days // WEEK
        behind = Behind(base=history.base, band=band)
        return cls(
            window,
            value_scale(window.values, rows, behind),
            history.base if window.step == WEEK else None,
            (known - SPARK_WEEKS - window.first, known - window.first),
            band,
        )

    @property
    def margin(self) -> int:
        """Cells of the longest label."""
        return max(len(label) for label in self.scale.labels.values())

    def lines(self, margin: int, columns: int, cursor: int, ink: Ink) -> list[Content]:
        """The rows of the panel."""
        count = len(self.window.values)
        begin, end = (min(count, max(0, week)) for week in self.base_weeks)
        base_at = cells_of(begin, end, count, columns) if end > begin else range(0)
        behind = Behind(self.base, base_at, self.band, cursor)
        values, scale = self.window.values, self.scale
        return plot_lines(values, columns, scale, margin=margin, ink=ink, behind=behind)


def _heading(picture: Picture, at: int, window: Window, width: int) -> Content:
    """The metric, its change, and on the first panel the stretch."""
    history = picture.histories[at]
    step = f"{history.per_day}, by week" if window.step == WEEK else " by day"
    change = NOTHING
    if history.change is not None and history.recent is not None and history.base is not None:
        sizes = f"{amount(history.base)} {_arrow(picture)} {amount(history.recent)}"
        moved = signed_percent(history.change, picture.glyphs.minus)
        change = joined((f"  {sizes}  ", "dim"), (moved, "bold"))
    name = joined((history.label, "bold"), (step, "dim"), change)
    if at:
        return fitted(name, width)
    first, last = window.ends[0], window.ends[-1]
    begun = "" if first.year == last.year else f" {first.year}"
    span = f"{SPAN_NAMES[picture.view.zoom]}: {short_date(first)}{begun} to "
    return spread(name, joined((f"{span}{short_date(last)} {last.year}", "dim")), width)


def _legend(
    picture: Picture, marks: Mapping[int, Sign], width: int, *, two_lines: bool
) -> list[Content]:
    """What the shades mean, and what the letters of the axis say."""
    plain = picture.ink == "ascii"
    band = picture.bands.get(picture.histories[0].metric)
    parts = []
    is_daily = picture.view.window(picture.histories[0]).step == 1
    if picture.compared is not None and is_daily:
        parts.append(joined(("peers and usual: by week only", "dim")))
    else:
        parts.append(joined(("-" if plain else "┈", ""), (" usual", "dim")))
        if band is not None:
            shade = "." if plain else "░"
            half = "middle half of " if two_lines else ""  # else the letters want the room
            who = f" {half}{band.peers} peers ({safe(band.name).plain})"
            parts.append(joined((shade, ""), (who, "dim")))
        elif picture.compared is not None:
            parts.append(joined((f"too few peers: {picture.compared}", "dim")))
    left = between(parts, GAP)
    if two_lines:
        return [sign_legend(marks, width), fitted(left, width)]
    signs = sign_legend(marks, max(0, width - left.cell_length - 2))
    return [spread(left, signs, width)]


def _read(picture: Picture, windows: list[Window], place: int, width: int) -> list[Content]:
    """The day or week under the cursor: its values, and what happened in it."""
    window = windows[0]
    end = window.ends[place]
    when = with_weekday(end) if window.step == 1 else f"week to {with_weekday(end)}"
    parts = [joined((when, "bold"))]
    for history, one in zip(picture.histories, windows, strict=True):
        value = one.values[min(place, len(one.values) - 1)]
        said = "no data" if value is None else amount(value)
        parts.append(
            joined(
                (f"{history.label} ", "dim"), (said, "bold"), _beside(picture, history, one, place)
            )
        )
    begin = end - dt.timedelta(window.step - 1)
    here = [one for one in picture.events if begin <= one.on <= end][:MOST_EVENTS]
    told = [
        fitted(
            joined(
                (f"{near_date(one.on, picture.today):>6} ", "dim"),
                (one.sign, "bold"),
                " ",
                safe(one.text),
            ),
            width,
        )
        for one in here
    ]
    blank = [NOTHING] * (MOST_EVENTS - len(told))
    return [fitted(between(parts, GAP), width), *told, *blank]


def _beside(picture: Picture, history: UsageHistory, window: Window, place: int) -> Content:
    """What the peers' band is there."""
    band = picture.bands.get(history.metric)
    if band is None or window.step != WEEK:
        return NOTHING
    week = window.week_of(place)
    low, high = band.low[week], band.high[week]
    if low is None or high is None:
        return NOTHING
    return joined((f" (peers {amount(low)}–{amount(high)})", "dim"))


def _parts(picture: Picture, width: int) -> list[Content]:
    """The teams, who lost most first; or that there are none in the data."""
    if not picture.parts:
        return [fitted(joined((NO_TEAMS, "dim")), width)]
    title = joined(("Who stopped?", "bold"), ("  a day, 4 weeks against the 12 before", "dim"))
    shown = picture.parts[:MOST_PARTS]
    names = [fitted(safe(one.name), 20) for one in shown]
    longest = max(name.cell_length for name in names)
    lines = [fitted(title, width)]
    for part, name in zip(shown, names, strict=True):
        before = "no data" if part.before is None else amount(part.before)
        now = "no data" if part.now is None else amount(part.now)
        change = ""
        if part.before and part.now is not None:
            change = signed_percent(part.now / part.before - 1, picture.glyphs.minus)
        sizes = f"{before} {_arrow(picture)} {now}"
        spark = _spark(part.levels[-SPARK_WEEKS:], picture.glyphs)
        blank = " " * (longest - name.cell_length)
        lines.append(
            fitted(
                joined("  ", name, blank, "  ", spark, f"  {sizes:>14}  ", (change, "bold")), width
            )
        )
    left = len(picture.parts) - len(shown)
    if left:
        lines.append(joined((f"  {left} more", "dim")))
    return lines


def _spark(levels: Sequence[float | None], glyphs: Glyphs) -> str:
    top = max([level for level in levels if level is not None], default=0.0) or 1.0
    steps = len(glyphs.levels) - 1
    return "".join(
        glyphs.gap if level is None else glyphs.levels[round(max(0.0, level) / top * steps)]
        for level in levels
    )


def _arrow(picture: Picture) -> str:
    return "->" if picture.glyphs.rule.isascii() else "→"


def _cell(place: int, count: int, columns: int) -> int:
    return round(place * (columns - 1) / max(1, count - 1))
