from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cs_workbench.core.points import Points


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
