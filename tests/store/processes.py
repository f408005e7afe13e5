"""Other processes at work on the same portfolio, for the tests of what happens then."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]

_OPENING = """
import sys, time
from pathlib import Path
from cs_workbench.store.database import open_database, snapshot, write
path = Path(sys.argv[1])
"""


def start(code: str, path: Path, *, uid: int | None = None) -> "subprocess.Popen[str]":
    """Run Python code that has `path`, `open_database`, `snapshot` and `write`."""
    return subprocess.Popen(
        [sys.executable, "-c", _OPENING + code, str(path)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        user=uid,
    )


def finish(process: "subprocess.Popen[str]") -> str:
    """Wait for the end; gives what it printed, or fails with its error."""
    out, error = process.communicate(timeout=60)
    assert process.returncode == 0, error
    return out


@contextmanager
def running(code: str, path: Path) -> Iterator["subprocess.Popen[str]"]:
    """Run the code until it prints `ready`; at the end of the block it is killed."""
    process = start(code, path)
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        if line != "ready\n":
            _, error = process.communicate(timeout=60)
            raise AssertionError(error)
        yield process
    finally:
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=60)


COUNTING = """
with open_database(path) as db:
    print("ready", flush=True)
    while True:
        with write(db) as c:
            c.execute("UPDATE setting SET value = value + 1 WHERE name = 'a'")
            time.sleep(0.001)
            c.execute("UPDATE setting SET value = value + 1 WHERE name = 'b'")
"""
HOLDING_THE_PEN = """
with open_database(path) as db, write(db) as c:
    c.execute("UPDATE setting SET value = 'half'")
    print("ready", flush=True)
    time.sleep(60)
"""
