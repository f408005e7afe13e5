"""A program on a real pseudo-terminal, watched from exec to its frames."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

COLUMNS, ROWS = 140, 40
WAIT = 5.0  # seconds until a key counts as unanswered
LIMIT = 120.0  # seconds until a program counts as hanging
_ESCAPES = re.compile(rb"\x1b(\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(\x07|\x1b\\)|[@-Z\\-_])")

DOWN, UP = b"\x1b[B", b"\x1b[A"


@dataclass(frozen=True)
class Start:
    """One start: seconds to the mark (or to the first answered key), and peak memory after it."""

    seconds: float
    peak_mb: float


class Terminal:
    """A running program and the other side of its terminal."""

    def __init__(self, command: Sequence[str]) -> None:
        self.begin = time.perf_counter()
        self.pid, self._side = pty.fork()
        if self.pid == 0:
            os.environ.update(TERM="xterm-256color", COLORTERM="truecolor")
            os.execvp(command[0], list(command))  # noqa: S606 - the point is to time it
        size = struct.pack("HHHH", ROWS, COLUMNS, 0, 0)
        fcntl.ioctl(self._side, termios.TIOCSWINSZ, size)

    def read(self, seconds: float) -> bytes:
        """What comes first within so many seconds; empty if nothing does."""
        if not select.select([self._side], [], [], seconds)[0]:
            return b""
        try:
            return os.read(self._side, 1 << 16)
        except OSError:
            raise EOFError("the program ended") from None

    def drain(self, seconds: float) -> bytes:
        """All that comes within so many seconds."""
        until, seen = time.perf_counter() + seconds, b""
        while (left := until - time.perf_counter()) > 0:
            seen += self.read(left)
        return seen

    def send(self, keys: bytes) -> None:
        """Type."""
        os.write(self._side, keys)

    def wait_for(self, mark: str, shown: Callable[[], bool] = lambda: True) -> None:
        """Read until the mark is on the screen and `shown` agrees."""
        seen = b""
        while time.perf_counter() - self.begin < LIMIT:
            seen += self.read(0.5)
            if mark.encode() in _ESCAPES.sub(b"", seen) and shown():
                return
        raise TimeoutError(f"never showed {mark!r}: {_ESCAPES.sub(b'', seen)[-400:]!r}")

    def answers(self, key: bytes) -> bool:
        """Type a key; whether output follows within 50 ms."""
        self.drain(0.02)
        self.send(key)
        return bool(self.drain(0.05))

    def key_to_paint(self, key: bytes) -> float:
        """Seconds from a key to the first output after it, on a screen that was quiet."""
        self.drain(0.3)
        begin = time.perf_counter()
        self.send(key)
        if not self.read(5):
            raise TimeoutError(f"no answer to {key!r}")
        return time.perf_counter() - begin

    def key_to_rows(self, key: bytes, rows: Sequence[str]) -> float:
        """Seconds from a key until all these texts were drawn, in this order from the top."""
        wanted = re.compile(".*?".join(map(re.escape, rows)).encode(), re.DOTALL)
        begin, seen = time.perf_counter(), b""
        self.send(key)
        while time.perf_counter() - begin < WAIT:
            seen += self.read(WAIT)
            if wanted.search(_ESCAPES.sub(b"", seen)):
                return time.perf_counter() - begin
        raise TimeoutError(f"{key!r} never showed {rows}: {_ESCAPES.sub(b'', seen)[-2000:]!r}")

    @property
    def peak_mb(self) -> float:
        """The most memory that the program had so far."""
        return self._memory("VmHWM")

    @property
    def held_mb(self) -> float:
        """The memory that the program has."""
        return self._memory("VmRSS")

    def _memory(self, field: str) -> float:
        """Megabytes as Linux counts them; elsewhere not a number."""
        status = Path(f"/proc/{self.pid}/status")
        if not status.exists():
            return float("nan")
        lines = status.read_text(encoding="ascii").splitlines()
        return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(field))

    def close(self) -> None:
        """End the program."""
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self._side)


@contextmanager
def running(command: Sequence[str]) -> Iterator[Terminal]:
    """Start the program, and end it whatever happens."""
    terminal = Terminal(command)
    try:
        yield terminal
    finally:
        terminal.close()


def start(command: Sequence[str], mark: str, key: bytes | None = None) -> Start:
    """One start, to the mark on the screen or, with a key, until the program answers it."""
    with running(command) as terminal:
        terminal.wait_for(mark, (lambda: terminal.answers(key)) if key else (lambda: True))
        seconds = time.perf_counter() - terminal.begin
        terminal.drain(2)
        return Start(seconds, terminal.peak_mb)
