from fractions import Fraction

import pytest

from cs_workbench.core.metrics.results import Metric, Unit
from cs_workbench.core.metrics.words import figure_of
from cs_workbench.core.reports import Figure


@pytest.mark.parametrize(
    ("unit", "value", "currency", "shown"),
    [
        ("share", Fraction(9_684, 10_000), "EUR", Figure(0.9684, "0.0 %", "96.8 %")),
        ("money", Fraction(41_234_550), "EUR", Figure(412_345.5, '#,##0.00 "EUR"', "412k EUR")),
        ("money", Fraction(41_234_550), None, Figure(412_345.5, "#,##0.00", "412k")),
        ("money", Fraction(412_345), "JPY", Figure(412_345, '#,##0.00 "JPY"', "412k JPY")),
        ("days", Fraction(30), None, Figure(30, '0 "d"', "30 d")),
        ("hours", Fraction(9, 2), None, Figure(4.5, '0.0 "h"', "4.5 h")),
        ("score", Fraction(-12), None, Figure(-12, "+0;-0;0", "-12")),
    ],
)
def test_a_value_is_shown_and_counted_with(
    unit: Unit, value: Fraction, currency: str | None, shown: Figure
) -> None:
    metric = Metric("m", unit, value, 1, 1)
    assert figure_of(value, metric, currency) == shown


def test_what_is_unknown_is_no_number() -> None:
    assert figure_of(None, Metric("m", "share", 0, 0, 0), "EUR") == "--"
