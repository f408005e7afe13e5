"""Rows of a file into records of ours, by the rules of its mapping."""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from itertools import islice
from zoneinfo import ZoneInfo

from cs_workbench.core.records import PARENT, Field, Record, Value
from cs_workbench.core.renewals import add_months
from cs_workbench.importers.custom_columns import CustomColumn
from cs_workbench.importers.mapping import NATIVE, Rule, check_zone
from cs_workbench.importers.naming import names_reader
from cs_workbench.importers.rule_texts import Row, chain, rule_texts
from cs_workbench.importers.sources import Source
from cs_workbench.importers.tables import TableRows
from cs_workbench.importers.values import (
    Reading,
    multiplied,
    parser,
    plain_number,
    read_amount,
    read_day,
    read_factor,
    read_moment,
    read_number,
    thousands_of,
    write_instant,
)

USUAL_CURRENCY = "USD"
LOOKED_AT = 1_000  # rows in which a file's currencies are looked for


@dataclass(frozen=True, slots=True)
class Assumptions:
    """What is taken where a file does not say.

    Attributes:
        currency: of amounts; empty: still to be found.
        timezone: of times; None leaves it to the mapping.
        today: by which a term has begun whose begin is reckoned from its end, and a contact was;
            None does not say.
    """

    currency: str = USUAL_CURRENCY
    timezone: str | None = None
    today: dt.date | None = None


