import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from cs_workbench.core.account_page import AccountPage
from cs_workbench.core.charts import Ink
from cs_workbench.core.glyphs import ASCII, UNICODE, Glyphs
from cs_workbench.core.score_history import ScoreDay, ScoreEvent
from cs_workbench.tui.widgets.score_chart import SPAN_NAMES, ScoreView, score_lines
from tests.factories import TODAY
from tests.tui.pages import page_of, story

SPAN_NAMES_SHOWN = [f"{name} < >" for name in SPAN_NAMES]


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
    assert lines[0].startswith("Score  ● 70.0 green  Mon 23 Nov 2026")
    assert lines[0].endswith("1 year < >  day ← →")
    text = "\n".join(lines)
    assert "C champion left  T urgent, complaint" in text
    assert "2 Nov C champion Lena Voss left" in text
    assert "17 Nov T ticket #8812 opened, urgent: sync fails" in text


def test_high_is_above_low_and_bands_stand_below(page: AccountPage) -> None:
    lines = [line.plain for line in score_lines(fallen(page), size=(78, 16), ink="ascii")]
    assert lines[1].startswith("100+*")
    assert lines[10].startswith("  0+")
    assert lines[10].endswith("*")
    assert lines[11].startswith("   +-+---")
    assert lines[13].strip() == UNICODE.bands["green"] * 73 + UNICODE.bands["red"]


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
    assert lines[14] == "    T" + " " * 72 + "C"
    assert "forecast" not in lines[15]


def test_limits_are_those_of_the_scorecard_of_then(page: AccountPage) -> None:
    one = fallen(page)
    old, new = (200_000, 900_000), (500_000, 700_000)
    scores = [replace(day, limits=old) for day in one.scores[:26]]
    scores += [replace(day, limits=new) for day in one.scores[26:]]
    lines = score_lines(replace(one, scores=tuple(scores)), size=(78, 27), ink="ascii")
    rows = {line.plain[:3].strip(): line.plain[4:] for line in lines[1:16] if line.plain[3] == "+"}
    assert set(rows) == {"100", "70", "50", "0"}  # the labels are those of today
    middle = 26 * 73 // 52
    for label in ("70", "50"):
        assert rows[label][:middle].strip(" *") == ""
        assert set(rows[label][middle + 1 : -1]) == {"-"}
    dashed = [
        line.plain[4:]
        for line in lines[1:16]
        if line.plain[4 : middle + 3].strip() == "-" * (middle - 1)
    ]
    assert len(dashed) == 2


def test_the_cursor_reads_a_day_and_what_happened_then(page: AccountPage) -> None:
    view = ScoreView()
    view.move(page, -2)
    lines = [line.plain for line in score_lines(page, size=(78, 30), view=view)]
    assert lines[0].startswith("Score  ● 9")
    assert "Mon 9 Nov 2026" in lines[0]
    assert any("┊" in line for line in lines)
    view.move(page, 99)
    assert "Mon 23 Nov 2026" in score_lines(page, size=(78, 30), view=view)[0].plain
    view.move(page, -1)
    told = [line.plain for line in score_lines(page, size=(78, 16), view=view)][-1]
    assert told.rstrip() == "10 Nov t email to Tomasz Brandt"


def test_a_week_without_a_refresh_says_so(page: AccountPage) -> None:
    one = replace(page, scores=(*page.scores[:3], *page.scores[4:]))
    view = ScoreView(on=page.scores[3].on)
    title = score_lines(one, size=(78, 16), view=view)[0].plain
    assert title.startswith("Score  no refresh  the week to Mon 2 Nov 2026")


def test_zoom_goes_from_four_weeks_to_three_years(page: AccountPage) -> None:
    view, names = ScoreView(), []
    view.widen(-9)
    for _ in range(7):
        names.append(score_lines(page, size=(78, 16), view=view)[0].plain.split("  ")[-2].strip())
        view.widen(1)
    assert names == [*SPAN_NAMES_SHOWN, "3 years < >"]


@pytest.mark.parametrize("size", [(20, 7), (58, 12), (78, 16), (118, 34), (40, 3)])
@pytest.mark.parametrize("glyphs", [UNICODE, ASCII])
def test_it_stays_in_its_room(page: AccountPage, size: tuple[int, int], glyphs: Glyphs) -> None:
    ink: Ink = "ascii" if glyphs is ASCII else "braille"
    lines = score_lines(fallen(page), size=size, glyphs=glyphs, ink=ink)
    assert 0 < len(lines) <= size[1]
    assert all(line.cell_length <= size[0] for line in lines)


def test_nothing_stored_says_so(page: AccountPage) -> None:
    (line,) = score_lines(replace(page, scores=()), size=(78, 16))
    assert "no score is stored yet" in line.plain
