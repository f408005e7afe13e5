"""From exec to a screen that answers, against a bare Textual app in the same run (A B A B ...)."""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.commands import program
from benchmarks.measurement import Measurement, middle
from benchmarks.portfolio import build_database
from benchmarks.terminal import DOWN, start

RUNS = 7
MARK = "Needs me"
BARE = (sys.executable, "-m", "benchmarks.bare_app")
LARGE = 100_000


def measure(sizes: Sequence[int], folder: Path) -> Iterator[Measurement]:
    """First frame, first answered key, and memory, at each size."""
    for accounts in sizes:
        command = screens(build_database(folder, accounts))
        large = accounts >= LARGE
        start(command, MARK)  # the first start of a file warms the disk's cache
        frames = [start(command, MARK).seconds for _ in range(3)]
        yield Measurement("start: exec to first frame", accounts, middle(frames), "s")
        yield from _against_bare(command, accounts, large=large)


def screens(database: Path) -> tuple[str, ...]:
    """The command that opens the screens on this portfolio."""
    return (*program(database), "tui")


def _against_bare(command: Sequence[str], accounts: int, *, large: bool) -> Iterator[Measurement]:
    pairs = [(start(command, MARK, DOWN), start(BARE, "line 1", DOWN)) for _ in range(RUNS)]
    ours = middle([pair[0].seconds for pair in pairs])
    bare = middle([pair[1].seconds for pair in pairs])
    ratio = middle([pair[0].seconds / pair[1].seconds for pair in pairs])
    peak = max(pair[0].peak_mb for pair in pairs)
    yield Measurement("start: exec to first answered key", accounts, ours, "s")
    yield Measurement("start: the same, bare Textual app", None, bare, "s")
    target = 1.4 if large else None
    yield Measurement("start: ratio to the bare app", accounts, ratio, "×", target)
    yield Measurement("memory: peak, 2 s after the start", accounts, peak, "MB", 60)
    bare_peak = max(pair[1].peak_mb for pair in pairs)
    yield Measurement("memory: the same, bare Textual app", None, bare_peak, "MB")
