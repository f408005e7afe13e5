"""What a search looks for in a text: whole words anywhere, short ones where a word may begin."""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from cs_workbench.core.text import fold

TRIGRAM: Final = 3  # characters that the index of long words needs at least
# Scripts that are written without spaces: in them a word may begin at every character.
_UNSPACED: Final = r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\U0010ffff"
_BEGINNINGS: Final = re.compile(rf"(?=((?:(?<![^\W_])|(?<=[{_UNSPACED}])|(?=[{_UNSPACED}]))\S\S?))")


@dataclass(frozen=True, slots=True)
class Found:
    """A row with all the words: `source` is its table, `text` what stands in it."""

    source: str
    row_id: str
    account_key: int
    account_id: str
    account: str
    on: dt.date
    text: str


def words_of(query: str) -> tuple[str, ...]:
    """The words of a query as they are compared; a text is found that has all of them."""
    return tuple(dict.fromkeys(fold(query.replace("\0", " ")).split()))


def short_grams(folded: str) -> frozenset[str]:
    """The one and two characters that a short word of a search can be, in a folded text.

    Of a spaced script the beginning of each word, of the others every character and every pair.
    """
    found = frozenset(_BEGINNINGS.findall(folded))
    return found | {one[0] for one in found}


def has_words(folded: str, words: Sequence[str]) -> bool:
    """Whether the folded text has every word: three characters or more anywhere in it."""
    if not all(word in folded for word in words):
        return False
    short = [word for word in words if len(word) < TRIGRAM]
    return not short or short_grams(folded).issuperset(short)


def excerpt(text: str, words: Sequence[str], width: int) -> str:
    """So many characters of the text, with the first word that was found among them."""
    line = " ".join(text.split())
    folded = fold(line)
    if len(folded) != len(line):
        return line[:width]
    found = [place for place in (folded.find(word) for word in words) if place >= 0]
    start = min(max(min(found, default=0) - width // 3, 0), max(len(line) - width, 0))
    shown = line[start : start + width]
    return f"…{shown[1:]}" if start else shown


def places(line: str, words: Sequence[str]) -> list[tuple[int, int]]:
    """Where the words stand in a line, from where to where; nothing where folding moves signs."""
    folded = fold(line)
    if len(folded) != len(line):
        return []
    found = (re.finditer(re.escape(word), folded) for word in words)
    return sorted(match.span() for matches in found for match in matches)
