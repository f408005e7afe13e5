"""A report as values: sections of sentences, tables and charts, whatever file it becomes."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

ANOTHER = "another customer"
SHORTEST_NAME = 4
PROSE = 24  # characters beyond which a column is of sentences


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its unit: as text for people, as a number where one calculates with it.

    Attributes:
        form: the number format of a spreadsheet, such as `0.0 %`.
    """

    number: float
    form: str
    text: str


Cell = str | int | Decimal | Figure | None


def shown_cell(cell: Cell) -> str:
    """A cell as people read it."""
    match cell:
        case None:
            return ""
        case str():
            return cell
        case Figure():
            return cell.text
        case _:
            return f"{cell:,}"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under their headings; the first column is text, numbers stand to the right.

    Attributes:
        links: for each row, the anchor of the section that is behind it; empty: none.
    """

    headings: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    caption: str = ""
    links: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a report.

    Attributes:
        anchor: by which other parts lead here.
        charts: drawings as SVG, which formats without pictures leave out.
    """

    title: str
    text: tuple[str, ...] = ()
    table: Table | None = None
    charts: tuple[str, ...] = ()
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """The whole of it; `about` says the day, the period, the policy."""

    title: str
    about: tuple[str, ...]
    sections: tuple[Section, ...]


def word_columns(rows: Sequence[Sequence[str]]) -> set[int]:
    """The columns of words, which are read from the left; amounts and dates end at the right."""
    return {at for at, cells in enumerate(zip(*rows, strict=True)) if _are_words(cells)}


def _are_words(cells: Sequence[str]) -> bool:
    if any(len(one) > PROSE for one in cells):
        return True
    return any(cells) and not any(sign.isdigit() for one in cells for sign in one)


def texts_of(report: Report) -> Iterator[str]:
    """Every text that a reader sees."""
    yield report.title
    yield from report.about
    for section in report.sections:
        yield section.title
        yield from section.text
        if section.table is not None:
            yield from section.table.headings
            yield section.table.caption
            yield from (one for row in section.table.rows for one in row if isinstance(one, str))


def without_names(report: Report, names: Iterable[str]) -> Report:
    """The report with every other customer's name taken out; very short names are left alone."""
    text = "\n".join(texts_of(report)).casefold()
    found = sorted(
        {name for name in names if len(name) >= SHORTEST_NAME and name.casefold() in text},
        key=len,
        reverse=True,
    )
    if not found:
        return report
    pattern = re.compile("|".join(map(re.escape, found)), re.IGNORECASE)
    return _with_texts(report, lambda one: pattern.sub(ANOTHER, one))


def _with_texts(report: Report, change: Callable[[str], str]) -> Report:
    def cells(row: Sequence[Cell]) -> tuple[Cell, ...]:
        return tuple(change(one) if isinstance(one, str) else one for one in row)

    def table(given: Table | None) -> Table | None:
        if given is None:
            return None
        return replace(given, rows=tuple(cells(row) for row in given.rows))

    sections = tuple(
        replace(one, text=tuple(map(change, one.text)), table=table(one.table))
        for one in report.sections
    )
    return replace(report, about=tuple(map(change, report.about)), sections=sections)
