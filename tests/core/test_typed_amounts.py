import pytest

from cs_workbench.core.typed_amounts import read_money, read_share, typed_money
from cs_workbench.errors import UsageError


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("412k", "USD", 41_200_000),
        ("1.5M", "USD", 150_000_000),
        ("1,234.50", "USD", 123_450),
        (" 90 ", "JPY", 90),
        ("0", "USD", 0),
        ("", "USD", None),
        (None, "USD", None),
    ],
)
def test_amounts_are_read_as_typed(text: str | None, currency: str, minor: int | None) -> None:
    assert read_money(text, currency) == minor
    assert read_money(typed_money(minor, currency), currency) == minor


@pytest.mark.parametrize("text", ["x", "-5", "1.234", "12kk", "nan", "1e3"])
def test_what_is_no_amount_is_told(text: str) -> None:
    with pytest.raises(UsageError):
        read_money(text, "USD")


def test_shares_are_percent() -> None:
    assert (read_share("45"), read_share("7.5 %"), read_share(" ")) == (4_500, 750, None)
    for wrong in ("101", "-1", "x", "nan"):
        with pytest.raises(UsageError, match="percent from 0 to 100"):
            read_share(wrong)
