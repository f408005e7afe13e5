"""The same 20,000 events on five engines give the same numbers, row by row.

DuckDB is quick enough for the plain tests; the others run in the deep ones.
"""

import datetime as dt
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cs_workbench.engines.opening import open_engine
from cs_workbench.engines.specs import EventSpec
from cs_workbench.errors import InputError
from cs_workbench.store.database import Database, write
from cs_workbench.workflows.pulling import pull_usage
from tests.engines.event_files import (
    COLUMNS,
    DAYS,
    FIRST,
    Event,
    expected,
    records,
    spec,
    write_json,
    write_parquet,
)
from tests.engines.holding import Days, hold
from tests.engines.servers import postgres
from tests.factories import add_account


def test_duckdb(tmp_path: Path, events: list[Event], truth: Days) -> None:
    write_parquet(tmp_path, events)
    hold(spec(tmp_path, "duckdb", 'files = "events.parquet"'), truth, events)


def fill_sqlite(folder: Path, events: Iterable[Sequence[object]]) -> EventSpec:
    """Bring events, of moments as numbers, into SQLite; what to count of them."""
    connection = sqlite3.connect(folder / "events.db")
    connection.execute(
        "CREATE TABLE events (id TEXT, account TEXT, user_id TEXT, event TEXT, ts INTEGER, "
        "received_at INTEGER, seconds REAL)"
    )
    connection.executemany("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?)", events)
    connection.commit()
    connection.close()
    database = f'database = "{folder / "events.db"}"'
    return spec(folder, "sqlite", 'table = "events"', database, unit="us")


@pytest.mark.deep
def test_sqlite_with_moments_as_numbers(tmp_path: Path, events: list[Event], truth: Days) -> None:
    rows = ((*one[:4], _microseconds(one[4]), _microseconds(one[5]), one[6]) for one in events)
    hold(fill_sqlite(tmp_path, rows), truth, events)


@pytest.mark.deep
def test_what_does_not_say_when_it_came_is_looked_at_once(tmp_path: Path) -> None:
    second = _microseconds(FIRST + dt.timedelta(days=1)) // 1_000_000
    kinds = ("told", "untold", "ahead")
    came = dict(zip(kinds, (second * 1_000_000, None, (second + 60) * 1_000_000), strict=True))
    rows = [(kind, "acct-1", "u1", "login", second * 1_000_000, came[kind], 1) for kind in kinds]
    with closing(open_engine(fill_sqlite(tmp_path, rows))) as engine:
        first = engine.arrivals(None, second)
        assert (first.events, first.newest) == (2, second)
        assert engine.arrivals(second - 1, second).events == 1
        assert engine.arrivals(second, second + 60).events == 1


@pytest.mark.deep
def test_a_database_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"there is no file .*none\.db"):
        open_engine(spec(tmp_path, "sqlite", 'table = "events"', 'database = "none.db"'))
    assert not (tmp_path / "none.db").exists()


def _microseconds(moment: dt.datetime) -> int:
    return (moment - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)) // dt.timedelta(microseconds=1)


@pytest.fixture(scope="module")
def server() -> Iterator[dict[str, str]]:
    with postgres() as found:
        yield found


def fill(server: dict[str, str], moment: str, events: list[Event], *, name: str = "") -> str:
    """Bring the events into a table of a server; what a specification says of the connection."""
    table = f"analytics.{name or moment}_events"
    with connect(server) as connection:
        connection.execute("SET timezone = 'UTC'")
        connection.execute("CREATE SCHEMA IF NOT EXISTS analytics")
        connection.execute(
            f"CREATE TABLE {table} (id TEXT, account TEXT, user_id TEXT, event TEXT, "
            f"ts {moment}, received_at {moment}, seconds DOUBLE PRECISION)"
        )
        with connection.cursor().copy(f"COPY {table} FROM STDIN") as copy:
            for row in records(events):
                copy.write_row([row[column] for column in COLUMNS])
    return "\n".join(f'{key} = "{value}"' for key, value in server.items())


def connect(server: dict[str, str]) -> Any:
    """A connection, which commits as it is left."""
    import psycopg

    settings: dict[str, Any] = {**server, "dbname": server["database"]}
    del settings["database"]
    return psycopg.connect(**settings)


@pytest.mark.deep
@pytest.mark.parametrize("moment", ["timestamptz", "timestamp"])
def test_postgres(
    tmp_path: Path, server: dict[str, str], events: list[Event], truth: Days, moment: str
) -> None:
    connected = fill(server, moment, events)
    hold(
        spec(tmp_path, "postgres", f'table = "analytics.{moment}_events"', connected), truth, events
    )


