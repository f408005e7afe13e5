"""What a command costs in processor time, start of Python included."""

import resource
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.measurement import Measurement, middle
from benchmarks.portfolio import UNTIL, build_database

RUNS = 7


def measure(sizes: Sequence[int], folder: Path) -> Iterator[Measurement]:
    """`csw accounts --limit 20 --json` at each size."""
    for accounts in sizes:
        database = build_database(folder, accounts)
        command = ["accounts", "--limit", "20", "--json"]
        times = [cpu_seconds(database, command) for _ in range(RUNS)]
        yield Measurement(f"command: csw {' '.join(command)}", accounts, middle(times), "s", 0.25)


def program(database: Path) -> tuple[str, ...]:
    """How `csw` is started on this portfolio."""
    start = (sys.executable, "-m", "cs_workbench")
    return (*start, "--db", str(database), "--today", UNTIL.isoformat())


def cpu_seconds(database: Path, command: Sequence[str]) -> float:
    """User and system time of one run."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [*program(database), *command],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
