"""Rows of a file into records of ours, by the rules of its mapping."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from string import Formatter
from zoneinfo import ZoneInfo

from cs_workbench.core.records import PARENT, Field, Record, Value
from cs_workbench.importers.detection import Source
from cs_workbench.importers.mapping import NATIVE, Rule, check_zone
from cs_workbench.importers.tables import TableRows
from cs_workbench.importers.values import (
    Reading,
    multiplied,
    parser,
    read_amount,
    read_day,
    read_moment,
    read_number,
    write_instant,
)

Row = list[str]
Texts = Callable[[Row], str]


@dataclass(frozen=True, slots=True)
class Assumptions:
    """What is taken where a file does not say.

    Attributes:
        currency: of amounts.
        timezone: of times; None leaves it to the mapping.
    """

    currency: str = "USD"
    timezone: str | None = None


class RowError(Exception):
    """A value of a row cannot be read; says in which column of the file."""

    def __init__(self, column: str, reason: str) -> None:
        super().__init__(reason)
        self.column = column
        self.reason = reason


class RecordReader:
    """Reads one file as records.

    Attributes:
        columns: of the table that the values of a record are for.
    """

    def __init__(self, source: Source, assumed: Assumptions) -> None:
        self.source = source
        self.kind = source.file.kind
        self._index = heading_index(source)
        self._zone = zone_of(source, assumed)
        self._currency = source.mapping.currency or assumed.currency
        self._rules = {
            name: rule for name, rule in source.file.rules.items() if self._present(rule)
        }
        self._key = self._reader(self.kind.field(self.kind.key))
        self._account = self._key
        if self.kind.name != "accounts":
            self._account = self._reader(self.kind.field("account_id"))
        self._parent = self._parent_reader()
        self._fields = tuple(self._value_fields())
        self.columns = tuple(field.column for field in self._fields)
        self._readers = tuple(self._reader(field) for field in self._fields)

    @property
    def account_lookup(self) -> str | None:
        """The kind whose ids stand for accounts, if not accounts' own."""
        rule = self._rules.get("account_id")
        return rule.lookup if rule else None

    @property
    def currency_assumed(self) -> bool:
        """Whether amounts have no currency in the file."""
        has_money = any(field.type == "money" for field in self._fields)
        stated = "currency" in self._rules or self.source.mapping.currency is not None
        return has_money and not stated

    def records(self, rows: TableRows) -> Iterator[Record]:
        """The good rows as records; the others go to the rejects."""
        for row in rows:
            try:
                record = Record(
                    str(self._key(row)),
                    str(self._account(row)),
                    tuple([read(row) for read in self._readers]),
                    rows.line,
                    rows.text,
                    self._parent(row),
                )
                self._check(record)
            except RowError as fault:
                rows.reject(fault.column, fault.reason)
            else:
                yield record

    def _parent_reader(self) -> Callable[[Row], str | None]:
        if PARENT not in self._rules:
            return lambda _row: None
        read = self._reader(self.kind.field(PARENT))
        return lambda row: str(read(row) or "")

    def _value_fields(self) -> Iterator[Field]:
        for field in self.kind.fields:
            if field.name in {self.kind.key, "account_id", PARENT}:
                continue
            if field.name in self._rules or field.type == "currency":
                yield field

    def _present(self, rule: Rule) -> bool:
        return all(name.casefold() in self._index for name in rule.used)

    def _reader(self, field: Field) -> Callable[[Row], Value]:
        """Text of the row → value of the field, with what can go wrong named by its column."""
        rule = self._rules.get(field.name)
        if rule is None:
            currency = self._currency
            return lambda _row: currency
        texts = rule_texts(rule, self._index)
        convert = self._converter(field, rule)
        column = ", ".join(rule.columns) or field.name

        def read(row: Row) -> Value:
            try:
                text = texts(row)
                if text:
                    return convert(text, row)
            except ValueError as problem:
                raise RowError(column, str(problem)) from None
            if field.required:
                raise RowError(column, f"{field.name} is missing")
            return self._currency if field.type == "currency" else field.empty

        return read

    def _converter(self, field: Field, rule: Rule) -> Callable[[str, Row], Value]:
        reading = Reading(rule.date_formats or self.source.mapping.date_formats, self._zone)
        if field.type == "id":
            prefix = self.source.mapping.id_prefix
            return lambda text, _row: prefix + text
        if field.type == "money":
            return self._money(field, rule)
        if field.type == "date" and (rule.plus_days or self._ends_early(field)):
            days = rule.plus_days - self._ends_early(field)
            return lambda text, _row: _shifted(read_day(text, reading), days).isoformat()
        if field.type == "instant" and (rule.plus_minutes or rule.plus_hours):
            return self._later(rule, reading)
        parse = parser(field, reading)
        if rule.times is not None and field.type in {"integer", "rate"}:
            factor = rule.times
            return lambda text, _row: parse(multiplied(text, factor))
        return lambda text, _row: parse(text)

    def _ends_early(self, field: Field) -> int:
        return int(self.source.file.end_is_exclusive and field.name == "end_date")

    def _money(self, field: Field, rule: Rule) -> Callable[[str, Row], Value]:
        currency = self._reader(self.kind.field("currency"))
        factor = rule.times

        def read(text: str, row: Row) -> Value:
            amount = multiplied(text, factor) if factor is not None else text
            return read_amount(amount, str(currency(row)), field)

        return read

    def _later(self, rule: Rule, reading: Reading) -> Callable[[str, Row], Value]:
        unit = "minutes" if rule.plus_minutes else "hours"
        column = self._index[(rule.plus_minutes or rule.plus_hours or "").casefold()]

        def read(text: str, row: Row) -> Value:
            if not row[column].strip():
                return None
            try:
                later = dt.timedelta(**{unit: read_number(row[column])})
                return write_instant(read_moment(text, reading) + later)
            except OverflowError:
                raise ValueError(f"{row[column]} {unit} is too long") from None

        return read

    def _check(self, record: Record) -> None:
        """What one field alone cannot tell."""
        if self.kind.name != "surveys":
            return
        kind, score = (record.values[self.columns.index(name)] for name in ("kind", "score"))
        low, high = {"nps": (0, 10), "csat": (1, 5), "ces": (1, 7)}[str(kind)]
        if not isinstance(score, int) or not low <= score <= high:
            raise RowError("score", f"{score} is outside {low} to {high} of {kind}")


