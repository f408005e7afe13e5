"""Events in the engine that a company runs, counted there and reached through Ibis."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from cs_workbench.engines.databricks import connect_to_databricks
from cs_workbench.engines.events import FETCHED, Arrivals, DayRow, arrivals_between
from cs_workbench.engines.questions import Questions
from cs_workbench.engines.specs import EventSpec
from cs_workbench.errors import InputError, MissingExtraError, WorkbenchError

VIEW = "csw_events"


class Warehouse:
    """An engine reached through Ibis."""

    def __init__(self, spec: EventSpec) -> None:
        """Connect, and find the events.

        Raises:
            MissingExtraError: Ibis, or what it needs for the engine, is not installed.
            InputError: the engine cannot be reached, or has no such table or columns.
        """
        try:
            import ibis
        except ImportError:
            raise MissingExtraError("A warehouse is asked through Ibis", "warehouse") from None
        self._ibis: Any = ibis
        self._spec = spec
        self._backend: Any = None
        self._session: Any = None  # Spark's
        with self._asking():
            try:
                self._backend = self._connect()
                self._questions = Questions(ibis, spec, self._find())
                self._check()
            except BaseException:
                self.close()
                raise

    def arrivals(self, after: int | None, until: int) -> Arrivals:
        """As `EventEngine`."""
        with self._asking():
            (row,) = self._rows(self._questions.arrivals(after, until))
        count, telling, newest, *ends = map(_whole, row)
        nameless = (count or 0) - (telling or 0)
        return arrivals_between(self._questions.clocked(), count or 0, nameless, newest, ends=ends)

    def clocked(self) -> EventSpec:
        """As `EventEngine`."""
        return self._questions.clocked()

    def days(self, first: int, last: int) -> Iterator[DayRow]:
        """As `EventEngine`."""
        with self._asking():
            for account, day, *values in self._rows(self._questions.days(first, last)):
                yield account, int(day), tuple(map(_number, values))

    def question(self, first: int, last: int) -> str:
        """As `EventEngine`."""
        with self._asking():
            return self._text(self._questions.days(first, last))

    def close(self) -> None:
        """As `EventEngine`."""
        if self._backend is not None:
            self._backend.disconnect()
        elif self._session is not None:
            self._session.stop()

    @contextmanager
    def _asking(self) -> Iterator[None]:
        """Let each engine's driver, which has errors of its own, be understood."""
        spec = self._spec
        try:
            yield
        except WorkbenchError:
            raise
        except ImportError as problem:
            raise MissingExtraError(
                f"{spec.engine} needs more than Ibis ({problem}); besides "
                f"'ibis-framework[{spec.engine}]'",
                "warehouse",
            ) from None
        except Exception as problem:  # noqa: BLE001 - they have no family in common
            said = str(problem).strip().partition("\n")[0]  # Spark adds its whole stack
            if spec.partition is None and "partition" in said and "filter" in said.casefold():
                said += ". Name that column as `partition` in [columns] of SPEC.toml"
            raise InputError(f"{spec.name}: {spec.engine} cannot be asked: {said}") from None

    def _check(self) -> None:
        spec = self._spec
        for name in spec.columns:
            try:
                self._questions.column(name)
            except Exception:  # noqa: BLE001 - Ibis raises one of its own for each version
                raise InputError(
                    f"{spec.name}: there is no column {name!r}. "
                    f"There are: {', '.join(self._questions.events.columns)}."
                ) from None

    def _rows(self, expression: Any) -> Iterator[tuple[Any, ...]]:
        """What the engine answers, value by value: a data frame would make NaN of nothing."""
        found = self._backend.raw_sql(self._text(expression))
        if hasattr(found, "collect"):  # Spark
            yield from map(tuple, found.collect())
        elif hasattr(found, "fetchmany"):  # what speaks Python's DB-API
            with closing(found):
                while rows := found.fetchmany(FETCHED):
                    yield from map(tuple, rows)
        else:  # ClickHouse and BigQuery
            yield from map(tuple, getattr(found, "result_rows", found))

    def _text(self, expression: Any) -> str:
        return str(self._ibis.to_sql(expression, dialect=self._backend.name))

    def _connect(self) -> Any:
        spec, settings = self._spec, dict(self._spec.connection)
        if spec.engine == "pyspark":
            return self._ibis.pyspark.connect(self._spark(settings))
        if spec.engine == "databricks":
            return connect_to_databricks(settings)
        if spec.engine == "snowflake":  # it would make a database of functions that nobody needs
            settings.setdefault("create_object_udfs", False)
        if spec.engine == "sqlite" and not Path(str(settings.get("database"))).is_file():
            raise InputError(f"{spec.name}: there is no file {settings.get('database')}.")
        return getattr(self._ibis, spec.engine).connect(**settings)

    def _spark(self, settings: dict[str, Any]) -> Any:
        from pyspark.sql import SparkSession

        builder = SparkSession.builder.appName("csw usage pull")
        builder = builder.config("spark.sql.session.timeZone", "UTC")
        builder = builder.config("spark.ui.showConsoleProgress", "false")  # ours stands there
        master = settings.pop("master", None)
        if master:
            builder = builder.master(str(master))
        for name, value in settings.items():
            builder = builder.config(name, str(value))
        self._session = builder.getOrCreate()
        self._session.sparkContext.setLogLevel("ERROR")
        return self._session

    def _find(self) -> Any:
        if self._spec.table is None:  # Spark reads Parquet itself
            self._session.read.parquet(*self._spec.files).createOrReplaceTempView(VIEW)
            return self._backend.table(VIEW)
        *schema, table = self._spec.table.split(".")
        try:
            return self._backend.table(table, database=tuple(schema) or None)
        except self._ibis.common.exceptions.TableNotFound:
            raise InputError(
                f"{self._spec.name}: there is no table {self._spec.table!r}, or it may not be "
                "read. Upper and lower case count."
            ) from None


def _number(value: Any) -> float | None:
    """A number as the store takes it: sums of whole numbers are decimals in some engines."""
    return None if value is None else float(value)


def _whole(value: Any) -> int | None:
    return None if value is None else int(value)
