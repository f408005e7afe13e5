"""Refresh: every account scored, against one scan of the same usage as raw day rows.

The portfolio is written straight into the tables (a year of three metrics through the real import
would take longer than everything else), so these figures are about scoring alone. All are processor
seconds, which a busy machine distorts less, unless they say wall. The peer in pandas is measured
where pandas is installed (`pip install .[bench]`).
"""

import datetime as dt
import resource
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from benchmarks.measurement import Measurement
from cs_workbench.core.usage import base_median, best_mean, recent_mean
from cs_workbench.store.database import open_database, snapshot, write
from cs_workbench.store.facts import account_keys
from cs_workbench.store.known import read_known
from cs_workbench.store.sqlite import sqlite3
from cs_workbench.store.usage_facts import pick_usage, usage_of
from cs_workbench.workflows.scoring import CHUNK, backfill, default_scorecard, refresh

UNTIL = dt.date(2026, 11, 22)
LAST_WEEK = 2968  # its Sunday is UNTIL
WEEKS, METRICS = 53, 3
RAW_UP_TO = 10_000  # accounts; 110 million raw rows would only measure the disk
BACKFILL = 1_000

# A repeatable disorder: (n * a + b) % m instead of random().
FILL = (
    """INSERT INTO import_run (import_id, source, kind, mapping, file_name, file_hash, recorded_at,
        actor, known_policy, state) VALUES (1, 'native', 'usage', 'native', 'usage.csv', 'x',
        '2026-11-22T20:00:00Z', 'benchmark', 'assumed', 'done')""",
    """INSERT INTO account (account_key, account_id, name, segment, lifecycle_stage, started_on,
        currency, search_text, import_id)
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :accounts)
    SELECT i, 'A' || i, 'Account ' || i, iif(i % 7, 'smb', 'enterprise'), 'mature', '2025-01-01',
        'USD', 'account ' || i, 1 FROM n""",
    """INSERT INTO subscription (subscription_id, account_key, product, seats, arr_minor, currency,
        start_date, end_date, term_months, notice_days, auto_renew, import_id)
    SELECT account_key || '-' || term, account_key, 'platform', 10 + account_key % 90,
        100000 * (1 + account_key % 50), 'USD', date('2025-01-01', (account_key % 300) || ' days',
        (term * 365) || ' days'), date('2025-12-31', (account_key % 300) || ' days',
        (term * 365) || ' days'), 12, 30, account_key % 2, 1
    FROM account, (SELECT 0 AS term UNION ALL SELECT 1)""",
    """INSERT INTO ticket (ticket_id, account_key, opened_at, first_response_at, closed_at,
        priority, reopened_count, is_complaint, csat, import_id)
    SELECT account_key || '-' || n, account_key,
        date('2026-11-20', -((account_key * 13 + n * 97) % 360) || ' days') || 'T09:00:00Z', NULL,
        iif((account_key + n) % 20, date('2026-11-22', -((account_key * 13 + n * 97) % 360) ||
        ' days') || 'T09:00:00Z', NULL), iif((account_key + n) % 9, 'normal', 'urgent'),
        (account_key + n) % 11 = 0, (account_key + n) % 23 = 0, 1 + (account_key + n) % 5, 1
    FROM account, (SELECT 0 AS n UNION ALL SELECT 1 UNION ALL SELECT 2)""",
    """INSERT INTO survey_response (response_id, account_key, answered_on, kind, score, import_id)
    SELECT 'r' || account_key, account_key, date('2026-11-20', -(account_key % 200) || ' days'),
        'nps', account_key % 11, 1 FROM account""",
    """INSERT INTO touchpoint (touchpoint_id, account_key, occurred_at, channel, direction,
        import_id)
    SELECT account_key || '-' || n, account_key,
        date('2026-11-20', -((account_key * 7 + n * 61) % 200) || ' days') || 'T09:00:00Z', 'email',
        iif(n % 2, 'inbound', 'outbound'), 1
    FROM account, (SELECT 0 AS n UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3)""",
    """INSERT INTO usage_metric (metric_id, name, label, unit, rollup) VALUES
        (1, 'active_users', 'Active users', 'users', 'max'),
        (2, 'key_actions', 'Key actions', 'actions', 'sum'),
        (3, 'api_calls', 'API calls', 'calls', 'sum')""",
    "INSERT INTO usage_frontier SELECT metric_id, 1, :until FROM usage_metric",
    """INSERT INTO usage_week
    WITH RECURSIVE w(week) AS (
        SELECT :last - :weeks + 1 UNION ALL SELECT week + 1 FROM w WHERE week < :last)
    SELECT a.account_key, m.metric_id, week, level + 1, level + 4, level + 2, level + 3, level, 1, 0
    FROM account a, usage_metric m, w, (SELECT 5 AS level)
    WHERE 1 ORDER BY 1, 2, 3""",
    "UPDATE usage_week SET d0 = d0 + account_key % 40 + week % 5, d2 = d2 * (1 + week % 3)",
)


class Cost(NamedTuple):
    """Of one piece of work."""

    processor: float
    wall: float
    peak_mb: float = 0


