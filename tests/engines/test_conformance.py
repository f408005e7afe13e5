"""The same 20,000 events on four engines give the same numbers, row by row."""

import datetime as dt
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cs_workbench.engines.events import Arrivals
from cs_workbench.engines.opening import open_engine
from cs_workbench.engines.specs import EventSpec, day_number
from tests.engines.event_files import (
    COLUMNS,
    DAYS,
    FIRST,
    Event,
    expected,
    make_events,
    records,
    spec,
    write_parquet,
)
from tests.engines.servers import postgres

pytestmark = pytest.mark.deep

BEGIN = day_number(FIRST.date())
Days = dict[tuple[str, int], tuple[float | None, ...]]


@pytest.fixture(scope="module")
def events() -> list[Event]:
    return make_events(20_000)


@pytest.fixture(scope="module")
def truth(events: list[Event]) -> Days:
    """Counted one after the other in plain Python."""
    return expected(events)


def hold(wanted: EventSpec, truth: Days, events: list[Event]) -> None:
    """See that the engine gives the same numbers, whole and in parts, and the same arrivals."""
    engine = open_engine(wanted)
    try:
        found: Days = {}
        for first in range(BEGIN - 2, BEGIN + DAYS + 2, wanted.chunk_days):
            rows = list(engine.days(first, first + wanted.chunk_days - 1))
            assert len({(account, day) for account, day, _ in rows}) == len(rows)
            found |= {(account, day): values for account, day, values in rows}
        assert sorted(found) == sorted(truth)
        for key, values in sorted(truth.items()):
            assert found[key] == values, key
        arrived = sorted(int(event[5].timestamp()) for event in events)
        assert engine.arrivals(arrived[-100]) == Arrivals(
            sum(moment > arrived[-100] for moment in arrived),
            sum(not event[1] and int(event[5].timestamp()) > arrived[-100] for event in events),
            arrived[-1],
            *_days_after(events, arrived[-100]),
        )
    finally:
        engine.close()


def _days_after(events: list[Event], moment: int) -> tuple[int, int]:
    days = [
        day_number(event[4].date())
        for event in events
        if event[1] and int(event[5].timestamp()) > moment
    ]
    return min(days), max(days)


def test_duckdb(tmp_path: Path, events: list[Event], truth: Days) -> None:
    write_parquet(tmp_path, events)
    hold(spec(tmp_path, "duckdb", 'files = "events.parquet"'), truth, events)


def test_sqlite_with_moments_as_numbers(tmp_path: Path, events: list[Event], truth: Days) -> None:
    connection = sqlite3.connect(tmp_path / "events.db")
    connection.execute(
        "CREATE TABLE events (id TEXT, account TEXT, user_id TEXT, event TEXT, ts INTEGER, "
        "received_at INTEGER, seconds REAL)"
    )
    connection.executemany(
        "INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?)",
        [(*one[:4], _microseconds(one[4]), _microseconds(one[5]), one[6]) for one in events],
    )
    connection.commit()
    connection.close()
    database = f'database = "{tmp_path / "events.db"}"'
    hold(spec(tmp_path, "sqlite", 'table = "events"', database, unit="us"), truth, events)


def _microseconds(moment: dt.datetime) -> int:
    return (moment - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)) // dt.timedelta(microseconds=1)


@pytest.fixture(scope="module")
def server() -> Iterator[dict[str, str]]:
    with postgres() as found:
        yield found


@pytest.mark.parametrize("moment", ["TIMESTAMPTZ", "TIMESTAMP"])
def test_postgres(
    tmp_path: Path, server: dict[str, str], events: list[Event], truth: Days, moment: str
) -> None:
    import psycopg

    name = f"{moment.lower()}_events"
    settings: dict[str, Any] = {**server, "dbname": server["database"]}
    del settings["database"]
    with psycopg.connect(**settings) as connection:
        connection.execute("SET timezone = 'UTC'")
        connection.execute(
            f"CREATE TABLE {name} (id TEXT, account TEXT, user_id TEXT, event TEXT, "
            f"ts {moment}, received_at {moment}, seconds DOUBLE PRECISION)"
        )
        with connection.cursor().copy(f"COPY {name} FROM STDIN") as copy:
            for row in records(events):
                copy.write_row([row[column] for column in COLUMNS])
    connected = "\n".join(f'{key} = "{value}"' for key, value in server.items())
    hold(spec(tmp_path, "postgres", f'table = "{name}"', connected), truth, events)


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
