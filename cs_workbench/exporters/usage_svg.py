"""Usage as a picture: one panel for each metric, for a slide or a mail. Every text is escaped."""

import datetime as dt
import itertools
from collections.abc import Iterator, Sequence
from html import escape
from typing import Final

from cs_workbench.core.account_page import UsageHistory
from cs_workbench.core.charts import month_ticks, nice_top, number
from cs_workbench.core.text import visible

WIDTH: Final = 860
PANEL: Final = 190
LEFT, RIGHT, TOP, BOTTOM = 60, 20, 34, 26
HEAD: Final = 40
LINE: Final = "#0072B2"  # of the Okabe-Ito palette
PARTS: Final = 4
STYLE: Final = (
    "text{font:13px system-ui,sans-serif;fill:#333}.h{font-size:18px;font-weight:600}"
    ".d{fill:#777;font-size:11px}.g{stroke:#ddd}.b{stroke:#777;stroke-dasharray:4 4}"
    f".l{{fill:none;stroke:{LINE};stroke-width:2}}.p{{fill:{LINE}}}"
)


def usage_svg(name: str, histories: Sequence[UsageHistory], told: Sequence[str]) -> str:
    """The picture as text.

    Args:
        name: of the account.
        histories: of the same weeks, at least one.
        told: sentences below the name.
    """
    head = HEAD + 18 * len(told)
    height = head + PANEL * len(histories) + 8
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
        f'width="{WIDTH}" height="{height}" role="img">',
        f"<title>{_text(name)}</title><style>{STYLE}</style>",
        f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>',
        f'<text class="h" x="{LEFT}" y="26">{_text(name)}</text>',
        *(
            f'<text x="{LEFT}" y="{HEAD + 4 + 18 * row}">{_text(line)}</text>'
            for row, line in enumerate(told)
        ),
    ]
    for place, history in enumerate(histories):
        parts.extend(_panel(history, head + place * PANEL))
    return "\n".join((*parts, "</svg>", ""))


def _panel(history: UsageHistory, y: int) -> Iterator[str]:
    top, bottom = y + TOP, y + PANEL - BOTTOM
    known = [level for level in history.levels if level is not None]
    highest = nice_top(max([*known, history.base or 0.0], default=0.0), PARTS)
    yield f'<text x="{LEFT}" y="{y + 20}">{_text(history.label + history.per_day)}, by week</text>'
    for part in range(PARTS + 1):
        value = highest * part / PARTS
        at = _height(value, highest, (top, bottom))
        yield f'<line class="g" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{at}" y2="{at}"/>'
        where = f'x="{LEFT - 8}" y="{at + 4}"'
        yield f'<text class="d" text-anchor="end" {where}>{number(value)}</text>'
    columns = WIDTH - LEFT - RIGHT
    for tick in month_ticks(history.ends[0], history.ends[-1], columns // 9):
        at = LEFT + tick.cell * 9
        yield f'<text class="d" x="{at}" y="{bottom + 18}">{tick.label}</text>'
    if history.base is not None:
        at = _height(history.base, highest, (top, bottom))
        yield f'<line class="b" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{at}" y2="{at}">'
        yield "<title>the median of the twelve weeks before the last four</title></line>"
    yield from _line(history, highest, (top, bottom))


def _line(history: UsageHistory, highest: float, span: tuple[int, int]) -> Iterator[str]:
    """A stroke for each stretch of weeks with data: no line crosses a gap."""
    steps = max(1, len(history.ends) - 1)
    places = [
        (LEFT + place * (WIDTH - LEFT - RIGHT) / steps, end, level)
        for place, (end, level) in enumerate(zip(history.ends, history.levels, strict=True))
    ]
    for is_known, stretch in itertools.groupby(places, lambda one: one[2] is not None):
        if is_known:
            points = [
                (x, _height(level or 0.0, highest, span), end, level) for x, end, level in stretch
            ]
            drawn = " ".join(f"{x:.1f},{y}" for x, y, _, _ in points)
            yield f'<polyline class="l" points="{drawn}"/>'
            yield from (_point(x, y, end, level or 0.0) for x, y, end, level in points)


def _point(x: float, y: float, end: dt.date, level: float) -> str:
    said = f"week to {end.isoformat()}: {number(level)}"
    return f'<circle class="p" cx="{x:.1f}" cy="{y}" r="2.5"><title>{said}</title></circle>'


def _height(value: float, highest: float, span: tuple[int, int]) -> float:
    top, bottom = span
    return round(bottom - (bottom - top) * value / highest, 1)


def _text(text: str) -> str:
    return escape(visible(text))
