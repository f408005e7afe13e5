"""How long the write lock is held: by every kind of load, and by one step for many accounts."""

import datetime as dt
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

from benchmarks.imports import import_in_own_process
from benchmarks.measurement import Measurement
from benchmarks.portfolio import UNTIL, write_portfolio
from cs_workbench.store.database import Database, open_database

KINDS = ("accounts", "subscriptions", "contacts", "tickets", "surveys", "touchpoints")
MANY = 5_000
LONGEST = 100  # ms


def measure(sizes: Sequence[int], folder: Path) -> Iterator[Measurement]:
    """The longest lock of each file, and of a next step for 5,000 accounts."""
    for accounts in sizes:
        files = write_portfolio(folder, accounts)
        database = folder / f"locks-{accounts}.db"
        for left in folder.glob(f"{database.name}*"):
            left.unlink()
        for kind in KINDS:
            held = import_in_own_process(database, files / f"{kind}.csv")["lock"]
            yield Measurement(f"lock: {kind} loaded", accounts, held * 1000, "ms", LONGEST)
        many = min(MANY, accounts)
        for what, seconds in bulk_step(database, many):
            name = f"lock: next step of {many:,} accounts {what}"
            yield Measurement(name, accounts, seconds * 1000, "ms", LONGEST)


def bulk_step(database: Path, many: int) -> Iterator[tuple[str, float]]:
    """Set a next step for so many accounts and take it back; how long each held the lock (s)."""
    from cs_workbench.workflows.next_steps import set_next_step, undo_last

    with open_database(database) as db:
        keys, due = range(1, many + 1), UNTIL + dt.timedelta(7)
        step = partial(set_next_step, text="call", owner="ana", due=due, actor="ana", today=UNTIL)
        yield "set", longest_lock(db, lambda: step(db, keys))
        yield "undone", longest_lock(db, lambda: undo_last(db, "ana", UNTIL))


def longest_lock(db: Database, work: Callable[[], object]) -> float:
    """The longest time for which a work held the write lock in one piece (s)."""
    begun: float | None = None
    longest = 0.0

    def note(statement: str) -> None:
        nonlocal begun, longest
        now = time.perf_counter()
        if begun is not None and not db.connection.in_transaction:
            longest, begun = max(longest, now - begun), None  # ended before this statement
        if statement.startswith(("BEGIN IMMEDIATE", "PRAGMA wal_checkpoint(PASSIVE)")):
            begun = now

    db.connection.set_trace_callback(note)
    try:
        work()
        note("")
    finally:
        db.connection.set_trace_callback(None)
    return longest
