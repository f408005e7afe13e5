import re
from collections.abc import Iterator

import pytest

from cs_workbench.core.glyphs import ASCII, UNICODE, Glyphs
from cs_workbench.core.measures import MISSING, Measured
from cs_workbench.core.what_if import Ground, Supposed, Trial, suppose
from cs_workbench.store.database import Database
from cs_workbench.tui.widgets.trial_lines import (
    bands_line,
    move_line,
    trial_head,
    trial_lines,
    trial_sum,
    trial_title,
)
from cs_workbench.workflows.explaining import read_ground
from cs_workbench.workflows.scoring import default_scorecard
from tests.factories import TODAY
from tests.tui.pages import story

TRIAL = Trial({"usage_level": 40}, {"usage_change": Measured(0.1, 0), "complaints": MISSING})


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    with story(tmp_path_factory.mktemp("story")) as opened:
        yield opened


@pytest.fixture(scope="module")
def ground(db: Database) -> Ground:
    return read_ground(db, 1, default_scorecard(), TODAY)


def tenths(text: str) -> int:
    return 0 if text in "–·." else int(re.sub(r"[+.]", "", text).replace("−", "-"))


def rows(found: Supposed, width: int, glyphs: Glyphs = UNICODE) -> list[list[int]]:
    lines = [*trial_lines(found, width, glyphs), trial_sum(found, width, glyphs)]
    return [[tenths(word) for word in line.plain.split()[-3:]] for line in lines]


@pytest.mark.parametrize("width", [78, 118])
def test_what_is_shown_adds_up_to_both_scores_and_the_change(ground: Ground, width: int) -> None:
    found = suppose(ground, TRIAL)
    *parts, total = rows(found, width)
    assert [sum(column) for column in zip(*parts, strict=True)] == total
    assert total[0] == (found.before.points_e4 or 0) // 1_000
    assert total[1] == (found.after.points_e4 or 0) // 1_000


def test_what_was_changed_stands_as_it_was_and_as_it_would_be(ground: Ground) -> None:
    lines = [line.plain for line in trial_lines(suppose(ground, TRIAL), 78)]
    assert f"{ground.own.measures[0].weight} → 40" in lines[0]
    assert "−29 % → +10 %" in lines[1]
    assert "0 → ?" in next(line for line in lines if line.startswith("complaints"))
    assert "→" not in lines[2]


@pytest.mark.parametrize("glyphs", [UNICODE, ASCII])
@pytest.mark.parametrize("width", [60, 78, 118, 198])
def test_lines_keep_to_their_width_and_columns(ground: Ground, width: int, glyphs: Glyphs) -> None:
    found = suppose(ground, TRIAL)
    lines = [trial_head(width), *trial_lines(found, width, glyphs), trial_sum(found, width, glyphs)]
    assert {line.cell_length for line in lines} == {width}
    assert trial_title(ground, found, width, glyphs).cell_length == width
    text = "".join(line.plain for line in lines)
    assert ("→" in text) is (glyphs is UNICODE)


def test_without_a_band_there_is_no_number(ground: Ground) -> None:
    nothing = Trial({}, {one.measure_id: MISSING for one in ground.own.measures[:6]})
    found = suppose(ground, nothing)
    assert found.after.band == "unknown"
    assert found.after.points_e4
    assert f"{found.before.band} → ? -- unknown" in trial_title(ground, found, 78, UNICODE).plain
    line = move_line("Acme", (("red", 310_000), ("unknown", 970_000)), 60).plain
    assert line.split() == ["Acme", "■", "31", "→", "?", "--", "unknown"]


def test_bands_that_stay_are_counted_once() -> None:
    line = bands_line({"red": 5, "green": 20}, {"red": 7, "green": 20, "yellow": 0}, (2, 20))
    assert line.plain == "All 25  ■ 5 → 7   ● 20   2 would change band"
    many = bands_line({"red": 30}, {"yellow": 30}, (30, 20), ASCII).plain
    assert many.endswith("30 would change band, 20 listed")
