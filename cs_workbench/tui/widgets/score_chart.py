"""The history of a score: a line from 0 to 100, its limits, and what happened meanwhile."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from textual.content import Content

from cs_workbench.core.account_page import AccountPage
from cs_workbench.core.charts import Ink, line_rows, month_ticks, row_of
from cs_workbench.core.dates import short_date, with_weekday
from cs_workbench.core.glyphs import UNICODE, Glyphs
from cs_workbench.core.score_history import QUIET, ScoreEvent, ScoreSpan, score_span
from cs_workbench.core.scorecards import POINT
from cs_workbench.tui.formats import BAND_STYLES, joined, safe
from cs_workbench.tui.widgets.chart_axes import axis_lines, mark_cells, sign_legend
from cs_workbench.tui.widgets.columns import fitted
from cs_workbench.tui.widgets.lines import spread

TOP: Final = 100.0
LEAST_ROWS: Final = 3
MOST_ROWS: Final = 15
BELOW: Final = 6  # axis, months, bands, marks, signs, and the title above
MARGIN: Final = 4
LEAST_COLUMNS: Final = 8
SPANS: Final = (4, 13, 26, 53, 105, 157)  # weeks
SPAN_NAMES: Final = ("4 weeks", "13 weeks", "26 weeks", "1 year", "2 years", "3 years")
YEAR: Final = 3


@dataclass
class ScoreView:
    """Which stretch is shown, and the day under the cursor; None stands for the newest."""

    zoom: int = YEAR
    on: dt.date | None = None

    @property
    def weeks(self) -> int:
        """How many are shown at most."""
        return SPANS[self.zoom]

    def widen(self, steps: int) -> None:
        """Show a longer stretch, or a shorter one for negative steps."""
        self.zoom = min(len(SPANS) - 1, max(0, self.zoom + steps))

    def move(self, page: AccountPage, steps: int) -> None:
        """Move the cursor by steps of the stretch that is shown."""
        span = score_span(page.scores, page.today, self.weeks)
        place = span.place_of(self.on or page.today) + steps
        self.on = span.day_of(min(len(span.scores) - 1, max(0, place)))


def score_lines(
    page: AccountPage,
    *,
    size: tuple[int, int],
    glyphs: Glyphs = UNICODE,
    ink: Ink = "braille",
    view: ScoreView | None = None,
) -> list[Content]:
    """The chart in so many cells and lines, and below it the events in words as far as they fit."""
    view, (width, height) = view or ScoreView(), size
    columns = max(LEAST_COLUMNS, width - MARGIN)
    span = score_span(page.scores, page.today, view.weeks)
    if not span.known:
        why = "no score in that time" if page.scores else "no score is stored yet: r scores all"
        return [joined((why, "dim"))]
    place = span.place_of(view.on or page.today)
    title = _title(span, place, SPAN_NAMES[view.zoom], (width, glyphs))
    rows = min(MOST_ROWS, height - BELOW)
    if rows < LEAST_ROWS:
        return [title]
    shown = [one for one in page.events if span.first < one.on + dt.timedelta(span.step)]
    marks = mark_cells(shown, (span.first, span.until), columns)
    ticks = month_ticks(span.first, span.until, columns)
    cursor = _cell(place, len(span.scores), columns)
    lines = [
        title,
        *_chart(span, (columns, rows), ink, cursor),
        *axis_lines(ticks, MARGIN - 1, columns, plain=ink == "ascii"),
        joined(" " * MARGIN, *_bands(span, columns, glyphs)),
        joined(" " * MARGIN, *_marks(marks, columns, cursor)),
    ]
    told = _events(span, place, shown, width)
    room = height - len(lines) - 1
    is_here = view.on is not None and any(span.place_of(one.on) == place for one in shown)
    if room < 1 and is_here:
        return [*lines, told[0]]
    return [*lines, sign_legend(marks, width), *told[: max(0, room - 1)]]


def _title(span: ScoreSpan, place: int, name: str, drawn: tuple[int, Glyphs]) -> Content:
    """The score under the cursor, and what the keys do."""
    width, glyphs = drawn
    score, day = span.scores[place], span.day_of(place)
    if score is None:
        within = with_weekday(day) if span.step == 1 else f"the week to {with_weekday(day)}"
        read = joined(("no refresh", "bold"), (f"  {within}", "dim"))
    else:
        number = "--" if score.points_e4 is None else f"{score.points_e4 // 1_000 / 10:.1f}"
        shown = f"{glyphs.bands[score.band]} {number} {score.band}"
        read = joined((shown, BAND_STYLES[score.band]), (f"  {with_weekday(score.on)}", "dim"))
    arrows = "left right" if glyphs.rule.isascii() else "← →"
    keys = f"{name} < >  day {arrows}"
    return spread(joined(("Score  ", "bold"), read), joined(("  " + keys, "dim")), width)


def _chart(span: ScoreSpan, size: tuple[int, int], ink: Ink, cursor: int) -> list[Content]:
    columns, rows = size
    values = [
        None if one is None or one.points_e4 is None else one.points_e4 / POINT
        for one in span.scores
    ]
    drawn = line_rows(values, columns=columns, rows=rows, top=TOP, ink=ink)
    limits = _limits(span, size)
    tick, bar = ("+", "|") if ink == "ascii" else ("┤", "│")
    labels = _labels(span, rows)
    return [
        joined(
            (labels.get(row, "").rjust(MARGIN - 1) + (tick if row in labels else bar), "dim"),
            *_row(text, limits, (row, cursor), plain=ink == "ascii"),
        )
        for row, text in enumerate(drawn)
    ]


def _labels(span: ScoreSpan, rows: int) -> dict[int, str]:
    """0, 100, and the limits of the newest scorecard that can be read, by row."""
    last = next((one.limits for one in reversed(span.known) if one.limits), ())
    values = [limit / POINT for limit in last]
    found = {row_of(value, rows, TOP): f"{value:.0f}" for value in values}
    return {**found, 0: "100", rows - 1: "0"}


def _limits(span: ScoreSpan, size: tuple[int, int]) -> set[tuple[int, int]]:
    """The (row, column) of the limits of yellow and green, by the scorecard of then."""
    columns, rows = size
    found: set[tuple[int, int]] = set()
    last: tuple[int, int] | None = next((one.limits for one in span.known), None)
    for place, one in enumerate(span.scores):
        last = last if one is None else one.limits
        begin = _cell(place, len(span.scores), columns)
        end = (
            _cell(place + 1, len(span.scores), columns) if place + 1 < len(span.scores) else columns
        )
        for limit in last or ():
            row = row_of(limit / POINT, rows, TOP)
            found |= {(row, column) for column in range(begin, max(begin + 1, end))}
    return found


def _row(
    text: str, limits: set[tuple[int, int]], at: tuple[int, int], *, plain: bool
) -> list[object]:
    """A line of the chart with its limits and the cursor behind the ink."""
    row, cursor = at
    dash, stroke = ("-", ":") if plain else ("┈", "┊")
    parts: list[object] = []
    for column, sign in enumerate(text):
        if sign != " ":
            parts.append((sign, "bold") if column == cursor else sign)
        elif column == cursor:
            parts.append((stroke, "bold"))
        else:
            parts.append((dash, "dim") if (row, column) in limits else " ")
    return parts


def _bands(span: ScoreSpan, columns: int, glyphs: Glyphs) -> list[tuple[str, str]]:
    """The band of each step at its place: said by a sign, and by colour too."""
    parts = []
    for cell in range(columns):
        one = span.scores[round(cell * (len(span.scores) - 1) / (columns - 1))]
        parts.append((" ", "") if one is None else (glyphs.bands[one.band], BAND_STYLES[one.band]))
    return parts


def _marks(marks: Mapping[int, str], columns: int, cursor: int) -> list[tuple[str, str]]:
    return [
        (marks.get(cell, " "), "bold reverse" if cell == cursor else "bold")
        for cell in range(columns)
    ]


def _events(span: ScoreSpan, place: int, shown: Sequence[ScoreEvent], width: int) -> list[Content]:
    """Those under the cursor first, marked; then what weighs more than a touchpoint or a ticket."""
    here = [one for one in shown if span.place_of(one.on) == place]
    others = [one for one in shown if one.sign not in QUIET and one not in here]
    return [
        *(_told(one, width, "bold") for one in here),
        *(_told(one, width, "") for one in others),
    ]


def _told(one: ScoreEvent, width: int, style: str) -> Content:
    day = (f"{short_date(one.on):>6} ", style or "dim")
    return fitted(joined(day, (one.sign, "bold"), " ", (safe(one.text).plain, style)), width)


def _cell(place: int, count: int, columns: int) -> int:
    return round(place * (columns - 1) / max(1, count - 1))