def measure(sizes: Sequence[int], folder: Path) -> Iterator[Measurement]:
    """First refresh, peak memory, ratios to a scan and to pandas; a backfilled year."""
    costs: dict[int, Cost] = {}
    for accounts in sizes:
        path = _portfolio(folder, accounts)
        cost = costs[accounts] = _first_refresh(path)
        yield Measurement("refresh, first of the day", accounts, cost.processor, "s")
        yield Measurement("refresh, peak memory", accounts, cost.peak_mb, "MB", 400)
        if accounts <= RAW_UP_TO:
            yield from _against_raw_rows(path, accounts, cost)
        smaller = [size for size in costs if size < accounts]
        if smaller and accounts >= 100_000:
            expected = costs[max(smaller)].processor * accounts / max(smaller)
            growth = cost.processor / expected
            yield Measurement("refresh / linear growth", accounts, growth, "×", 1.2)
    yield from _backfill(folder)


def _against_raw_rows(path: Path, accounts: int, cost: Cost) -> Iterator[Measurement]:
    """A refresh with signals and history against one scan; usage measures against pandas."""
    raw = path.with_suffix(".raw")
    _copy_days(path, raw)
    try:
        scan = min(_scan(raw) for _ in range(3))
        what = "refresh with signals / sum over the raw day rows"
        ratio = cost.processor / scan.processor
        yield Measurement(f"{what}, processor", accounts, ratio, "×", 3)
        yield Measurement(f"{what}, wall", accounts, cost.wall / scan.wall, "×", 3)
        if find_spec("pandas") is None:
            print("pandas is not installed: the peer is left out", file=sys.stderr)
            return
        seconds, found = _run("benchmarks.pandas_usage", raw, UNTIL.isoformat(), 1)
        ours, ours_found = _usage_measures(path)
        assert found == ours_found == accounts
        yield Measurement("usage measures, pandas", accounts, seconds, "s")
        yield Measurement("usage measures / pandas", accounts, ours / seconds, "×", 0.1)
    finally:
        raw.unlink()


def _usage_measures(path: Path) -> tuple[float, int]:
    """Level, change, last use and peak of every account, as a refresh reads them."""
    count = 0
    with open_database(path) as db, snapshot(db) as connection:
        begun = time.process_time()
        known = read_known(connection, UNTIL)
        usage = pick_usage(connection, known, default_scorecard())
        keys = account_keys(connection)
        for first in range(0, len(keys), CHUNK):
            last = min(first + CHUNK, len(keys)) - 1
            for found in usage_of(connection, known, usage, (keys[first], keys[last])).values():
                series = found["active_users"]
                recent, best, base = recent_mean(series), best_mean(series), base_median(series)
                assert recent is not None
                assert best
                assert base
                assert recent / best <= 1
                assert recent / base >= 0
                count += series.last_used is not None and series.peak is not None
        return time.process_time() - begun, count


def _backfill(folder: Path) -> Iterator[Measurement]:
    path = _portfolio(folder, BACKFILL)
    once = _first_refresh(path)
    with open_database(path) as db:
        begun = time.process_time()
        backfill(db, start=UNTIL - dt.timedelta(weeks=51), end=UNTIL, actor="benchmark")
        taken = time.process_time() - begun
    yield Measurement("refresh, 52 weeks backfilled", BACKFILL, taken, "s")
    yield Measurement("refresh, 52 weeks / one", BACKFILL, taken / once.processor, "×", 20)


def _portfolio(folder: Path, accounts: int) -> Path:
    path = folder / f"refresh-{accounts}.db"
    if path.exists():
        return path
    part = folder / f"refresh-{accounts}.part"
    with open_database(part, create=True) as db, write(db) as connection:
        given = {
            "accounts": accounts,
            "until": UNTIL.isoformat(),
            "last": LAST_WEEK,
            "weeks": WEEKS,
        }
        for statement in FILL:
            connection.execute(statement, given)
    with open_database(part) as db:
        db.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return part.rename(path)


def _first_refresh(path: Path) -> Cost:
    """In a process of its own."""
    return Cost(*_run("benchmarks.refresh", path))


def _run(module: str, *arguments: object) -> list[float]:
    """The numbers that a module prints when it is run."""
    told = subprocess.run(
        [sys.executable, "-m", module, *map(str, arguments)],
        check=True,
        capture_output=True,
        text=True,
    )
    return [float(part) for part in told.stdout.split()]


def _scan(raw: Path) -> Cost:
    """One `SELECT sum(value)` over the day rows."""
    connection = sqlite3.connect(raw)
    try:
        begun, started = time.process_time(), time.perf_counter()
        connection.execute("SELECT sum(value) FROM usage").fetchone()
        return Cost(time.process_time() - begun, time.perf_counter() - started)
    finally:
        connection.close()


def _copy_days(path: Path, raw: Path) -> None:
    """The same usage as a table of day rows."""
    raw.unlink(missing_ok=True)
    with open_database(path) as db:
        db.connection.execute("ATTACH ? AS raw", (str(raw),))
        db.connection.execute(
            "CREATE TABLE raw.usage (account_key INTEGER, metric_id INTEGER, day TEXT, value REAL)"
        )
        db.connection.execute(
            "INSERT INTO raw.usage SELECT account_key, metric_id, day, value FROM usage_day"
        )
        db.connection.execute("DETACH raw")


def main(path: Path) -> None:
    """Take back what was scored, score, and tell processor seconds, wall seconds and megabytes."""
    with open_database(path) as db:
        with write(db) as connection:
            connection.execute("DELETE FROM signal")
            connection.execute("DELETE FROM score")
            connection.execute("DELETE FROM account_summary")
            connection.execute("DELETE FROM refresh_run")
        begun, started = time.process_time(), time.perf_counter()
        refresh(db, as_of=UNTIL, actor="benchmark")
        processor, wall = time.process_time() - begun, time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(processor, wall, peak / (2**20 if sys.platform == "darwin" else 2**10))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
