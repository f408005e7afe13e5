"""Lists of keys as SQLite hands them over: one JSON array, the quickest way for 100,000 of them."""

from array import array
from collections.abc import Iterable
from typing import Final

PIECE: Final = 1 << 15  # characters; as numbers of Python they take ten times the room


def json_of(keys: Iterable[int]) -> str:
    """The keys as a JSON array."""
    return f"[{','.join(map(str, keys))}]"


def keys_of(listed: str) -> "array[int]":
    """The keys of a JSON array, piece by piece: as a whole they would be numbers of Python's."""
    found = array("q")
    begin, end = 1, len(listed) - 1  # without the brackets
    while begin < end:
        cut = listed.find(",", begin + PIECE)
        cut = cut if 0 < cut < end else end
        found.extend(map(int, listed[begin:cut].split(",")))
        begin = cut + 1
    return found