def stated_currencies(source: Source) -> set[str]:
    """The currencies that a file names, in its first rows or for all of them."""
    if "currency" not in source.file.rules:
        return {source.mapping.currency} if source.mapping.currency else set()
    reader = RecordReader(source, Assumptions(""))
    at = reader.columns.index("currency")
    rows = TableRows(source.table, lambda _reject: None)
    found = {str(record.values[at]) for record in islice(reader.records(rows), LOOKED_AT)}
    return found - {""}


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
        to_come: how many good rows were of touchpoints that are still planned; they are left out.
    """

    def __init__(
        self,
        source: Source,
        assumed: Assumptions,
        *,
        named: bool = True,
        custom: Sequence[CustomColumn] = (),
    ) -> None:
        """A reader of the file.

        Args:
            source: the file, and how it is read.
            assumed: what is taken where it does not say.
            named: read what else tells the accounts; nobody needs it where there is one source.
            custom: columns that are read as a team's own fields.
        """
        self.source = source
        self.kind = source.file.kind
        self._index = heading_index(source)
        self._assumed = assumed
        self._currency = source.mapping.currency or assumed.currency
        self._rules = {
            name: rule for name, rule in source.file.rules.items() if self._present(rule)
        }
        self._key = self._reader(self.kind.field(self.kind.key))
        self._account = self._key if self.kind.name == "accounts" else self._account_reader()
        self._names = names_reader(source, self._index) if named else None
        self._parent = self._parent_reader()
        people = source.file.people
        self._people = rule_texts(people, self._index) if people else None
        self.to_come = 0
        self._custom = tuple((one.place, one.read) for one in custom)
        self._fields = tuple(self._value_fields())
        self.columns = tuple(field.column for field in self._fields)
        self._readers = tuple(self._reader(field) for field in self._fields)

    @property
    def account_lookup(self) -> str | None:
        """The kind whose ids stand for accounts, if not accounts' own."""
        rule = self._rules.get("account_id")
        return rule.lookup if rule else None

    @property
    def account_columns(self) -> str:
        """The columns of the file by which a row tells its account."""
        rules = [self._rules.get("account_id"), *self.source.file.names.values()]
        names = [name for rule in rules if rule is not None for name in rule.used]
        return ", ".join(dict.fromkeys(names)) or "account_id"

    @property
    def currency_assumed(self) -> bool:
        """Whether amounts have no currency in the file."""
        money = [self._rules.get(field.name) for field in self._fields if field.type == "money"]
        has_money = any(rule.used or rule.constant for rule in money if rule)
        stated = "currency" in self._rules or self.source.mapping.currency is not None
        return has_money and not stated

    def records(self, rows: TableRows) -> Iterator[Record]:
        """The good rows as records; the others go to the rejects."""
        for row in rows:
            try:
                record = Record(
                    str(self._key(row)),
                    str(self._account(row) or ""),
                    tuple([read(row) for read in self._readers]),
                    rows.line,
                    rows.text,
                    self._parent(row),
                    None if self._names is None else self._names(row),
                    tuple([read(row[place]) for place, read in self._custom]),
                    "" if self._people is None else self._people(row),
                )
                self._check(record)
            except RowError as fault:
                rows.reject(fault.column, fault.reason)
            else:
                if self._is_to_come(record):
                    self.to_come += 1
                else:
                    yield record

    def _is_to_come(self, record: Record) -> bool:
        """Whether a contact is planned; where it is tomorrow already, it may have been."""
        today = self._assumed.today
        if self.kind.name != "touchpoints" or today is None:
            return False
        occurred = str(record.values[self.columns.index("occurred_at")])
        return occurred[:10] > (today + dt.timedelta(1)).isoformat()

    def _account_reader(self) -> Callable[[Row], Value]:
        """The id of the account, which may be missing where names tell it too, or nobody has to."""
        field = self.kind.field("account_id")
        if not self.source.file.names and field.required:
            return self._reader(field)
        if "account_id" not in self._rules:
            return lambda _row: ""
        return self._reader(replace(field, required=False))

    def _parent_reader(self) -> Callable[[Row], str | None]:
        if PARENT not in self._rules:
            return lambda _row: None
        read = self._reader(self.kind.field(PARENT))
        return lambda row: str(read(row) or "")

    def _value_fields(self) -> Iterator[Field]:
        for field in self.kind.fields:
            if field.name in {self.kind.key, "account_id", PARENT}:
                continue
            has_usual = field.type == "choice" and field.empty is not None
            if field.name in self._rules or field.type == "currency" or has_usual:
                yield field

    def _present(self, rule: Rule) -> bool:
        return all(name.casefold() in self._index for name in rule.used)

    def _reader(self, field: Field) -> Callable[[Row], Value]:
        """Text of the row → value of the field, with what can go wrong named by its column."""
        rule = self._rules.get(field.name)
        if rule is None:
            usual = self._currency if field.type == "currency" else field.empty
            return lambda _row: usual
        ways = [(rule_texts(one, self._index), self._converter(field, one)) for one in chain(rule)]
        column = ", ".join(rule.columns) or field.name

        def read(row: Row) -> Value:
            try:
                for texts, convert in ways:
                    if text := texts(row):
                        return convert(text, row)
            except ValueError as problem:
                raise RowError(column, str(problem)) from None
            if field.required and not rule.unknown_if_empty:
                raise RowError(column, f"{field.name} is missing")
            return self._currency if field.type == "currency" else field.empty

        return read

    def _converter(self, field: Field, rule: Rule) -> Callable[[str, Row], Value]:
        reading = reading_of(self.source, self._assumed, rule)
        if field.type == "id":
            prefix = self.source.mapping.id_prefix
            return lambda text, _row: prefix + text
        if field.type == "money":
            return self._money(field, rule)
        days = rule.plus_days - self._ends_early(field)
        if field.type == "date" and (days or rule.plus_months):
            by = self._assumed.today if rule.has_begun else None
            shift = partial(_shifted, days=days, months=rule.plus_months, by=by)
            return lambda text, _row: shift(read_day(text, reading)).isoformat()
        if field.type == "instant" and (rule.plus_minutes or rule.plus_hours):
            return self._later(rule, reading)
        parse = parser(field, reading)
        if field.type == "rate":
            share = self._share(rule)
            return lambda text, row: parse(share(text, row))
        if field.type == "integer":
            number = self._number(rule)
            return lambda text, row: parse(number(text, row))
        return lambda text, _row: parse(text)

    def _number(self, rule: Rule) -> Callable[[str, Row], str]:
        """The number that is written there, times what it is to be multiplied by."""
        written = self.source.mapping.numbers
        factors = [rule_texts(by, self._index) for by in rule.times_by]

        def read(text: str, row: Row) -> str:
            if text.endswith("%"):
                raise ValueError(f"{text!r} is a share; an amount or a count is wanted")
            number = plain_number(text, written)
            if rule.times is not None:
                number = multiplied(number, rule.times)
            for factor in factors:
                if by := factor(row):
                    number = multiplied(number, read_factor(plain_number(by, written)))
            return number

        return read

    def _share(self, rule: Rule) -> Callable[[str, Row], str]:
        """A number, or a text that says with its own sign that it is in hundredths."""
        number = self._number(rule)

        def read(text: str, row: Row) -> str:
            if not text.endswith("%"):
                return number(text, row)
            whole = plain_number(text.removesuffix("%").rstrip(), self.source.mapping.numbers)
            return multiplied(whole, Decimal("0.01"))

        return read

    def _ends_early(self, field: Field) -> int:
        return int(self.source.file.end_is_exclusive and field.name == "end_date")

    def _money(self, field: Field, rule: Rule) -> Callable[[str, Row], Value]:
        currency = self._reader(self.kind.field("currency"))
        number = self._number(rule)
        is_assumed = self.source.mapping.numbers_are_assumed

        def read(text: str, row: Row) -> Value:
            if is_assumed and (whole := thousands_of(text)):
                raise ValueError(
                    f"{text!r} may be {whole} or a fraction; write it without the point"
                )
            return read_amount(number(text, row), str(currency(row)), field)

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


def reading_of(source: Source, assumed: Assumptions, rule: Rule) -> Reading:
    """How the file writes dates and times."""
    return Reading(rule.date_formats or source.mapping.date_formats, zone_of(source, assumed))


def _shifted(day: dt.date, days: int, months: int, by: dt.date | None) -> dt.date:
    """So many days and months on; months as often as it takes to be `by` a day, if one is given."""
    try:
        shifted = add_months(day, months) + dt.timedelta(days=days)
        while by is not None and shifted > by:
            shifted = add_months(shifted, months)
    except (OverflowError, ValueError):
        raise ValueError(f"{day} is out of range") from None
    return shifted
