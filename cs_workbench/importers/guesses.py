"""A guess of how a file may be read, and what is said of it to the person who decides."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from cs_workbench.core.periods import read_period
from cs_workbench.importers.heading_words import AMOUNTS, NEEDED, OF_TERMS
from cs_workbench.importers.likely_columns import ISO, plain_words
from cs_workbench.importers.mapping import Numbers
from cs_workbench.importers.price_columns import (
    is_of_unknown_length,
    may_be_price,
    names_price,
)
from cs_workbench.importers.resolving import PERIODS
from cs_workbench.importers.tables import TableFile
from cs_workbench.importers.values import thousands_of

UNSURE = "unsure"
PRICES = frozenset({"arr", "mrr"})
ORDER_QUESTION = "Which order do dates have, dates=dmy or dates=mdy? Both fit."
# Of a list of accounts, fields of the contract that stands in the same row.
OF_CONTRACT = frozenset(
    {"product", "plan", "seats", "notice_days", "auto_renew", "currency", "arr", "mrr"}
    | {"start_date", "end_date", "renewal_date"}
)


def order_told(dates: str) -> str:
    """The order of dates, in words."""
    return "dates of two orders" if dates == UNSURE else f"dates {dates}"


@dataclass(frozen=True, slots=True)
class Guess:
    """How a file may be read.

    Attributes:
        table: the file.
        kind: what its rows are; accounts may have their contract in the same row.
        columns: by field, the heading that it is taken from.
        always: by field, the word that holds for all rows.
        dates: the order of day, month and year; `unsure` where both `dmy` and `mdy` fit.
        numbers: how numbers are written.
        timezone: of times.
        currency: of amounts, where headings or signs beside them say it.
        sample: some rows.
        said: what a person has answered, by name: fields, `dates`, `numbers`.
    """

    table: TableFile
    kind: str
    columns: Mapping[str, str]
    always: Mapping[str, str] = field(default_factory=dict)
    dates: str = ISO
    numbers: Numbers = "plain"
    timezone: str = "UTC"
    currency: str | None = None
    sample: tuple[tuple[str, ...], ...] = field(default=(), repr=False)
    said: frozenset[str] = frozenset()
    answers: ClassVar = "FIELD=COLUMN · kind= · dates= · numbers="

    @property
    def has_contract(self) -> bool:
        """Whether a row tells of a contract: when it renews, or an end that is one's by its name.

        Any other end may be one of something else, unless an amount stands beside it.
        """
        columns = self.columns
        if "renewal_date" in columns or ("end_date" in columns and self.has_amount):
            return True
        end = plain_words(columns.get("end_date", ""))
        return any(word in end for word in OF_TERMS)

    @property
    def has_amount(self) -> bool:
        """Whether there is a price; else that of a contract is not known."""
        return not self.columns.keys().isdisjoint(PRICES)

    @property
    def is_unpriced(self) -> bool:
        """Whether its rows are contracts, or accounts with one, of unknown price."""
        is_contract = self.kind == "subscriptions" or (
            self.kind == "accounts" and self.has_contract
        )
        return is_contract and not self.has_amount

    @property
    def read(self) -> Mapping[str, str]:
        """The columns that are read; those of a contract only where there is one."""
        if self.kind != "accounts" or self.has_contract:
            return self.columns
        own = self.columns.items()
        return {name: heading for name, heading in own if name not in OF_CONTRACT - {"currency"}}

    @property
    def periods(self) -> tuple[str, ...]:
        """Of usage, the headings that are days, weeks or months: each has its own column."""
        if self.kind != "usage" or "date" in self.columns:
            return ()
        found = tuple(name for name in self.table.headings if read_period(name))
        return found if len(found) >= PERIODS else ()

    @property
    def has_other_metrics(self) -> bool:
        """Of usage, whether every column of numbers that has no other meaning is a metric."""
        is_long = {"metric", "value"} <= self.columns.keys()
        return self.kind == "usage" and not self.periods and not is_long

    @property
    def missing(self) -> list[tuple[str, ...]]:
        """The fields that are still needed, of each group one."""
        needed = (names for names in NEEDED[self.kind] if self.columns.keys().isdisjoint(names))
        return [names for names in needed if not (names == ("date",) and self.periods)]

    @property
    def questions(self) -> Iterator[str]:
        """What has to be answered before it can be read, as `Which column is arr or mrr?`."""
        if missing := [" or ".join(names) for names in self.missing]:
            yield f"Which column is {'; and which is '.join(missing)}?"
        if self.dates == UNSURE:
            yield ORDER_QUESTION
        if doubtful := self._doubtful_amount:
            text, whole = doubtful
            meant = f"{whole}, numbers=1.234,5, or as a fraction, numbers={self.numbers}"
            yield f"Is {text} meant as {meant}?"
        if self.said.isdisjoint(PRICES):
            yield from self._price_questions
        if UNSURE in self.always.values():
            yield "Which survey is it, survey=nps, survey=csat or survey=ces?"

    @property
    def _doubtful_amount(self) -> tuple[str, str] | None:
        """An amount such as `12.500`, where none says whether its point is one of thousands."""
        if "numbers" in self.said or self.numbers not in {"plain", "1,234.5"}:
            return None
        amounts = [one for name, one in self.read.items() if name in AMOUNTS]
        texts = [text for heading in amounts for text in self.texts(heading)]
        pointed = {text: thousands_of(text) for text in texts if "." in text}
        if any("," in text for text in texts) or None in pointed.values():
            return None
        return next(((text, whole) for text, whole in pointed.items() if whole), None)

    @property
    def _price_questions(self) -> Iterator[str]:
        """Which column is the price, where one may be; and whether that is of a year or a month."""
        if self.is_unpriced and any(map(self._may_be_price, self.left_out)):
            yield "Which column is the price? arr=COLUMN, mrr=COLUMN, or arr= for none."
        price = self.read.get("arr", "")
        if is_of_unknown_length(price):
            yield f"Is {price} the price of a year, arr={price}, or of a month, mrr={price}?"

    def _may_be_price(self, heading: str) -> bool:
        """Of accounts, which have numbers of all sorts, only where its words say so."""
        is_told = self.kind == "subscriptions" or names_price(heading)
        return is_told and may_be_price(heading, self.texts(heading))

    @property
    def told(self) -> Iterator[tuple[str, str, str]]:
        """Each field, its heading if it has one, and what stands there: `arr`, `Fee`, `1,200`."""
        for name, heading in self.read.items():
            yield name, heading, self.example(heading)
        for name, word in self.always.items():
            yield name, "", f"always {word}"

    @property
    def left_out(self) -> tuple[str, ...]:
        """The headings that nothing is made of."""
        used = {name.casefold() for name in (*self.read.values(), *self.periods)}
        return tuple(name for name in self.table.headings if name.casefold() not in used)

    @property
    def rest(self) -> str:
        """What becomes of the other columns, in words."""
        others = ", ".join(self.left_out)
        if self.periods:
            spans = f"a column for each period, {self.periods[0]} to {self.periods[-1]}"
            return f"{spans}; left out: {others}" if others else spans
        if not others:
            return "nothing left out"
        if self.has_other_metrics:
            return f"metrics where they hold numbers: {others}"
        if self.kind != "accounts":
            return f"left out: {others}"
        lacks = "; no contract without renewal_date, or end_date and arr or mrr"
        return f"fields of your own: {others}{lacks if len(self.read) < len(self.columns) else ''}"

    @property
    def writing(self) -> str:
        """How dates, numbers, times and amounts are taken to be written, in words."""
        amounts = f", amounts in {self.currency}" if self.currency else ""
        if self.is_unpriced:
            amounts = ", contracts of unknown price"
        return (
            f"{order_told(self.dates)}, numbers {self.numbers}, times of {self.timezone}{amounts}"
        )

    def example(self, heading: str) -> str:
        """The first text that stands in a column."""
        return next(iter(self.texts(heading)), "")

    def texts(self, heading: str) -> list[str]:
        """What stands in a column of the sample; nothing for empty cells."""
        at = self.table.headings.index(heading)
        return [text for row in self.sample if (text := row[at].strip())]

    def repeats(self, headings: Sequence[str]) -> bool:
        """Whether two rows of the sample say the same in these columns; rows without any aside."""
        places = [self.table.headings.index(heading) for heading in headings]
        said = [tuple(row[at].strip() for at in places) for row in self.sample]
        said = [texts for texts in said if any(texts)]
        return len(set(said)) < len(said)
