"""Usage as a line over weeks, with axes, dates, and the account's own baseline."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from textual.content import Content

from cs_workbench.core.account_page import BASE_WEEKS, RECENT_WEEKS, UsageHistory
from cs_workbench.core.charts import Ink, about, cells_of, month_ticks
from cs_workbench.core.dates import near_date, with_weekday
from cs_workbench.core.glyphs import UNICODE, Glyphs
from cs_workbench.core.measure_words import signed_percent
from cs_workbench.core.peer_band import PeerBand
from cs_workbench.core.score_history import ScoreEvent, Sign
from cs_workbench.tui.formats import joined, safe
from cs_workbench.tui.widgets.chart_axes import axis_lines, mark_cells, sign_legend
from cs_workbench.tui.widgets.columns import fitted
from cs_workbench.tui.widgets.lines import between, spread
from cs_workbench.tui.widgets.usage_plot import Behind, plot_lines, value_scale

YEAR_FROM: Final = 56  # cells from which a year of weeks can be told apart
YEAR: Final = 53  # weeks
HALF_YEAR: Final = 26
LEAST_ROWS: Final = 3
STALE: Final = 7  # days
GAP: Final = safe("  ")


@dataclass(frozen=True, slots=True)
class Beside:
    """What is shown beside the line.

    Attributes:
        events: marked on the time axis.
        band: of the peers, in the same weeks as the history.
        back: weeks from the newest shown to the one under the cursor; None without a cursor.
    """

    events: Sequence[ScoreEvent] = ()
    band: PeerBand | None = None
    back: int | None = None


ALONE: Final = Beside()


def chart_lines(
    history: UsageHistory,
    *,
    today: dt.date,
    size: tuple[int, int],
    place: tuple[int, int],
    glyphs: Glyphs = UNICODE,
    ink: Ink = "braille",
    beside: Beside = ALONE,
) -> list[Content]:
    """A title, the chart, and what it says, in exactly `size` (width, height) cells.

    `place` is which metric of how many this is.
    """
    width, height = size
    shown = history.up_to(today).last(YEAR if width >= YEAR_FROM else HALF_YEAR)
    band = _shown_band(history, shown, beside.band)
    if beside.back is None:
        told = _told(history, today, width, glyphs, band)
    else:
        told = _read(shown, band, beside.back, width)
    rows = height - 3 - len(told)  # title, axis, months
    if rows < LEAST_ROWS:
        return [_title(history, place, {}, width), *told][:height]
    lines, columns = _chart(history, shown, (width, rows), ink, (band, beside.back))
    first, last = shown.ends[0], shown.ends[-1]
    marks = mark_cells(beside.events, (first, last), columns)
    axis = axis_lines(
        month_ticks(first, last, columns),
        width - columns - 1,
        columns,
        plain=ink == "ascii",
        marks=marks,
    )
    return [_title(history, place, marks, width), *lines, *axis, *told]


def _title(
    history: UsageHistory, place: tuple[int, int], marks: Mapping[int, Sign], width: int
) -> Content:
    number_of, count = place
    name = joined((history.label, "bold"), (f"{history.per_day}, by week", "dim"))
    more = joined(" ", (f"{number_of}/{count}  , .", "dim")) if count > 1 else safe("")
    legend = sign_legend(marks, width - name.cell_length - more.cell_length - 2)
    return spread(name, joined(legend, " ", more), width)


def _chart(
    history: UsageHistory,
    shown: UsageHistory,
    size: tuple[int, int],
    ink: Ink,
    beside: tuple[PeerBand | None, int | None],
) -> tuple[list[Content], int]:
    """The lines above the axis, and how many cells of them are weeks."""
    width, rows = size
    levels = shown.levels
    silent = (shown.ends[-1] - history.ends[-1]).days // 7
    band, back = beside
    behind = Behind(base=history.base, band=band)
    scale = value_scale(levels, rows, behind)
    margin = max(len(label) for label in scale.labels.values())
    columns = max(2, width - margin - 1)
    end = len(levels) - silent
    stretch = cells_of(max(0, end - BASE_WEEKS - RECENT_WEEKS), end, len(levels), columns)
    cursor = None
    if back is not None:
        place = max(0, len(levels) - 1 - back)
        cursor = round(place * (columns - 1) / max(1, len(levels) - 1))
    behind = replace(behind, base_at=stretch, cursor=cursor)
    return plot_lines(levels, columns, scale, margin=margin, ink=ink, behind=behind), columns


def _shown_band(
    history: UsageHistory, shown: UsageHistory, band: PeerBand | None
) -> PeerBand | None:
    """The band of the weeks that are shown."""
    if band is None:
        return None
    silent = (shown.ends[-1] - history.ends[-1]).days // 7
    begin = len(history.ends) + silent - len(shown.ends)
    return band.stretched(silent).last(begin, begin + len(shown.ends))


def _read(shown: UsageHistory, band: PeerBand | None, back: int, width: int) -> list[Content]:
    """The week under the cursor in words."""
    place = max(0, len(shown.ends) - 1 - back)
    level, end = shown.levels[place], shown.ends[place]
    said = "no data" if level is None else about(level)
    parts = [joined(("week to ", "dim"), with_weekday(end)), joined((said, "bold"))]
    low, high = (None, None) if band is None else (band.low[place], band.high[place])
    if low is not None and high is not None:
        parts.append(joined((f"peers {about(low)} to {about(high)}", "dim")))
    return [fitted(between(parts, GAP), width)]


def _told(
    history: UsageHistory, today: dt.date, width: int, glyphs: Glyphs, band: PeerBand | None
) -> list[Content]:
    """What the chart says in words, in one line or two."""
    sign = "-" if glyphs.rule.isascii() else "┈"
    now, base, change = history.recent, history.base, history.change
    parts = [joined(("4 weeks ", "dim"), "no data" if now is None else about(now))]
    if base is not None:
        parts.append(joined((f"{sign} 12 weeks before ", "dim"), about(base)))
    if change is not None:
        parts.append(joined((signed_percent(change, glyphs.minus), "bold")))
    if band is not None:
        shade = "." if glyphs.rule.isascii() else "░"
        parts.append(joined((f"{shade} peers", "dim")))
    if (today - history.newest).days > STALE:
        silent = joined((f"no data since {near_date(history.newest, today)}", "bold"))
        parts = [silent, *parts]
    line = between(parts, GAP)
    if line.cell_length <= width:
        return [line]
    return [fitted(between(parts[:2], GAP), width), fitted(between(parts[2:], GAP), width)]
