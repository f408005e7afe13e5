"""How long counting events takes: `python -m benchmarks.events 1000000 duckdb`.

Prints one JSON line. Events are made once for each number, as Parquet, and kept in the folder.
"""

import json
import resource
import sys
import tempfile
import time
from pathlib import Path

ACCOUNTS, USERS, DAYS = 1_000, 50_000, 90
# What the conformance tests of the engines count too.
COUNTED = """
[columns]
account = "account"
time = "ts"
arrived = "received_at"
id = "id"
[[metrics]]
name = "events"
[[metrics]]
name = "active_users"
count_distinct = "user_id"
[[metrics]]
name = "features_used"
count_distinct = "event"
rollup = "max"
"""
SPEC = """
name = "events"
engine = "{engine}"
files = "{files}"
zone = "Europe/Madrid"
[connection]
{connection}
{counted}
[[metrics]]
name = "reports_run"
where = {{ event = ["event 7"] }}
[[metrics]]
name = "seconds"
sum = "seconds"
"""
SPARK = """
master = "local-cluster[2,1,2048]"
"spark.ui.enabled" = false
"spark.executor.memory" = "2g"
"spark.driver.memory" = "2g"
"spark.sql.shuffle.partitions" = 8
"""
MAKE = """COPY (
    SELECT 'e' || (range - (hash(range) % 20 = 0)::BIGINT) AS id,
        'acct-' || (hash(range, 1) % {accounts}) AS account,
        'u' || (hash(range, 2) % {users}) AS user_id,
        'event ' || (hash(range, 3) % 30) AS event,
        TIMESTAMPTZ '2026-08-01 00:00:00+00' + to_seconds(range * {days} * 86400 // {rows}) AS ts,
        ts + to_seconds((hash(range, 4) % 3600)::BIGINT) AS received_at,
        (hash(range, 5) % 600)::DOUBLE AS seconds
    FROM range({rows})
) TO '{path}' (FORMAT parquet, ROW_GROUP_SIZE 500000)"""


def make(folder: Path, rows: int) -> Path:
    """The events, one in twenty a repetition of the one before by its id."""
    import duckdb

    path = folder / f"events-{rows}.parquet"
    if not path.exists():
        connection = duckdb.connect()
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute("SET memory_limit = '2GB'")
        connection.execute(
            MAKE.format(accounts=ACCOUNTS, users=USERS, days=DAYS, rows=rows, path=path)
        )
        connection.close()
    return path


def measure(folder: Path, rows: int, engine: str, *, memory: str = "2GB") -> dict[str, object]:
    """Count them all, a month at a time, and say how long it took and what it needed."""
    from cs_workbench.engines.events import LATEST
    from cs_workbench.engines.opening import open_engine
    from cs_workbench.engines.specs import read_spec
    from cs_workbench.engines.zones import day_number

    path = make(folder, rows)
    connection = SPARK if engine == "pyspark" else f'memory_limit = "{memory}"'
    spec = folder / f"{engine}-{rows}.toml"
    spec.write_text(
        SPEC.format(engine=engine, files=path, connection=connection, counted=COUNTED), "utf-8"
    )
    begun = time.perf_counter()
    opened = open_engine(read_spec(spec))
    started = time.perf_counter()
    arrivals = opened.arrivals(None, LATEST)
    found = 0
    assert arrivals.first_day is not None
    assert arrivals.last_day is not None
    begin, end = day_number(arrivals.first_day), day_number(arrivals.last_day)
    for first in range(begin, end + 1, 31):
        found += sum(1 for _ in opened.days(first, min(first + 30, end)))
    ended = time.perf_counter()
    opened.close()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    workers = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return {
        "engine": engine,
        "events": rows,
        "account_days": found,
        "start_s": round(started - begun, 1),
        "count_s": round(ended - started, 1),
        "file_mb": path.stat().st_size >> 20,
        "peak_mb": peak >> 10,
        "largest_child_mb": workers >> 10,
    }


if __name__ == "__main__":
    place = Path(sys.argv[3]) if len(sys.argv) > 3 else Path(tempfile.gettempdir())
    print(json.dumps(measure(place, int(sys.argv[1]), sys.argv[2])))
