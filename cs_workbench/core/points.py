"""Points as they are written: exactly, or in tenths that add up to the tenths of their sum."""

from collections.abc import Sequence
from dataclasses import dataclass

from cs_workbench.core.rounding import apportioned

DIGITS = 4


@dataclass(frozen=True, slots=True)
class Points:
    """A number of points in 1/10,000; `str` writes it with four digits: `-0.0500`."""

    e4: int

    def __str__(self) -> str:
        whole, rest = divmod(abs(self.e4), 10**DIGITS)
        return f"{'-' if self.e4 < 0 else ''}{whole}.{rest:0{DIGITS}}"


def shown_tenths(parts_e4: Sequence[int], total: int | None = None) -> tuple[int, ...]:
    """Parts in tenths of a point, rounded so that what is shown adds up to the shown sum.

    The sum is rounded down as every score is, unless it is given in tenths; remainders go by
    largest fraction, then by place.
    """
    shown = sum(parts_e4) // 1_000 if total is None else total
    return tuple(apportioned(parts_e4, 1_000, shown))


def tenths_of(parts_e4: Sequence[int | None]) -> tuple[int | None, ...]:
    """The same where some parts are not there: None stays None."""
    tenths = iter(shown_tenths([part for part in parts_e4 if part is not None]))
    return tuple(None if part is None else next(tenths) for part in parts_e4)
