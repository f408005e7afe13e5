"""Charts as SVG: drawn from values, with a title and a description for those who cannot see them.

Colours come from classes, so that a page may give them in light and dark; a file by itself brings
its own. Every text is escaped; every value is also a text beside or within its mark.
"""

import datetime as dt
from collections.abc import Sequence
from html import escape
from typing import NamedTuple

from cs_workbench.core.text import visible

STYLE = (
    "text{font:12px sans-serif;fill:#1b1f24}.dim{fill:#57606a}.axis{stroke:#8c959f}"
    ".up{fill:#0072b2}.down{fill:#d55e00}.whole{fill:#57606a}.line{stroke:#0072b2;fill:none;"
    "stroke-width:2}.area{fill:#0072b2;opacity:.18}.cell{fill:#0072b2}.on{fill:#fff}"
    ".red{fill:#d55e00}.yellow{fill:#e69f00}.green{fill:#009e73}.unknown{fill:#8c959f}"
    ".ink{fill:#0d1117}"
)
DARK = (
    "@media screen and (prefers-color-scheme:dark){text{fill:#e6edf3}.dim{fill:#9da7b3}"
    ".axis{stroke:#6e7681}"
    ".up,.cell{fill:#56b4e9}.line{stroke:#56b4e9}.area{fill:#56b4e9}.down{fill:#e69f00}"
    ".whole{fill:#9da7b3}.on{fill:#0d1117}}"
)
ROW, LABEL, CELL = 22, 90, 44


class Bar(NamedTuple):
    """A bar of a waterfall: from where to where, what kind, and its value in words."""

    label: str
    low: float
    high: float
    kind: str
    text: str


def clean(text: object) -> str:
    """Text for SVG and HTML: nothing in it is obeyed."""
    return escape(visible(str(text)), quote=True)


def framed(
    body: str, size: tuple[float, float], *, title: str, about: str, alone: bool = False
) -> str:
    """A drawing with its name and description; `alone` brings its own colours."""
    width, height = size
    style = f"<style>{STYLE}{DARK}</style>" if alone else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" role="img" '
        f'width="{width:g}" height="{height:g}">'
        f"<title>{clean(title)}</title><desc>{clean(about)}</desc>{style}{body}</svg>"
    )


def heat_map(
    rows: Sequence[tuple[str, str, Sequence[float | None]]],
    heads: Sequence[str],
    *,
    title: str,
    alone: bool = False,
) -> str:
    """Shares by row and column; each cell has its percentage, one that is None stays empty."""
    parts = [
        _text(LABEL + 60 + at * CELL + CELL / 2, 14, one, "dim", "middle")
        for at, one in enumerate(heads)
    ]
    for number, (name, size, shares) in enumerate(rows):
        top = 22 + number * ROW
        parts += [_text(0, top + 15, name), _text(LABEL + 44, top + 15, size, "dim", "end")]
        for at, share in enumerate(shares):
            if share is None:
                continue
            left, depth = LABEL + 60 + at * CELL, min(1.0, max(0.0, share))
            parts.append(
                f'<rect x="{left}" y="{top}" width="{CELL - 2}" height="{ROW - 2}" class="cell" '
                f'opacity="{0.08 + 0.92 * depth:.2f}"/>'
            )
            kind = "on" if depth > 0.55 else ""
            parts.append(_text(left + CELL / 2 - 1, top + 15, f"{100 * share:.0f}", kind, "middle"))
    area = LABEL + 60 + max(len(heads), 1) * CELL, 26 + len(rows) * ROW
    about = f"{len(rows)} rows; each cell is the share in percent that is still there at that age."
    return framed("".join(parts), area, title=title, about=about, alone=alone)


def waterfall(bars: Sequence[Bar], *, title: str, alone: bool = False) -> str:
    """Bars that begin where the last one ended, each with its amount."""
    top = max((bar.high for bar in bars), default=0) or 1
    width = 400
    parts = []
    for number, bar in enumerate(bars):
        y, left = 6 + number * 26, 130 + width * bar.low / top
        long = max(1.5, width * (bar.high - bar.low) / top)
        parts.append(_text(0, y + 15, bar.label))
        parts.append(
            f'<rect x="{left:.1f}" y="{y}" width="{long:.1f}" height="20" class="{bar.kind}"/>'
        )
        parts.append(_text(left + long + 6, y + 15, bar.text, "dim"))
    about = "; ".join(f"{bar.label} {bar.text}" for bar in bars)
    size = 130 + width + 130, 12 + 26 * len(bars)
    return framed("".join(parts), size, title=title, about=about, alone=alone)


