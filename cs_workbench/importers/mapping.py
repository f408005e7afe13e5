"""How somebody else's files become ours: a mapping, read from TOML and checked word by word."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from decimal import Decimal
from pathlib import Path
from string import Formatter
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cs_workbench.core.records import KINDS, Kind
from cs_workbench.core.usage_metrics import ROLLUPS, UsageMetric, usage_metric
from cs_workbench.errors import InputError

NATIVE = "native"


@dataclass(frozen=True, slots=True)
class Rule:
    """Where a field's text comes from, step by step in this order.

    Attributes:
        columns: the first of them that is not empty.
        constant: the same for every row.
        template: text with `{column}` in it.
        when: only where these columns hold these texts; elsewhere the field is empty.
        values: what their words are in ours; a word that is missing is refused, or `other`.
        default: in place of an empty text.
        date_formats: in place of the mapping's.
        times: multiply the number.
        plus_days: add days to a date.
        plus_minutes, plus_hours: add as many as that column says to a moment.
        lookup: the text is an id of that kind; take its account.
    """

    columns: tuple[str, ...] = ()
    constant: str | None = None
    template: str | None = None
    when: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, str] = field(default_factory=dict)
    other: str | None = None
    default: str | None = None
    date_formats: tuple[str, ...] = ()
    times: Decimal | None = None
    plus_days: int = 0
    plus_minutes: str | None = None
    plus_hours: str | None = None
    lookup: str | None = None

    @property
    def used(self) -> tuple[str, ...]:
        """Every column that the rule reads."""
        named = [name for _, name, _, _ in Formatter().parse(self.template or "") if name]
        more = [name for name in (self.plus_minutes, self.plus_hours) if name]
        return (*self.columns, *named, *self.when, *more)


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
        metrics: of usage with several metrics in a row.
        event_id: the column with an event's id: rows are events, summed for a day.
        end_is_exclusive: end dates are the first day without entitlement.
    """

    kind: Kind
    headings: tuple[str, ...]
    rules: Mapping[str, Rule]
    metrics: tuple[MetricRule, ...] = ()
    event_id: str | None = None
    end_is_exclusive: bool = False


@dataclass(frozen=True, slots=True)
class MappingSet:
    """A mapping: one source, its files.

    Attributes:
        name: the source.
        place: the file it was read from, for messages.
        files: what it knows.
        timezone: of times that name none.
        currency: of amounts that name none.
        id_prefix: before every id, so that two sources cannot collide.
        date_formats: of dates that are not ISO.
    """

    name: str
    place: str
    files: tuple[FileMapping, ...]
    timezone: str | None = None
    currency: str | None = None
    id_prefix: str = ""
    date_formats: tuple[str, ...] = ()


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


def read_mapping(path: Path) -> MappingSet:
    """Read a mapping file.

    Raises:
        InputError: it cannot be read, or says something that a mapping cannot say.
    """
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        raise InputError(f"The mapping {path} cannot be read: {problem}") from None
    return _Checker(path).mapping_set(given)


