from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cs_workbench.core.money import NOT_KNOWN, minor_digits, short, to_major, to_minor, written


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("412000", "USD", 41_200_000),
        ("412000.5", "EUR", 41_200_050),
        (" 1.10 ", "USD", 110),
        ("-3.00", "USD", -300),
        ("1500", "JPY", 1_500),
        ("1.234", "KWD", 1_234),
        ("1e3", "USD", 100_000),
        ("0", "USD", 0),
    ],
)
def test_amounts_are_read_exactly(text: str, currency: str, minor: int) -> None:
    assert to_minor(text, currency) == minor


@pytest.mark.parametrize(
    ("text", "currency"),
    [
        ("", "USD"),
        ("much", "USD"),
        ("1.001", "USD"),
        ("0.5", "JPY"),
        ("nan", "USD"),
        ("inf", "USD"),
    ],
)
def test_what_is_no_amount_is_refused(text: str, currency: str) -> None:
    with pytest.raises(ValueError, match=r"is not an amount|is finer than"):
        to_minor(text, currency)


@given(st.integers(-(10**15), 10**15), st.sampled_from(["USD", "JPY", "BHD"]))
def test_minor_units_come_back(minor: int, currency: str) -> None:
    assert to_minor(str(to_major(minor, currency)), currency) == minor


def test_major_units_keep_their_places() -> None:
    assert str(to_major(41_200_050, "USD")) == "412000.50"
    assert to_major(1_500, "JPY") == Decimal(1_500)
    assert [minor_digits(currency) for currency in ("USD", "JPY", "KWD")] == [2, 0, 3]


@pytest.mark.parametrize(
    ("minor", "currency", "text"),
    [
        (41_200_000, "USD", "412k"),
        (684_000_000, "USD", "6.84M"),
        (95_000, "USD", "950"),
        (0, "USD", "0"),
        (99_999, "USD", "1k"),
        (99_949, "USD", "999"),
        (99_949_999, "USD", "999k"),
        (99_950_000, "USD", "1M"),
        (-123_456, "USD", "-1.23k"),
        (1_500, "JPY", "1.5k"),
        (10**17, "USD", "1000T"),
        (10**20, "USD", "1000000T"),
    ],
)
def test_short_amounts_have_three_digits_at_most(minor: int, currency: str, text: str) -> None:
    assert short(minor, currency) == text


@given(st.integers(0, 10**16))
def test_no_short_amount_below_a_thousand_trillion_is_longer_than_five(minor: int) -> None:
    assert len(short(minor, "USD")) <= 5


@given(st.integers(-(10**17), 10**17), st.sampled_from(["USD", "JPY", "KWD"]))
def test_short_rounds_as_exact_decimals_do(minor: int, currency: str) -> None:
    amount = abs(to_major(minor, currency))
    wanted = None
    for divisor, unit in ((1, ""), (10**3, "k"), (10**6, "M"), (10**9, "G"), (10**12, "T")):
        part = amount / divisor
        rounded = round(part, 0 if not unit or part >= 100 else 1 if part >= 10 else 2)
        if rounded < 1000:
            wanted = f"{rounded:f}" + unit
            break
    shown = short(minor, currency).removeprefix("-")
    if wanted is None:
        assert shown == f"{amount / 10**12:.0f}T"
    else:
        digits = wanted.rstrip("kMGT")
        trimmed = digits.rstrip("0").rstrip(".") if "." in digits else digits
        assert shown == trimmed + wanted[len(digits) :]


def test_an_amount_of_which_a_part_is_not_known_has_one_sign() -> None:
    assert short(1_200_000, "USD", and_more=True) == "12k+"
    assert written(1_200_000, "USD", digits=0, and_more=True) == "12,000+ USD"
    assert short(None, "USD", and_more=True) == NOT_KNOWN
    assert short(0, "USD", and_more=True) == "0+"  # free, and something besides
