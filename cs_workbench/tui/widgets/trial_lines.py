"""A what-if in lines: each measure as it is and as it would be, and who would change band."""

from collections.abc import Mapping
from typing import Final

from textual.content import Content

from cs_workbench.core.accounts import BANDS, Band
from cs_workbench.core.glyphs import UNICODE, Glyphs
from cs_workbench.core.health import Contribution
from cs_workbench.core.points import tenths_of
from cs_workbench.core.what_if import Ground, Supposed
from cs_workbench.tui.formats import BAND_STYLES, band_text, joined, safe
from cs_workbench.tui.widgets.columns import fitted
from cs_workbench.tui.widgets.lines import between, spread

WEIGHT: Final = 9
VALUE: Final = 16
POINTS: Final = 7
FIXED: Final = WEIGHT + VALUE + 3 * POINTS
LEAST_NAME: Final = 12
ROOMY: Final = 100
TARGET: Final = 10
GAP: Final = safe("   ")


def trial_title(ground: Ground, supposed: Supposed, width: int, glyphs: Glyphs) -> Content:
    """Whose score, as it is and as it would be."""
    before, after = supposed.before, supposed.after
    moved = _tenths(after.points_e4) - _tenths(before.points_e4)
    sign = ">" if glyphs.rule.isascii() else "→"
    change = joined(f"  {_signed(moved, glyphs)}") if moved else joined(("  as it is", "dim"))
    scores = joined(
        _score(before.band, before.points_e4, glyphs),
        (f" {before.band} {sign} ", "dim"),
        _score(after.band, after.points_e4, glyphs),
        (f" {after.band}", BAND_STYLES[after.band]),
        change,
        " ",
    )
    return spread(joined(("What if", "bold"), " · ", (ground.name, "bold")), scores, width)


def trial_head(width: int) -> Content:
    """Heads of the columns of `trial_lines`."""
    name = _name_width(width)
    target = "Target".rjust(TARGET) if width >= ROOMY else ""
    heads = f"{'Weight':>{WEIGHT}}{'Value':>{VALUE}}{target}{'now':>{POINTS}}{'then':>{POINTS}}"
    return joined((f"{fitted(safe('Measure'), name).plain}{heads}{'+/-':>{POINTS}}", "dim"))


def trial_lines(supposed: Supposed, width: int, glyphs: Glyphs = UNICODE) -> list[Content]:
    """One line a measure, in the scorecard's order; their points add up to both scores."""
    before, after = (
        tenths_of([one.points_e4 for one in lines])
        for lines in (supposed.lines_before, supposed.lines_after)
    )
    rows = zip(supposed.lines_before, supposed.lines_after, before, after, strict=True)
    return [_line(row, width, glyphs) for row in rows]


def trial_sum(supposed: Supposed, width: int, glyphs: Glyphs = UNICODE) -> Content:
    """What the lines add up to."""
    then, now = _tenths(supposed.before.points_e4), _tenths(supposed.after.points_e4)
    beside = WEIGHT + VALUE + (TARGET if width >= ROOMY else 0)
    return joined(
        fitted(safe("Sum"), _name_width(width) + beside),
        (f"{then / 10:.1f}".rjust(POINTS) + f"{now / 10:.1f}".rjust(POINTS), "bold"),
        _moved(now - then, glyphs),
    )


def bands_line(
    before: Mapping[Band, int],
    after: Mapping[Band, int],
    moved: tuple[int, int],
    glyphs: Glyphs = UNICODE,
) -> Content:
    """How many accounts each band has and would have; `moved` is how many move, and are listed."""
    sign = ">" if glyphs.rule.isascii() else "→"
    parts = []
    for band in BANDS:
        was, now = before.get(band, 0), after.get(band, 0)
        if was or now:
            count = f"{was:,}" if was == now else f"{was:,} {sign} {now:,}"
            parts.append(joined((f"{glyphs.bands[band]} {count}", BAND_STYLES[band])))
    moving, most = moved
    told = f"{moving:,} would change band" if moving else "none would change band"
    more = f", {most} listed" if moving > most else ""
    head = joined((f"All {sum(before.values()):,}  ", "dim"))
    return joined(head, between(parts, GAP), "   ", told, (more, "dim"))


def move_line(
    name: str,
    sides: tuple[tuple[Band, int | None], tuple[Band, int | None]],
    width: int,
    glyphs: Glyphs = UNICODE,
) -> Content:
    """An account that would change band."""
    (band, points), (new_band, new_points) = sides
    sign = ">" if glyphs.rule.isascii() else "→"
    scores = joined(
        _score(band, points, glyphs),
        (f" {sign} ", "dim"),
        _score(new_band, new_points, glyphs),
        f" {new_band}".ljust(8),
    )
    return spread(safe(name), scores, width)


def _score(band: Band, points_e4: int | None, glyphs: Glyphs) -> Content:
    """As in the list: without a band there is no number."""
    return band_text(band, None if band == "unknown" else points_e4, glyphs)


def _line(
    row: tuple[Contribution, Contribution, int | None, int | None],
    width: int,
    glyphs: Glyphs,
) -> Content:
    was, now, before, after = row
    moved = (after or 0) - (before or 0)
    target = (now.target_text.rjust(TARGET), "dim") if width >= ROOMY else ""
    return joined(
        fitted(safe(now.label), _name_width(width) - 1),
        " ",
        _changed(str(was.weight), str(now.weight), WEIGHT, glyphs),
        _changed(_value(was), _value(now), VALUE, glyphs),
        target,
        *(("–" if one is None else f"{one / 10:.1f}").rjust(POINTS) for one in (before, after)),
        _moved(moved, glyphs),
    )


def _moved(tenths: int, glyphs: Glyphs) -> Content:
    if not tenths:
        return joined((glyphs.gap.rjust(POINTS), "dim"))
    return joined((_signed(tenths, glyphs).rjust(POINTS), "bold"))


def _changed(was: str, now: str, width: int, glyphs: Glyphs) -> Content:
    if was == now:
        return fitted(safe(now), width, right=True)
    sign = ">" if glyphs.rule.isascii() else "→"
    return fitted(joined((f"{was} {sign} ", "dim"), (now, "bold")), width, right=True)


def _value(line: Contribution) -> str:
    if not line.applies:
        return "–"
    if line.value is None:
        return "?"
    return f"{line.value_text} old" if line.is_stale else line.value_text


def _name_width(width: int) -> int:
    return max(LEAST_NAME, width - FIXED - (TARGET if width >= ROOMY else 0))


def _tenths(points_e4: int | None) -> int:
    return (points_e4 or 0) // 1_000


def _signed(tenths: int, glyphs: Glyphs) -> str:
    return f"{glyphs.minus if tenths < 0 else '+'}{abs(tenths) / 10:.1f}"