@pytest.mark.deep
def test_accounts_and_numbers_inside_of_json(
    tmp_path: Path, server: dict[str, str], events: list[Event], truth: Days
) -> None:
    connected = fill(server, "timestamptz", events, name="inside")
    with connect(server) as connection:
        connection.execute(
            "CREATE TABLE nested AS SELECT jsonb_build_object('id', id, 'groups', "
            "jsonb_build_object('it''s', account), 'user_id', user_id, 'event', event, "
            "'seconds', seconds) AS p, ts, received_at FROM analytics.inside_events"
        )
    wanted = spec(tmp_path, "postgres", 'table = "nested"', connected)
    inside = {name: f"p.{name}" for name in ("user_id", "event", "seconds")}
    metrics = [
        replace(
            one,
            distinct=inside.get(one.distinct or ""),
            total=inside.get(one.total or ""),
            where={inside[name]: texts for name, texts in (one.where or {}).items()},
        )
        for one in wanted.metrics
    ]
    nested = replace(wanted, account="p.groups.it's", event_id="p.id", metrics=tuple(metrics))
    hold(nested, truth, events)


@pytest.mark.deep
def test_a_pull_from_postgres_is_kept(
    tmp_path: Path, server: dict[str, str], events: list[Event], truth: Days, db: Database
) -> None:
    with write(db) as connection:
        for account in {account for account, _ in truth}:
            add_account(connection, account)
    spec(tmp_path, "postgres", 'table = "analytics.date_events"', fill(server, "date", events))
    report = pull_usage(
        db, tmp_path / "postgres.toml", actor="ana", now=FIRST + dt.timedelta(days=DAYS)
    )
    assert report.unknown == 0
    sql = "SELECT sum(value) FROM usage_day JOIN usage_metric USING (metric_id) WHERE name = ?"
    ((kept,),) = db.connection.execute(sql, ("time_in_use",)).fetchall()
    # A date is that day in every zone.
    assert kept == pytest.approx(sum(values[-1] or 0 for values in _by_date(events).values()))


def _by_date(events: list[Event]) -> Days:
    dates = [(*one[:4], one[4].replace(hour=12, minute=0), *one[5:]) for one in events]
    return expected(dates)


@pytest.mark.deep
@pytest.mark.parametrize("moment", ["DateTime64(6, 'Asia/Tokyo')", "DateTime64(6)", "DateTime"])
def test_clickhouse(tmp_path: Path, events: list[Event], truth: Days, moment: str) -> None:
    import clickhouse_connect

    file = write_json(tmp_path, events)
    texts = "id Nullable(String), account Nullable(String), user_id Nullable(String), event String"
    client = clickhouse_connect.get_client(interface="chdb", path=str(tmp_path / "engine"))
    client.command(
        f"CREATE TABLE events ({texts}, ts {moment}, received_at {moment}, "
        "seconds Nullable(Float64)) ENGINE = MergeTree ORDER BY ts"
    )
    client.command(
        "INSERT INTO events SELECT * REPLACE (parseDateTime64BestEffort(ts, 6) AS ts, "
        "parseDateTime64BestEffort(received_at, 6) AS received_at) FROM "
        f"file('{file}', JSONEachRow, "
        f"'{texts}, ts String, received_at String, seconds Nullable(Float64)')"
    )
    client.close()
    connected = (
        f'interface = "chdb"\npath = "{tmp_path / "engine"}"\n'
        '[connection.settings]\nsession_timezone = "America/Los_Angeles"'
    )
    hold(spec(tmp_path, "clickhouse", 'table = "events"', connected), truth, events)


@pytest.mark.deep
@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")  # Spark's own, of its workers
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_spark_with_two_workers(tmp_path: Path, events: list[Event], truth: Days) -> None:
    write_parquet(tmp_path, events)
    connected = (
        'master = "local-cluster[2,1,1024]"\n"spark.ui.enabled" = false\n'
        '"spark.sql.shuffle.partitions" = 4\n"spark.executor.memory" = "1g"\n'
        '"spark.driver.extraJavaOptions" = "-Duser.timezone=America/Los_Angeles"\n'
        '"spark.executor.extraJavaOptions" = "-Duser.timezone=America/Los_Angeles"'
    )
    hold(spec(tmp_path, "pyspark", 'files = "events.parquet"', connected), truth, events)
