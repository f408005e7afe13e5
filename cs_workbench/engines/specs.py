"""What to count of raw events, and where they are: a file in TOML, checked word by word."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cs_workbench.core.metric_files import METRIC_KEYS, read_metric, read_quiet_days
from cs_workbench.core.toml_checks import TomlChecks
from cs_workbench.core.usage_metrics import UsageMetric
from cs_workbench.errors import InputError

ENGINES = (
    *("duckdb", "pyspark", "snowflake", "bigquery", "databricks", "clickhouse", "trino"),
    *("postgres", "sqlite"),
)
UNITS = {"timestamp": 0, "s": 1, "ms": 1_000, "us": 1_000_000}
LOOKED_UP = ("env:", "keyring:")
SECRETS = ("password", "passwd", "passphrase", "pwd", "token", "secret", "credential", "key")
# An address with a password, or a text of settings with one.
_SECRET_INSIDE = re.compile(
    r"://[^/@:]*:[^/@]+@|\b\w*(?:password|passwd|token|secret)\w*=", re.IGNORECASE
)
LAG_DAYS = 3
CHUNK_DAYS = 31
_KEYS = (
    *("name", "engine", "files", "table", "connection", "columns", "time_unit", "zone", "zones"),
    *("lag_days", "chunk_days", "whole_after_hours", "quiet_days", "metrics"),
)
_COLUMNS = ("account", "time", "arrived", "id", "partition")


@dataclass(frozen=True, slots=True)
class EventMetric:
    """One number for each account and day.

    Attributes:
        metric: what it is.
        distinct: the column whose different values are counted; or
        total: the column whose numbers are added up; or neither: events are counted.
        where: only events whose columns hold one of these texts.
    """

    metric: UsageMetric
    distinct: str | None = None
    total: str | None = None
    where: Mapping[str, tuple[str, ...]] | None = None


@dataclass(frozen=True, slots=True)
class EventSpec:
    """Where events are, how they are read, and what is counted.

    Attributes:
        name: the source, as imports are recorded and the watermark is kept.
        engine: that counts them.
        files: patterns of paths, of DuckDB (and of Spark); or
        table: its name in the engine.
        connection: what the engine's `connect` takes; secrets as `env:NAME` or `keyring:…`, or
            looked up.
        account, time: columns of the account and of the moment.
        arrived: column of the moment at which an event came; without it, `time`.
        event_id: column of an id that repetitions of an event share.
        partition: column by whose moments or days the table is cut into parts, the same as the
            event's or later; every question bounds it, which the engine may demand.
        time_unit: parts of a second in which moments are counted since 1970; 0 for timestamps.
        zone: in which an account's day begins and ends, with
        zones: by account, those of other zones.
        lag_days: so many days before the watermark are computed again; one at least, since the day
            of a zone that is behind UTC may not have been over at the watermark.
        chunk_days: so many are asked for at once, and kept before the next.
        whole_after_hours: so long after its end all of a day is there, whatever arrives; None where
            nobody knows.
        quiet_days_are_zero: every event is there, so an account without one on a day had none.
        metrics: in the order of the columns that come back.
    """

    name: str
    engine: str
    files: tuple[str, ...]
    table: str | None
    connection: Mapping[str, Any] = field(repr=False)
    account: str
    time: str
    arrived: str
    event_id: str | None
    partition: str | None
    time_unit: int
    zone: str
    zones: Mapping[str, str]
    lag_days: int
    chunk_days: int
    whole_after_hours: int | None
    quiet_days_are_zero: bool
    metrics: tuple[EventMetric, ...]

    @property
    def grouped(self) -> tuple[str, ...]:
        """The columns that tell one event from another besides account, day and id, in order."""
        used = [one.distinct for one in self.metrics if one.distinct]
        used += [column for one in self.metrics for column in (one.where or {})]
        return tuple(dict.fromkeys(used))

    @property
    def totals(self) -> tuple[str, ...]:
        """The columns that are added up."""
        return tuple(dict.fromkeys(one.total for one in self.metrics if one.total))

    @property
    def columns(self) -> tuple[str, ...]:
        """All that are read."""
        named = (self.account, self.time, self.arrived, self.event_id, self.partition)
        return tuple(dict.fromkeys(filter(None, (*named, *self.grouped, *self.totals))))

    @property
    def clocks(self) -> frozenset[ZoneInfo]:
        """The clocks by which days begin and end."""
        return frozenset(ZoneInfo(zone) for zone in (self.zone, *self.zones.values()))

    @property
    def accounts_by_zone(self) -> dict[str, list[str]]:
        """The accounts of each zone that is not the common one."""
        found: dict[str, list[str]] = {}
        for account, zone in self.zones.items():
            found.setdefault(zone, []).append(account)
        return found

    def of_dates(self) -> "EventSpec":
        """The same for moments that are dates: a date is the day itself, whatever the zone."""
        return replace(self, zone="UTC", zones={})


def read_spec(path: Path) -> EventSpec:
    """Read a file that says what to count.

    Raises:
        InputError: it cannot be read, or says what cannot be done.
    """
    given, checks = _read(path), TomlChecks(path)
    checks.keys("the file", given, _KEYS)
    columns = given.get("columns", {})
    checks.keys("columns", columns, _COLUMNS)
    time = checks.text("columns time", columns.get("time"))
    name = checks.text("name", given.get("name"))
    files, table = _place(checks, given)
    engine = checks.choice("engine", given.get("engine", "duckdb"), ENGINES)
    return EventSpec(
        name=name,
        engine=engine,
        files=files,
        table=table,
        connection=_with_place(checks, engine, _connection(checks, given.get("connection", {}))),
        account=checks.text("columns account", columns.get("account")),
        time=time,
        arrived=checks.text("columns arrived", columns.get("arrived", time)),
        event_id=checks.optional_text("columns id", columns.get("id")),
        partition=checks.optional_text("columns partition", columns.get("partition")),
        time_unit=UNITS[
            checks.choice("time_unit", given.get("time_unit", "timestamp"), tuple(UNITS))
        ],
        zone=_zone(checks, "zone", given.get("zone", "UTC")),
        zones=_zones(checks, checks.table("the file", given, "zones")),
        lag_days=_at_least_one(checks, "lag_days", given.get("lag_days", LAG_DAYS)),
        chunk_days=_at_least_one(checks, "chunk_days", given.get("chunk_days", CHUNK_DAYS)),
        whole_after_hours=_hours(checks, given.get("whole_after_hours")),
        quiet_days_are_zero=read_quiet_days(checks, "the file", given, "zero"),
        metrics=_metrics(checks, given.get("metrics")),
    )


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as problem:
        raise InputError(f"The file {path} cannot be read: {problem.strerror}.") from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        raise InputError(f"The file {path} is no TOML in UTF-8: {problem}.") from None


def _place(checks: TomlChecks, given: Mapping[str, Any]) -> tuple[tuple[str, ...], str | None]:
    """Files or a table; paths are from where the file itself is."""
    if ("files" in given) == ("table" in given):
        raise checks.fail("the file", "either files or table says where the events are")
    if "files" in given and given.get("engine", "duckdb") not in {"duckdb", "pyspark"}:
        raise checks.fail("files", "files are read by duckdb and pyspark; name a table here")
    files = given.get("files", [])
    patterns = checks.texts("files", [files] if isinstance(files, str) else files)
    folder = checks.path.absolute().parent
    found = tuple(one if "://" in one else str(folder / one) for one in patterns)
    return found, checks.optional_text("table", given.get("table"))


def _with_place(checks: TomlChecks, engine: str, connection: dict[str, Any]) -> dict[str, Any]:
    """A database that is a file lies where the specification does."""
    place = connection.get("database")
    if engine not in {"duckdb", "sqlite"} or not isinstance(place, str) or ":" in place:
        return connection
    return {**connection, "database": str(checks.path.absolute().parent / place)}


def _connection(checks: TomlChecks, given: Any) -> dict[str, Any]:
    """What the engine needs to be reached; no secret stands in the file."""
    if not isinstance(given, dict):
        raise checks.fail("connection", "a table is needed here")
    for name in _secrets_in(given):
        raise checks.fail(
            f"connection {name}", "secrets stand as env:NAME or keyring:SERVICE/USER, not here"
        )
    return given


def _secrets_in(given: Mapping[str, Any], within: str = "") -> Iterator[str]:
    """The settings that are secrets by their names, or by that of their table, or by their text."""
    for name, value in given.items():
        names = f"{within} {name.casefold()}"
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, dict):
                yield from _secrets_in(one, names)
            elif _is_secret(names, str(one)):
                yield name


def _is_secret(names: str, text: str) -> bool:
    if text.startswith(LOOKED_UP):
        return False
    is_named = any(word in names for word in SECRETS) and not names.endswith(("path", "file"))
    return is_named or _SECRET_INSIDE.search(text) is not None


def _metrics(checks: TomlChecks, given: Any) -> tuple[EventMetric, ...]:
    if not isinstance(given, list) or not given:
        raise checks.fail("metrics", "at least one [[metrics]] is needed")
    found = tuple(_metric(checks, f"[[metrics]] {n}", one) for n, one in enumerate(given, 1))
    names = [one.metric.name for one in found]
    if len(set(names)) < len(names):
        raise checks.fail("metrics", "two have the same name")
    return found


def _metric(checks: TomlChecks, where: str, given: Any) -> EventMetric:
    checks.keys(where, given, (*METRIC_KEYS, "count_distinct", "sum", "where"))
    if "count_distinct" in given and "sum" in given:
        raise checks.fail(where, "count_distinct or sum, not both")
    conditions = given.get("where", {})
    if not isinstance(conditions, dict):
        raise checks.fail(f"{where} where", "a table of columns and texts is needed here")
    return EventMetric(
        read_metric(checks, where, given),
        checks.optional_text(f"{where} count_distinct", given.get("count_distinct")),
        checks.optional_text(f"{where} sum", given.get("sum")),
        {
            name: checks.texts(f"{where} where", texts if isinstance(texts, list) else [texts])
            for name, texts in conditions.items()
        },
    )


def _zones(checks: TomlChecks, given: Mapping[str, Any]) -> dict[str, str]:
    return {account: _zone(checks, f"zones {account}", zone) for account, zone in given.items()}


def _zone(checks: TomlChecks, where: str, given: Any) -> str:
    name = checks.text(where, given)
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise checks.fail(where, f"{name!r} is no time zone, as Europe/Madrid or UTC") from None
    return name


def _hours(checks: TomlChecks, given: Any) -> int | None:
    return None if given is None else _at_least_one(checks, "whole_after_hours", given)


def _at_least_one(checks: TomlChecks, where: str, given: Any) -> int:
    number = checks.whole(where, given)
    if number < 1:
        raise checks.fail(where, "must be 1 or more")
    return number
