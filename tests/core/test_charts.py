import datetime as dt
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cs_workbench.core.charts import (
    Ink,
    about,
    cells_of,
    line_rows,
    month_ticks,
    nice_top,
    number,
    row_of,
    scale_for,
    value_ticks,
)

LEVELS = st.floats(0, 1e12, allow_nan=False)
VALUES = st.lists(st.none() | LEVELS, min_size=1, max_size=80)
INKS: list[Ink] = ["braille", "blocks", "ascii"]


@pytest.mark.parametrize(
    ("highest", "parts", "top"),
    [(48, 3, 60), (48, 2, 50), (19, 4, 20), (100, 4, 100), (101, 4, 200), (0.3, 2, 0.4), (0, 4, 4)],
)
def test_a_scale_ends_at_a_round_number(highest: float, parts: int, top: float) -> None:
    assert nice_top(highest, parts) == pytest.approx(top)


@given(st.floats(1e-6, 1e12), st.integers(1, 6))
def test_a_scale_holds_its_highest_value_without_waste(highest: float, parts: int) -> None:
    top = nice_top(highest, parts)
    assert highest <= top * (1 + 1e-9)
    assert top <= 2.5 * highest * (1 + 1e-9)


def test_value_ticks_go_from_the_top_to_zero() -> None:
    ticks = value_ticks(60, 7, 3)
    assert [(tick.cell, tick.label) for tick in ticks] == [
        (0, "60"),
        (2, "40"),
        (4, "20"),
        (6, "0"),
    ]


@given(st.floats(0, 1e12), st.integers(2, 60))
def test_a_scale_has_whole_rows_and_wastes_few(highest: float, rows: int) -> None:
    top, parts, used = scale_for(highest, rows)
    assert highest <= top * (1 + 1e-9)
    assert rows - parts < used <= rows
    cells = [tick.cell for tick in value_ticks(top, used, parts)]
    assert cells == list(range(0, used, (used - 1) // parts))


def test_a_scale_chooses_parts_that_fit_best() -> None:
    assert scale_for(48, 12) == (50, 5, 11)
    assert scale_for(58, 8) == (60, 3, 7)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0, "0"),
        (0.25, "0.25"),
        (4.75, "4.75"),
        (48, "48"),
        (48.25, "48.2"),
        (999.4, "999"),
        (999.6, "1k"),
        (1234, "1.23k"),
        (40_000, "40k"),
        (2_500_000, "2.5M"),
        (3e9, "3G"),
        (-12.5, "-12.5"),
    ],
)
def test_numbers_are_short(value: float, shown: str) -> None:
    assert number(value) == shown


@pytest.mark.parametrize(
    ("value", "shown"), [(0.256, "0.26"), (9.57, "9.6"), (12.6, "13"), (1234, "1.23k"), (0, "0")]
)
def test_numbers_in_sentences_are_no_finer_than_they_matter(value: float, shown: str) -> None:
    assert about(value) == shown


def test_months_and_the_year_at_january() -> None:
    ticks = month_ticks(dt.date(2026, 10, 20), dt.date(2027, 2, 15), 40)
    assert [tick.label for tick in ticks] == ["Nov", "Dec", "2027", "Feb"]


def test_a_narrow_axis_leaves_months_out() -> None:
    labels = [t.label for t in month_ticks(dt.date(2025, 11, 20), dt.date(2026, 11, 20), 24)]
    assert labels == ["2026", "Apr", "Jul", "Oct"]


@given(st.dates(dt.date(1990, 1, 1)), st.integers(1, 1500), st.integers(4, 200))
def test_month_labels_fit_and_never_touch(first: dt.date, days: int, cells: int) -> None:
    last = min(dt.date.max.toordinal(), first.toordinal() + days)
    end = -1
    for tick in month_ticks(first, dt.date.fromordinal(last), cells):
        assert tick.cell > end
        end = tick.cell + len(tick.label)
        assert end <= cells


def test_braille_line_by_hand() -> None:
    assert line_rows([0, 1], columns=2, rows=1, top=1, ink="braille") == ["⡠⠊"]
    assert line_rows([1, 1], columns=3, rows=2, top=1, ink="braille") == ["⠉⠉⠉", "   "]


def test_ascii_line_by_hand() -> None:
    drawn = line_rows([0, 2, None, 2, 0], columns=5, rows=3, top=2, ink="ascii")
    assert drawn == [" * * ", " *  *", "*   *"]


def test_blocks_by_hand() -> None:
    assert line_rows([0, None, 1, 2], columns=4, rows=2, top=2, ink="blocks") == ["   █", "▁ ██"]


@pytest.mark.parametrize("ink", INKS)
def test_a_gap_is_empty_and_zero_is_not(ink: Ink) -> None:
    drawn = line_rows([4, 4, None, None, None, 0, 0], columns=7, rows=3, top=4, ink=ink)
    columns = ["".join(row[x] for row in drawn).strip() for x in range(7)]
    assert columns[3] == ""
    assert columns[0] != ""
    assert columns[5] != ""


@pytest.mark.parametrize("ink", INKS)
def test_one_week_of_data_is_visible(ink: Ink) -> None:
    drawn = line_rows([None, 3, None], columns=9, rows=3, top=4, ink=ink)
    assert "".join(drawn).strip()


@given(VALUES, st.integers(1, 60), st.integers(1, 20), st.sampled_from(INKS))
def test_every_chart_fills_its_rectangle_exactly(
    values: list[float | None], columns: int, rows: int, ink: Ink
) -> None:
    top = nice_top(max((value or 0 for value in values), default=0), 2)
    assert math.isfinite(top)
    drawn = line_rows(values, columns=columns, rows=rows, top=top, ink=ink)
    assert [len(row) for row in drawn] == [columns] * rows
    known = any(value is not None for value in values)
    assert bool("".join(drawn).strip()) == known


def test_a_value_finds_its_row_and_a_stretch_its_cells() -> None:
    assert [row_of(value, 5, 100) for value in (100, 50, 0, 120)] == [0, 2, 4, 0]
    assert cells_of(0, 4, 8, 8) == range(4)
    assert cells_of(4, 8, 8, 15) == range(8, 15)