def step_curve(
    points: Sequence[tuple[float, float, float, float]],
    *,
    title: str,
    unit: str,
    alone: bool = False,
) -> str:
    """A falling curve with its interval; points are place, share, low, high."""
    width, height, left, base = 480, 160, 44, 180
    last = max((point[0] for point in points), default=0) or 1

    def at(place: float, share: float) -> str:
        return f"{left + width * place / last:.1f},{base - height * share:.1f}"

    line, low, high = [at(0, 1)], [at(0, 1)], [at(0, 1)]
    before = (1.0, 1.0, 1.0)
    for place, share, under, over in points:
        line += [at(place, before[0]), at(place, share)]
        low += [at(place, before[1]), at(place, under)]
        high += [at(place, before[2]), at(place, over)]
        before = share, under, over
    parts = [
        f'<polygon class="area" points="{" ".join([*high, *reversed(low)])}"/>',
        f'<polyline class="line" points="{" ".join(line)}"/>',
        f'<path class="axis" d="M{left} {base - height}V{base}H{left + width}" fill="none"/>',
    ]
    parts += [
        _text(left - 6, base - height * share + 4, f"{share:.0%}", "dim", "end")
        for share in (0, 0.5, 1)
    ]
    parts += [
        _text(left + width * part, base + 16, f"{last * part:.0f}", "dim", "middle")
        for part in (0, 0.5, 1)
    ]
    parts.append(_text(left + width, base + 32, unit, "dim", "end"))
    end = points[-1] if points else (0, 1, 1, 1)
    about = f"{end[1]:.0%} left after {end[0]:.0f} {unit} (95 %: {end[2]:.0%} to {end[3]:.0%})."
    return framed(
        "".join(parts), (left + width + 20, base + 38), title=title, about=about, alone=alone
    )


def stacked_bars(
    columns: Sequence[tuple[str, Sequence[tuple[str, float]]]], *, title: str, alone: bool = False
) -> str:
    """Shares of kinds over time, each column 100 %; the kinds in one order, with a legend."""
    height, wide = 140, max(14, 520 // max(len(columns), 1))
    parts = []
    for number, (label, shares) in enumerate(columns):
        y = 10.0
        for kind, share in shares:
            tall = height * share
            parts.append(
                f'<rect x="{30 + number * wide}" y="{y:.1f}" width="{wide - 2}" '
                f'height="{tall:.1f}" class="{clean(kind)}"/>'
            )
            if tall > 14 and wide > 26:
                middle = 30 + number * wide + wide / 2 - 1
                parts.append(_text(middle, y + tall / 2 + 4, f"{100 * share:.0f}", "ink", "middle"))
            y += tall
        if number % max(1, len(columns) // 6) == 0:
            parts.append(_text(30 + number * wide, height + 28, label, "dim"))
    kinds = [kind for kind, _ in columns[-1][1]] if columns else []
    for number, kind in enumerate(kinds):
        left = 30 + number * 90
        parts.append(
            f'<rect x="{left}" y="{height + 38}" width="10" height="10" class="{clean(kind)}"/>'
        )
        parts.append(_text(left + 14, height + 47, kind))
    shown = ", ".join(f"{kind} {share:.0%}" for kind, share in columns[-1][1]) if columns else ""
    about = f"Latest: {shown}." if shown else "Nothing yet."
    size = 60 + wide * max(len(columns), 1), height + 56
    return framed("".join(parts), size, title=title, about=about, alone=alone)


def _text(x: float, y: float, text: object, kind: str = "", anchor: str = "start") -> str:
    classes = f' class="{kind}"' if kind else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{classes}>{clean(text)}</text>'


def weekly_line(
    ends: Sequence[dt.date], levels: Sequence[float | None], *, title: str, alone: bool = False
) -> str:
    """A line over weeks; a week without data is a gap, never zero."""
    width, height, left, base = 480, 130, 44, 146
    known = [level for level in levels if level is not None]
    top = max(known, default=0) or 1
    step = width / max(len(levels) - 1, 1)
    runs: list[list[str]] = [[]]
    for number, level in enumerate(levels):
        if level is None:
            runs.append([])
        else:
            runs[-1].append(f"{left + number * step:.1f},{base - height * level / top:.1f}")
    parts = [
        f'<polyline class="line" points="{" ".join(points)}"/>'
        for points in runs
        if len(points) > 1
    ]
    parts.append(
        f'<path class="axis" d="M{left} {base - height}V{base}H{left + width}" fill="none"/>'
    )
    parts.append(_text(left - 6, base - height + 8, f"{top:,.0f}", "dim", "end"))
    parts.append(_text(left - 6, base, "0", "dim", "end"))
    if ends:
        parts.append(_text(left, base + 16, f"{ends[0]:%d %b %y}", "dim"))
        parts.append(_text(left + width, base + 16, f"{ends[-1]:%d %b %y}", "dim", "end"))
    parts.append(_text(left, base + 34, title))
    about = f"From {known[0]:,.1f} to {known[-1]:,.1f}." if known else "No data."
    size = left + width + 10, base + 40
    return framed("".join(parts), size, title=title, about=about, alone=alone)
