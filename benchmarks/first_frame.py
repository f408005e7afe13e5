"""From exec to rows and to a screen that answers, against a bare Textual app (A B A B ...)."""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.commands import program
from benchmarks.measurement import Measurement, middle
from benchmarks.portfolio import UNTIL, build_database
from benchmarks.terminal import DOWN, start
from cs_workbench.store.account_lines import account_lines
from cs_workbench.store.account_query import AccountQuery
from cs_workbench.store.accounts import account_keys
from cs_workbench.store.database import open_database

RUNS = 7
MARK = "Needs me"
BARE = (sys.executable, "-m", "benchmarks.bare_app")
LARGE = 100_000


def measure(sizes: Sequence[int], folder: Path) -> Iterator[Measurement]:
    """First rows, first answered key, and memory, at each size."""
    for accounts in sizes:
        database = build_database(folder, accounts)
        command, large = screens(database), accounts >= LARGE
        start(command, MARK)  # the first start of a file warms the disk's cache
        yield from _rows(command, first_name(database), accounts, large=large)
        yield from _answers(command, accounts, large=large)


def screens(database: Path) -> tuple[str, ...]:
    """The command that opens the screens on this portfolio."""
    return (*program(database), "tui")


def first_name(database: Path) -> str:
    """The account that the list begins with."""
    with open_database(database) as db:
        keys = account_keys(db, AccountQuery(UNTIL, view="needs me"), limit=1)
        (line,) = account_lines(db, keys, today=UNTIL, me="me")
        return line.name


def _rows(
    command: Sequence[str], name: str, accounts: int, *, large: bool
) -> Iterator[Measurement]:
    """Rows of accounts on the terminal, against the first frame of the bare app."""
    pairs = [(start(command, name), start(BARE, "line 1")) for _ in range(RUNS)]
    rows = middle([pair[0].seconds for pair in pairs])
    ratio = middle([pair[0].seconds / pair[1].seconds for pair in pairs])
    yield Measurement("start: exec to rows of accounts", accounts, rows, "s")
    yield Measurement(
        "start: rows ÷ first frame of the bare app", accounts, ratio, "×", 0.25 if large else None
    )


def _answers(command: Sequence[str], accounts: int, *, large: bool) -> Iterator[Measurement]:
    pairs = [(start(command, MARK, DOWN), start(BARE, "line 1", DOWN)) for _ in range(RUNS)]
    ours = middle([pair[0].seconds for pair in pairs])
    bare = middle([pair[1].seconds for pair in pairs])
    ratio = middle([pair[0].seconds / pair[1].seconds for pair in pairs])
    peak = max(pair[0].peak_mb for pair in pairs)
    yield Measurement("start: exec to first answered key", accounts, ours, "s")
    yield Measurement("start: the same, bare Textual app", None, bare, "s")
    target = 1.3 if large else None
    yield Measurement("start: ratio to the bare app", accounts, ratio, "×", target)
    yield Measurement("memory: peak, 2 s after the start", accounts, peak, "MB", 50)
    bare_peak = max(pair[1].peak_mb for pair in pairs)
    yield Measurement("memory: the same, bare Textual app", None, bare_peak, "MB")
