import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from cs_workbench.core.churn_said import ChurnSaid, Part
from cs_workbench.core.glyphs import ASCII, UNICODE, Glyphs
from cs_workbench.store.database import write
from cs_workbench.tui.widgets.backtest_lines import backtest_lines
from cs_workbench.tui.widgets.churn_lines import churn_lines
from cs_workbench.tui.widgets.open_lines import open_lines
from cs_workbench.tui.widgets.renewal_history import model_line, one_line
from tests.churn_records import record
from tests.factories import TODAY
from tests.hostile_churn import add_churn
from tests.tui.pages import HOSTILE, page_of, story

SAID = ChurnSaid(
    "c0ffee123456789", dt.date(2026, 11, 23), dt.date(2027, 2, 21), 0.34, 0.21, 0.49,
    41_200_000, "USD", -2.5,
    (
        Part("silence", "since a two-way contact", "94 days", 1.4),
        Part("nps", "last NPS answer", "3", 0.4367),
    ),
)  # fmt: skip


def test_points_add_up_to_the_probability() -> None:
    total = SAID.typical + sum(SAID.points(part) for part in SAID.parts)
    assert total == pytest.approx(0.34, abs=1e-3)
    assert SAID.expected_loss_minor == 14_008_000
    unpriced = SAID._replace(arr_minor=None)
    assert (unpriced.expected_loss_minor, unpriced.of_arr, SAID.of_arr) == (None, "", " of 412k")
    assert model_line(unpriced, TODAY).plain.endswith("expected loss –")
    still = SAID._replace(parts=(), probability=SAID.typical)
    assert still.points(Part("x", "x", "x", 0.5)) == pytest.approx(0.5 * 0.0701, abs=1e-3)


@pytest.mark.parametrize("width", [30, 60, 100])
def test_the_pane_says_why(tmp_path: Path, width: int) -> None:
    with story(tmp_path) as db:
        page = page_of(db, 1)
    lines = [one.plain for one in churn_lines(replace(page, churn=SAID), width)]
    assert lines[0].startswith("34 % to leave by 21 Feb 2027")
    told = next(one for one in lines if "+20.1 points" in one)
    assert width == 30 or ("94 days  " in told and "…" not in told)  # no cell is cut
    assert any("94 days" in one for one in lines) or width == 30
    without = "\n".join(one.plain for one in churn_lines(page, width))
    assert "No churn model speaks" in without


def test_what_is_open_has_the_model_in_a_line(tmp_path: Path) -> None:
    with story(tmp_path) as db:
        page = page_of(db, 1)
    lines = [one.plain for one in open_lines(replace(page, churn=SAID), 120)]
    assert (
        "Model     leaves 34 %  (21 % to 49 %) by 21 Feb 2027: "
        "since a two-way contact 94 days, last NPS answer 3"
    ) in lines
    assert not [one for one in open_lines(page, 120) if one.plain.startswith("Model")]


def test_small_parts_are_told_together_so_that_the_pane_adds_up(tmp_path: Path) -> None:
    small = tuple(Part(f"s{at}", f"small {at}", "1", -0.0015) for at in range(5))
    with story(tmp_path) as db:
        page = replace(page_of(db, 1), churn=SAID._replace(parts=(*SAID.parts, *small)))
    lines = [one.plain for one in churn_lines(page, 60)]
    points = [float(one.split()[-2]) for one in lines if one.endswith(" points")]
    assert len(points) == 3
    assert 7.6 + sum(points) == pytest.approx(34.0, abs=0.2)
    (rest,) = [one for one in lines if one.startswith("5 more")]
    assert rest.endswith(" -0.1 points")


def test_where_nobody_has_forecast_the_model_has_its_line() -> None:
    words = one_line([], "Kestrel", TODAY, SAID).plain
    assert words == "Kestrel  no forecast yet · model: leaves 34 %  (21 % to 49 %)"
    assert one_line([], "Kestrel", TODAY, None).plain == "Kestrel  no forecast yet"


def test_what_was_said_is_on_the_page_and_in_the_list(tmp_path: Path) -> None:
    from cs_workbench.store.account_lines import account_lines

    with story(tmp_path) as db:
        with write(db) as connection:
            add_churn(connection, [1], (HOSTILE,))
        page = page_of(db, 1)
        (line,) = account_lines(db, [1], today=TODAY, me="ana")
        (other,) = account_lines(db, [2], today=TODAY, me="ana")
    assert page.churn is not None
    assert page.churn.parts[0].value == HOSTILE
    assert (line.leaves_e6, other.leaves_e6) == (340_000, None)
    assert line.arr_minor
    assert line.loss_minor == line.arr_minor * 34 // 100
    assert other.loss_minor is None
    assert "\x1b" not in "".join(one.plain for one in churn_lines(page, 60))


@pytest.mark.parametrize("width", [24, 80, 160])
@pytest.mark.parametrize("glyphs", [UNICODE, ASCII])
def test_a_record_is_drawn_at_every_width(width: int, glyphs: Glyphs) -> None:
    lines = [one.plain for one in backtest_lines(record(HOSTILE), width, glyphs)]
    text = "\n".join(lines)
    assert "\x1b" not in text
    assert "the model" in text
    assert "By days of warning" in text
    empty = {**record(), "models": {}}
    assert "the model" not in "\n".join(one.plain for one in backtest_lines(empty, width, glyphs))


def test_a_part_has_its_interval_where_its_record_has_one() -> None:
    part = {"n": 1200, "events": 25, "auc": 0.82, "auc_low": 0.77, "auc_high": 0.87}
    part |= {"o_e": 1.65, "o_e_low": 1.1, "o_e_high": 2.15, "skill": 0.1}
    given = record()
    given["origins"] = [{"as_of": "2026-01-01", **part}]
    lines = [one.plain.rstrip() for one in backtest_lines(given, 77, UNICODE)]
    told = next(one for one in lines if one.startswith("2026-01-01"))
    assert told.endswith("25     .82 (.77-.87)  1.65 (1.10-2.15)")
    assert all(len(one) <= 77 for one in lines)
    segment = next(one for one in lines if one.startswith("told"))  # a record of before
    assert segment.endswith(".70              1.10")
