"""The one boundary at which values become text on a screen.

Text in a portfolio is hostile until it has passed here: what comes out is `Content`, which is never
read as markup and holds no character that could steer a terminal. Widgets are given nothing else.
"""

import datetime as dt
from collections.abc import Iterable
from typing import Final

from textual.content import Content, Span

from cs_workbench.core.accounts import Band
from cs_workbench.core.dates import MONTHS, WEEKDAYS, short_date
from cs_workbench.core.glyphs import UNICODE, Glyphs
from cs_workbench.core.money import short
from cs_workbench.core.text import visible

LONGEST_LINE: Final = 1_000  # characters; no terminal is wider, and measuring costs by length
LONGEST_TEXT: Final = 20_000
LINE_END: Final = "⏎"
NOTHING: Final = Content()

BAND_STYLES: Final[dict[Band, str]] = {
    "red": "bold $band-red",
    "yellow": "bold $band-yellow",
    "green": "bold $band-green",
    "unknown": "bold $band-unknown",
}
LATE_STYLE: Final = "bold $late"


def safe(value: object, style: str = "") -> Content:
    """Any value on one line; None is nothing."""
    if value is None:
        return NOTHING
    text = str(value)
    if len(text) > LONGEST_LINE:
        text = text[:LONGEST_LINE] + "…"
    text = visible(text.replace("\r\n", "\n").replace("\n", LINE_END))
    return Content.styled(text, style, strip_control_codes=False)


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


def points(points_e4: int) -> int:
    """Whole points, rounded down, so that a shown 50 is never a score below 50."""
    return points_e4 // 10_000


def band_text(band: Band, points_e4: int | None, glyphs: Glyphs = UNICODE) -> Content:
    """`■ 31`, or `? --` where the score is unknown: never colour alone."""
    number = "--" if points_e4 is None else str(points(points_e4))
    return Content.styled(f"{glyphs.bands[band]}{number:>3}", BAND_STYLES[band])


def trend_text(trend_e4: int | None, glyphs: Glyphs = UNICODE) -> Content:
    """Arrow and points over 28 days: `↓23`; nothing where there was no score then."""
    if trend_e4 is None:
        return NOTHING
    return Content.styled(glyphs.trend(trend_e4), "" if round(trend_e4 / 10_000) else "dim")


def coverage_text(coverage_e4: int) -> Content:
    """How much of the scorecard was known, `92%`, rounded down."""
    return Content.styled(f"{coverage_e4 // 100}%", "dim")


LOW_COVERAGE_E4: Final = 7_000


def coverage_mark(coverage_e4: int) -> Content:
    """`~` after a score that rests on less than 70 % of its scorecard."""
    return Content.styled("~", "bold") if coverage_e4 < LOW_COVERAGE_E4 else NOTHING


def spark_text(spark: str, width: int = 12, glyphs: Glyphs = UNICODE) -> Content:
    """The last weekly levels as bars, oldest dim; a week without data is a dot, never a low bar."""
    bars = glyphs.spark(spark[-width:].rjust(width, "."))
    return joined((bars[:-4], "dim"), bars[-4:])


def money_text(minor: int, currency: str) -> Content:
    """At most three digits: `412k`; zero is dim."""
    return Content.styled(short(minor, currency), "" if minor else "dim")


def sums_text(sums: dict[str, int], *, most: int = 1) -> Content:
    """Sums in several currencies, largest first, never added up: `6.84M USD, 96k EUR`."""
    ranked = sorted(sums.items(), key=lambda item: -item[1])
    if len(ranked) == 1:
        return Content(short(ranked[0][1], ranked[0][0]))
    shown = [f"{short(minor, currency)} {currency}" for currency, minor in ranked[:most]]
    left = len(ranked) - len(shown)
    return safe(", ".join(shown) + (f" +{left}" if left else ""))


def percent_text(share: float | None, glyphs: Glyphs = UNICODE) -> Content:
    """`38%`; a dim dash where it is not known."""
    if share is None:
        return Content.styled(glyphs.none * 2, "dim")
    return Content(f"{share:.0%}")


def day_text(day: dt.date, today: dt.date) -> str:
    """`30 Dec`, and `Dec'28` where the day is more than 300 days away."""
    near = abs((day - today).days) <= 300
    return short_date(day) if near else f"{MONTHS[day.month - 1]}'{day:%y}"


def days_text(days: int | None, glyphs: Glyphs = UNICODE) -> Content:
    """Days left, `37d`; a passed day is loud, a near one bold."""
    if days is None:
        return Content.styled(glyphs.none, "dim")
    style = LATE_STYLE if days < 0 else "bold" if days <= 14 else ""
    sign, away = glyphs.minus if days < 0 else "", abs(days)
    return Content.styled(f"{sign}{away}d" if away < 1_000 else f"{sign}{away // 365}y", style)


def due_text(due: dt.date | None, today: dt.date) -> Content:
    """When something of ours falls due: `! 2d` late, `today`, `Wed` within a week, `27 Nov`."""
    if due is None:
        return NOTHING
    days = (due - today).days
    if days < 0:
        return Content.styled(f"! {-days}d", LATE_STYLE)
    if days == 0:
        return Content.styled("today", "bold")
    return Content(WEEKDAYS[due.weekday()] if days < 7 else day_text(due, today))
