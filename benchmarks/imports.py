"""Importing usage: against the sqlite3 shell's `.import` and sqlite-utils, and what it holds."""

import csv
import datetime as dt
import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from benchmarks.measurement import Measurement, middle

METRICS = ("active_users", "key_actions", "api_calls")
ROWS = 1_000_000  # a file has about so many at most, whatever the number of accounts
UNTIL = dt.date(2026, 11, 20)
RUNS = 3
SLOW_PEER_ACCOUNTS = 1_000


def measure(sizes: Sequence[int], folder: Path) -> Iterator[Measurement]:
    """First load and reload at each size; ordered by account, and by day."""
    for accounts in sizes:
        place = folder / f"imports-{accounts}"
        place.mkdir(parents=True, exist_ok=True)
        rows = write_files(place, accounts)
        floors = [_timed(shell_import, place) for _ in range(RUNS)]
        floor, floor_cpu = (middle(list(times)) for times in zip(*floors, strict=True))
        peer = "sqlite3 .import" if shutil.which("sqlite3") else "Python's executemany"
        first, reload = zip(*(_import_twice(place, "usage.csv") for _ in range(RUNS)), strict=True)
        what = f"import: {rows:,} rows of usage"
        for name, runs in (("first load", first), ("reload", reload)):
            seconds = middle([run["seconds"] for run in runs])
            yield Measurement(f"{what}, {name}", accounts, rows / seconds, "rows/s")
            yield Measurement(f"{what}, {name} ÷ {peer}", accounts, seconds / floor, "×", 3)
            ratio = middle([run["cpu"] for run in runs]) / floor_cpu
            yield Measurement(f"{what}, {name}, processor time ÷ its own", accounts, ratio, "×", 3)
        by_day = _import_twice(place, "usage_by_day.csv")
        runs = (*first, *reload, *by_day)
        for name, run in zip(("first load", "reload"), by_day, strict=True):
            ratio = run["seconds"] / floor
            yield Measurement(f"{what}, by day, {name} ÷ {peer}", accounts, ratio, "×", 3)
        lock = max(run["lock"] for run in runs) * 1000
        yield Measurement(f"{what}, longest lock", accounts, lock, "ms", 100)
        peak = max(run["peak"] for run in runs)
        yield Measurement(f"{what}, peak memory", accounts, peak, "MB", 200)
        if accounts <= SLOW_PEER_ACCOUNTS:
            seconds = middle([run["seconds"] for run in first])
            slow, _ = _timed(_sqlite_utils, place)
            yield Measurement(f"{what} ÷ sqlite-utils", accounts, seconds / slow, "×", 1 / 8)


def write_files(folder: Path, accounts: int) -> int:
    """Accounts, and their usage by account and by day; returns how many rows of usage."""
    chance = random.Random(1)
    days = max(1, min(365, ROWS // (accounts * len(METRICS))))
    dates = [(UNTIL - dt.timedelta(days=back)).isoformat() for back in reversed(range(days))]
    ids = [f"A{number:06d}" for number in range(accounts)]
    _write(
        folder / "accounts.csv",
        ("account_id", "name", "currency"),
        ((one, f"Account {one}", "USD") for one in ids),
    )
    headings = ("account_id", "date", "metric", "value")
    _write(
        folder / "usage.csv",
        headings,
        ((one, day, m, chance.randrange(900)) for one in ids for m in METRICS for day in dates),
    )
    _write(
        folder / "usage_by_day.csv",
        headings,
        ((one, day, m, chance.randrange(900)) for day in dates for one in ids for m in METRICS),
    )
    return accounts * len(METRICS) * days


def shell_import(folder: Path) -> None:
    """The floor: the file into a plain table."""
    target, file = folder / "floor.db", folder / "usage.csv"
    target.unlink(missing_ok=True)
    table = "CREATE TABLE usage (account_id TEXT, date TEXT, metric TEXT, value REAL)"
    shell = shutil.which("sqlite3")
    if shell:
        load = f".import --csv --skip 1 '{file}' usage"
        subprocess.run([shell, target, table, load], check=True, capture_output=True)
        return
    connection = sqlite3.connect(target)
    with connection, file.open(encoding="utf-8", newline="") as rows:
        connection.execute(table)
        reader = csv.reader(rows)
        next(reader)
        connection.executemany("INSERT INTO usage VALUES (?, ?, ?, ?)", reader)
    connection.close()


def import_once(database: Path, file: Path) -> dict[str, float]:
    """Import in this process; gives the longest lock (s) and the peak memory (MB)."""
    import resource

    from cs_workbench.importers.detection import plan_import
    from cs_workbench.workflows.importing import ImportWishes, run_import

    report = run_import(database, plan_import([file]), ImportWishes("benchmark"))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {
        "lock": report.longest_lock,
        "peak": peak / (2**20 if sys.platform == "darwin" else 1024),
    }


def _import_twice(folder: Path, file: str) -> tuple[dict[str, float], dict[str, float]]:
    database = folder / "portfolio.db"
    for left in folder.glob("portfolio.db*"):
        left.unlink()
    import_in_own_process(database, folder / "accounts.csv")
    return import_in_own_process(database, folder / file), import_in_own_process(
        database, folder / file
    )


def import_in_own_process(database: Path, file: Path) -> dict[str, float]:
    """What `import_once` gives, and what it took from the start of Python: time and work (s)."""
    begun, worked = time.perf_counter(), _worked()
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.imports", database, file],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])},
    )
    found: dict[str, float] = json.loads(done.stdout)
    return {**found, "seconds": time.perf_counter() - begun, "cpu": _worked() - worked}


def _sqlite_utils(folder: Path) -> None:
    target = folder / "sqlite-utils.db"
    target.unlink(missing_ok=True)
    command = [sys.executable, "-m", "sqlite_utils", "insert", str(target), "usage"]
    subprocess.run([*command, str(folder / "usage.csv"), "--csv"], check=True, capture_output=True)


def _timed(work: Callable[[Path], None], folder: Path) -> tuple[float, float]:
    """Time and processor time (s) of work that is done in processes of its own, or in this one."""
    begun, worked = time.perf_counter(), _worked()
    work(folder)
    return time.perf_counter() - begun, _worked() - worked


def _worked() -> float:
    """Processor time of this process and of those that it waited for, in seconds."""
    import resource

    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def _write(path: Path, headings: Sequence[str], rows: Iterator[tuple[object, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(headings)
        writer.writerows(rows)


if __name__ == "__main__":
    print(json.dumps(import_once(Path(sys.argv[1]), Path(sys.argv[2]))))
