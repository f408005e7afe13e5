"""Money as integer minor units: 412,000.00 USD is 41_200_000, 1,500 JPY is 1_500."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final, overload

if TYPE_CHECKING:  # `csw` lists accounts without it
    from decimal import Decimal

NOT_KNOWN: Final = "–"  # in a column, in place of an amount
PRICE_NOT_KNOWN: Final = "price not known"  # in a sentence
AND_MORE: Final = "+"  # behind an amount of which a part is not known: `412k+`
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


@overload
def to_major(minor: int, currency: str) -> "Decimal": ...
@overload
def to_major(minor: int | None, currency: str) -> "Decimal | None": ...
def to_major(minor: int | None, currency: str) -> "Decimal | None":
    """The amount in major units, exactly: for JSON and CSV; None where it is not known."""
    from decimal import Decimal

    return None if minor is None else Decimal(minor).scaleb(-minor_digits(currency))


def ranked_by(minor: int | None, currency: str, typical: "Decimal") -> "Decimal":
    """What things are ordered by: the amount in major units; not known, it counts as typical."""
    return typical if minor is None else to_major(minor, currency)


def added(known: int | None, more: int | None) -> int | None:
    """A sum with one more amount; what is not known adds nothing to what is."""
    return known if more is None else more + (known or 0)


def sum_known(amounts: Iterable[int | None]) -> int | None:
    """The sum of those that are known: None where there are only others, 0 of none at all."""
    found = list(amounts)
    known = [amount for amount in found if amount is not None]
    return sum(known) if known or not found else None


def short(minor: int | None, currency: str, *, and_more: bool = False) -> str:
    """At most three digits and a unit for a narrow column: `412k`, `6.84M`, `950`.

    A dash stands for an amount that is not known, which is not nothing; `412k+` for one of which
    only a part is.
    """
    if minor is None:
        return NOT_KNOWN
    if and_more:
        return f"{short(minor, currency)}{AND_MORE}"
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


def short_told(minor: int | None, currency: str) -> str:
    """The same with its currency, for a sentence: `412k USD`, or that it is not known."""
    return PRICE_NOT_KNOWN if minor is None else f"{short(minor, currency)} {currency}"


def written(
    minor: int | None, currency: str, *, digits: int | None = None, and_more: bool = False
) -> str:
    """The whole amount for a person: `412,000.50 USD`, `412,000.50+ USD`, or that none is known.

    `digits` are those after the point, rounded; None: all of the currency's.
    """
    if minor is None:
        return PRICE_NOT_KNOWN
    places = "" if digits is None else f".{digits}f"
    return f"{to_major(minor, currency):,{places}}{AND_MORE if and_more else ''} {currency}"


def _divided(amount: int, by: int) -> int:
    """The nearest whole number; a half goes to the even one."""
    whole, rest = divmod(amount, by)
    return whole + (2 * rest > by or (2 * rest == by and whole % 2 == 1))
