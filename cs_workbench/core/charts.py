"""Where the ink of a line chart goes: scales, ticks, and cells of braille, blocks or ASCII.

Values are evenly spaced in time, oldest first. None is no data: nothing is drawn there, and no line
crosses it. Zero is a value, and is drawn.
"""

import datetime as dt
import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from cs_workbench.core.dates import MONTHS

Ink = Literal["braille", "blocks", "ascii"]
Value = float | None

BRAILLE = 0x2800
# Bit of a dot in a braille cell, by its column and its row from the top.
_DOTS = ((0x01, 0x02, 0x04, 0x40), (0x08, 0x10, 0x20, 0x80))
_EIGHTHS = " ▁▂▃▄▅▆▇█"
_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)


@dataclass(frozen=True, slots=True)
class Tick:
    """A label at a cell of an axis, counted from its start."""

    cell: int
    label: str


def scale_for(highest: float, rows: int) -> tuple[float, int, int]:
    """A scale from 0 for so many rows: its top, its equal parts, and the rows that it uses.

    The parts are round numbers and whole rows, the top is as near to the highest value as can be.
    """
    choices = (5, 4, 3) if rows >= 11 else (3, 2) if rows >= 6 else (2,) if rows >= 4 else (1,)
    parts = min(choices, key=lambda parts: nice_top(highest, parts))
    return nice_top(highest, parts), parts, (rows - 1) // parts * parts + 1


def nice_top(highest: float, parts: int) -> float:
    """The least top of a scale from 0 that so many equal round steps reach."""
    if not 1e-9 < highest < math.inf:
        return float(parts)
    rough = highest / parts
    unit = 10.0 ** math.floor(math.log10(rough))
    step = next(unit * size for size in _STEPS if unit * size >= rough * (1 - 1e-9))
    return step * parts


def value_ticks(top: float, rows: int, parts: int) -> list[Tick]:
    """Labels of the value axis at rows from the top: `top` first, `0` in the last row."""
    marks = [(part, rows - 1 - round(part * (rows - 1) / parts)) for part in range(parts, -1, -1)]
    return [Tick(row, number(top * part / parts)) for part, row in marks]


def number(value: float) -> str:
    """A number for an axis or a sentence, three digits at most: `0.25`, `48`, `1.2k`, `3M`."""
    size = abs(value)
    for limit, divisor, unit in ((999.5, 1.0, ""), (999_500.0, 1e3, "k"), (9.995e8, 1e6, "M")):
        if size < limit:
            return _digits(value / divisor) + unit
    return _digits(value / 1e9) + "G"


def about(value: float) -> str:
    """A number for a sentence, no finer than it matters: `0.25`, `4.8`, `48`, `1.2k`."""
    return number(round(value, 1 if 1 <= abs(value) < 10 else 0 if abs(value) >= 10 else 2))


def month_ticks(first: dt.date, last: dt.date, cells: int) -> list[Tick]:
    """Months along a time axis of so many cells; January carries the year, none overlap."""
    span = max(1, (last - first).days)
    months = [(day, round((day - first).days * (cells - 1) / span)) for day in _firsts(first, last)]
    for every in (1, 2, 3, 6, 12):
        ticks = [
            Tick(cell, str(day.year) if day.month == 1 else MONTHS[day.month - 1])
            for day, cell in months
            if (day.month - 1) % every == 0
        ]
        ticks = [tick for tick in ticks if tick.cell + len(tick.label) <= cells]
        if all(b.cell - a.cell > len(a.label) for a, b in itertools.pairwise(ticks)):
            return ticks
    return ticks[:1]


def line_rows(
    values: Sequence[Value], *, columns: int, rows: int, top: float, ink: Ink
) -> list[str]:
    """The line as `rows` strings of `columns` cells, a space where there is no ink."""
    if ink == "blocks":
        return _blocks(values, columns, rows, top)
    if ink == "ascii":
        dots = _dots(values, columns, rows, top)
        return [
            "".join("*" if (x, y) in dots else " " for x in range(columns)) for y in range(rows)
        ]
    cells = [[0] * columns for _ in range(rows)]
    for x, y in _dots(values, columns * 2, rows * 4, top):
        cells[y // 4][x // 2] |= _DOTS[x % 2][y % 4]
    return ["".join(chr(BRAILLE + bits) if bits else " " for bits in row) for row in cells]


def row_of(value: float, rows: int, top: float, ink: Ink = "ascii") -> int:
    """The row, from the top, in which a value lies; where the line's ink would be."""
    return _level(value, rows * 4, top) // 4 if ink == "braille" else _level(value, rows, top)


def cells_of(begin: int, end: int, count: int, columns: int) -> range:
    """The cells that values `begin` to `end` (not included) of `count` take."""
    first = _place(begin, count, columns)
    return range(first, _place(max(begin, end - 1), count, columns) + 1)


def _firsts(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    """The first days of the months between two days, both included."""
    place = first.year * 12 + first.month - (1 if first.day == 1 else 0)
    while place // 12 <= 9998:
        day = dt.date(place // 12, place % 12 + 1, 1)
        if day > last:
            return
        yield day
        place += 1


def _digits(value: float) -> str:
    size = abs(value)
    places = 0 if size >= 99.95 or value == int(value) else 1 if size >= 9.995 else 2
    text = f"{value:.{places}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _place(index: int, count: int, width: int) -> int:
    return width - 1 if count < 2 else round(index * (width - 1) / (count - 1))


def _level(value: float, height: int, top: float) -> int:
    share = min(1.0, max(0.0, value / top))
    return height - 1 - round(share * (height - 1))


def _samples(values: Sequence[Value], width: int) -> list[Value]:
    """The values at so many equal steps, straight lines between neighbours that are known."""
    samples: list[Value] = [None] * width
    count = len(values)
    for index, value in enumerate(values):
        if value is None:
            continue
        place = _place(index, count, width)
        samples[place] = value
        before = values[index - 1] if index else None
        if before is not None:
            begin = _place(index - 1, count, width)
            for step in range(begin + 1, place):
                samples[step] = before + (value - before) * (step - begin) / (place - begin)
    return samples


def _dots(values: Sequence[Value], width: int, height: int, top: float) -> set[tuple[int, int]]:
    dots: set[tuple[int, int]] = set()
    before: int | None = None
    for x, value in enumerate(_samples(values, width)):
        level = None if value is None else _level(value, height, top)
        if level is not None:
            dots.add((x, level))
            if before is not None:
                toward = range(min(before, level) + 1, max(before, level))
                dots.update((x, y) for y in toward)
        before = level
    return dots


def _blocks(values: Sequence[Value], columns: int, rows: int, top: float) -> list[str]:
    drawn = [[" "] * columns for _ in range(rows)]
    for x, value in enumerate(_samples(values, columns)):
        if value is None:
            continue
        eighths = max(1, round(min(1.0, max(0.0, value / top)) * rows * 8))  # zero is not a gap
        for y in range(rows):
            filled = min(8, max(0, eighths - 8 * y))
            drawn[rows - 1 - y][x] = _EIGHTHS[filled]
    return ["".join(row) for row in drawn]
