"""Health as a table that adds up: each measure with its target, its points and their age."""

from collections.abc import Iterator
from typing import Final

from textual.content import Content

from cs_workbench.core.account_page import AccountPage, PageHealth
from cs_workbench.core.dates import near_date
from cs_workbench.core.glyphs import UNICODE, Glyphs
from cs_workbench.core.health import Contribution
from cs_workbench.core.points import tenths_of
from cs_workbench.tui.formats import joined, safe
from cs_workbench.tui.widgets.columns import fitted
from cs_workbench.tui.widgets.judged_lines import judged_lines

BAR: Final = 8
DIMENSION: Final = 13
NOW, TARGET, POINTS, AGE = 7, 8, 10, 6
FIXED: Final = NOW + TARGET + 1 + BAR + POINTS + AGE
LEAST_MEASURE: Final = 18


def health_lines(
    page: AccountPage, width: int, glyphs: Glyphs = UNICODE, *, by_loss: bool = False
) -> list[Content]:
    """The table in the scorecard's order or by points lost, its sum, why the score moved."""
    health = page.health
    if health is None:
        former = page.line.is_former
        why = "A former customer has no score." if former else "Not scored yet: r scores all."
        return [joined((why, "dim")), *judged_lines(page, width, glyphs)]
    judged = judged_lines(page, width, glyphs)
    return [*_table(health, width, glyphs, by_loss=by_loss), *judged, *_notes(page, health, width)]


def _table(health: PageHealth, width: int, glyphs: Glyphs, *, by_loss: bool) -> Iterator[Content]:
    dimension = DIMENSION if width - FIXED - DIMENSION >= LEAST_MEASURE else 0
    measure = max(1, width - FIXED - dimension)
    head = (" " * dimension, fitted(safe("Measure"), measure), "Now".rjust(NOW))
    rest = ("Target".rjust(TARGET), " " * (BAR + 1), "Points".rjust(POINTS), "Age".rjust(AGE))
    yield joined(
        *((part if isinstance(part, str) else part.plain, "dim") for part in (*head, *rest))
    )
    earned = tenths_of([one.points_e4 for one in health.contributions])
    possible = tenths_of([one.possible_e4 or None for one in health.contributions])
    before = ""
    rows = list(zip(health.contributions, earned, possible, strict=True))
    if by_loss:
        rows.sort(key=lambda row: (row[1] is None, (row[1] or 0) - (row[2] or 0)))
    for one, points, most in rows:
        label = health.dimensions.get(one.dimension, one.dimension)
        first = fitted(safe("" if label == before else label), dimension) if dimension else safe("")
        before = label
        yield joined(first, _measure(one, measure), _points(one, points, most, glyphs))
    if health.points_e4 is not None:
        total = f"{health.points_e4 // 1_000 / 10:.1f}/100"
        gap = dimension + measure + NOW + TARGET + 1 + BAR
        name = "Sum of what is known" if health.band == "unknown" else "Sum"
        yield joined(fitted(safe(" " * dimension + name), gap), (total.rjust(POINTS), "bold"))


def _measure(one: Contribution, width: int) -> Content:
    value = "?" if one.value is None and one.applies else one.value_text
    return joined(
        fitted(safe(one.label), width - 1),
        " ",
        _right(value if one.applies else "–", NOW),
        (_right(_apart(one.target_text), TARGET).plain, "dim"),
        " ",
    )


def _apart(target: str) -> str:
    """A target that does not touch the value before it: `≥5 of 5` where `≥ 5 of 5` would."""
    return target if len(target) < TARGET else target.replace(" ", "", 1)


def _right(text: str, width: int) -> Content:
    return fitted(safe(text), width, right=True)


def _points(one: Contribution, points: int | None, most: int | None, glyphs: Glyphs) -> Content:
    age = "" if one.age_days is None else f"{one.age_days} d"
    shown_age = (age.rjust(AGE), "bold" if one.is_stale else "dim")
    if points is None or most is None:
        said = "too old" if one.is_stale else "unknown" if one.applies else "not asked"
        bar = "?" * BAR if one.applies else " " * BAR
        return joined((bar, "dim"), (said.rjust(POINTS), "dim"), shown_age)
    full, empty = _bar_signs(glyphs)
    filled = round(BAR * points / most) if most else 0
    style = "bold" if 2 * points < most else ""
    return joined(
        (full * filled, "dim"),
        (empty * (BAR - filled), "bold"),
        (f"{points / 10:.1f}".rjust(POINTS - 5), style),
        (f"/{most / 10:.1f}".ljust(5), "dim"),
        shown_age,
    )


def _bar_signs(glyphs: Glyphs) -> tuple[str, str]:
    return ("#", ".") if glyphs.rule.isascii() else ("█", "░")


def _notes(page: AccountPage, health: PageHealth, width: int) -> Iterator[Content]:
    absent = [one.label for one in health.contributions if one.points_e4 is None and one.applies]
    if absent:
        known = joined(("unknown, not neutral: ", "dim"), ", ".join(absent))
        yield from known.wrap(max(1, width))
    if health.as_of != page.today:
        yield joined((f"scored as of {near_date(health.as_of, page.today)}", "dim"))
    label = "over 28 d" if page.line.trend_e4 is not None else "held down by"
    if health.band == "unknown":
        label = "no band"
    for cause in page.line.causes:
        for line in _cause(cause).wrap(max(1, width - DIMENSION)):
            yield joined((label.ljust(DIMENSION), "dim"), line)
            label = ""
    yield from _questions(health, width)


def _questions(health: PageHealth, width: int) -> Iterator[Content]:
    """What to ask where a measure by itself is red, the costliest first."""
    asked = [one for one in health.contributions if one.question]
    label = "to ask"
    for one in sorted(asked, key=lambda one: -one.lost_e4):
        question = joined((f"{one.label}: ", "dim"), one.question)
        for line in question.wrap(max(1, width - DIMENSION)):
            yield joined((label.ljust(DIMENSION), "dim"), line)
            label = ""


def _cause(cause: str) -> Content:
    """A cause with its points apart from its words, which may begin with a number too."""
    points, _, words = cause.partition(" ")
    return (
        safe(f"{points.removesuffix(':'):>3}  {words}") if points[:1] in {"−", "+"} else safe(cause)
    )


def health_height(page: AccountPage, width: int) -> int:
    """How many lines the whole table and its notes take."""
    health = page.health
    judged = sum(1 for _ in judged_lines(page, width))
    if health is None:
        return 1 + judged
    notes = judged + sum(1 for _ in _notes(page, health, width))
    return len(health.contributions) + 1 + (health.points_e4 is not None) + notes
