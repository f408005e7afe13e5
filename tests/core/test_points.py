from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cs_workbench.core.points import Points, shown_tenths, tenths_of


@pytest.mark.parametrize(
    ("e4", "text"),
    [
        (0, "0.0000"),
        (1, "0.0001"),
        (-500, "-0.0500"),
        (312_345, "31.2345"),
        (1_000_000, "100.0000"),
    ],
)
def test_points_are_written_with_four_digits(e4: int, text: str) -> None:
    assert str(Points(e4)) == text


@given(st.lists(st.integers(-1_000_000, 1_000_000)))
def test_what_is_written_adds_up(parts: list[int]) -> None:
    written = sum((Decimal(str(Points(part))) for part in parts), Decimal(0))
    assert written == Decimal(str(Points(sum(parts))))


@given(st.lists(st.integers(0, 1_000_000), max_size=20))
def test_shown_parts_add_up_to_the_shown_sum(parts: list[int]) -> None:
    shown = shown_tenths(tuple(parts))
    assert sum(shown) == sum(parts) // 1_000
    assert all(
        abs(tenths * 1_000 - part) < 1_000 for tenths, part in zip(shown, parts, strict=True)
    )


def test_shown_parts_by_hand() -> None:
    assert shown_tenths((46_666, 33_333, 20_001)) == (47, 33, 20)


def test_a_part_that_is_not_there_has_no_tenths() -> None:
    assert tenths_of((46_666, None, 33_333, 20_001)) == (47, None, 33, 20)
