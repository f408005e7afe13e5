import pytest

from cs_workbench.core.record_figures import fraction, share, short_fraction


@pytest.mark.parametrize(
    ("value", "whole", "short", "percent"),
    [
        (0.857, "0.86", ".86", "85.7 %"),
        (1.06, "1.06", "1.06", "106.0 %"),
        (-0.0004, "0.00", ".00", "0.0 %"),  # never -0.0
        (-0.25, "-0.25", "-0.25", "-25.0 %"),
        (None, "--", "--", "--"),
    ],
)
def test_digits(value: float | None, whole: str, short: str, percent: str) -> None:
    assert (fraction(value), short_fraction(value), share(value)) == (whole, short, percent)
