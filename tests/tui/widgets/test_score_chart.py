import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from cs_workbench.core.account_page import AccountPage
from cs_workbench.core.glyphs import ASCII, UNICODE
from cs_workbench.core.score_history import ScoreDay, ScoreEvent
from cs_workbench.tui.widgets.score_chart import score_lines
from tests.factories import TODAY
from tests.tui.pages import page_of, story


@pytest.fixture
def page(tmp_path: Path) -> Iterator[AccountPage]:
    with story(tmp_path) as db:
        yield page_of(db)


def fallen(page: AccountPage, weeks: int = 53) -> AccountPage:
    """A score that stood at 100 and is 0 today."""
    days = [TODAY - dt.timedelta(7 * back) for back in range(weeks - 1, -1, -1)]
    scores = [ScoreDay(day, 1_000_000, "green") for day in days[:-1]]
    return replace(page, scores=(*scores, ScoreDay(TODAY, 0, "red")))


def test_the_story_has_its_marks_in_letters_and_words(page: AccountPage) -> None:
    lines = [line.plain for line in score_lines(page, size=(78, 24))]
    assert lines[0].startswith("Score by week  ● 70")
    text = "\n".join(lines)
    assert "C champion left  T urgent, complaint" in text
    assert "2 Nov C champion Lena Voss left" in text
    assert "17 Nov T ticket #8812 opened, urgent: sync fails" in text


def test_high_is_above_low_and_bands_stand_below(page: AccountPage) -> None:
    lines = [line.plain for line in score_lines(fallen(page), size=(78, 16), ink="ascii")]
    assert lines[1].startswith("100+*")
    assert lines[9].startswith("  0+")
    assert lines[9].endswith("*")
    assert lines[10].startswith("   +-+---")
    assert lines[12].strip() == UNICODE.bands["green"] * 73 + UNICODE.bands["red"]


def test_a_mark_stands_under_its_day_and_the_weightier_one_wins(page: AccountPage) -> None:
    events = (
        ScoreEvent(TODAY, "t", "call"),
        ScoreEvent(TODAY, "C", "champion left"),
        ScoreEvent(TODAY - dt.timedelta(7 * 52), "T", "urgent"),
        ScoreEvent(TODAY - dt.timedelta(800), "F", "long ago"),
    )
    lines = [
        line.plain for line in score_lines(replace(fallen(page), events=events), size=(78, 16))
    ]
    assert lines[13] == "    T" + " " * 72 + "C"
    assert "forecast" not in lines[14]


@pytest.mark.parametrize("size", [(20, 7), (58, 12), (78, 16), (118, 34), (40, 3)])
@pytest.mark.parametrize("glyphs", [UNICODE, ASCII])
def test_it_stays_in_its_room(page: AccountPage, size: tuple[int, int], glyphs: object) -> None:
    ink = "ascii" if glyphs is ASCII else "braille"
    lines = score_lines(fallen(page), size=size, glyphs=glyphs, ink=ink)  # type: ignore[arg-type]
    assert 0 < len(lines) <= size[1]
    assert all(line.cell_length <= size[0] for line in lines)


def test_nothing_stored_says_so(page: AccountPage) -> None:
    (line,) = score_lines(replace(page, scores=()), size=(78, 16))
    assert "no score is stored yet" in line.plain