def heading_index(source: Source) -> dict[str, int]:
    """The position of each heading, whatever its case."""
    return {name.casefold(): number for number, name in enumerate(source.table.headings)}


def zone_of(source: Source, assumed: Assumptions) -> ZoneInfo | None:
    """The time zone of times that name none: asked for, the mapping's, or UTC for native files."""
    name = assumed.timezone or source.mapping.timezone
    if name is None:
        return ZoneInfo("UTC") if source.mapping.name == NATIVE else None
    return check_zone(name, assumed.timezone or source.mapping.place)


def rule_texts(rule: Rule, index: Mapping[str, int]) -> Texts:
    """The text that a rule makes of a row, before it is read as a value.

    The reader it gives raises `ValueError` for a word that the mapping has no word of ours for.
    """
    base = _base(rule, index)
    conditions = tuple((index[name.casefold()], text) for name, text in rule.when.items())

    def texts(row: Row) -> str:
        if any(row[at].strip() != text for at, text in conditions):
            return ""
        text = base(row)
        if text and rule.values:
            text = _ours(rule, text)
        return text or rule.default or ""

    plain = not (conditions or rule.values or rule.default)
    return base if plain else texts


def _base(rule: Rule, index: Mapping[str, int]) -> Texts:
    if rule.constant is not None:
        constant = rule.constant
        return lambda _row: constant
    if rule.template is not None:
        return _template(rule.template, index)
    positions = tuple(index[name.casefold()] for name in rule.columns)
    if len(positions) == 1:
        only = positions[0]
        return lambda row: row[only].strip()
    return lambda row: next((text for at in positions if (text := row[at].strip())), "")


def _template(template: str, index: Mapping[str, int]) -> Texts:
    parts = [
        (literal, index[name.casefold()] if name else None)
        for literal, name, _, _ in Formatter().parse(template)
    ]

    def texts(row: Row) -> str:
        filled = [literal + (row[at].strip() if at is not None else "") for literal, at in parts]
        empty = all(not row[at].strip() for _, at in parts if at is not None)
        return "" if empty else "".join(filled).strip()

    return texts


def _ours(rule: Rule, text: str) -> str:
    known = rule.values.get(text.casefold(), rule.other)
    if known is None:
        raise ValueError(f"{text!r} has no word in the mapping's values")
    return known


def _shifted(day: dt.date, days: int) -> dt.date:
    try:
        return day + dt.timedelta(days=days)
    except OverflowError:
        raise ValueError(f"{day} is out of range") from None
