"""All metrics of a period and the cohort triangle, in processor time, beside pandas."""

import datetime as dt
import json
import math
import random
import resource
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from benchmarks.measurement import Measurement
from cs_workbench.core.metrics.periods import parse_period
from cs_workbench.core.metrics.policy import DEFAULT_POLICY
from cs_workbench.store.database import open_database, write

TODAY = dt.date(2026, 11, 23)
YEARS = 5
PERIOD = "2026-Q3"
Row = tuple[object, ...]


def measure(sizes: Sequence[int], folder: Path) -> Iterator[Measurement]:
    """Processor seconds from the file to the numbers, and the memory that took."""
    for size in sizes:
        path = build(folder, size)
        assert_same(path)
        with get_context("spawn").Pool(1) as pool:
            whole, triangle, memory = pool.apply(_run, (str(path),))
        peer = _pandas(path)
        small = size < 100_000
        yield Measurement("metrics: all of a quarter", size, whole, "s", None if small else 3.0)
        yield Measurement("metrics: cohort triangle", size, triangle, "s", None if small else 1.0)
        yield Measurement("metrics: memory", size, memory, "MB", None if small else 300.0)
        yield Measurement(
            "metrics: both as a part of pandas' time",
            size,
            (whole + triangle) / peer,
            "x",
            None if small else 0.2,
        )


def build(folder: Path, accounts: int) -> Path:
    """A portfolio of so many accounts with five years of yearly terms, made once."""
    path = folder / f"metrics-{accounts}.db"
    if path.exists():
        return path
    part = folder / f"metrics-{accounts}.part"
    rng = random.Random(accounts)
    with open_database(part, create=True) as db, write(db) as connection:
        connection.executemany(
            "INSERT INTO account (account_key, account_id, name, segment, currency, search_text) "
            "VALUES (?, ?, ?, ?, 'USD', ?)",
            (
                (key, f"A{key:06}", f"Account {key}", rng.choice(("smb", "mid", "ent")), f"a{key}")
                for key in range(1, accounts + 1)
            ),
        )
        connection.executemany(
            "INSERT INTO subscription (subscription_id, account_key, product, arr_minor, currency, "
            "start_date, end_date, term_months, notice_days, cancelled_on) "
            "VALUES (?, ?, ?, ?, 'USD', ?, ?, 12, 60, ?)",
            (row for key in range(1, accounts + 1) for row in _terms(key, rng)),
        )
    return part.rename(path)


def _terms(key: int, rng: random.Random) -> Iterator[Row]:
    """Yearly terms of one or two products, with growth, gaps and losses."""
    for product in ("platform", "api")[: 1 + (rng.random() < 0.2)]:
        start = TODAY - dt.timedelta(rng.randrange(30, 365 * YEARS))
        arr = rng.randrange(100_000, 5_000_000)
        number = 0
        while start <= TODAY and number < YEARS + 1:
            end = start + dt.timedelta(364)
            left = rng.random()
            cancelled = start + dt.timedelta(rng.randrange(60, 360)) if left < 0.02 else None
            identity = f"{key}-{product}-{number}"
            day = None if cancelled is None else cancelled.isoformat()
            yield (identity, key, product, arr, start.isoformat(), end.isoformat(), day)
            if cancelled is not None or left > 0.92:
                return
            start = end + dt.timedelta(1 if left < 0.85 else rng.randrange(2, 60))
            arr = round(arr * rng.choice((1, 1, 1.05, 1.3, 0.8)))
            number += 1


def _run(path: str) -> tuple[float, float, float]:
    from cs_workbench.workflows.cohorts import read_cohorts
    from cs_workbench.workflows.ledger import read_ledger
    from cs_workbench.workflows.metrics import measure as measure_metrics

    with open_database(Path(path)) as db:
        begun = time.process_time()
        measure_metrics(db, parse_period(PERIOD), DEFAULT_POLICY, as_of=TODAY)
        whole = time.process_time() - begun
        ledger = read_ledger(db, DEFAULT_POLICY, as_of=TODAY)
        begun = time.process_time()
        read_cohorts(ledger)
        triangle = time.process_time() - begun
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return whole, triangle, used


def assert_same(path: Path) -> None:
    """See that ours and the peer's numbers are the same, to what floating point tells."""
    from cs_workbench.workflows.cohorts import read_cohorts
    from cs_workbench.workflows.ledger import read_ledger
    from cs_workbench.workflows.metrics import measure as measure_metrics

    told = subprocess.run(_peer(path), check=True, capture_output=True, text=True)
    theirs = json.loads(told.stdout)
    with open_database(path) as db:
        answer = measure_metrics(db, parse_period(PERIOD), DEFAULT_POLICY, as_of=TODAY).whole
        cohorts = read_cohorts(read_ledger(db, DEFAULT_POLICY, as_of=TODAY))
    for key, metric in answer.metrics.items():
        if key == "clv":
            continue  # unknown to both: the policy has no margin
        parts = metric.numerator, metric.denominator, metric.n, metric.low, metric.high
        assert _near(parts, theirs["metrics"][key]), key
    bridge = {} if answer.bridge is None else answer.bridge.plain()
    assert theirs["bridge"].items() <= bridge.items()
    rows = {one.name: [list(one.active), list(one.arr)] for one in cohorts.table.rows if one.active}
    assert theirs["triangle"] == rows
    curve = cohorts.curve
    points = zip(curve.times, curve.shares, curve.lows, curve.highs, strict=True)
    for mine, other in zip(points, theirs["curve"], strict=True):
        assert _near(mine, other)


def _near(mine: Sequence[Any], theirs: Sequence[Any]) -> bool:
    return all(
        one == other or (None not in {one, other} and math.isclose(one, other, rel_tol=1e-9))
        for one, other in zip(mine, theirs, strict=True)
    )


def _pandas(path: Path) -> float:
    """Processor seconds of the script, without those of importing pandas."""
    return _children(*_peer(path)) - _children(sys.executable, "-c", "import pandas")


def _peer(path: Path) -> tuple[str, ...]:
    period = parse_period(PERIOD)
    script = str(Path(__file__).with_name("pandas_metrics.py"))
    days = (one.isoformat() for one in (period.first, period.end, TODAY))
    return sys.executable, script, str(path), *days


def _children(*command: str) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
