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
from cs_workbench.store.database import Database, write
from cs_workbench.workflows.pulling import pull_usage
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
from tests.factories import add_account

pytestmark = pytest.mark.deep

BEGIN = day_number(FIRST.date())
NONE = type(None)
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
        # The store takes nothing else: PostgreSQL adds whole numbers up to decimals.
        assert {type(one) for values in found.values() for one in values} <= {int, float, NONE}
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


def fill(server: dict[str, str], moment: str, events: list[Event]) -> str:
    """Bring the events into a table of a server; what a specification says of the connection."""
    import psycopg

    settings: dict[str, Any] = {**server, "dbname": server["database"]}
    del settings["database"]
    with psycopg.connect(**settings) as connection:
        connection.execute("SET timezone = 'UTC'")
        connection.execute(
            f"CREATE TABLE {moment}_events (id TEXT, account TEXT, user_id TEXT, event TEXT, "
            f"ts {moment}, received_at {moment}, seconds DOUBLE PRECISION)"
        )
        with connection.cursor().copy(f"COPY {moment}_events FROM STDIN") as copy:
            for row in records(events):
                copy.write_row([row[column] for column in COLUMNS])
    return "\n".join(f'{key} = "{value}"' for key, value in server.items())


@pytest.mark.parametrize("moment", ["timestamptz", "timestamp"])
def test_postgres(
    tmp_path: Path, server: dict[str, str], events: list[Event], truth: Days, moment: str
) -> None:
    connected = fill(server, moment, events)
    hold(spec(tmp_path, "postgres", f'table = "{moment}_events"', connected), truth, events)


def test_a_pull_from_postgres_is_kept(
    tmp_path: Path, server: dict[str, str], events: list[Event], truth: Days, db: Database
) -> None:
    with write(db) as connection:
        for account in {account for account, _ in truth}:
            add_account(connection, account)
    spec(tmp_path, "postgres", 'table = "date_events"', fill(server, "date", events))
    report = pull_usage(
        db, tmp_path / "postgres.toml", actor="ana", today=FIRST.date() + dt.timedelta(days=DAYS)
    )
    assert report.unknown == 0
    sql = "SELECT sum(value) FROM usage_day JOIN usage_metric USING (metric_id) WHERE name = ?"
    ((kept,),) = db.connection.execute(sql, ("time_in_use",)).fetchall()
    # A date is that day in every zone.
    assert kept == pytest.approx(sum(values[-1] or 0 for values in _by_date(events).values()))


def _by_date(events: list[Event]) -> Days:
    dates = [(*one[:4], one[4].replace(hour=12, minute=0), *one[5:]) for one in events]
    return expected(dates)


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
