"""Mapping files: TOML, checked word by word."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from cs_workbench.core.metric_files import METRIC_KEYS, read_metric, read_quiet_days
from cs_workbench.core.periods import Period
from cs_workbench.core.records import KINDS
from cs_workbench.core.toml_checks import TomlChecks
from cs_workbench.errors import InputError
from cs_workbench.importers.mapping import (
    NATIVE,
    FileMapping,
    MappingSet,
    MetricRule,
    Numbers,
    check_zone,
)
from cs_workbench.importers.mapping_rules import RuleReader

_FLAGS = ("timezone_is_assumed", "numbers_are_assumed", "lenient", "fills_only", "own_columns")
_OF_MAPPING = (
    *("name", "timezone", "currency", "id_prefix", "date_formats", "numbers", *_FLAGS),
    *("without", "files"),
)
_OF_FILE = (
    *("kind", "headings", "without", "only", "skip", "columns", "account", "metrics"),
    *("other_metrics", "event_id", "end_is_exclusive", "period", "period_columns", "note"),
    *("first_counts", "quiet_days", "system_columns", "people"),
)
NAMES = ("crm_id", "domain", "name")


def read_mapping(path: Path) -> MappingSet:
    """Read a mapping file.

    Raises:
        InputError: it cannot be read, or says something that a mapping cannot say.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        raise InputError(f"The mapping {path} cannot be read: {problem}") from None
    return parse_mapping(text, path)


def parse_mapping(text: str, path: Path) -> MappingSet:
    """The mapping that a text says; `path` is where it stands, for messages.

    Raises:
        InputError: it says something that a mapping cannot say.
    """
    try:
        given = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise InputError(f"The mapping {path} cannot be read: {problem}") from None
    checks = TomlChecks(path)
    return _Checker(checks, RuleReader(checks)).mapping_set(given)


