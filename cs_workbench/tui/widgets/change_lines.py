"""What changed between two scores: causes that add up, then both scorecards side by side."""

from collections.abc import Iterator
from typing import Final

from textual.content import Content

from cs_workbench.core.causes import tell_unknown
from cs_workbench.core.dates import short_date, with_weekday
from cs_workbench.core.explanations import TENTH, DayScore, Explanation
from cs_workbench.core.glyphs import UNICODE, Glyphs
from cs_workbench.core.health import Contribution
from cs_workbench.core.points import shown_tenths, tenths_of
from cs_workbench.tui.formats import band_text, joined, safe
from cs_workbench.tui.widgets.columns import fitted

VALUE, POINTS = 10, 9
SCROLLBAR: Final = 2
POINTS_AT: Final = 9  # cells before the words of a cause
KINDS: Final = {
    "configuration": "The scorecard",
    "presence": "Data that came or went",
    "value": "What the customer did, and we",
}
Line = tuple[Contribution | None, int | None]  # with the tenths of a point that are shown


def change_lines(one: Explanation, width: int, glyphs: Glyphs = UNICODE) -> list[Content]:
    """Both scores, why they differ, and each measure then and now."""
    if one.before is None:
        return []
    then, now = one.before, one.now
    lines = [
        _score("Then", then, glyphs),
        _score("Now", now, glyphs),
        joined(""),
        *_causes(one, then, width, glyphs),
        joined(""),
        *_side_by_side(then, now, width),
    ]
    for day in (then, now):
        if day.score.band == "unknown":
            why = joined(
                (f"{short_date(day.as_of)}: ", "dim"), tell_unknown(day.scorecard, day.score)
            )
            lines += [joined(""), *why.wrap(max(1, width))]
    return lines


def _score(name: str, day: DayScore, glyphs: Glyphs) -> Content:
    score = day.score
    shown = "" if score.points_e4 is None else f"  {_tenths(score.points_e4 // TENTH)} of 100"
    source = "" if day.is_stored else "  computed from what was known then"
    return joined(
        (f"{name:<5}", "dim"),
        band_text(score.band, score.points_e4, glyphs),
        f" {score.band}",
        (f"{shown}  {with_weekday(day.as_of)}  {score.coverage_e4 // 100} % known{source}", "dim"),
    )


def _causes(one: Explanation, then: DayScore, width: int, glyphs: Glyphs) -> Iterator[Content]:
    if not one.causes:
        yield joined(("Nothing has moved the score.", "bold"))
        return
    moved = (one.now.score.points_e4 or 0) // TENTH - (then.score.points_e4 or 0) // TENTH
    shown = shown_tenths([cause.points_e4 for cause in one.causes], moved)
    pairs = sorted(
        zip(one.causes, shown, strict=True),
        key=lambda pair: (list(KINDS).index(pair[0].kind), -abs(pair[0].points_e4)),
    )
    heading = ""
    for cause, tenths in pairs:
        if KINDS[cause.kind] != heading:
            heading = KINDS[cause.kind]
            yield joined((heading, "dim"))
        words = safe(one.told(cause)).wrap(max(1, width - POINTS_AT))
        yield joined((_signed(tenths, glyphs).rjust(POINTS_AT - 2), "bold"), "  ", words[0])
        yield from (joined(" " * POINTS_AT, more) for more in words[1:])
    days = (one.now.as_of - then.as_of).days
    yield joined(
        ("=", "dim"),
        (_signed(moved, glyphs).rjust(POINTS_AT - 3), "bold"),
        (f"  in {days} days", "dim"),
    )


def _side_by_side(then: DayScore, now: DayScore, width: int) -> Iterator[Content]:
    name = max(8, width - SCROLLBAR - 2 * VALUE - 2 * POINTS)
    days = (short_date(then.as_of), short_date(now.as_of))
    head = "".join(day.rjust(VALUE) for day in days) + "".join(
        f"pts {part}".rjust(POINTS) for part in ("then", "now")
    )
    yield joined((fitted(safe("Measure"), name).plain + head, "dim"))
    before, after = _lines(then), _lines(now)
    for measure_id in dict.fromkeys((*after, *before)):
        old, new = before.get(measure_id, (None, None)), after.get(measure_id, (None, None))
        yield _measure(old, new, name)
    total = [(day.score.points_e4 or 0) // TENTH for day in (then, now)]
    yield joined(
        fitted(safe("Sum"), name + 2 * VALUE),
        ("".join(_tenths(one).rjust(POINTS) for one in total), "bold"),
    )


def _lines(day: DayScore) -> dict[str, Line]:
    """The measures of a day with the tenths that add up to its shown score."""
    tenths = tenths_of([one.points_e4 for one in day.lines])
    return {one.measure_id: (one, shown) for one, shown in zip(day.lines, tenths, strict=True)}


def _measure(old: Line, new: Line, name: int) -> Content:
    label = next(line.label for line, _ in (new, old) if line is not None)
    values = [_value(line).rjust(VALUE) for line, _ in (old, new)]
    parts = ["–" if one is None else _tenths(one) for _, one in (old, new)]
    return joined(
        fitted(safe(label), name - 1),
        " ",
        *(fitted(safe(value), VALUE, right=True) for value in values),
        (parts[0].rjust(POINTS), "dim"),
        (parts[1].rjust(POINTS), "bold" if parts[0] != parts[1] else ""),
    )


def _value(line: Contribution | None) -> str:
    if line is None or not line.applies:
        return "–"
    if line.value is None:
        return "?"
    return f"{line.value_text} old" if line.is_stale else line.value_text


def _tenths(tenths: int) -> str:
    return f"{tenths // 10}.{tenths % 10}"


def _signed(tenths: int, glyphs: Glyphs) -> str:
    return f"{glyphs.minus if tenths < 0 else '+'}{_tenths(abs(tenths))}"
