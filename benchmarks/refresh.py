"""Refresh: every account scored, against one scan of the same usage as raw day rows.

All figures are processor seconds, which a busy machine distorts less. Ratios are of pieces of work
that take turns in the same run; of each the quickest of three counts. The peer in pandas is
measured where pandas is installed (`pip install .[bench]`).

- *Scores alone*: every account scored as of a day of the past, as `csw refresh --as-of` does; the
  list and the signals stay.
- *First of the day*: scores, the list with its trends and causes against the refreshes of the day
  before and of four weeks before, signals with their detectors, the test of the rulers.
- *Everything*: what `csw refresh` does, the first time: that, and loyalty, plays, renewals; of it
  alone is the peak of memory.
"""

import datetime as dt
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from benchmarks.measurement import Measurement, middle
from benchmarks.usage_portfolio import UNTIL, copy_days, scan, year_of_usage
from cs_workbench.store.database import Database, copy_log, open_database, snapshot, write
from cs_workbench.store.facts import account_keys
from cs_workbench.store.known import read_known
from cs_workbench.store.usage_columns import usage_columns
from cs_workbench.store.usage_facts import pick_usage
from cs_workbench.workflows.collecting import no_garbage_search
from cs_workbench.workflows.explaining import explain
from cs_workbench.workflows.refreshing import RefreshWishes, refresh_all
from cs_workbench.workflows.scoring import CHUNK, backfill, default_scorecard, refresh

RAW_UP_TO = 10_000  # accounts; 110 million raw rows would only measure the disk
BACKFILL = 1_000
TURNS = 3
DAY = dt.timedelta(days=1)
MONTH = dt.timedelta(days=28)
EXPLAINED = 25


class Costs(NamedTuple):
    """Processor seconds of a refresh of each kind."""

    alone: float
    first_of_day: float


def measure(sizes: Sequence[int], folder: Path) -> Iterator[Measurement]:
    """Refreshes against a scan and against pandas, growth, memory, explanation, backfill."""
    costs: dict[int, Costs] = {}
    for accounts in sizes:
        path = year_of_usage(folder, accounts)
        if accounts <= RAW_UP_TO:
            costs[accounts], found = _against_raw_rows(path, accounts)
        else:
            costs[accounts], found = _refreshes(path), []
        yield Measurement("refresh: scores alone", accounts, costs[accounts].alone, "s")
        yield Measurement("refresh: first of the day", accounts, costs[accounts].first_of_day, "s")
        seconds, peak_mb = _everything(path)
        yield Measurement("refresh: everything, the first time", accounts, seconds, "s")
        yield Measurement("refresh: peak memory", accounts, peak_mb, "MB", 400)
        yield from found
        smaller = max((size for size in costs if size < accounts), default=0)
        if smaller and accounts >= 100_000:
            expected = costs[smaller].first_of_day * accounts / smaller
            growth = costs[accounts].first_of_day / expected
            yield Measurement("refresh: against linear growth", accounts, growth, "×", 1.2)
        yield Measurement("explain: one account", accounts, 1000 * _explain(path), "ms", 50)
    yield from _backfill(folder)


def _against_raw_rows(path: Path, accounts: int) -> tuple[Costs, list[Measurement]]:
    """Refreshes in turn with scans of the same days; the usage measures against pandas."""
    raw = path.with_suffix(".raw")
    copy_days(path, raw)
    try:
        turns = [(_processor(lambda: scan(raw)), _refreshes(path)) for _ in range(TURNS)]
        scanned = min(seconds for seconds, _ in turns)
        costs = Costs(
            min(one.alone for _, one in turns),
            min(one.first_of_day for _, one in turns),
        )
        ratios = (
            ("scores alone", costs.alone / scanned, 1.5),
            ("with list, signals and history", costs.first_of_day / scanned, 3),
        )
        found = [
            Measurement(f"refresh, {what} ÷ sum over the raw day rows", accounts, ratio, "×", most)
            for what, ratio, most in ratios
        ]
        return costs, [*found, *_against_pandas(path, raw, accounts)]
    finally:
        raw.unlink()


def _against_pandas(path: Path, raw: Path, accounts: int) -> Iterator[Measurement]:
    if find_spec("pandas") is None:
        print("pandas is not installed: the peer is left out", file=sys.stderr)
        return
    theirs, ours = [], []
    for _ in range(TURNS):
        seconds, found = _run("benchmarks.pandas_usage", raw, UNTIL.isoformat(), 1)
        assert found == accounts
        theirs.append(seconds)
        ours.append(_processor(lambda: _usage_measures(path, accounts)))
    yield Measurement("usage measures: pandas", accounts, min(theirs), "s")
    yield Measurement("usage measures ÷ pandas", accounts, min(ours) / min(theirs), "×", 0.1)


