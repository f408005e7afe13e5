"""A line of progress on stderr, on a terminal only."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from cs_workbench.cli.output import cells, is_terminal
from cs_workbench.core.text import visible

EVERY_SECONDS = 0.1


@contextmanager
def progress_line(label: str) -> Iterator[Callable[[int, int], None]]:
    """Give a callback `(done, total)` that keeps one line up to date, and clear it at the end."""
    if not is_terminal(sys.stderr):
        yield lambda _done, _total: None
        return
    begun = time.monotonic()
    last = 0.0
    width = 0

    def show(done: int, total: int) -> None:
        nonlocal last, width
        now = time.monotonic()
        if now - last < EVERY_SECONDS and done < total:
            return
        last = now
        share = f"{done / total:4.0%}" if total else ""
        line = visible(f"{label} {share}  {done:,} of {total:,}  {now - begun:.0f} s")
        sys.stderr.write("\r" + line + " " * (width - cells(line)))
        sys.stderr.flush()
        width = max(width, cells(line))

    try:
        yield show
    finally:
        sys.stderr.write("\r" + " " * width + "\r")
        sys.stderr.flush()
