"""Text of the list in runs of one style, without Textual: the first picture is drawn before it.

What comes out is as harmless as what `formats` makes of the same values; that makes `Content` of
these runs.
"""

import datetime as dt
from typing import Final

from cs_workbench.core.accounts import Band
from cs_workbench.core.dates import MONTHS, WEEKDAYS, short_date
from cs_workbench.core.glyphs import UNICODE, Glyphs
from cs_workbench.core.money import short
from cs_workbench.core.text import visible

Run = tuple[str, str]  # harmless text and its style, as `formats` names styles
Runs = tuple[Run, ...]

LONGEST_LINE: Final = 1_000  # characters; no terminal is wider, and measuring costs by length
LINE_END: Final = "⏎"
LOW_COVERAGE_E4: Final = 7_000
BAND_STYLES: Final[dict[Band, str]] = {
    "red": "bold $band-red",
    "yellow": "bold $band-yellow",
    "green": "bold $band-green",
    "unknown": "bold $band-unknown",
}
LATE_STYLE: Final = "bold $late"


def run(value: object, style: str = "") -> Runs:
    """Any value on one line; None is nothing."""
    if value is None:
        return ()
    text = str(value)
    if len(text) > LONGEST_LINE:
        text = text[:LONGEST_LINE] + "…"
    return ((visible(text.replace("\r\n", "\n").replace("\n", LINE_END)), style),)


def points(points_e4: int) -> int:
    """Whole points, rounded down, so that a shown 50 is never a score below 50."""
    return points_e4 // 10_000


def band_runs(band: Band, points_e4: int | None, glyphs: Glyphs = UNICODE) -> Runs:
    """`■ 31`, or `? --` where the score is unknown: never colour alone."""
    number = "--" if points_e4 is None else str(points(points_e4))
    return ((f"{glyphs.bands[band]}{number:>3}", BAND_STYLES[band]),)


def trend_runs(trend_e4: int | None, glyphs: Glyphs = UNICODE) -> Runs:
    """Arrow and points over 28 days: `↓23`; nothing where there was no score then."""
    if trend_e4 is None:
        return ()
    return ((glyphs.trend(trend_e4), "" if round(trend_e4 / 10_000) else "dim"),)


def coverage_runs(coverage_e4: int) -> Runs:
    """How much of the scorecard was known, `92%`, rounded down."""
    return ((f"{coverage_e4 // 100}%", "dim"),)


def coverage_mark_runs(coverage_e4: int) -> Runs:
    """`~` after a score that rests on less than 70 % of its scorecard."""
    return (("~", "bold"),) if coverage_e4 < LOW_COVERAGE_E4 else ()


def spark_runs(spark: str, width: int = 12, glyphs: Glyphs = UNICODE) -> Runs:
    """The last weekly levels as bars, oldest dim; a week without data is a dot, never a low bar."""
    bars = glyphs.spark(spark[-width:].rjust(width, "."))
    return ((bars[:-4], "dim"), (bars[-4:], ""))


def money_runs(minor: int | None, currency: str, *, and_more: bool = False) -> Runs:
    """At most three digits: `412k`; zero, and the dash of what is not known, are dim."""
    return run(short(minor, currency, and_more=and_more), "" if minor else "dim")


def percent_runs(share: float | None, glyphs: Glyphs = UNICODE) -> Runs:
    """`38%`; a dim dash where it is not known."""
    return ((glyphs.none * 2, "dim"),) if share is None else ((f"{share:.0%}", ""),)


def day_text(day: dt.date, today: dt.date) -> str:
    """`30 Dec`, and `Dec'28` where the day is more than 300 days away."""
    near = abs((day - today).days) <= 300
    return short_date(day) if near else f"{MONTHS[day.month - 1]}'{day:%y}"


def days_runs(days: int | None, glyphs: Glyphs = UNICODE) -> Runs:
    """Days left, `37d`; a passed day is loud, a near one bold. Never more than four cells."""
    if days is None:
        return ((glyphs.none, "dim"),)
    if days < 0:
        return ((glyphs.minus + _late(-days), LATE_STYLE),)
    style = "bold" if days <= 14 else ""
    return ((f"{days}d" if days < 1_000 else f"{days // 365}y", style),)


def _late(days: int) -> str:
    if days < 100:
        return f"{days}d"
    return f"{days // 7}w" if days < 700 else f"{days // 365}y"


def due_runs(due: dt.date | None, today: dt.date) -> Runs:
    """When something of ours falls due: `! 2d` late, `today`, `Wed` within a week, `27 Nov`."""
    if due is None:
        return ()
    days = (due - today).days
    if days < 0:
        return ((f"! {-days}d", LATE_STYLE),)
    if days == 0:
        return (("today", "bold"),)
    return ((WEEKDAYS[due.weekday()] if days < 7 else day_text(due, today), ""),)
