"""An account's family: what it comes to together, who is below, and who is above."""

from collections.abc import Iterator
from typing import Final

from textual.content import Content

from cs_workbench.core.accounts import Band
from cs_workbench.core.glyphs import UNICODE, Glyphs
from cs_workbench.core.rollup import FamilyHealth, Member, Rollup
from cs_workbench.tui.formats import NOTHING, band_text, joined, money_text, safe
from cs_workbench.tui.widgets.columns import fitted
from cs_workbench.tui.widgets.lines import between, fitting, spread

LABEL: Final = 10
MOST: Final = 6  # accounts below that are shown; the key opens the others
DOT: Final = joined((" · ", "dim"))
KEY: Final = joined(("F opens", "dim"))


def family_lines(family: FamilyHealth, width: int, glyphs: Glyphs = UNICODE) -> Iterator[Content]:
    """The parent in one line; the roll-up in one, and each account below in one."""
    room = width - LABEL
    if family.parent is not None:
        parts = [*_parent(family.parent, family.parent_rollup, glyphs), KEY]
        yield _labelled("Parent", _fitted(parts, room))
    if not family.below:
        return
    yield _labelled("Family", _fitted(list(_together(family.rollup, glyphs)), room))
    for depth, one in family.below[:MOST]:
        yield _labelled("", _below(one, depth, room, glyphs))
    over = len(family.below) - MOST
    if over > 0:
        yield _labelled("", joined((f"{over:,} more below · F shows all", "dim")))


def member_text(one: Member, glyphs: Glyphs = UNICODE) -> Content:
    """Band, score and name; who has left is dim."""
    if one.is_former:
        return joined((f"{glyphs.none}     {one.name}, former", "dim"))
    return joined(_score(one.band, one.points_e4, glyphs), "  ", one.name)


def _parent(parent: Member, rolled: Rollup | None, glyphs: Glyphs) -> Iterator[Content]:
    yield member_text(parent, glyphs)
    if rolled is not None:
        yield joined(("together ", "dim"), _rolled(rolled, glyphs))


def _together(rolled: Rollup | None, glyphs: Glyphs) -> Iterator[Content]:
    if rolled is None:
        yield joined(("no customer among them", "dim"))
        return
    yield _rolled(rolled, glyphs)
    if rolled.worst is not None and rolled.method == "arr":
        worst = rolled.worst
        score = _score(worst.band, worst.points_e4, glyphs)
        yield joined(("worst ", "dim"), score, " ", worst.name)
    yield KEY
    of = "of the ARR" if rolled.covers == "arr" else "of the accounts"
    yield joined((f"{rolled.coverage_e4 // 100} % {of} known", "dim"))


def _rolled(rolled: Rollup, glyphs: Glyphs) -> Content:
    how = " by ARR" if rolled.method == "arr" else " the worst"
    why = f" ({rolled.reason})" if rolled.reason else ""
    return joined(_score(rolled.band, rolled.points_e4, glyphs), (how + why, "dim"))


def _below(one: Member, depth: int, room: int, glyphs: Glyphs) -> Content:
    money = NOTHING if one.is_former else money_text(one.arr_minor, one.currency)
    unit = NOTHING if one.is_former else safe(f" {one.currency}")
    left = joined(" " * (2 * depth - 2), member_text(one, glyphs))
    return spread(left, joined("  ", money, unit), room)


def _score(band: Band, points_e4: int | None, glyphs: Glyphs) -> Content:
    shown = None if band == "unknown" else points_e4
    return band_text(band, shown, glyphs)


def _fitted(parts: list[Content], room: int) -> Content:
    return fitted(between(fitting(parts, room, gap=DOT) or parts[:1], DOT), room)


def _labelled(label: str, text: Content) -> Content:
    return joined((label.ljust(LABEL), "dim"), text)
