"""The SQL that is written for engines nobody can start here, run by a relative of each.

It shows what the text counts, where the relative reads it as the engine does. Spark answers for
the cursor of Databricks' driver, and all before it is Ibis' own; DuckDB is given a translation of
Snowflake's, BigQuery's and Trino's.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cs_workbench.engines.opening import open_engine
from cs_workbench.errors import InputError
from tests.engines.event_files import Event, spec, write_parquet
from tests.engines.holding import Days, hold
from tests.engines.stand_ins import Ask, SparkConnection, asked_of_duckdb, stand_in

pytestmark = pytest.mark.deep


def types(text: str, moment: str, number: str) -> dict[str, str]:
    """Of the columns, as an engine calls them."""
    texts = dict.fromkeys(("id", "account", "user_id", "event"), text)
    return {**texts, "ts": moment, "received_at": moment, "seconds": number}


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
    session = builder.config("spark.sql.shuffle.partitions", 4).getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    yield session
    session.stop()


@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")  # Spark's own
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("moment", ["TIMESTAMP", "TIMESTAMP_NTZ"])
def test_databricks_on_spark(
    tmp_path: Path,
    spark: Any,
    events: list[Event],
    truth: Days,
    moment: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    spark.conf.set("spark.sql.session.timeZone", "UTC")
    read = spark.read.parquet(str(write_parquet(tmp_path, events)))
    moments = {name: read[name].cast(moment.lower()) for name in ("ts", "received_at")}
    read.withColumns(moments).localCheckpoint().createOrReplaceTempView("events")

    connection = SparkConnection(spark)

    def connect(*, session_configuration: Mapping[str, Any], **_: object) -> SparkConnection:
        """Begin with a zone that would show, as a workspace may have it."""
        configured = {"TIMEZONE": "America/Los_Angeles", **session_configuration}
        spark.conf.set("spark.sql.session.timeZone", configured["TIMEZONE"])
        return connection

    monkeypatch.setattr("databricks.sql.connect", connect)
    own = "[connection.session_configuration]\nSTATEMENT_TIMEOUT = 60"
    hold(spec(tmp_path, "databricks", 'table = "events"', own), truth, events)
    made = [one for one in connection.statements if one.startswith("CREATE")]
    assert [one for one in made if not one.startswith("CREATE TEMPORARY VIEW")] == []


@pytest.mark.parametrize(
    ("engine", "text", "moment", "number"),
    [
        ("bigquery", "STRING", "TIMESTAMP", "FLOAT64"),
        ("bigquery", "STRING", "DATETIME", "FLOAT64"),
        ("snowflake", "VARCHAR", "TIMESTAMP_TZ(9)", "FLOAT"),
        ("snowflake", "VARCHAR", "TIMESTAMP_LTZ(9)", "FLOAT"),
        ("snowflake", "VARCHAR", "TIMESTAMP_NTZ(9)", "FLOAT"),
        ("trino", "varchar", "timestamp(6) with time zone", "double"),
        ("trino", "varchar", "timestamp(6)", "double"),
    ],
)
def test_texts_translated_for_duckdb(
    tmp_path: Path,
    events: list[Event],
    truth: Days,
    engine: str,
    text: str,
    moment: str,
    number: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import duckdb

    zoneless = moment in {"DATETIME", "TIMESTAMP_NTZ(9)", "timestamp(6)"}
    kind = "TIMESTAMP" if zoneless else "TIMESTAMPTZ"
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute(
            f"CREATE TABLE events AS SELECT * REPLACE (ts::{kind} AS ts, "
            f"received_at::{kind} AS received_at) FROM '{write_parquet(tmp_path, events)}'"
        )
        connection.execute("SET TimeZone = 'America/Los_Angeles'")
        ask = asked_of_duckdb(connection, engine)

        def connected(**settings: object) -> Ask:
            """Snowflake is not asked to keep functions of Ibis'."""
            assert settings.get("create_object_udfs") is (False if engine == "snowflake" else None)
            return ask

        stand_in(monkeypatch, engine, types(text, moment, number), connected)
        whole = spec(tmp_path, engine, 'table = "events"')
        hold(whole, truth, events)
        hold(replace(whole, partition="received_at"), truth, events)


@pytest.mark.parametrize(
    ("said", "more"),
    [
        (
            "Cannot query over table 'a.events' without a filter over column(s) 'ts' that can be "
            "used for partition elimination",
            r"\. Name that column as `partition` in \[columns\] of SPEC\.toml",
        ),
        ("Lost a part of partition 7", ""),
    ],
)
def test_where_a_bound_is_missed_the_setting_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str, more: str
) -> None:
    def refused(_: str) -> Any:
        raise RuntimeError(said)

    kinds = types("STRING", "TIMESTAMP", "FLOAT64")
    stand_in(monkeypatch, "bigquery", kinds, lambda **_: refused)
    with (
        closing(open_engine(spec(tmp_path, "bigquery", 'table = "events"'))) as engine,
        pytest.raises(InputError, match=f"{re.escape(said)}{more}$"),
    ):
        engine.arrivals(None, 1)
