import datetime as dt
from fractions import Fraction

from cs_workbench.core.metrics.rates import NO_RATES, read_rates, turned

TABLE = {
    "base": "USD",
    "table": [
        {"from": dt.date(2026, 7, 1), "EUR": "1.10"},
        {"from": "2026-01-01", "EUR": "1.05", "JPY": "0.0067"},
    ],
}


def test_the_rate_of_the_day_is_the_newest_by_then() -> None:
    rates = read_rates(TABLE)
    assert rates.on(dt.date(2026, 6, 30))["EUR"] == Fraction(105, 100)
    assert rates.on(dt.date(2026, 7, 1))["EUR"] == Fraction(110, 100)
    assert "EUR" not in rates.on(dt.date(2025, 12, 31))
    assert rates.on(dt.date(2025, 12, 31))["USD"] == 1


def test_minor_units_of_different_size_are_minded() -> None:
    rate = read_rates(TABLE).on(dt.date(2026, 2, 1))["JPY"]
    assert turned(1_500, rate) == 1_005  # 1,500 JPY are 10.05 USD


def test_rounding_is_half_to_even_once() -> None:
    assert [turned(one, Fraction(1, 2)) for one in (1, 3, 5)] == [0, 2, 2]


def test_without_a_table_nothing_has_a_rate() -> None:
    assert NO_RATES.on(dt.date(2026, 1, 1)) == {}
