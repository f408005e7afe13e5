"""Playbooks: all triggers over all accounts, and a play opened for its screen.

Both are processor time. Triggers are looked at as a refresh does, with nothing written; the
portfolio makes most accounts eligible for something, so the figure is of a bad day. A play is
opened with its road, the account's facts, and the draft of its step; the median counts.
"""

import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.measurement import Measurement, middle
from benchmarks.portfolio import UNTIL, build_database
from cs_workbench.store.database import Database, open_database
from cs_workbench.store.facts import account_keys
from cs_workbench.store.plays import running_play
from cs_workbench.tui.screens.play_sheets import play_picture
from cs_workbench.workflows.playbooks import find_playbook
from cs_workbench.workflows.starting_plays import Start, start_play
from cs_workbench.workflows.suggesting import suggest_plays
from cs_workbench.workflows.tasks import By

OPENED = 25
ME = "benchmark"


def measure(sizes: Sequence[int], folder: Path) -> Iterator[Measurement]:
    """Triggers of all shipped playbooks, and plays opened, at each size."""
    for accounts in sizes:
        with open_database(build_database(folder, accounts)) as db:
            begun = time.process_time()
            suggest_plays(db, today=UNTIL, dry_run=True)
            spent = time.process_time() - begun
            target = 3 if accounts == 100_000 else None
            yield Measurement("plays: all triggers", accounts, spent, "s", target)
            opened = middle([_open(db, play_id) for play_id in _plays(db)])
            yield Measurement("plays: one opened", accounts, 1000 * opened, "ms", 100)


def _plays(db: Database) -> list[str]:
    """A play on accounts spread over the portfolio, begun where none runs yet."""
    playbook, by = find_playbook("check-in").playbook, By(ME, UNTIL)
    keys = account_keys(db.connection)
    found = []
    for key in keys[:: max(1, len(keys) // OPENED)]:
        line = running_play(db, key, playbook.playbook_id)
        runs = line is not None and line.play.state == "active"
        found.append(
            line.play.play_id
            if line is not None and runs
            else start_play(db, by, key, playbook, Start())
        )
    return found


def _open(db: Database, play_id: str) -> float:
    begun = time.process_time()
    play_picture(db, play_id, UNTIL, ME)
    return time.process_time() - begun
