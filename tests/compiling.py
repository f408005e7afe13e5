"""Compiling the tests: in a new clone one worker does it for all, and the others wait for it."""

from collections.abc import Iterator
from contextlib import contextmanager
from fcntl import LOCK_EX, LOCK_UN, flock
from pathlib import Path


@contextmanager
def one_at_first(folder: Path) -> Iterator[None]:
    """Alone, unless somebody went through here to the end before; then all at once."""
    folder.mkdir(parents=True, exist_ok=True)
    done = folder / "compiled-once"
    with (folder / "compiling.lock").open("w") as lock:
        flock(lock, LOCK_EX)
        if done.exists():
            flock(lock, LOCK_UN)
        yield
        done.touch()
