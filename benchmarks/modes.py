"""All modes one after the other: processor time to the first of each and to all, and memory.

The program is that of somebody without accounts, who sees everybody's. Linux only: what a running
program takes is read from `/proc`.
"""

import os
import re
import shutil
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.first_frame import MARK, screens
from benchmarks.measurement import Measurement
from benchmarks.portfolio import UNTIL, build_database
from benchmarks.terminal import DOWN, Terminal, running
from cs_workbench.store.database import copy_log, open_database
from cs_workbench.workflows.refreshing import RefreshWishes, refresh_all

# The key of a mode, its name, and what the terminal gets with the first of its content.
OPENED = (
    (b"2", "Today", "things|reading all"),
    (b"3", "Renewals", "renewals|due "),
    (b"4", "Portfolio", "GRR"),
    (b"5", "Review", "No review goes on"),
    (b"1", "Accounts", MARK),
)
FIRST_MOST, MEMORY_MOST = 1.5, 200
WAIT, IDLE = 120.0, 1.5  # seconds: for a mode; without work, after which all is there
LEAST = 0.03  # seconds of processor time that are work
_ESCAPES = re.compile(rb"\x1b\[[0-?]*[ -/]*[@-~]")


def measure(sizes: Sequence[int], folder: Path) -> Iterator[Measurement]:
    """Each mode's first and all, then what the program holds and held at most."""
    for accounts in sizes:
        with running(screens(_refreshed(folder, accounts))) as terminal:
            terminal.wait_for(MARK, lambda: terminal.answers(DOWN))
            for key, name, mark in OPENED:
                first, whole = _opened(terminal, key, mark)
                yield Measurement(f"modes: first of {name}", accounts, first, "s", FIRST_MOST)
                yield Measurement(f"modes: all of {name}", accounts, whole, "s")
            held = terminal.held_mb
            yield Measurement("modes: memory after all five", accounts, held, "MB", MEMORY_MOST)
            yield Measurement("modes: peak of memory", accounts, terminal.peak_mb, "MB")


def _refreshed(folder: Path, accounts: int) -> Path:
    """The portfolio with all that a refresh makes; built once in the folder."""
    path = folder / f"modes-{accounts}.db"
    if path.exists():
        return path
    source, part = build_database(folder, accounts), path.with_suffix(".part")
    with open_database(source) as db:
        copy_log(db)
    shutil.copyfile(source, part)
    part.chmod(0o600)
    with open_database(part) as db:
        refresh_all(db, RefreshWishes(UNTIL, "benchmark"))
        copy_log(db)
    return part.rename(path)


def _opened(terminal: Terminal, key: bytes, mark: str) -> tuple[float, float]:
    """Processor seconds from a key to a mode's mark, and until nothing is done any more."""
    wanted, seen, first = re.compile(mark.encode()), b"", -1.0
    terminal.drain(0.3)
    begun = last = _processor(terminal)
    until, quiet = time.perf_counter() + WAIT, time.perf_counter()
    terminal.send(key)
    while time.perf_counter() < until:
        seen += terminal.read(0.05)
        now = _processor(terminal)
        if first < 0 and wanted.search(_ESCAPES.sub(b"", seen)):
            first = now - begun
        if now - last > LEAST:
            last, quiet = now, time.perf_counter()
        elif first >= 0 and time.perf_counter() - quiet > IDLE:
            return first, max(first, last - begun)
    raise TimeoutError(f"{key!r} never came to {mark!r}")


def _processor(terminal: Terminal) -> float:
    fields = Path(f"/proc/{terminal.pid}/stat").read_text("ascii").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