class _Checker:
    """Turns TOML into a mapping; every complaint names the place."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def fail(self, where: str, what: str) -> InputError:
        return InputError(f"{self.path}: {where}: {what}")

    def mapping_set(self, given: dict[str, Any]) -> MappingSet:
        known = ("name", "timezone", "currency", "id_prefix", "date_formats", "files")
        self.keys("the mapping", given, known)
        name = self.text("name", given.get("name"))
        if name == NATIVE:
            raise self.fail("name", "'native' is our own format; choose another name")
        files = given.get("files")
        if not isinstance(files, list) or not files:
            raise self.fail("files", "at least one [[files]] is needed")
        zone = given.get("timezone")
        if zone is not None:
            check_zone(self.text("timezone", zone), str(self.path))
        return MappingSet(
            name,
            str(self.path),
            tuple(self.file(f"[[files]] {n}", file) for n, file in enumerate(files, 1)),
            timezone=zone,
            currency=self.optional_text("currency", given.get("currency")),
            id_prefix=self.optional_text("id_prefix", given.get("id_prefix")) or "",
            date_formats=self.texts("date_formats", given.get("date_formats", [])),
        )

    def file(self, where: str, given: Any) -> FileMapping:
        known = ("kind", "headings", "columns", "metrics", "event_id", "end_is_exclusive")
        self.keys(where, given, known)
        kind = KINDS.get(given.get("kind", ""))
        if kind is None:
            raise self.fail(where, f"kind must be one of: {', '.join(KINDS)}")
        where = f"{where} ({kind.name})"
        columns = given.get("columns", {})
        self.keys(f"{where} columns", columns, [column.name for column in kind.fields])
        rules = {name: self.rule(f"{where} {name}", rule) for name, rule in columns.items()}
        metrics = tuple(
            self.metric(f"{where} [[metrics]] {n}", metric)
            for n, metric in enumerate(given.get("metrics", []), 1)
        )
        mapped = FileMapping(
            kind,
            self.texts(f"{where} headings", given.get("headings", [])),
            rules,
            metrics,
            self.optional_text(f"{where} event_id", given.get("event_id")),
            self.flag(f"{where} end_is_exclusive", given.get("end_is_exclusive", False)),
        )
        self.complete(where, mapped)
        return mapped

    def complete(self, where: str, mapped: FileMapping) -> None:
        if not mapped.headings:
            raise self.fail(where, "headings must name the columns by which the file is known")
        is_usage = mapped.kind.name == "usage"
        if not is_usage and (mapped.metrics or mapped.event_id):
            raise self.fail(where, "metrics and event_id belong to usage")
        needed = set(mapped.kind.required)
        if mapped.metrics:
            needed -= {"metric", "value"}
        missing = sorted(needed - set(mapped.rules))
        if missing:
            raise self.fail(where, f"columns must say where {', '.join(missing)} come from")
        if mapped.event_id and not mapped.metrics:
            raise self.fail(where, "events need [[metrics]] that say what is summed")
        if mapped.end_is_exclusive and mapped.kind.name != "subscriptions":
            raise self.fail(where, "end_is_exclusive belongs to subscriptions")
        for name, rule in mapped.rules.items():
            single = len(rule.columns) == 1 or (name == "metric" and rule.constant)
            if is_usage and (not single or rule.template or rule.when):
                raise self.fail(f"{where} {name}", "usage takes each field from one column")

    def rule(self, where: str, given: Any) -> Rule:
        if isinstance(given, str):
            return Rule(columns=(given,))
        known = [f.name for f in fields(Rule) if f.name != "columns"]
        self.keys(where, given, ["column", "columns", *known])
        if sum(key in given for key in ("column", "columns", "constant", "template")) != 1:
            raise self.fail(where, "exactly one of column, columns, constant, template is needed")
        names = [given["column"]] if "column" in given else given.get("columns", [])
        lookup = self.optional_text(f"{where} lookup", given.get("lookup"))
        if lookup is not None and lookup not in {"subscriptions", "contacts"}:
            raise self.fail(where, "lookup goes through subscriptions or contacts")
        if lookup is not None and not where.endswith(" account_id"):
            raise self.fail(where, "only account_id can be looked up")
        self.template(where, given.get("template"))
        days = given.get("plus_days", 0)
        if type(days) is not int:
            raise self.fail(where, "plus_days must be a whole number")
        times = given.get("times")
        if times is not None and (isinstance(times, bool) or not isinstance(times, int | float)):
            raise self.fail(where, "times must be a number")
        return Rule(
            columns=self.texts(f"{where} column", names),
            values={k.casefold(): v for k, v in self.table(where, given, "values").items()},
            when=self.table(where, given, "when"),
            date_formats=self.texts(f"{where} date_formats", given.get("date_formats", [])),
            times=None if times is None else Decimal(str(times)),
            plus_days=days,
            lookup=lookup,
            **{
                key: self.optional_text(f"{where} {key}", given.get(key))
                for key in (
                    "constant",
                    "template",
                    "other",
                    "default",
                    "plus_minutes",
                    "plus_hours",
                )
            },
        )

    def metric(self, where: str, given: Any) -> MetricRule:
        known = ("name", "value", "count_distinct", "label", "unit", "rollup", "higher_is_better")
        self.keys(where, given, (*known, "source", "fresh_days", "low", "high"))
        base = usage_metric(self.text(f"{where} name", given.get("name")))
        rollup = given.get("rollup", base.rollup)
        if rollup not in ROLLUPS:
            raise self.fail(where, f"rollup must be one of: {', '.join(ROLLUPS)}")
        if "value" in given and "count_distinct" in given:
            raise self.fail(where, "value or count_distinct, not both")
        return MetricRule(
            UsageMetric(
                base.name,
                self.text(f"{where} label", given.get("label", base.label)),
                self.optional_text(f"{where} unit", given.get("unit", base.unit)) or "",
                rollup,
                self.flag(
                    f"{where} higher_is_better",
                    given.get("higher_is_better", base.higher_is_better),
                ),
                self.optional_text(f"{where} source", given.get("source")),
                *self.contract(where, given, base),
            ),
            self.optional_text(f"{where} value", given.get("value")),
            self.optional_text(f"{where} count_distinct", given.get("count_distinct")),
        )

    def contract(
        self, where: str, given: dict[str, Any], base: UsageMetric
    ) -> tuple[int | None, float | None, float | None]:
        """How fresh a metric is to be, and between what a day's value is plausible."""
        fresh = given.get("fresh_days", base.fresh_days)
        if fresh is not None and (type(fresh) is not int or fresh < 1):
            raise self.fail(where, "fresh_days must be a whole number above zero")
        low, high = (given.get(key, getattr(base, key)) for key in ("low", "high"))
        for value in (low, high):
            if value is not None and (
                isinstance(value, bool) or not isinstance(value, int | float)
            ):
                raise self.fail(where, "low and high must be numbers")
        if low is not None and high is not None and low > high:
            raise self.fail(where, "low is above high")
        return fresh, low, high

    def keys(self, where: str, given: Any, known: "list[str] | tuple[str, ...]") -> None:
        if not isinstance(given, dict):
            raise self.fail(where, "a table of keys and values is needed here")
        for key in given:
            if key not in known:
                raise self.fail(where, f"unknown key {key!r}. Known: {', '.join(known)}")

    def table(self, where: str, given: dict[str, Any], key: str) -> dict[str, str]:
        found = given.get(key, {})
        if not isinstance(found, dict):
            raise self.fail(f"{where} {key}", "a table is needed here")
        return {name: self.any_text(f"{where} {key}", value) for name, value in found.items()}

    def template(self, where: str, given: Any) -> None:
        try:
            parts = list(Formatter().parse(given or ""))
        except (ValueError, TypeError) as problem:
            raise self.fail(where, f"the template cannot be read: {problem}") from None
        if any(name == "" or form or change for _, name, form, change in parts):
            raise self.fail(where, "a template takes columns by their plain names: {first}")

    def any_text(self, where: str, given: Any) -> str:
        if isinstance(given, bool) or not isinstance(given, str | int):
            raise self.fail(where, f"text is needed, not {given!r}")
        return str(given)

    def text(self, where: str, given: Any) -> str:
        if not isinstance(given, str) or not given.strip():
            raise self.fail(where, "text is needed here")
        return given

    def optional_text(self, where: str, given: Any) -> str | None:
        return None if given is None else self.any_text(where, given)

    def texts(self, where: str, given: Any) -> tuple[str, ...]:
        if not isinstance(given, list):
            raise self.fail(where, "a list of texts is needed here")
        return tuple(self.text(where, text) for text in given)

    def flag(self, where: str, given: Any) -> bool:
        if not isinstance(given, bool):
            raise self.fail(where, "true or false is needed here")
        return given


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
