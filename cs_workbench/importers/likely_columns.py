"""Which column of a file may be which field: by the words of its heading and what stands below."""

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from difflib import SequenceMatcher
from functools import lru_cache

from cs_workbench.core.account_matching import domain_of
from cs_workbench.core.periods import read_period
from cs_workbench.importers.day_orders import ORDERS, orders_of
from cs_workbench.importers.heading_words import (
    DATES,
    HAPPENED,
    MOMENTS,
    NEEDED,
    NUMBERS,
    OTHER_DAYS,
    TEXTS,
    WORDS,
)
from cs_workbench.importers.mapping import Numbers
from cs_workbench.importers.value_words import CHANNEL, ONLY, ours
from cs_workbench.importers.values import is_number

CLOSE = 0.84  # of words: `custmer name` is meant for `customer name`
MOST = 0.8  # of a column's texts
WRITTEN: tuple[Numbers, ...] = ("plain", "1,234.5", "1.234,5", "1 234,5")
ISO = "iso"
DAYS_WRITTEN = (ISO, *ORDERS)
_TIME_OF_DAY = re.compile(r"\d{1,2}:\d{2}(:\d{2})?( ?[ap]\.?m\.?)?( uhr)?", re.IGNORECASE)
_MARKS = frozenset("12345")
_ANSWERS = frozenset(map(str, range(11)))
_KNOWN = frozenset(one for fields in WORDS.values() for some in fields.values() for one in some)
_OF_ANYTHING = frozenset({"number", "key", "first", "last"})  # which headings of all kinds have
_CODE = re.compile(r"[A-Za-z]{3}")

Rows = Sequence[Sequence[str]]


def likely_columns(headings: Sequence[str], kind: str, rows: Rows) -> Mapping[str, str]:
    """Field by field the heading whose words fit best, if what stands there can be that."""
    likeness = {
        (name, at): score
        for name, phrases in WORDS[kind].items()
        for at, heading in enumerate(headings)
        if (score := _likeness(heading, phrases))
        and not (name in HAPPENED and OTHER_DAYS & set(plain_words(heading).split()))
        and _can_be(kind, name, [row[at].strip() for row in rows])
    }
    columns: dict[str, str] = {}
    taken: set[int] = set()
    for name, at in sorted(likeness, key=lambda pair: -likeness[pair]):
        if name not in columns and at not in taken:
            columns[name] = headings[at]
            taken.add(at)
    return {name: columns[name] for name in WORDS[kind] if name in columns}


def _likeness(heading: str, phrases: Sequence[str]) -> float:
    """1 for the most usual phrase and a little less for rarer ones; 0 where nothing is alike."""
    words = plain_words(heading)
    is_known = words in _KNOWN  # then it is none misspelled: `contract` is not meant for `contact`
    best = 0.0
    for rank, phrase in enumerate(phrases):
        alike = float(words == phrase) if is_known else _ratio(words, phrase)
        if alike < CLOSE and len(phrase) > 2 and _is_among(phrase, words, phrases):
            alike = CLOSE  # `Fee per year (ARR)` has the word among others
        if alike >= CLOSE:
            best = max(best, alike - rank / 100)
    return best


def _is_among(phrase: str, words: str, phrases: Sequence[str]) -> bool:
    """Whether a heading has the phrase among others; a phone number is no account's number."""
    others = set(words.split()) - set(phrase.split())
    if not others or not set(phrase.split()) < set(words.split()):
        return False
    return phrase not in _OF_ANYTHING or others <= {word for one in phrases for word in one.split()}


@lru_cache(maxsize=1 << 15)  # kinds share most of their phrases
def _ratio(words: str, phrase: str) -> float:
    """How alike two texts are, 0 to 1; 0 at once where their lengths alone make them unlike."""
    if words == phrase:
        return 1.0
    if 2 * min(len(words), len(phrase)) < CLOSE * (len(words) + len(phrase)):
        return 0.0
    return SequenceMatcher(a=words, b=phrase).ratio()


def plain_words(heading: str) -> str:
    """Lower-case words, of `customerName` too."""
    spaced = "".join(
        f" {sign}" if sign.isupper() and before.islower() else sign
        for before, sign in zip(f" {heading}", heading, strict=False)
    )
    return " ".join("".join(s if s.isalnum() else " " for s in spaced.casefold()).split())


def _can_be(kind: str, name: str, cells: Sequence[str]) -> bool:
    """Whether most of a column's texts can be values of the field, which may need most to be."""
    texts = [cell for cell in cells if cell]
    if (name,) in NEEDED[kind] and len(texts) < len(cells) / 2:
        return False
    return are_mostly(_test(kind, name), texts)


def are_mostly(is_one: Callable[[str], bool], texts: Sequence[str]) -> bool:
    """Whether most of the texts are such; of no text nothing speaks against it."""
    return sum(map(is_one, texts)) >= MOST * len(texts)


def _test(kind: str, name: str) -> Callable[[str], bool]:
    """What tells whether a text can be a value of the field."""
    words = ONLY.get(kind, {}).get(name)
    if words is not None:
        return lambda text: ours(words, text) is not None
    if name == "date":  # of usage: a day, a week or a month
        return lambda text: read_period(text) is not None or is_day(text)
    if name in DATES or name in MOMENTS:
        return is_day
    if name == "opportunity_id":  # not the day of a renewal
        return lambda text: not is_day(text)
    if name == "purpose":
        return lambda text: ours(CHANNEL, text) is None and not is_any_number(text)
    if name in TEXTS:
        return lambda text: not is_any_number(text)
    usual = is_any_number if name in NUMBERS else _anything
    return _TESTS.get(name, usual)


def _anything(_text: str) -> bool:
    return True


_TESTS: Mapping[str, Callable[[str], bool]] = {
    "email": lambda text: "@" in text,
    "domain": lambda text: domain_of(text) is not None,
    "time": lambda text: _TIME_OF_DAY.fullmatch(text) is not None,
    "sentiment": _MARKS.__contains__,
    "csat": _MARKS.__contains__,
    "score": _ANSWERS.__contains__,
    "currency": lambda text: _CODE.fullmatch(text) is not None,
}


def is_day(text: str) -> bool:
    """Whether it is a day or a time in any order of day, month and year."""
    return is_iso(text) or bool(orders_of([text.strip()]))


def is_iso(text: str) -> bool:
    """Whether it is a day or a time as ISO writes them, of UTC by name too."""
    try:
        dt.datetime.fromisoformat(text.strip().removesuffix(" UTC"))
    except ValueError:
        return False
    return "-" in text


def is_any_number(text: str) -> bool:
    """Whether it is a number in any way to write one."""
    return any(is_number(text, written) for written in WRITTEN)
