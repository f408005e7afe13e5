"""Events in Parquet, CSV or JSON files (or a table) on this machine, counted by DuckDB."""

import datetime as dt
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from cs_workbench.engines.duckdb_columns import literal, place_of, quoted, text_of
from cs_workbench.engines.events import (
    EARLIEST,
    FETCHED,
    LATEST,
    Arrivals,
    Bounds,
    DayRow,
    arrivals_between,
    bounds_of_arrivals,
    bounds_of_days,
)
from cs_workbench.engines.specs import EventMetric, EventSpec
from cs_workbench.engines.zones import DAY, offsets, reach
from cs_workbench.errors import InputError, MissingExtraError

MEMORY = ":memory:"
TEXTS = frozenset({"VARCHAR", "JSON", '"NULL"'})  # the last of a column without any value
_READERS = {"csv": "read_csv", "json": "read_json", "parquet": "read_parquet"}
_SUFFIXES = {
    "csv": "csv",
    "tsv": "csv",
    "txt": "csv",
    "parquet": "parquet",
    "pq": "parquet",
    "json": "json",
    "jsonl": "json",
    "ndjson": "json",
}


class DuckDBFiles:
    """An engine over files; nothing but DuckDB is needed."""

    def __init__(self, spec: EventSpec) -> None:
        """Open it.

        Raises:
            MissingExtraError: DuckDB is not installed.
            InputError: the files' format or a setting is not known, or nothing is there.
        """
        try:
            import duckdb
        except ImportError:
            raise MissingExtraError("Events in files are counted by DuckDB", "duckdb") from None
        self._error: type[Exception] = duckdb.Error
        self._spec = spec
        self._place = _table(spec.table) if spec.table else _reader(spec.files)
        # What does not fit into memory goes there; by itself DuckDB would use the current folder.
        self._folder = tempfile.TemporaryDirectory(prefix="csw-duckdb-")
        settings = {"temp_directory": self._folder.name, **spec.connection}
        database = str(settings.pop("database", MEMORY))
        self._connection: Any = None
        try:
            with self._asking():
                self._connection = duckdb.connect(database, read_only=database != MEMORY)
            for name, value in settings.items():
                self._ask(f"SET {quoted(name)} = {literal(str(value))}")
            # Moments are asked for in seconds; this holds for texts without a zone only.
            self._ask("SET TimeZone = 'UTC'")
            self._columns, self._types = self._find()
        except InputError:
            self.close()
            raise

    def arrivals(self, after: int | None, until: int) -> Arrivals:
        """As `EventEngine`."""
        spec = self._spec
        time, arrived = self._seconds(spec.time), self._seconds(spec.arrived)
        told = f"{self._text(spec.account)} <> '' AND {time} BETWEEN {EARLIEST} AND {LATEST}"
        known = [
            f"({arrived} <= {until}) IS NOT FALSE",
            *self._near(bounds_of_arrivals(spec, after)),
        ]
        events, nameless, newest, *ends = self._ask(
            f"SELECT count(*), count(*) FILTER (WHERE ({told}) IS NOT TRUE), max({arrived}), "
            f"min({time}) FILTER (WHERE {told}), max({time}) FILTER (WHERE {told}) "
            f"FROM {self._place} WHERE {' AND '.join(known)}"
        ).fetchone()
        return arrivals_between(self.clocked(), events, nameless, newest, ends=ends)

    def days(self, first: int, last: int) -> Iterator[DayRow]:
        """As `EventEngine`."""
        found = self._ask(self.question(first, last))
        while rows := found.fetchmany(FETCHED):
            for account, day, *values in rows:
                yield account, day, tuple(values)

    def question(self, first: int, last: int) -> str:
        """As `EventEngine`: repetitions are made one first, then everything is counted."""
        spec = self._spec
        begin, end = reach(first, last)
        time = self._seconds(spec.time)
        grouped = [f"{self._text(name)} AS g{at}" for at, name in enumerate(spec.grouped)]
        keys = ["account", "day", *(["id"] if spec.event_id else [])]
        keys += [f"g{at}" for at in range(len(grouped))]
        same = "id IS NULL" if spec.event_id else "TRUE"
        totals = [
            f"CASE WHEN {same} THEN sum(t{at}) ELSE max(t{at}) END AS t{at}"
            for at in range(len(spec.totals))
        ]
        read = [f"{self._text(spec.account)} AS account"]
        read += [f"{_day(self.clocked(), self._text(spec.account), time, (begin, end))} AS day"]
        read += [f"{self._text(spec.event_id)} AS id"] if spec.event_id else []
        read += [
            *grouped,
            *(f"CAST({self._columns[n]} AS DOUBLE) AS t{at}" for at, n in enumerate(spec.totals)),
        ]
        near = [f"{self._text(spec.account)} <> ''", *self._near(bounds_of_days(spec, first, last))]
        counted = [_metric(spec, one, at) for at, one in enumerate(spec.metrics)]
        return (
            f"WITH read AS (SELECT {', '.join(read)} FROM {self._place} "
            f"WHERE {' AND '.join(near)}), "
            f"event AS (SELECT {', '.join(keys)}, "
            f"CASE WHEN {same} THEN count(*) ELSE 1 END AS n"
            f"{''.join(f', {total}' for total in totals)} FROM read "
            f"WHERE day BETWEEN {first} AND {last} GROUP BY {', '.join(keys)}) "
            f"SELECT account, day, {', '.join(counted)} FROM event GROUP BY account, day"
        )

    def _find(self) -> tuple[dict[str, str], dict[str, str]]:
        """The SQL and the type of each column that is read, by its name in the specification."""
        there = self._described("*")
        types = {name: kind for name, kind, *_ in there}
        places = {name: place_of(name, types) for name in self._spec.columns}
        kinds = [kind for _, kind, *_ in self._described(", ".join(places.values()))]
        return places, dict(zip(places, kinds, strict=True))

    def _described(self, columns: str) -> list[tuple[str, ...]]:
        found = self._ask(f"DESCRIBE SELECT {columns} FROM {self._place}").fetchall()
        return [tuple(map(str, row)) for row in found]

    def _text(self, column: str) -> str:
        return text_of(self._columns[column], self._types[column])

    def clocked(self) -> EventSpec:
        """What is counted, by the clocks that days have here."""
        return self._spec.of_dates() if self._types[self._spec.time] == "DATE" else self._spec

    def _seconds(self, column: str) -> str:
        """A moment in whole seconds since 1970."""
        if self._spec.time_unit:
            return f"CAST(floor({self._numbers(column)} / {self._spec.time_unit}.0) AS BIGINT)"
        moment = self._columns[column]
        if self._types[column] in TEXTS:
            moment = f"CAST({self._text(column)} AS TIMESTAMPTZ)"
        return f"CAST(floor(epoch({moment})) AS BIGINT)"

    def _numbers(self, column: str) -> str:
        """A column of numbers, which stand as text inside of JSON."""
        place = self._columns[column]
        return f"CAST({place} AS DOUBLE)" if self._types[column] in TEXTS else place

    def _near(self, bounds: Bounds) -> list[str]:
        return [self._between(column, *ends) for column, ends in bounds.items()]

    def _between(self, column: str, begin: int, end: int | None) -> str:
        """The moments of a range, in a form by which parts of files outside are never read."""
        name, unit, type_ = self._columns[column], self._spec.time_unit, self._types[column]
        written: Callable[[int], str] = str
        if unit:
            name = self._numbers(column)
            begin, end = begin * unit, None if end is None else end * unit
        elif not type_.startswith("TIMESTAMP"):
            name = self._seconds(column)
        else:
            written = _with_zone if "TIME ZONE" in type_ else _without_zone
        low = f"{name} >= {written(begin)}"
        return low if end is None else f"{low} AND {name} <= {written(end)}"

    def close(self) -> None:
        """As `EventEngine`."""
        if self._connection is not None:
            self._connection.close()
        self._folder.cleanup()

    def _ask(self, question: str) -> Any:
        with self._asking():
            return self._connection.execute(question)

    @contextmanager
    def _asking(self) -> Iterator[None]:
        try:
            yield
        except self._error as problem:
            said = str(problem).partition("\nLINE ")[0]  # what follows is our own question, or
            said = said.partition("\n\n")[0].strip()  # a page of advice on how to read CSV
            raise InputError(f"{self._spec.name}: DuckDB cannot count this: {said}") from None


