from dataclasses import replace

import pytest

from cs_workbench.core.glyphs import ASCII, UNICODE, Glyphs
from cs_workbench.core.rollup import FamilyHealth, Member, roll_up
from cs_workbench.tui.widgets.family_lines import MOST, family_lines
from cs_workbench.workflows.scoring import default_scorecard
from tests.tui.pages import HOSTILE

CARD = default_scorecard()
TOP = Member(1, "top", "Kestrel Group", "yellow", 600_000, 100_000_00, "USD")
SMALL = Member(2, "small", "Kestrel Iberia", "red", 310_000, 10_000_00, "USD")
GONE = Member(3, "gone", "Kestrel France", "unknown", None, 0, "USD", is_former=True)


def shown(family: FamilyHealth, width: int = 110, glyphs: Glyphs = UNICODE) -> list[str]:
    return [line.plain.rstrip() for line in family_lines(family, width, glyphs)]


def family(*below: Member, parent: Member | None = None) -> FamilyHealth:
    return FamilyHealth(
        parent=parent,
        parent_rollup=roll_up([parent, TOP, *below], CARD) if parent else None,
        below=tuple((1, one) for one in below),
        rollup=roll_up([TOP, *below], CARD) if below else None,
    )


def test_a_parent_shows_what_its_accounts_come_to_and_each_of_them() -> None:
    together, small, gone = shown(family(SMALL, GONE))
    assert together == (
        "Family    ◆ 57 by ARR · worst ■ 31 Kestrel Iberia · F opens · 100 % of the ARR known"
    )
    assert small.startswith("          ■ 31  Kestrel Iberia")
    assert small.endswith("  10k USD")
    assert gone == "          –     Kestrel France, former"


def test_a_child_shows_its_parent_and_their_roll_up() -> None:
    (line,) = shown(family(parent=SMALL))
    assert line == "Parent    ■ 31  Kestrel Iberia · together ◆ 57 by ARR · F opens"


def test_why_it_is_the_worst_is_said() -> None:
    yen = replace(SMALL, currency="JPY")
    (first, _) = shown(family(yen))
    assert "■ 31 the worst (ARR in several currencies)" in first
    assert "100 % of the accounts known" in first


def test_nobody_left_has_no_score() -> None:
    gone = replace(TOP, is_former=True)
    lone = FamilyHealth(None, None, ((1, GONE),), roll_up([gone, GONE], CARD))
    assert shown(lone)[0] == "Family    no customer among them"


def test_many_are_counted() -> None:
    lines = shown(family(*[replace(SMALL, account_key=key) for key in range(10, 10 + MOST + 3)]))
    assert lines[-1].strip() == "3 more below · F shows all"
    assert len(lines) == MOST + 2


@pytest.mark.parametrize("width", [30, 50, 78, 110])
def test_no_line_is_wider_than_its_pane(width: int) -> None:
    hostile = replace(SMALL, name=HOSTILE * 3)
    both = family(hostile, replace(SMALL, name="東京データ" * 12), parent=hostile)
    lines = list(family_lines(both, width))
    assert all(line.cell_length <= width for line in lines)
    assert not any("\x1b" in line.plain for line in lines)


def test_letters_stand_for_glyphs() -> None:
    text = "\n".join(shown(family(SMALL, GONE), glyphs=ASCII))
    assert text.replace("·", "-").isascii()
    assert "R 31" in text
