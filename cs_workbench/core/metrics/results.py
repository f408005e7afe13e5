"""What a metric says: its value with all that it was made of."""

from array import array
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

Of = Literal["money", "accounts", "renewals", "days", "tickets", "answers", "touchpoints"]
Unit = Literal["share", "money", "days", "hours", "months", "count", "score"]
_EMPTY: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Members:
    """The accounts behind a number, in parallel: what each gave above and below the line.

    Attributes:
        keys: of the accounts; one may come more than once (two renewals, two tickets).
        numerators, denominators: add up to the metric's own, where it is a quotient of sums.
    """

    keys: Sequence[int] = _EMPTY
    numerators: Sequence[int] = _EMPTY
    denominators: Sequence[int] = _EMPTY

    @property
    def sums(self) -> tuple[int, int]:
        """Both columns added up."""
        return sum(self.numerators), sum(self.denominators)

    def by_account(self) -> "Members":
        """Each account once, what it gave added up; as they are where nothing is below the line."""
        if len(self.denominators) != len(self.keys):
            return self
        above: dict[int, int] = dict.fromkeys(self.keys, 0)
        below = dict(above)
        for key, top, bottom in zip(self.keys, self.numerators, self.denominators, strict=True):
            above[key] += top
            below[key] += bottom
        return Members(list(above), list(above.values()), list(below.values()))

    def packed(self) -> "Members":
        """The same in as few bytes as they need: a number may have a million behind it."""
        return Members(*map(_packed, (self.keys, self.numerators, self.denominators)))


NOBODY = Members()


def _packed(values: Sequence[int]) -> Sequence[int]:
    for code in "bhiq":
        with suppress(OverflowError):
            return array(code, values)
    return values


@dataclass(frozen=True, slots=True)
class Metric:
    """One number that can be traced.

    Attributes:
        key: as in JSON; `unit` says how the value is to be read (`share`: 0.72 is 72 %).
        numerator, denominator: exact; a denominator of 0 is *unknown*, never 0 % or 100 %.
        n: how many accounts (renewals, answers, tickets) it rests on.
        interval: 95 % limits of the value; None where none can be given, or a limit is not reached.
        flags: the policy that was applied and what to be careful about, as sentences.
        members: the accounts behind it.
        by: whether it stands as it is (`quotient`) or comes out of a formula (`formula`), where
            the members' columns do not add up to it.
        of: what is above and below the line.
    """

    key: str
    unit: Unit
    numerator: Fraction | int
    denominator: Fraction | int
    n: int
    interval: tuple[float | None, float | None] | None = None
    flags: tuple[str, ...] = ()
    members: Members = NOBODY
    by: Literal["quotient", "formula"] = "quotient"
    of: Of = "accounts"

    @property
    def value(self) -> Fraction | None:
        """The exact value; None is unknown."""
        if not self.denominator:
            return None
        return Fraction(self.numerator) / Fraction(self.denominator)

    @property
    def low(self) -> float | None:
        """The lower limit."""
        return None if self.interval is None else self.interval[0]

    @property
    def high(self) -> float | None:
        """The upper limit."""
        return None if self.interval is None else self.interval[1]


def unknown(key: str, unit: Unit, *flags: str) -> Metric:
    """A metric that cannot be told, and why."""
    return Metric(key, unit, 0, 0, 0, flags=flags)
