"""How somebody else's files become ours: what a mapping can say."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from string import Formatter
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cs_workbench.core.periods import Period
from cs_workbench.core.records import KINDS, Kind
from cs_workbench.core.usage_metrics import UsageMetric
from cs_workbench.errors import InputError

NATIVE = "native"
Form = Literal["salesforce_id", "domain"]
Numbers = Literal["plain", "1,234.5", "1.234,5", "1 234,5"]


@dataclass(frozen=True, slots=True)
class Rule:
    """Where a field's text comes from, step by step in this order.

    The name of a column may be several, `Id|Account ID`: the first that the file has.

    Attributes:
        columns: the first of them that is not empty.
        join: stands between them, and all are taken that are not empty.
        constant: the same for every row.
        template: text with `{column}` in it.
        when: only where these columns hold these texts; elsewhere the field is empty.
        split: only what stands before this sign.
        form: what kind of text it is, to be written in one way.
        values: what their words are in ours; a word that is missing is refused, or `other`.
        prefix: stands before the text.
        default: in place of an empty text.
        otherwise: another rule, for rows of which this one makes no text.
        date_formats: in place of the mapping's.
        times: multiply the number.
        times_by: multiply it by what these rules give too; nothing where they give no text.
        plus_days, plus_months: add so many to a date.
        has_begun: take the months off again until the date is no later than today.
        plus_minutes, plus_hours: add as many as that column says to a moment.
        lookup: the text is an id of that kind; take its account.
        unknown_if_empty: of a price: a row without it is taken all the same.
    """

    columns: tuple[str, ...] = ()
    join: str | None = None
    constant: str | None = None
    template: str | None = None
    when: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, str] = field(default_factory=dict)
    other: str | None = None
    default: str | None = None
    split: str | None = None
    prefix: str | None = None
    form: Form | None = None
    otherwise: "Rule | None" = None
    date_formats: tuple[str, ...] = ()
    times: Decimal | None = None
    times_by: tuple["Rule", ...] = ()
    plus_days: int = 0
    plus_months: int = 0
    has_begun: bool = False
    plus_minutes: str | None = None
    plus_hours: str | None = None
    lookup: str | None = None
    unknown_if_empty: bool = False

    @property
    def used(self) -> tuple[str, ...]:
        """Every column that the rule reads."""
        named = [name for _, name, _, _ in Formatter().parse(self.template or "") if name]
        more = [name for name in (self.plus_minutes, self.plus_hours) if name]
        inside = [*self.times_by, *([self.otherwise] if self.otherwise else [])]
        deeper = [name for rule in inside for name in rule.used]
        return (*self.columns, *named, *self.when, *more, *deeper)


@dataclass(frozen=True, slots=True)
class MetricRule:
    """One usage metric out of a row.

    Attributes:
        metric: what it is.
        value: the column that holds the number; or
        count_distinct: the column whose different texts in a day are counted; or neither: rows.
    """

    metric: UsageMetric
    value: str | None = None
    count_distinct: str | None = None


@dataclass(frozen=True, slots=True)
class FileMapping:
    """How one file of a mapping is read.

    Attributes:
        kind: what its rows are.
        headings: a file that has all of these is meant.
        rules: by field.
        without: a file that has one of these is not meant; `*nps*` means each with that in it.
        metrics: of usage with several metrics in a row.
        other_metrics: every column of numbers that nothing else is made of is a metric too.
        event_id: the column with an event's id: rows are events, summed for a day.
        quiet_days_are_zero: the file holds every event of its days, so an account without one on
            a day had none; else nobody can tell.
        end_is_exclusive: end dates are the first day without entitlement.
        only: rows whose columns hold one of these texts (in lower case), all of them; and
        skip: not rows whose columns hold one of these.
        names: what else tells the account: `crm_id`, `domain`, `name`.
        people: names or addresses of who took part, in place of `contact_id`.
        period: what a date of usage stands for; more than a day is spread over its days.
        period_columns: the name of the metric whose values stand in a column for each period, `*`
            for that of the sheet or file.
        system_columns: of accounts, headings (folded) of what a tool writes for itself, of which no
            fields of one's own are made.
        first_counts: of rows with the same id the first is meant, and the others no mistake.
        note: what a person should know about what is taken for granted.
    """

    kind: Kind
    headings: tuple[str, ...]
    rules: Mapping[str, Rule]
    metrics: tuple[MetricRule, ...] = ()
    event_id: str | None = None
    quiet_days_are_zero: bool = False
    end_is_exclusive: bool = False
    without: tuple[str, ...] = ()
    only: Mapping[str, frozenset[str]] = field(default_factory=dict)
    skip: Mapping[str, frozenset[str]] = field(default_factory=dict)
    names: Mapping[str, Rule] = field(default_factory=dict)
    people: Rule | None = None
    other_metrics: bool = False
    period: Period = "day"
    period_columns: str | None = None
    system_columns: frozenset[str] = frozenset()
    first_counts: bool = False
    note: str | None = None


@dataclass(frozen=True, slots=True)
class MappingSet:
    """A mapping: one source, its files.

    Attributes:
        name: the source.
        place: the file it was read from, for messages.
        files: what it knows.
        timezone: of times that name none.
        timezone_is_assumed: that zone is a guess, worth saying.
        currency: of amounts that name none.
        id_prefix: before every id, so that two sources cannot collide.
        date_formats: of dates that are not ISO.
        numbers: how numbers are written; where that `numbers_are_assumed`, amounts are refused that
            may be written otherwise.
        lenient: rules for columns that a file lacks are left out.
        fills_only: of accounts that another source brought, only what that left empty is written.
        own_columns: though it is second, a person wrote it: columns of accounts that it does not
            know are kept as fields, as those of a first source are.
    """

    name: str
    place: str
    files: tuple[FileMapping, ...]
    timezone: str | None = None
    timezone_is_assumed: bool = False
    currency: str | None = None
    id_prefix: str = ""
    date_formats: tuple[str, ...] = ()
    numbers: Numbers = "plain"
    numbers_are_assumed: bool = False
    lenient: bool = False
    fills_only: bool = False
    own_columns: bool = False


def native_mapping() -> MappingSet:
    """Our own headings."""
    files = tuple(
        FileMapping(
            kind,
            kind.required,
            {column.name: Rule(columns=(column.name,)) for column in kind.fields},
        )
        for kind in KINDS.values()
    )
    return MappingSet(NATIVE, NATIVE, files)


def check_zone(name: str, where: str) -> ZoneInfo:
    """The time zone of that name.

    Raises:
        InputError: there is none.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise InputError(
            f"{where}: {name!r} is no time zone. Write it as Europe/Madrid or UTC."
        ) from None
