"""Money as integer minor units: 412,000.00 USD is 41_200_000, 1,500 JPY is 1_500."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:  # `csw` lists accounts without it
    from decimal import Decimal

# Minor digits of ISO 4217 where they are not two.
DIGITS = {
    **dict.fromkeys(("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG"), 0),
    **dict.fromkeys(("RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF"), 0),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
}


def minor_digits(currency: str) -> int:
    """How many decimal places the currency has."""
    return DIGITS.get(currency, 2)


def to_minor(text: str, currency: str) -> int:
    """Read a plain decimal amount in major units.

    Raises:
        ValueError: not a number, or finer than the currency's smallest coin.
    """
    from decimal import Decimal, InvalidOperation

    try:
        amount = Decimal(text.strip()).scaleb(minor_digits(currency))
    except InvalidOperation:
        raise ValueError(f"{text!r} is not an amount") from None
    if not amount.is_finite():
        raise ValueError(f"{text!r} is not an amount")
    if amount != amount.to_integral_value():
        raise ValueError(f"{text!r} is finer than the smallest unit of {currency}")
    return int(amount)


def to_major(minor: int, currency: str) -> "Decimal":
    """The amount in major units, exactly: for JSON and CSV."""
    from decimal import Decimal

    return Decimal(minor).scaleb(-minor_digits(currency))


def short(minor: int, currency: str) -> str:
    """At most three digits and a unit for a narrow column: `412k`, `6.84M`, `950`."""
    one = 10 ** minor_digits(currency)
    sign, amount = ("-", -minor) if minor < 0 else ("", minor)
    for power, unit in ((0, ""), (3, "k"), (6, "M"), (9, "G"), (12, "T")):
        of_unit = one * 10**power
        places = 0 if not unit or amount >= 100 * of_unit else 1 if amount >= 10 * of_unit else 2
        shown = _divided(amount * 10**places, of_unit)
        if shown < 1000 * 10**places:
            whole, part = divmod(shown, 10**places)
            digits = f"{part:0{places}}".rstrip("0") if places else ""
            return f"{sign}{whole}{'.' if digits else ''}{digits}{unit}"
    return f"{sign}{_divided(amount, one * 10**12)}T"


def _divided(amount: int, by: int) -> int:
    """The nearest whole number; a half goes to the even one."""
    whole, rest = divmod(amount, by)
    return whole + (2 * rest > by or (2 * rest == by and whole % 2 == 1))