@dataclass(frozen=True, slots=True)
class _Checker:
    """Turns TOML into a mapping."""

    checks: TomlChecks
    rules: RuleReader

    def mapping_set(self, given: dict[str, Any]) -> MappingSet:
        self.checks.keys("the mapping", given, _OF_MAPPING)
        name = self.checks.text("name", given.get("name"))
        if name == NATIVE:
            raise self.checks.fail("name", "'native' is our own format; choose another name")
        files = given.get("files")
        if not isinstance(files, list) or not files:
            raise self.checks.fail("files", "at least one [[files]] is needed")
        zone = given.get("timezone")
        if zone is not None:
            check_zone(self.checks.text("timezone", zone), str(self.checks.path))
        without = self.checks.texts("without", given.get("without", []))
        return MappingSet(
            name,
            str(self.checks.path),
            tuple(self.file(f"[[files]] {n}", file, without) for n, file in enumerate(files, 1)),
            timezone=zone,
            currency=self.checks.optional_text("currency", given.get("currency")),
            id_prefix=self.checks.optional_text("id_prefix", given.get("id_prefix")) or "",
            date_formats=self.checks.texts("date_formats", given.get("date_formats", [])),
            numbers=self.checks.choice("numbers", given.get("numbers", "plain"), get_args(Numbers)),
            **{key: self.checks.flag(key, given.get(key, False)) for key in _FLAGS},
        )

    def file(self, where: str, given: Any, without: tuple[str, ...]) -> FileMapping:
        """One of the files; `without` holds where it names none of its own."""
        checks = self.checks
        checks.keys(where, given, _OF_FILE)
        kind = KINDS.get(given.get("kind", ""))
        if kind is None:
            raise checks.fail(where, f"kind must be one of: {', '.join(KINDS)}")
        where = f"{where} ({kind.name})"
        columns, names = given.get("columns", {}), given.get("account", {})
        checks.keys(f"{where} columns", columns, [column.name for column in kind.fields])
        checks.keys(f"{where} account", names, NAMES)
        mapped = FileMapping(
            kind,
            checks.texts(f"{where} headings", given.get("headings", [])),
            {name: self.rules.rule(f"{where} {name}", rule) for name, rule in columns.items()},
            tuple(
                self.metric(f"{where} [[metrics]] {n}", metric)
                for n, metric in enumerate(given.get("metrics", []), 1)
            ),
            names={
                name: self.rules.rule(f"{where} account {name}", rule)
                for name, rule in names.items()
            },
            people=(
                self.rules.rule(f"{where} people", given["people"]) if "people" in given else None
            ),
            without=checks.texts(f"{where} without", given.get("without", list(without))),
            **self.settings(where, given),
        )
        self.complete(where, mapped)
        return mapped

    def settings(self, where: str, given: dict[str, Any]) -> dict[str, Any]:
        """What holds for the whole file."""
        checks = self.checks
        return {
            "event_id": checks.optional_text(f"{where} event_id", given.get("event_id")),
            "quiet_days_are_zero": read_quiet_days(checks, where, given, "unknown"),
            "end_is_exclusive": checks.flag(
                f"{where} end_is_exclusive", given.get("end_is_exclusive", False)
            ),
            "only": checks.words(f"{where} only", given.get("only", {})),
            "skip": checks.words(f"{where} skip", given.get("skip", {})),
            "other_metrics": checks.flag(
                f"{where} other_metrics", given.get("other_metrics", False)
            ),
            "period": checks.choice(
                f"{where} period", given.get("period", "day"), get_args(Period)
            ),
            "period_columns": checks.optional_text(
                f"{where} period_columns", given.get("period_columns")
            ),
            "system_columns": frozenset(
                name.casefold()
                for name in checks.texts(f"{where} system_columns", given.get("system_columns", []))
            ),
            "first_counts": checks.flag(f"{where} first_counts", given.get("first_counts", False)),
            "note": checks.optional_text(f"{where} note", given.get("note")),
        }

    def complete(self, where: str, mapped: FileMapping) -> None:
        """See that nothing is missing, and nothing stands where it means nothing."""
        kind = mapped.kind.name
        is_usage, is_events = kind == "usage", mapped.event_id is not None
        of_usage = (mapped.metrics, mapped.other_metrics, mapped.period_columns, is_events)
        if mapped.names and kind in {"usage", "accounts"}:
            self.names_of_own(where, mapped)
        missing = ", ".join(sorted(self.needed(mapped) - set(mapped.rules)))
        for is_wrong, what in (
            (not mapped.headings, "headings must name the columns by which the file is known"),
            (
                not is_usage and (any(of_usage) or mapped.period != "day"),
                "metrics, periods and event_id belong to usage",
            ),
            (missing, f"columns must say where {missing} come from"),
            (is_events and not mapped.metrics, "events need [[metrics]] that say what is summed"),
            (
                mapped.quiet_days_are_zero and not is_events,
                "quiet_days belongs to events, which have an event_id",
            ),
            (
                mapped.end_is_exclusive and kind != "subscriptions",
                "end_is_exclusive belongs to subscriptions",
            ),
            (
                mapped.people is not None
                and ("contact_id" in mapped.rules or not mapped.kind.has_contact),
                "people belong to rows with a contact, in place of contact_id",
            ),
            (mapped.system_columns and kind != "accounts", "system_columns belong to accounts"),
        ):
            if is_wrong:
                raise self.checks.fail(where, what)
        for name, rule in mapped.rules.items():
            single = len(rule.columns) == 1 or (name == "metric" and rule.constant)
            if is_usage and (not single or rule.template or rule.when):
                raise self.checks.fail(f"{where} {name}", "usage takes each field from one column")

    def names_of_own(self, where: str, mapped: FileMapping) -> None:
        """Accounts have their own name and domain; usage is told by the column of its account."""
        if mapped.kind.name == "usage" or set(mapped.names) != {"crm_id"}:
            raise self.checks.fail(
                f"{where} account", "accounts take crm_id alone here, usage takes nothing"
            )

    def needed(self, mapped: FileMapping) -> set[str]:
        """The fields that columns must say."""
        needed = set(mapped.kind.required)
        if mapped.metrics or mapped.other_metrics:
            needed -= {"metric", "value"}
        if mapped.period_columns:
            needed -= {"date", "metric", "value"}
        if mapped.names and mapped.kind.name != "accounts":
            needed.discard("account_id")
        return needed

    def metric(self, where: str, given: Any) -> MetricRule:
        """What a row says of one metric."""
        self.checks.keys(where, given, (*METRIC_KEYS, "value", "count_distinct"))
        if "value" in given and "count_distinct" in given:
            raise self.checks.fail(where, "value or count_distinct, not both")
        return MetricRule(
            read_metric(self.checks, where, given),
            self.checks.optional_text(f"{where} value", given.get("value")),
            self.checks.optional_text(f"{where} count_distinct", given.get("count_distinct")),
        )
