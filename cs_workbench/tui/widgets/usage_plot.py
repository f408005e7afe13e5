"""The ink of a usage chart: the line, and behind it the peers' band, the own usual, the cursor."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from textual.content import Content

from cs_workbench.core.charts import Ink, line_rows, row_of, scale_for, value_ticks
from cs_workbench.core.glyphs import Glyphs
from cs_workbench.core.peer_band import PeerBand
from cs_workbench.tui.formats import joined

LINE_STYLE: Final = "bold $primary"
Values = Sequence[float | None]


@dataclass(frozen=True, slots=True)
class Behind:
    """What stands behind a line.

    Attributes:
        base: the own usual level, drawn over the columns `base_at`.
        band: the peers, in the same steps as the line.
        cursor: a column.
    """

    base: float | None = None
    base_at: range = range(0)
    band: PeerBand | None = None
    cursor: int | None = None


@dataclass(frozen=True, slots=True)
class Scale:
    """A value axis: its top, how many rows it takes, and labels by row from the top."""

    top: float
    rows: int
    labels: dict[int, str]


def ink_for(glyphs: Glyphs) -> Ink:
    """What the terminal can draw: the Linux console has blocks but no braille."""
    if glyphs.rule.isascii():
        return "ascii"
    return "blocks" if os.environ.get("TERM") == "linux" else "braille"


def value_scale(values: Values, rows: int, behind: Behind) -> Scale:
    """From 0 to a round number above the line, its usual, and peers that are not far above."""
    highest = max([value for value in values if value is not None] + [behind.base or 0.0])
    if behind.band is not None:
        peers = max([value for value in behind.band.high if value is not None], default=0.0)
        highest = max(highest, min(peers, 1.5 * highest))
    top, parts, rows = scale_for(highest, rows)
    return Scale(top, rows, {tick.cell: tick.label for tick in value_ticks(top, rows, parts)})


def plot_lines(
    values: Values, columns: int, scale: Scale, *, margin: int, ink: Ink, behind: Behind
) -> list[Content]:
    """The rows of the chart with their value axis, `margin` cells for its labels."""
    plain = ink == "ascii"
    drawn = line_rows(values, columns=columns, rows=scale.rows, top=scale.top, ink=ink)
    band = _band_rows(behind.band, columns, scale, ink)
    base_row = None if behind.base is None else row_of(behind.base, scale.rows, scale.top, ink)
    tick, bar = ("+", "|") if plain else ("┤", "│")
    lines = []
    for row, text in enumerate(drawn):
        label = scale.labels.get(row, "")
        dashes = behind.base_at if row == base_row else range(0)
        axis = (label.rjust(margin) + (tick if label else bar), "dim")
        cells = _cells(text, row, (band, dashes, behind.cursor), plain=plain)
        lines.append(joined(axis, *cells))
    return lines


def _cells(
    text: str, row: int, behind: tuple[list[range], range, int | None], *, plain: bool
) -> list[tuple[str, str]]:
    """The cells of a row: ink first, then the cursor, the usual, the band."""
    band, dashes, cursor = behind
    dash, stroke, shade = ("-", ":", ".") if plain else ("┈", "┊", "░")
    cells = []
    for column, sign in enumerate(text):
        if sign != " ":
            cells.append(
                (sign, f"{LINE_STYLE} reverse" if column == cursor and plain else LINE_STYLE)
            )
        elif column == cursor:
            cells.append((stroke, "bold"))
        elif column in dashes:
            cells.append((dash, ""))
        elif row in band[column]:
            cells.append((shade, "dim"))
        else:
            cells.append((" ", ""))
    return cells


def _band_rows(band: PeerBand | None, columns: int, scale: Scale, ink: Ink) -> list[range]:
    """By column the rows between the quartiles of the peers."""
    if band is None:
        return [range(0)] * columns
    steps = len(band.low)
    rows = []
    for column in range(columns):
        step = round(column * (steps - 1) / max(1, columns - 1))
        low, high = band.low[step], band.high[step]
        if low is None or high is None:
            rows.append(range(0))
        else:
            upper, lower = (row_of(one, scale.rows, scale.top, ink) for one in (high, low))
            rows.append(range(upper, lower + 1))
    return rows
