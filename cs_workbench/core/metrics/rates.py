"""Exchange rates with the day from which each holds; money is turned over exactly, then rounded."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from cs_workbench.core.money import minor_digits

_CODE = re.compile(r"[A-Z]{3}")


@dataclass(frozen=True, slots=True)
class Rates:
    """A dated table of rates.

    Attributes:
        base: the currency that results are in; empty: there is no table.
        dated: from which day, what one major unit of each currency is worth in the base; ascending.
    """

    base: str = ""
    dated: tuple[tuple[dt.date, Mapping[str, Fraction]], ...] = ()

    def on(self, day: dt.date) -> Mapping[str, Fraction]:
        """What a *minor* unit of each currency is worth in minor units of the base on a day."""
        found: dict[str, Fraction] = {self.base: Fraction(1)} if self.base else {}
        for since, rates in self.dated:
            if since <= day:
                for currency, rate in rates.items():
                    digits = minor_digits(self.base) - minor_digits(currency)
                    found[currency] = rate * Fraction(10) ** digits
        return found

    def plain(self) -> object:
        """As JSON writes it."""
        return [
            self.base,
            [[day.isoformat(), {k: str(v) for k, v in rates.items()}] for day, rates in self.dated],
        ]


NO_RATES = Rates()


def turned(minor: int, rate: Fraction) -> int:
    """An amount at a rate, rounded once, half to even."""
    return round(minor * rate)


def read_rates(given: Any) -> Rates:
    """Read the table `rates` of a policy: `base`, and `[[rates.table]]` with `from` and codes.

    Raises:
        ValueError: it is no such table.
    """
    if not isinstance(given, dict) or set(given) - {"base", "table"}:
        raise ValueError("has base = 'USD' and [[rates.table]] entries, nothing else")
    base = _code(given.get("base"))
    dated = []
    for entry in given.get("table", []):
        since = entry.get("from")
        if isinstance(since, str):
            since = dt.date.fromisoformat(since)
        if not isinstance(since, dt.date) or isinstance(since, dt.datetime):
            raise TypeError("each [[rates.table]] has a from = 2026-01-01")
        dated.append((since, {_code(k): _rate(v) for k, v in entry.items() if k != "from"}))
    dated.sort(key=lambda one: one[0])
    if len({since for since, _ in dated}) < len(dated):
        raise ValueError("two [[rates.table]] entries begin on one day")
    return Rates(base, tuple(dated))


def _code(given: object) -> str:
    if not isinstance(given, str) or not _CODE.fullmatch(given):
        raise ValueError(f"a currency is three capital letters, not {given!r}")
    return given


def _rate(given: object) -> Fraction:
    if isinstance(given, bool) or not isinstance(given, int | float | str):
        raise TypeError(f"a rate is a number such as 1.0850, not {given!r}")
    rate = Fraction(str(given))
    if rate <= 0:
        raise ValueError(f"a rate is above 0, not {given!r}")
    return rate
