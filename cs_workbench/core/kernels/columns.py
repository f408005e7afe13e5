"""Columns: one value for each account of a range, with which of them there are."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from cs_workbench.core.measures import MISSING, NOT_APPLICABLE, Measured, Outcome

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

NEVER = 0  # in a column of days as ordinals
_NEAR = 1e-3  # of half a unit: there only the slow rounding is right
_EXACT = 2.0**40


@dataclass(frozen=True, eq=False, slots=True)
class Column:
    """What one measure gives for a range of accounts.

    Attributes:
        value: meaningless where it is not known.
        age: in days, of the newest data behind it.
        known: whether there is a value; `applies` whether the question makes sense.
        whole: whether the value is a whole number in Python's eyes, as text tells them apart.
    """

    value: Floats
    age: Ints
    known: Bools
    applies: Bools
    whole: Bools

    def numbers(self) -> list[float]:
        """The values as the plain measure gives them: int or float."""
        values: list[float] = self.value.tolist()
        if self.whole.all():
            return list(map(int, values))
        if self.whole.any():
            pairs = zip(values, self.whole.tolist(), strict=True)
            return [int(value) if whole else value for value, whole in pairs]
        return values

    def outcome(self, at: int) -> Outcome:
        """What the plain measure gives for one account."""
        if not self.known[at]:
            return MISSING if self.applies[at] else NOT_APPLICABLE
        value = float(self.value[at])
        return Measured(int(value) if self.whole[at] else value, int(self.age[at]))

    def where(self, kept: Bools) -> "Column":
        """Missing except for the accounts that are kept."""
        return Column(self.value, self.age, self.known & kept, self.applies | ~kept, self.whole)


def measured(value: Floats, age: Ints, known: Bools) -> Column:
    """A measure that applies to everybody, in decimals."""
    some = np.where(known, value, 0.0)
    ages = np.where(known, np.maximum(age, 0), 0)
    everywhere = np.ones(len(some), dtype=np.bool_)
    return Column(rounded(some), ages, known, everywhere, ~everywhere)


def counts(value: Ints) -> Column:
    """A whole number of today for everybody."""
    yes = np.ones(len(value), dtype=np.bool_)
    return Column(value.astype(np.float64), np.zeros(len(value), dtype=np.int64), yes, yes, yes)


def nothing(size: int, *, applies: bool) -> Column:
    """No value for anybody."""
    no = np.zeros(size, dtype=np.bool_)
    zeros = np.zeros(size)
    return Column(zeros, zeros.astype(np.int64), no, np.full(size, applies), no)


def column_of(outcomes: Sequence[Outcome]) -> Column:
    """A column of what a plain measure gave, account by account."""
    size = len(outcomes)
    known = [isinstance(one, Measured) for one in outcomes]
    pairs: list[Any] = [one if isinstance(one, Measured) else (0, 0) for one in outcomes]
    value = np.fromiter((value for value, _ in pairs), np.float64, size)
    age = np.fromiter((age for _, age in pairs), np.int64, size)
    whole = np.fromiter((type(value) is int for value, _ in pairs), np.bool_, size)
    applies = np.fromiter((one is not NOT_APPLICABLE for one in outcomes), np.bool_, size)
    return Column(value, age, np.array(known, dtype=np.bool_), applies, whole)


def rounded(value: Floats) -> Floats:
    """Python's `round(value, 6)` of each: by scaling, but for what lies near a half."""
    scaled = value * 1e6
    units = np.rint(scaled)
    unsure = np.abs(np.abs(scaled - units) - 0.5) < _NEAR
    unsure |= np.abs(scaled) >= _EXACT
    found = units / 1e6
    for at in np.flatnonzero(unsure):
        found[at] = round(float(value[at]), 6)
    return found


def added(columns: Floats) -> Floats:
    """Sums along the last axis, one after the other as SQLite adds them."""
    total = np.zeros(columns.shape[:-1])
    for at in range(columns.shape[-1]):
        total = total + columns[..., at]
    return total
