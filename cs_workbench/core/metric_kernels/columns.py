"""Arithmetic over whole columns, each of which would be a loop over every account.

Columns are plain: arrays or lists in, arrays out.
"""

from array import array
from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

Column = Sequence[int]
Ints = npt.NDArray[np.int64]
SPAN = 4_000_000  # more than the days of the calendar: holder * SPAN + day sorts by both


def ints(column: Column) -> Ints:
    """A column as an array of numpy, which is not to be written to."""
    if isinstance(column, array) and column.typecode == "q":
        return np.frombuffer(column, np.int64) if len(column) else np.zeros(0, np.int64)
    return np.asarray(column, np.int64)


def plain(values: npt.NDArray[Any], code: Literal["q", "b"] = "q") -> "array[int]":
    """An array of numpy as a column."""
    return array(code, values.astype(np.int64 if code == "q" else np.int8).tobytes())


def picked(values: Column, places: Column) -> "array[int]":
    """The values at some places."""
    return plain(ints(values)[ints(places)])


def zeroed(values: Column, places: Column) -> "array[int]":
    """The values with nothing at some places."""
    found = ints(values).copy()
    found[ints(places)] = 0
    return plain(found)


def places_above_zero(values: Column) -> "array[int]":
    """The places of what is more than nothing."""
    return plain(np.flatnonzero(ints(values) > 0))


def not_zero(values: Column) -> "tuple[array[int], array[int]]":
    """The places of what is not nothing, and how much it is."""
    places = plain(np.flatnonzero(ints(values)))
    return places, picked(values, places)


def above_zero(values: Column) -> "array[int]":
    """1 for what is more than nothing, else 0."""
    return plain(ints(values) > 0)


def zero(values: Column) -> "array[int]":
    """1 for nothing, else 0."""
    return plain(ints(values) == 0)


def smaller(one: Column, other: Column) -> "array[int]":
    """The smaller of each two."""
    return plain(np.minimum(ints(one), ints(other)))


def less(one: Column, other: Column) -> "array[int]":
    """What is left of each when the other is taken from it."""
    return plain(ints(one) - ints(other))


def times(values: Column, factor: int) -> "array[int]":
    """Each so many times."""
    return plain(ints(values) * factor)


def divided(values: Column, by: int) -> "array[int]":
    """Each by so many, rounded down."""
    return plain(ints(values) // by)


def ascending(values: Column, ties: Column) -> "array[int]":
    """The places of the values from the smallest on, and of the ties where they are the same."""
    return plain(np.lexsort((ints(ties), ints(values))))


def where_both(flags: Column, values: Column) -> "array[int]":
    """The values where the other column has more than nothing, else 0."""
    return plain(np.where(ints(flags) > 0, ints(values), 0))


def left(opening: Column, closing: Column, lost: Column) -> "array[int]":
    """1 for who pays nothing at the closing, and paid at the opening or stopped since; else 0."""
    gone = (ints(closing) == 0) & ((ints(opening) > 0) | (ints(lost) > 0))
    return plain(gone)


def arrivals(opening: Column, closing: Column) -> int:
    """How many pay at the closing alone."""
    return int(np.count_nonzero((ints(closing) > 0) & (ints(opening) == 0)))


def paying(values: Column) -> int:
    """How many pay."""
    return int(np.count_nonzero(ints(values)))


def places_among(values: Column, ladder: Column) -> "array[int]":
    """The first rung of an ascending ladder that is not below each value."""
    return plain(np.searchsorted(ints(ladder), ints(values)))


def middle(values: Column) -> int:
    """The lower median of at least one value."""
    place = (len(values) - 1) // 2
    return int(np.partition(ints(values), place)[place])


Parts = dict[str, tuple["array[int]", "array[int]"]]


def bridge_parts(
    opening: Column, closing: Column, kept: Column, first: Column, start: int
) -> Parts:
    """The places of the accounts in each part of an ARR bridge, and what each gave to it.

    Args:
        opening: ARR of each account at the opening.
        closing: at the end.
        kept: of the opening, what is still there.
        first: the day on which it first paid, 0 never.
        start: the day of the opening.
    """
    a, b, stays, born = ints(opening), ints(closing), ints(kept), ints(first)
    came_back = (born > 0) & (born <= start)
    comes, goes_on = (a == 0) & (b > 0), (a > 0) & (b > 0)
    amounts = {
        "new": np.where(comes & ~came_back, b, 0),
        "expansion": np.where(goes_on, b - stays, 0),
        "reactivation": np.where(comes & came_back, b, 0),
        "contraction": np.where(goes_on, a - stays, 0),
        "churn": np.where(b == 0, a, 0),
    }
    return {name: not_zero(plain(amount)) for name, amount in amounts.items()}
