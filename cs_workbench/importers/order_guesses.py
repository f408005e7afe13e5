"""Files that a mapping beside the data reads, but for the order of day and month in their dates."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import ClassVar

from cs_workbench.errors import InputError, UsageError
from cs_workbench.importers.answers import answer
from cs_workbench.importers.day_orders import ORDERS
from cs_workbench.importers.guesses import ORDER_QUESTION, UNSURE, order_told
from cs_workbench.importers.sources import Source
from cs_workbench.importers.tables import TableFile
from cs_workbench.importers.told_orders import unsure_dates
from cs_workbench.importers.toml_texts import toml_text

SHOWN = 3  # dates
_FORMATS = re.compile(r"^date_formats *= *\[[^]\n]*\]", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class OrderGuess:
    """A file of which only the order of its dates has to be said; all else its mapping knows.

    Attributes:
        table: the file.
        place: the mapping that a person confirmed before.
        kinds: what its rows are.
        shown: some of the dates that may have two orders.
        formats: what the mapping says of dates so far.
        dates: the order, `unsure` until it is said.
        mapping: the text of the mapping.
    """

    table: TableFile
    place: Path
    kinds: tuple[str, ...]
    shown: tuple[str, ...]
    formats: tuple[str, ...] = ()
    dates: str = UNSURE
    mapping: str = field(default="", repr=False)
    answers: ClassVar = "dates=dmy · dates=mdy"

    @property
    def kind(self) -> str:
        """What its rows are, in words."""
        return " and ".join(self.kinds)

    @property
    def questions(self) -> Iterator[str]:
        """What has to be answered before it can be read."""
        if self.dates == UNSURE:
            yield ORDER_QUESTION

    @property
    def told(self) -> Iterator[tuple[str, str, str]]:
        """The dates that may have two orders."""
        yield "dates", "", ", ".join(self.shown)

    @property
    def rest(self) -> str:
        """What becomes of the rest, in words."""
        return f"all else stays as {self.place.name} says"

    @property
    def writing(self) -> str:
        """How it is taken to be written, in words."""
        return order_told(self.dates)


def guess_order(table: TableFile, sources: Sequence[Source]) -> OrderGuess:
    """What has to be asked of a file whose kept mapping does not say the order of its dates."""
    mapping = sources[0].mapping
    place = Path(mapping.place)
    dates = dict.fromkeys(text for source in sources for text in unsure_dates(source))
    return OrderGuess(
        table,
        place,
        tuple(source.file.kind.name for source in sources),
        tuple(dates)[:SHOWN],
        mapping.date_formats,
        mapping=place.read_text(encoding="utf-8"),
    )


def with_order(found: OrderGuess, said: str) -> OrderGuess:
    """The guess with the order as a person says it: `dates=dmy`.

    Raises:
        UsageError: it is no order, or something else is said.
    """
    name, value = answer(said)
    if name != "dates" or value not in ORDERS:
        raise UsageError(f"Say dates=ORDER, one of {', '.join(ORDERS)}: all else is known.")
    return replace(found, dates=value)


def ordered_text(found: OrderGuess) -> str:
    """The mapping with the order of its dates, as TOML.

    Raises:
        InputError: a person wrote its `date_formats` in a way that is not changed here.
    """
    line = f"date_formats = {toml_text([found.dates, *found.formats])}"
    top, mark, files = found.mapping.partition("\n[")
    if _FORMATS.search(top):
        return f"{_FORMATS.sub(lambda _: line, top, count=1)}{mark}{files}"
    if found.formats:
        raise InputError(f"{found.place}: write {line} into it yourself.")
    return f"{line}\n{found.mapping}"
