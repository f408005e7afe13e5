"""The one boundary at which values become text on a screen.

Text in a portfolio is hostile until it has passed here: what comes out is `Content`, which is never
read as markup and holds no character that could steer a terminal. Widgets are given nothing else.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Final

from textual.content import Content, Span

from cs_workbench.core.accounts import Band
from cs_workbench.core.glyphs import UNICODE, Glyphs
from cs_workbench.core.money import NOT_KNOWN, short, short_told
from cs_workbench.core.text import visible
from cs_workbench.tui.runs import (
    BAND_STYLES,
    LATE_STYLE,
    LONGEST_LINE,
    Runs,
    band_runs,
    coverage_mark_runs,
    coverage_runs,
    day_text,
    days_runs,
    due_runs,
    money_runs,
    percent_runs,
    points,
    run,
    spark_runs,
    trend_runs,
)

__all__ = [  # all that a screen writes values with; what needs no Textual is made in `runs`
    "BAND_STYLES",
    "LATE_STYLE",
    "LONGEST_LINE",
    "LONGEST_TEXT",
    "NOTHING",
    "band_text",
    "content",
    "coverage_mark",
    "coverage_text",
    "day_text",
    "days_text",
    "due_text",
    "joined",
    "money_text",
    "percent_text",
    "points",
    "run_on",
    "run_on_padded",
    "safe",
    "safe_lines",
    "spark_text",
    "sums_text",
    "trend_text",
]

LONGEST_TEXT: Final = 20_000
NOTHING: Final = Content()


def safe(value: object, style: str = "") -> Content:
    """Any value on one line; None is nothing."""
    return content(run(value, style))


def content(runs: Runs) -> Content:
    """Runs, which are harmless, as `Content`."""
    if not runs:
        return NOTHING
    spans: list[Span] = []
    length = 0
    for text, style in runs:
        begin, length = length, length + len(text)
        if style:
            spans.append(Span(begin, length, style))
    return Content("".join([text for text, _ in runs]), spans, strip_control_codes=False)


def safe_lines(value: object, style: str = "") -> Content:
    """Any value with its line breaks kept; None is nothing."""
    if value is None:
        return NOTHING
    text = str(value)
    if len(text) > LONGEST_TEXT:
        text = text[:LONGEST_TEXT] + "…"
    shown = "\n".join(visible(line) for line in text.replace("\r\n", "\n").split("\n"))
    return Content.styled(shown, style, strip_control_codes=False)


def joined(*parts: object) -> Content:
    """Parts one after the other: Content as it is, a (value, style) pair styled, the rest safe."""
    return run_on(
        part
        if isinstance(part, Content)
        else safe(part[0], part[1])
        if isinstance(part, tuple)
        else safe(part)
        for part in parts
    )


def run_on(parts: Iterable[Content]) -> Content:
    """As `Content.join` without a gap, at a fifth of its cost: a list has hundreds of cells."""
    return run_on_padded((0, part, 0) for part in parts)


def run_on_padded(parts: Iterable[tuple[int, Content, int]]) -> Content:
    """As `run_on`, each part between so many blanks before and after it."""
    texts: list[str] = []
    spans: list[Span] = []
    length = 0
    for before, part, after in parts:
        text = part.plain
        texts.append(f"{' ' * before}{text}{' ' * after}" if before or after else text)
        length += before
        for start, end, style in part.spans:
            spans.append(Span(start + length, end + length, style))
        length += len(text) + after
    return Content("".join(texts), spans, strip_control_codes=False)


def band_text(band: Band, points_e4: int | None, glyphs: Glyphs = UNICODE) -> Content:
    """`■ 31`, or `? --` where the score is unknown: never colour alone."""
    return content(band_runs(band, points_e4, glyphs))


def trend_text(trend_e4: int | None, glyphs: Glyphs = UNICODE) -> Content:
    """Arrow and points over 28 days: `↓23`; nothing where there was no score then."""
    return content(trend_runs(trend_e4, glyphs))


def coverage_text(coverage_e4: int) -> Content:
    """How much of the scorecard was known, `92%`, rounded down."""
    return content(coverage_runs(coverage_e4))


def coverage_mark(coverage_e4: int) -> Content:
    """`~` after a score that rests on less than 70 % of its scorecard."""
    return content(coverage_mark_runs(coverage_e4))


def spark_text(spark: str, width: int = 12, glyphs: Glyphs = UNICODE) -> Content:
    """The last weekly levels as bars, oldest dim; a week without data is a dot, never a low bar."""
    return content(spark_runs(spark, width, glyphs))


def money_text(minor: int | None, currency: str, *, and_more: bool = False) -> Content:
    """At most three digits: `412k`; zero, and the dash of what is not known, are dim."""
    return content(money_runs(minor, currency, and_more=and_more))


def sums_text(sums: Mapping[str, int | None], *, most: int = 1) -> Content:
    """Sums in several currencies, largest first, never added up: `6.84M USD, 96k EUR`.

    A currency in which no amount is known is not named; a dash stands where there is no other.
    """
    known = [(currency, minor) for currency, minor in sums.items() if minor is not None]
    if sums and not known:
        return Content(NOT_KNOWN)
    ranked = sorted(known, key=lambda item: -item[1])
    if len(ranked) == 1:
        return Content(short(ranked[0][1], ranked[0][0]))
    shown = [short_told(minor, currency) for currency, minor in ranked[:most]]
    left = len(ranked) - len(shown)
    return safe(", ".join(shown) + (f" +{left}" if left else ""))


def percent_text(share: float | None, glyphs: Glyphs = UNICODE) -> Content:
    """`38%`; a dim dash where it is not known."""
    return content(percent_runs(share, glyphs))


def days_text(days: int | None, glyphs: Glyphs = UNICODE) -> Content:
    """Days left, `37d`; a passed day is loud, a near one bold."""
    return content(days_runs(days, glyphs))


def due_text(due: dt.date | None, today: dt.date) -> Content:
    """When something of ours falls due: `! 2d` late, `today`, `Wed` within a week, `27 Nov`."""
    return content(due_runs(due, today))
