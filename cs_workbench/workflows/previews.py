"""The first rows of a file as they would be read."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace

from cs_workbench.core.money import to_major
from cs_workbench.core.records import Field, Record, Value
from cs_workbench.importers.choosing import kept_rows
from cs_workbench.importers.foreign_words import foreign_words
from cs_workbench.importers.records import USUAL_CURRENCY, Assumptions, RecordReader
from cs_workbench.importers.sources import Source
from cs_workbench.importers.spreading import spread
from cs_workbench.importers.tables import TableRows

PREVIEWED = 5
LONG = 12  # signs of a number with more places than anybody reads
Texts = dict[str, str]  # of a row, by heading


@dataclass(frozen=True, slots=True)
class Preview:
    """The first rows of a file as they would be read.

    Attributes:
        kind: what they become.
        headings: of our fields that hold anything.
        rows: their values, amounts in major units, times to the minute.
        notes: what is taken for granted, and which words are not known.
        problems: why rows among them would be refused.
    """

    kind: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()

    @property
    def is_refused(self) -> bool:
        """Whether no row at all would be read."""
        return bool(self.problems) and not self.rows


def preview_of(source: Source, assumed: Assumptions) -> Preview:
    """How the first rows of a source would be read.

    Raises:
        InputError: its mapping expects columns that are not there.
    """
    source = spread(source, None)
    problems: list[str] = []
    rows = TableRows(
        source.table,
        lambda reject: problems.append(f"line {reject.line}: {reject.column} {reject.reason}"),
        keep=kept_rows(source),
    )
    kind = source.file.kind.name
    note = (source.file.note,) if source.file.note else ()
    if kind == "usage":
        return replace(_preview(kind, _as_they_stand(source, rows)), notes=note)
    assumed = replace(assumed, currency=assumed.currency or USUAL_CURRENCY)
    reader = RecordReader(source, assumed)
    told = [
        _told(record, reader, assumed)
        for record in itertools.islice(reader.records(rows), PREVIEWED)
    ]
    notes = (*note, *foreign_words(source))
    return replace(_preview(kind, told), notes=notes, problems=tuple(problems[:PREVIEWED]))


def _preview(kind: str, told: Sequence[Texts]) -> Preview:
    """The columns that hold anything; of rows that say the same, as of one account, the first."""
    used = [name for name in (told[0] if told else ()) if any(row[name] for row in told)]
    rows = dict.fromkeys(tuple(row[name] for name in used) for row in told)
    return Preview(kind, tuple(used), tuple(rows))


def _told(record: Record, reader: RecordReader, assumed: Assumptions) -> Texts:
    """A record by the names of its fields; an id that is made of other columns is left out."""
    kind, rules = reader.kind, reader.source.file.rules
    texts: Texts = {} if rules[kind.key].prefix else {kind.key: record.key}
    if kind.key != "account_id":
        said = record.names
        texts["account"] = record.account_id or (said and (said.name or said.domain)) or ""
    fields = {field.column: field for field in kind.fields}
    values = {
        fields[column]: value for column, value in zip(reader.columns, record.values, strict=True)
    }
    named = {field.name: value for field, value in values.items()}
    currency = str(named.get("currency") or assumed.currency)
    texts |= {field.name: _cell(value, field, currency) for field, value in values.items()}
    has_amount = any(field.type == "money" and value is not None for field, value in values.items())
    if not has_amount and "currency" not in rules:
        texts["currency"] = ""  # it is of nothing
    return texts


def _as_they_stand(source: Source, rows: TableRows) -> list[Texts]:
    """Usage row by row; of events, of which there is much more, what is made something of."""
    left_out = set(source.ignored) if source.file.event_id else set()
    shown = [(at, name) for at, name in enumerate(source.table.headings) if name not in left_out]
    some = itertools.islice(rows, PREVIEWED)
    return [{name: _short(row[at]) for at, name in shown} for row in some]


def _short(text: str) -> str:
    """The text; of a number that a period's sum was divided into, as much as tells it."""
    is_long = len(text) > LONG and text.replace(".", "", 1).isdecimal()
    return f"{float(text):.2f}" if is_long else text


def _cell(value: Value, field: Field, currency: str) -> str:
    """A value as a person writes it: amounts in major units, times of UTC to the minute."""
    if value is None:
        return "not known" if field.required else ""
    if field.type == "instant" and isinstance(value, str):
        return value[:16].replace("T", " ")
    if field.type == "flag":
        return "yes" if value else "no"
    if field.type == "money" and isinstance(value, int):
        return str(to_major(value, currency))
    return str(value)
