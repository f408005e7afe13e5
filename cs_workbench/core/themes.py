"""What comments are about: words of a list in any language, else words that they have in common.

`policies/themes.toml` names themes by beginnings of words in each language, by parts of words with
a star before them, and by signs of scripts without spaces; a comment belongs to the theme of which
it has most. Comments that no theme takes are grouped by others (`workflows/voice_themes.py`) and
named by their terms until a person gives them a name.
"""

import datetime as dt
import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cs_workbench.core.text import fold
from cs_workbench.errors import InputError

REST = "other"
SAY_NOTHING = "words that say nothing"  # of the file: no group is named by them


@dataclass(frozen=True, slots=True)
class Comment:
    """What somebody wrote.

    Attributes:
        source: what it answers or where it stands: `NPS 3`, `G2`.
        sentiment: from 1 to 5.
        arr_minor, currency: of their account; None where no price is known.
    """

    comment_id: str
    account_key: int
    text: str
    said_on: dt.date
    source: str
    sentiment: int | None
    arr_minor: int | None
    currency: str


@dataclass(frozen=True, slots=True)
class Theme:
    """A theme with its comments, the worst first.

    Attributes:
        name: what people call it; its terms where nobody named it.
        terms: by which it was found, the most frequent first.
        arr: by currency, of the accounts that speak of it, each once.
    """

    name: str
    terms: tuple[str, ...]
    comments: tuple[Comment, ...]
    accounts: int
    arr: Mapping[str, int]

    @property
    def sentiment(self) -> float | None:
        """The mean of the sentiments that are known."""
        known = [one.sentiment for one in self.comments if one.sentiment is not None]
        return sum(known) / len(known) if known else None

    def said_between(self, after: dt.date, until: dt.date) -> int:
        """How many of the comments are from after a day up to another."""
        return sum(after < one.said_on <= until for one in self.comments)

    @property
    def unhappy(self) -> int:
        """Comments with a sentiment of 1 or 2."""
        return sum(one.sentiment is not None and one.sentiment <= 2 for one in self.comments)


def read_themes(text: str, place: str) -> dict[str, tuple[str, ...]]:
    """Themes of a file with their terms, folded.

    Raises:
        InputError: it is not TOML, or a theme has no list of texts.
    """
    try:
        given = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise InputError(f"{place}: {problem}") from None
    themes: dict[str, tuple[str, ...]] = {}
    for name, terms in given.items():
        if not isinstance(terms, list) or not all(isinstance(one, str) and one for one in terms):
            raise InputError(f"{place}: {name} is a list of words or parts of words in quotes.")
        themes[name] = tuple(fold(one) for one in terms)
    return themes


def by_terms(
    comments: Sequence[Comment], themes: Mapping[str, Sequence[str]]
) -> tuple[dict[str, list[Comment]], dict[str, Counter[str]], list[Comment]]:
    """Comments by theme, the terms found in each, and the comments that no theme takes.

    Of several themes the one with most terms in the text takes it, then the first in the file.
    """
    taken: dict[str, list[Comment]] = {}
    found: dict[str, Counter[str]] = {}
    rest: list[Comment] = []
    wanted = {
        name: [(term.removeprefix("*"), _pattern(term)) for term in terms]
        for name, terms in themes.items()
        if name != SAY_NOTHING
    }
    for comment in comments:
        text = fold(comment.text)
        hits = {
            name: [term for term, pattern in terms if pattern.search(text)]
            for name, terms in wanted.items()
        }
        best = max(hits, key=lambda name: len(hits[name]), default="")
        if not best or not hits[best]:
            rest.append(comment)
            continue
        taken.setdefault(best, []).append(comment)
        found.setdefault(best, Counter()).update(hits[best])
    return taken, found, rest


def _pattern(term: str) -> re.Pattern[str]:
    """Where a term stands: a word's beginning; anywhere after a star, or without spaces."""
    bare = re.escape(term.removeprefix("*"))
    is_anywhere = term.startswith("*") or is_wide(term)
    return re.compile(bare if is_anywhere else rf"(?<!\w){bare}")


def make_theme(name: str, terms: Sequence[str], comments: Sequence[Comment]) -> Theme:
    """A theme of some comments."""
    payers = {one.account_key: one for one in comments}
    arr: dict[str, int] = defaultdict(int)
    for one in payers.values():
        arr[one.currency] += one.arr_minor or 0
    ordered = sorted(
        comments,
        key=lambda one: (
            3 if one.sentiment is None else one.sentiment,
            -(one.arr_minor or 0),
            one.text,
        ),
    )
    return Theme(name, tuple(terms), tuple(ordered), len(payers), dict(arr))


def order_themes(themes: Sequence[Theme]) -> list[Theme]:
    """What most unhappy people with most revenue speak of comes first, what is no theme last."""
    return sorted(
        themes,
        key=lambda one: (one.name == REST, -one.unhappy, -sum(one.arr.values()), one.name),
    )


def is_wide(text: str) -> bool:
    """Whether a text is mostly written without spaces between words: Chinese, Japanese, Thai."""
    letters = [sign for sign in text if sign.isalpha()]
    wide = sum("\u0e00" <= sign <= "\u0eff" or sign >= "\u2e80" for sign in letters)
    return 2 * wide > len(letters)