def _reader(files: tuple[str, ...]) -> str:
    """The function that reads the files, and their patterns."""
    kinds = {_SUFFIXES.get(file.removesuffix(".gz").rsplit(".", 1)[-1].lower()) for file in files}
    kind = kinds.pop() if len(kinds) == 1 else None
    if kind is None:
        raise InputError(f"{', '.join(files)}: files of one kind are needed: parquet, csv or json.")
    more = ", hive_partitioning = true" if kind == "parquet" else ""
    listed = ", ".join(literal(file) for file in files)
    return f"{_READERS[kind]}([{listed}], union_by_name = true{more})"


def _table(name: str) -> str:
    return ".".join(map(quoted, name.split(".")))


def _with_zone(seconds: int) -> str:
    return f"TIMESTAMPTZ '{dt.datetime.fromtimestamp(seconds, dt.UTC):%Y-%m-%d %H:%M:%S}+00'"


def _without_zone(seconds: int) -> str:
    return f"TIMESTAMP '{dt.datetime.fromtimestamp(seconds, dt.UTC):%Y-%m-%d %H:%M:%S}'"


def _day(spec: EventSpec, account: str, seconds: str, reached: tuple[int, int]) -> str:
    """The day of a moment by the clock of the account's zone, in days since 1970."""
    begin, end = reached
    ahead = _ahead(spec.zone, seconds, begin, end)
    for zone, accounts in spec.accounts_by_zone.items():
        listed = ", ".join(literal(account) for account in accounts)
        ahead = (
            f"CASE WHEN {account} IN ({listed}) "
            f"THEN {_ahead(zone, seconds, begin, end)} ELSE {ahead} END"
        )
    return f"CAST(floor(({seconds} + {ahead}) / {DAY}.0) AS BIGINT)"


def _ahead(zone: str, seconds: str, begin: int, end: int) -> str:
    changes = offsets(zone, begin, end)
    if len(changes) == 1:
        return str(changes[0][1])
    cases = "".join(f" WHEN {seconds} >= {at} THEN {ahead}" for at, ahead in changes[:0:-1])
    return f"CASE{cases} ELSE {changes[0][1]} END"


def _metric(spec: EventSpec, one: EventMetric, at: int) -> str:
    grouped = {name: f"g{number}" for number, name in enumerate(spec.grouped)}
    conditions = [
        f"{grouped[name]} IN ({', '.join(map(literal, texts))})"
        for name, texts in (one.where or {}).items()
    ]
    only = f" FILTER (WHERE {' AND '.join(conditions)})" if conditions else ""
    if one.distinct:
        return f"count(DISTINCT {grouped[one.distinct]}){only} AS m{at}"
    if one.total:
        return f"CAST(sum(t{spec.totals.index(one.total)}){only} AS DOUBLE) AS m{at}"
    return f"CAST(coalesce(sum(n){only}, 0) AS BIGINT) AS m{at}"