def _usage_measures(path: Path, accounts: int) -> None:
    """Level, change, last use and peak of every account, as a refresh reads them."""
    count = 0
    with open_database(path) as db, snapshot(db) as connection, no_garbage_search():
        known = read_known(connection, UNTIL)
        usage = pick_usage(connection, known, default_scorecard())
        keys = account_keys(connection)
        for first in range(0, len(keys), CHUNK):
            last = min(first + CHUNK, len(keys)) - 1
            places = {key: place for place, key in enumerate(keys[first : last + 1])}
            found = usage_columns(connection, known, usage, places)["active_users"]
            recent = found.recent_mean()
            assert (recent / found.best_mean() <= 1).all()
            assert (recent / found.base_median() >= 0).all()
            count += int(((found.last_used > 0) & (found.peak > 0)).sum())
    assert count == accounts


def _explain(path: Path) -> float:
    """The median over some accounts of what an explanation with causes since a day takes."""
    card = default_scorecard()
    with open_database(path) as db:
        keys = account_keys(db.connection)
        return middle(
            [
                _processor(partial(explain, db, key, card, as_of=UNTIL, since=UNTIL - MONTH))
                for key in keys[:: max(1, len(keys) // EXPLAINED)]
            ]
        )


def _backfill(folder: Path) -> Iterator[Measurement]:
    """52 weeks on an empty history, in turn with a first refresh of the same accounts' day."""
    path = year_of_usage(folder, BACKFILL)
    start = UNTIL - dt.timedelta(weeks=51)
    once, year = [], []
    for _ in range(TURNS):
        once.append(_refreshes(path).first_of_day)
        with open_database(path) as db:
            _forget(db)
            year.append(
                _processor(partial(backfill, db, start=start, end=UNTIL, actor="benchmark"))
            )
    yield Measurement("backfill: 52 weeks", BACKFILL, min(year), "s")
    ratio = min(year) / min(once)
    yield Measurement("backfill: 52 weeks ÷ one refresh", BACKFILL, ratio, "×", 20)


def _refreshes(path: Path) -> Costs:
    """In a process of its own."""
    return Costs(*_run("benchmarks.refresh", path))


def _everything(path: Path) -> list[float]:
    """Processor seconds and peak of memory (MB), in a process of its own, on a copy."""
    copy = path.with_suffix(".whole")
    with open_database(path) as db:
        _forget(db)
        copy_log(db)
    shutil.copyfile(path, copy)
    copy.chmod(0o600)
    try:
        return _run("benchmarks.refresh", copy, "everything")
    finally:
        for left in copy.parent.glob(f"{copy.name}*"):
            left.unlink()


def _run(module: str, *arguments: object) -> list[float]:
    """The numbers that a module prints when it is run."""
    told = subprocess.run(
        [sys.executable, "-m", module, *map(str, arguments)],
        check=True,
        capture_output=True,
        text=True,
    )
    return [float(part) for part in told.stdout.split()]


def _processor(work: Callable[[], object]) -> float:
    begun = time.process_time()
    work()
    return time.process_time() - begun


def _forget(db: Database) -> None:
    """Take back all that refreshes have written."""
    with write(db) as connection:
        for table in ("signal", "score", "account_summary", "refresh_run"):
            connection.execute(f"DELETE FROM {table}")  # noqa: S608 - the names are above
        connection.execute("UPDATE usage_metric SET tested_until = NULL")


def main(path: Path) -> None:
    """Score two days of the past, then the day itself, then another day of the past; tell costs."""
    with open_database(path) as db:
        _forget(db)
        for day in (UNTIL - MONTH, UNTIL - DAY):
            refresh(db, as_of=day, actor="benchmark")
        first = _processor(lambda: refresh(db, as_of=UNTIL, actor="benchmark"))
        alone = _processor(lambda: refresh(db, as_of=UNTIL - 2 * DAY, actor="benchmark"))
    print(alone, first)


def everything(path: Path) -> None:
    """Do all that `csw refresh` does of the day; tell seconds and memory."""
    with open_database(path) as db:
        seconds = _processor(lambda: refresh_all(db, RefreshWishes(UNTIL, "benchmark")))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(seconds, peak / (2**20 if sys.platform == "darwin" else 2**10))


if __name__ == "__main__":
    (everything if sys.argv[2:] else main)(Path(sys.argv[1]))
