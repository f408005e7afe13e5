"""The pipeline of renewals: its first picture, the whole list, the difference of a week."""

import datetime as dt
import random
import shutil
import time
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

from benchmarks.measurement import Measurement, middle
from benchmarks.metrics import TODAY, build
from cs_workbench.core.forecast_policy import ForecastPolicy
from cs_workbench.store.database import Database, open_database, write
from cs_workbench.workflows.pipeline import Window, compare, read_pipeline
from cs_workbench.workflows.renewals import settle_renewals

POLICY = ForecastPolicy()
WEEK = dt.timedelta(7)
FIRST = 100
TURNS = 5


def measure(sizes: Sequence[int], folder: Path) -> Iterator[Measurement]:
    """Processor seconds of what screen 3 reads, on a book in which most renewals are forecast."""
    for size in sizes:
        with open_database(_forecast(folder, size)) as db:
            first, whole, week, count = _timed(db)
        small = size < 100_000
        yield Measurement("renewals: next 100", size, 1000 * first, "ms", 300.0)
        yield Measurement("renewals: all in 120 days", size, whole, "s")
        yield Measurement("renewals: how many these are", size, count, "")
        yield Measurement("renewals: difference of a week", size, week, "s", None if small else 1.0)


def _timed(db: Database) -> tuple[float, float, float, int]:
    window, took = Window(TODAY), []
    for _ in range(TURNS):
        moments = [time.process_time()]
        read_pipeline(db, window, POLICY, limit=FIRST, own=False)
        moments.append(time.process_time())
        now = read_pipeline(db, window, POLICY)
        moments.append(time.process_time())
        compare(db, window, TODAY - WEEK, POLICY, now=now)
        moments.append(time.process_time())
        took.append([after - before for before, after in pairwise(moments)])
    first, whole, week = (middle(one) for one in zip(*took, strict=True))
    return first, whole, week, len(now.entries)


def _forecast(folder: Path, accounts: int) -> Path:
    """The portfolio of the metrics with forecasts of most renewals that are ahead, made once."""
    path = folder / f"renewals-{accounts}.db"
    if path.exists():
        return path
    part = folder / f"renewals-{accounts}.part"
    shutil.copyfile(build(folder, accounts), part)
    rng = random.Random(accounts)
    with open_database(part) as db:
        ahead = db.connection.execute(
            "SELECT account_key, end_date, sum(arr_minor) FROM subscription "
            "WHERE end_date > ? AND cancelled_on IS NULL GROUP BY 1, 2 ORDER BY 1, 2",
            (TODAY.isoformat(),),
        ).fetchall()
        with write(db) as connection:
            connection.executemany(
                "INSERT INTO forecast (forecast_id, account_key, category, amount_minor, currency, "
                "author, made_at, renewal_end) VALUES (?, ?, ?, ?, 'USD', ?, ?, ?)",
                (row for one in ahead for row in _statements(one[0], one[1], one[2], rng)),
            )
        settle_renewals(db, today=TODAY, policy=POLICY)
    return part.rename(path)


def _statements(key: int, end: str, arr: int, rng: random.Random) -> Iterator[tuple[object, ...]]:
    """Up to three forecasts of a renewal, made over the last ten weeks; of two in five none."""
    for number in range(rng.choice((0, 0, 1, 2, 3))):
        made = TODAY - dt.timedelta(rng.randrange(70))
        category = rng.choice(("commit", "likely", "at risk", "churn expected"))
        identity, instant = f"{key}-{end}-{number}", f"{made.isoformat()}T09:00:0{number}Z"
        yield (identity, key, category, arr, f"csm{key % 97}", instant, end)
