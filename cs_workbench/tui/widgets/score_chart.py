"""The history of a score: a line from 0 to 100, its bands, and what happened meanwhile."""

import datetime as dt
from collections.abc import Sequence
from typing import Final

from textual.content import Content

from cs_workbench.core.account_page import AccountPage
from cs_workbench.core.charts import Ink, line_rows, month_ticks, value_ticks
from cs_workbench.core.dates import short_date
from cs_workbench.core.glyphs import UNICODE, Glyphs
from cs_workbench.core.score_history import (
    LEAST_WEEKS,
    MOST_WEEKS,
    ScoreDay,
    ScoreEvent,
    score_weeks,
)
from cs_workbench.tui.formats import BAND_STYLES, joined, points, safe
from cs_workbench.tui.widgets.chart_axes import axis_lines, mark_cells, sign_legend
from cs_workbench.tui.widgets.columns import fitted
from cs_workbench.tui.widgets.lines import spread

TOP: Final = 100.0
PARTS: Final = 4
LEAST_ROWS: Final = 3
MOST_ROWS: Final = 13
BELOW: Final = 6  # axis, months, bands, marks, signs, and the title above
MARGIN: Final = 4
GAP: Final = safe("  ")


def score_lines(
    page: AccountPage, *, size: tuple[int, int], glyphs: Glyphs = UNICODE, ink: Ink = "braille"
) -> list[Content]:
    """The chart in so many cells and lines, and below it the events in words as far as they fit."""
    width, height = size
    columns = max(LEAST_WEEKS, width - MARGIN)
    weeks = score_weeks(page.scores, page.today, min(MOST_WEEKS, columns))
    known = [week for week in weeks if week is not None]
    if not known:
        return [joined(("no score is stored yet: r scores all", "dim"))]
    rows = min(MOST_ROWS, height - BELOW)
    rows = (rows - 1) // PARTS * PARTS + 1 if rows > PARTS else rows
    if rows < LEAST_ROWS:
        return [_title(known, glyphs, width)]
    first = page.today - dt.timedelta(7 * (len(weeks) - 1))
    shown = [one for one in page.events if first - dt.timedelta(6) <= one.on <= page.today]
    marks = mark_cells(shown, (first, page.today), columns)
    lines = [
        _title(known, glyphs, width),
        *_line(weeks, (columns, rows), ink),
        *axis_lines(
            month_ticks(first, page.today, columns), MARGIN - 1, columns, plain=ink == "ascii"
        ),
        joined(" " * MARGIN, *_bands(weeks, columns, glyphs)),
        joined(" " * MARGIN, *((marks.get(cell, " "), "bold") for cell in range(columns))),
        sign_legend(marks, width),
    ]
    room = height - len(lines)
    told = [one for one in shown if one.sign != "t"] if room > 1 else []
    return [*lines, *(_told(one, width) for one in told[: room - 1])]


def _title(known: Sequence[ScoreDay], glyphs: Glyphs, width: int) -> Content:
    last = known[-1]
    day = joined((f"{len(known)} weeks with a score, the last of {short_date(last.on)}", "dim"))
    number = "--" if last.points_e4 is None else str(points(last.points_e4))
    score = joined(
        ("Score by week  ", "bold"), (f"{glyphs.bands[last.band]} {number}", BAND_STYLES[last.band])
    )
    return spread(score, day, width)


def _line(weeks: Sequence[ScoreDay | None], size: tuple[int, int], ink: Ink) -> list[Content]:
    columns, rows = size
    values = [
        None if week is None or week.points_e4 is None else week.points_e4 / 10_000
        for week in weeks
    ]
    ticks = {tick.cell: tick.label for tick in value_ticks(TOP, rows, PARTS if rows > PARTS else 1)}
    tick, bar = ("+", "|") if ink == "ascii" else ("┤", "│")
    drawn = line_rows(values, columns=columns, rows=rows, top=TOP, ink=ink)
    labels = [ticks.get(row, "").rjust(MARGIN - 1) for row in range(rows)]
    return [
        joined((label + (tick if label.strip() else bar), "dim"), text)
        for label, text in zip(labels, drawn, strict=True)
    ]


def _bands(weeks: Sequence[ScoreDay | None], columns: int, glyphs: Glyphs) -> list[tuple[str, str]]:
    """The band of each week at its place: said by a sign, and by colour too."""
    parts = []
    for cell in range(columns):
        week = weeks[round(cell * (len(weeks) - 1) / (columns - 1))]
        parts.append(
            (" ", "") if week is None else (glyphs.bands[week.band], BAND_STYLES[week.band])
        )
    return parts


def _told(one: ScoreEvent, width: int) -> Content:
    return fitted(
        joined((f"{short_date(one.on):>6} ", "dim"), (one.sign, "bold"), " ", one.text), width
    )
