"""Amounts and shares as people type them: `412k`, `1.5M`, `45 %`."""

import re
from decimal import Decimal, InvalidOperation
from typing import Final

from cs_workbench.core.money import to_major, to_minor
from cs_workbench.errors import UsageError

_MONEY: Final = re.compile(r"(\d+(?:\.\d+)?)\s*([km]?)", re.IGNORECASE)
_THOUSANDS: Final = {"": 1, "k": 1_000, "m": 1_000_000}
_FULL: Final = 10_000


def read_money(text: str | None, currency: str) -> int | None:
    """An amount as typed, `412k` or `1.5M`, in the smallest unit; None for nothing.

    Raises:
        UsageError: it is no amount.
    """
    if text is None or not text.strip():
        return None
    found = _MONEY.fullmatch(text.strip().replace(",", "").replace("_", ""))
    if found is None:
        raise UsageError(f"{text.strip()!r} is no amount. Write 412000, 412k or 1.5M.")
    amount = Decimal(found[1]) * _THOUSANDS[found[2].casefold()]
    try:
        return to_minor(f"{amount:f}", currency)
    except ValueError as problem:
        raise UsageError(f"{problem}.") from None


def typed_money(minor: int | None, currency: str) -> str:
    """An amount as one would type it: `412k`, `1234.5`; empty for None."""
    if minor is None:
        return ""
    major = to_major(minor, currency)
    if major and major % 1_000 == 0:
        return f"{major / 1_000:f}".split(".", maxsplit=1)[0] + "k"
    text = f"{major:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def read_share(text: str | None) -> int | None:
    """Percent as typed, `45` or `45 %`, in 1/10,000; None for nothing.

    Raises:
        UsageError: it is no number from 0 to 100.
    """
    if text is None or not text.strip():
        return None
    try:
        share = Decimal(text.strip().removesuffix("%").strip())
    except InvalidOperation:
        share = Decimal("nan")
    if share.is_nan() or not 0 <= share <= 100:
        raise UsageError(f"{text.strip()!r} is no share. Write percent from 0 to 100.")
    return int(share * _FULL / 100)
