"""Money as integer minor units: 412,000.00 USD is 41_200_000, 1,500 JPY is 1_500."""

from decimal import Decimal, InvalidOperation

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
    try:
        amount = Decimal(text.strip()).scaleb(minor_digits(currency))
    except InvalidOperation:
        raise ValueError(f"{text!r} is not an amount") from None
    if not amount.is_finite():
        raise ValueError(f"{text!r} is not an amount")
    if amount != amount.to_integral_value():
        raise ValueError(f"{text!r} is finer than the smallest unit of {currency}")
    return int(amount)


def to_major(minor: int, currency: str) -> Decimal:
    """The amount in major units, exactly: for JSON and CSV."""
    return Decimal(minor).scaleb(-minor_digits(currency))


def short(minor: int, currency: str) -> str:
    """At most three digits and a unit for a narrow column: `412k`, `6.84M`, `950`."""
    amount = to_major(minor, currency)
    sign, amount = ("-", -amount) if amount < 0 else ("", amount)
    for divisor, unit in ((1, ""), (10**3, "k"), (10**6, "M"), (10**9, "G"), (10**12, "T")):
        part = amount / divisor
        places = 0 if not unit or part >= 100 else 1 if part >= 10 else 2
        shown = round(part, places)
        if shown < 1000:
            text = f"{shown:f}"
            return sign + (text.rstrip("0").rstrip(".") if "." in text else text) + unit
    return f"{sign}{amount / 10**12:.0f}T"
