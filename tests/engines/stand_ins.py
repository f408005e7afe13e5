"""Engines that nobody can start here: their own SQL, run by a relative of theirs.

A stand-in answers in the place of Ibis' connection, so that all of ours is used: what is connected,
what is looked up, the text that Ibis writes for the engine, and how rows come back. Its columns
have the types that Ibis makes of the engine's own.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest

Ask = Callable[[str], Any]

# As BigQuery documents its functions: sqlglot translates one by rounding to the nearest second.
MACROS = (
    "CREATE MACRO ieee_divide(above, below) AS above / below",
    "CREATE MACRO whole_seconds(moment) AS floor(epoch(moment))",
)


@dataclass(frozen=True)
class StandIn:
    """What is used of Ibis' connection to an engine.

    Attributes:
        name: of the engine, by which Ibis knows its SQL.
        types: the engine's own, by column.
        ask: gives the rows of a text in the engine's SQL.
    """

    name: str
    types: Mapping[str, str]
    ask: Ask

    def table(self, name: str, database: None) -> Any:  # noqa: ARG002 - Ibis' own signature
        """The one that is there, whatever it is called."""
        import ibis
        from ibis.backends.sql import compilers

        read = getattr(compilers, self.name).compiler.type_mapper.from_string
        return ibis.table({column: read(type_) for column, type_ in self.types.items()}, name)

    def raw_sql(self, text: str) -> Any:
        """The rows, as the driver of the relative gives them."""
        return self.ask(text)

    def disconnect(self) -> None:
        """Nothing of its own is open."""


def stand_in(
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    types: Mapping[str, str],
    connected: Callable[..., Ask],
) -> None:
    """Let `ibis.NAME.connect` lead to a relative, whether the engine's driver is installed or not.

    Args:
        monkeypatch: takes it back.
        name: of the engine.
        types: of its columns, as it calls them.
        connected: is given the settings of the connection.
    """
    import ibis

    def connect(**settings: Any) -> StandIn:
        return StandIn(name, types, connected(**settings))

    monkeypatch.setitem(vars(ibis), name, SimpleNamespace(connect=connect))


@dataclass
class SparkCursor:
    """What is used of a cursor of Databricks' driver, on Spark.

    Attributes:
        spark: the session.
        statements: all that was asked, by any cursor of the connection.
    """

    spark: Any
    statements: list[str]
    _rows: list[Any] = field(default_factory=list)

    def __enter__(self) -> "SparkCursor":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def execute(self, text: str) -> "SparkCursor":
        """Ask Spark, whose SQL Databricks' is."""
        self.statements.append(text)
        self._rows = [tuple(row) for row in self.spark.sql(text).collect()]
        return self

    def fetchall(self) -> list[Any]:
        """All rows."""
        return self.fetchmany(len(self._rows))

    def fetchmany(self, count: int) -> list[Any]:
        """So many of the rows that are left."""
        rows, self._rows = self._rows[:count], self._rows[count:]
        return rows

    def close(self) -> None:
        """Nothing is open."""


@dataclass
class SparkConnection:
    """A connection of Databricks' driver, on Spark."""

    spark: Any
    statements: list[str] = field(default_factory=list)

    def cursor(self) -> SparkCursor:
        """One that keeps what it asked here."""
        return SparkCursor(self.spark, self.statements)

    def close(self) -> None:
        """The session is its owner's."""


def asked_of_duckdb(connection: Any, dialect: str) -> Ask:
    """Ask DuckDB a text that sqlglot translates from another engine's SQL."""
    import sqlglot
    from sqlglot import exp

    for macro in MACROS:
        connection.execute(macro)

    def translated(node: Any) -> Any:
        if isinstance(node, exp.UnixSeconds):
            return exp.Anonymous(this="whole_seconds", expressions=[node.this])
        return node

    def ask(text: str) -> Any:
        tree = sqlglot.parse_one(text, read=dialect).transform(translated)
        return connection.cursor().execute(tree.sql(dialect="duckdb"))

    return ask
