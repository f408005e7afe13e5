"""What a file whose headings nobody knows may be: a guess by words and by what stands in it.

A guess is never taken for granted: a person sees it, with rows as they would be read, and corrects
it.
"""

import datetime as dt
import itertools
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from typing import Any

from cs_workbench.core.account_matching import domain_of
from cs_workbench.core.periods import read_period
from cs_workbench.errors import UsageError
from cs_workbench.importers.heading_words import AMOUNTS, DATES, MOMENTS, NEEDED, NUMBERS, WORDS
from cs_workbench.importers.mapping import Numbers
from cs_workbench.importers.tables import TableFile, TableRows
from cs_workbench.importers.values import DAY_ORDERS, plain_number

SAMPLED = 200  # rows
CLOSE = 0.84  # of words: `custmer name` is meant for `customer name`
SIGNS = {"€": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR"}  # $ may be many
WRITTEN: tuple[Numbers, ...] = ("plain", "1,234.5", "1.234,5", "1 234,5")


@dataclass(frozen=True, slots=True)
class Guess:
    """How a file may be read.

    Attributes:
        table: the file.
        kind: what its rows are; accounts may have their contract in the same row.
        columns: by field, the heading that it is taken from.
        dates: the order of day, month and year; `unsure` where both `dmy` and `mdy` fit.
        numbers: how numbers are written.
        timezone: of times.
        currency: of amounts, where headings or signs beside them say it.
        sample: some rows.
    """

    table: TableFile
    kind: str
    columns: Mapping[str, str]
    dates: str = "iso"
    numbers: Numbers = "plain"
    timezone: str = "UTC"
    currency: str | None = None
    sample: tuple[tuple[str, ...], ...] = field(default=(), repr=False)

    @property
    def missing(self) -> tuple[str, ...]:
        """What has to be said before it can be read, as `arr or mrr`."""
        return tuple(
            " or ".join(names)
            for names in NEEDED[self.kind]
            if not any(name in self.columns for name in names)
        )

    @property
    def left_out(self) -> tuple[str, ...]:
        """The headings that nothing is made of."""
        used = {name.casefold() for name in self.columns.values()}
        return tuple(name for name in self.table.headings if name.casefold() not in used)

    @property
    def rest(self) -> str:
        """What becomes of the other columns, in words."""
        others = ", ".join(self.left_out)
        if not others:
            return "nothing left out"
        if self.kind == "usage" and not {"metric", "value"} <= set(self.columns):
            return f"metrics where they hold numbers: {others}"
        return f"fields of your own: {others}" if self.kind == "accounts" else f"left out: {others}"

    @property
    def writing(self) -> str:
        """How dates, numbers, times and amounts are taken to be written, in words."""
        amounts = f", amounts in {self.currency}" if self.currency else ""
        return f"dates {self.dates}, numbers {self.numbers}, times of {self.timezone}{amounts}"

    def example(self, heading: str) -> str:
        """The first text that stands in a column."""
        at = self.table.headings.index(heading)
        return next((row[at] for row in self.sample if row[at].strip()), "")


def guess(table: TableFile) -> Guess:
    """The likeliest kind and columns of a file, by its headings and first rows."""
    rows = itertools.islice(TableRows(table, lambda _: None), SAMPLED)
    sample = tuple(tuple(row) for row in rows)
    found = [Guess(table, kind, _columns(table, kind, sample), sample=sample) for kind in WORDS]
    best = max(found, key=_fit)
    return _with_writing(best)


def of_kind(old: Guess, kind: str) -> Guess:
    """The same file taken for another kind.

    Raises:
        UsageError: there is no such kind.
    """
    if kind not in WORDS:
        raise UsageError(f"{kind!r} is none of: {', '.join(WORDS)}.")
    columns = _columns(old.table, kind, old.sample)
    return _with_writing(replace(old, kind=kind, columns=columns))


def corrected(old: Guess, said: str) -> Guess:
    """The guess with what a person says: `arr=Yearly fee`, `arr=`, `kind=contacts`, `dates=dmy`.

    Raises:
        UsageError: it names no field, no heading, or no such way to write.
    """
    name, _, value = (part.strip() for part in said.partition("="))
    if "=" not in said:
        raise UsageError("Say FIELD=COLUMN, kind=…, dates=…, numbers=… or zone=….")
    if name == "kind":
        return of_kind(old, value)
    choices = {"dates": tuple(DAY_ORDERS), "numbers": WRITTEN}.get(name)
    if choices is not None:
        if value not in choices:
            raise UsageError(f"{name} is one of: {', '.join(choices)}.")
        if name == "dates":
            return replace(old, dates=value)
        return replace(old, numbers=next(one for one in WRITTEN if one == value))
    if name == "zone":
        return replace(old, timezone=value)
    if name not in WORDS[old.kind]:
        raise UsageError(
            f"{old.kind} have no field {name!r}. Fields: {', '.join(WORDS[old.kind])}."
        )
    columns = dict(old.columns)
    columns.pop(name, None)
    if value:
        columns[name] = _heading(old.table, value)
    return replace(old, columns=columns)


def _heading(table: TableFile, text: str) -> str:
    """The heading that a person means, whatever its case; a beginning is enough if it is clear."""
    folded = text.casefold()
    exact = [name for name in table.headings if name.casefold() == folded]
    begun = exact or [name for name in table.headings if name.casefold().startswith(folded)]
    if len(begun) != 1:
        known = ", ".join(begun or table.headings)
        raise UsageError(f"{text!r} is {'several columns' if begun else 'no column'}: {known}.")
    return begun[0]


def _fit(found: Guess) -> tuple[bool, int, int]:
    """What is needed counts most, then how many columns have a meaning; earlier kinds win ties.

    Accounts that stand there more than once are no list of accounts.
    """
    is_list = found.kind != "accounts" or not _repeats(found, "account_id", "name")
    return is_list and not found.missing, len(found.columns), -list(WORDS).index(found.kind)


def _repeats(found: Guess, *names: str) -> bool:
    """Whether the first of these fields that has a column has a text there more than once."""
    heading = next((found.columns[name] for name in names if name in found.columns), None)
    if heading is None:
        return False
    at = found.table.headings.index(heading)
    texts = [row[at] for row in found.sample if row[at].strip()]
    return len(set(texts)) < len(texts)


def _columns(table: TableFile, kind: str, sample: Sequence[Sequence[str]]) -> Mapping[str, str]:
    """Field by field the heading whose words fit best, if what stands there can be that."""
    likeness = {
        (name, at): score
        for name, phrases in WORDS[kind].items()
        for at, heading in enumerate(table.headings)
        if (score := _likeness(heading, phrases))
        and _can_be(name, [row[at] for row in sample if row[at].strip()])
    }
    columns: dict[str, str] = {}
    taken: set[int] = set()
    for name, at in sorted(likeness, key=lambda pair: -likeness[pair]):
        if name not in columns and at not in taken:
            columns[name] = table.headings[at]
            taken.add(at)
    return {name: columns[name] for name in WORDS[kind] if name in columns}


def _likeness(heading: str, phrases: Sequence[str]) -> float:
    """1 for the most usual phrase and a little less for rarer ones; 0 where nothing is alike."""
    words = plain_words(heading)
    best = 0.0
    for rank, phrase in enumerate(phrases):
        alike = 1.0 if words == phrase else SequenceMatcher(a=words, b=phrase).ratio()
        if alike < CLOSE and set(phrase.split()) < set(words.split()) and len(phrase) > 2:
            alike = CLOSE  # `Fee per year (ARR)` has the word among others
        if alike >= CLOSE:
            best = max(best, alike - rank / 100)
    return best


def plain_words(heading: str) -> str:
    """Lower-case words, of `customerName` too."""
    spaced = "".join(
        f" {sign}" if sign.isupper() and before.islower() else sign
        for before, sign in zip(f" {heading}", heading, strict=False)
    )
    return " ".join("".join(s if s.isalnum() else " " for s in spaced.casefold()).split())


def _can_be(name: str, texts: Sequence[str]) -> bool:
    """Whether most of a column's texts can be values of the field."""
    if not texts:
        return True
    if name == "date":  # of usage: a day, a week or a month
        fits = sum(read_period(text) is not None or _is_day(text) for text in texts)
    elif name in DATES or name in MOMENTS:
        fits = sum(map(_is_day, texts))
    elif name in NUMBERS:
        fits = sum(any(_is_number(text, written) for written in WRITTEN) for text in texts)
    elif name == "email":
        fits = sum("@" in text for text in texts)
    elif name == "domain":
        fits = sum(domain_of(text) is not None for text in texts)
    else:
        return True
    return fits >= 0.8 * len(texts)


def _with_writing(found: Guess) -> Guess:
    """With how dates and numbers are written in its columns."""
    dates = _texts(found, DATES | MOMENTS)
    fitting = [order for order in DAY_ORDERS if _all(_is_date, dates, order)]
    order = fitting[0] if fitting else "iso"
    if {"dmy", "mdy"} <= set(fitting) and dates and "iso" not in fitting:
        order = "unsure"
    numbers = _texts(found, NUMBERS)
    written = [one for one in WRITTEN if _all(_is_number, numbers, one)]
    currency = _currency(found)
    way = written[0] if written else "plain"
    return replace(found, dates=order, numbers=way, currency=currency)


def _currency(found: Guess) -> str | None:
    """What the heading of an amount or a sign beside one says; None where nothing or two do."""
    amounts = [found.columns[name] for name in sorted(AMOUNTS) if name in found.columns]
    words = {word for heading in amounts for word in re.findall(r"\b[A-Z]{3}\b", heading)}
    signs = {sign for text in _texts(found, AMOUNTS) for sign in text if sign in SIGNS}
    signs |= {sign for heading in amounts for sign in heading if sign in SIGNS}
    said = (words & set(SIGNS.values())) | {SIGNS[sign] for sign in signs}
    return said.pop() if len(said) == 1 else None


def _all(is_one: Callable[[str, Any], bool], texts: Sequence[str], way: str) -> bool:
    return all(is_one(text, way) for text in texts)


def _texts(found: Guess, names: frozenset[str]) -> list[str]:
    places = [found.table.headings.index(at) for name, at in found.columns.items() if name in names]
    return [row[at] for row in found.sample for at in places if row[at].strip()]


def _is_day(text: str) -> bool:
    return any(_is_date(text, order) for order in DAY_ORDERS)


def _is_date(text: str, order: str) -> bool:
    written = text.strip()
    if order == "iso":
        try:
            dt.datetime.fromisoformat(written.removesuffix(" UTC"))
        except ValueError:
            return False
        return "-" in written
    for form in DAY_ORDERS[order]:
        try:
            dt.datetime.strptime(written, form)  # noqa: DTZ007 - only whether it fits
        except ValueError:
            continue
        return True
    return False


def _is_number(text: str, written: Numbers) -> bool:
    plain = plain_number(text.strip(), written)
    return plain.lstrip("+-").replace(".", "", 1).isdigit()
