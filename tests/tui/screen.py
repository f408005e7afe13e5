"""A small terminal: what a program on a pseudo-terminal has on its screen, cell by cell."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Self

from rich.cells import cell_len

Style = tuple[str, ...]
Cell = tuple[str, Style]

_SEQUENCE = re.compile(r"\x1b(?:\[([0-?]*)[ -/]*([@-~])|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])")
_BROKEN = re.compile(r"\x1b[^\x1b]{0,40}$")
TAKEN_AWAY = frozenset({"COLUMNS", "LINES", "NO_COLOR", "CSW_ASCII"})
BLANK: Cell = (" ", ())


class Screen:
    """The cells, and what was drawn on them so far."""

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self.rows: list[list[Cell]] = [[BLANK] * width for _ in range(height)]
        self.pictures = 0  # that were marked as whole
        self._x = self._y = 0
        self._style: dict[str, str] = {}
        self._left = ""

    def text(self, row: int) -> str:
        """What a row says."""
        return "".join(sign for sign, _ in self.rows[row])

    def feed(self, data: str) -> None:
        """Draw."""
        data, at = self._left + data, 0
        broken = _BROKEN.search(data)
        if (
            broken
            and not _SEQUENCE.fullmatch(broken.group())
            and not _SEQUENCE.match(broken.group())
        ):
            data, self._left = data[: broken.start()], broken.group()
        else:
            self._left = ""
        for found in _SEQUENCE.finditer(data):
            self._write(data[at : found.start()])
            self._obey(found[1] or "", found[2] or "")
            at = found.end()
        self._write(data[at:])

    def _write(self, text: str) -> None:
        for sign in text:
            if sign == "\r":
                self._x = 0
            elif sign == "\n":
                self._y = min(self._y + 1, self.height - 1)
            elif self._x < self.width:
                row, style = self.rows[self._y], tuple(self._style.values())
                wide = cell_len(sign)
                row[self._x] = (sign, style)
                if wide == 2 and self._x + 1 < self.width:
                    row[self._x + 1] = ("", style)
                self._x += wide

    def _obey(self, given: str, what: str) -> None:
        numbers = [int(part or 0) for part in given.split(";")] if given[:1] not in "<=>?" else []
        if what == "H":
            self._y, self._x = (max(0, one - 1) for one in (*numbers, 1, 1)[:2])
        elif what == "m" and not given.startswith(">"):
            self._restyle(given.split(";"))
        elif (given, what) == ("?2026", "l"):
            self.pictures += 1
        elif (given, what) == ("?1049", "h"):
            self.rows = [[BLANK] * self.width for _ in range(self.height)]

    def _restyle(self, codes: list[str]) -> None:
        while codes:
            code = codes.pop(0)
            if code in {"", "0"}:
                self._style = {}
            elif code in {"38", "48"}:
                count = 4 if codes[0] == "2" else 2
                self._style = dict(
                    sorted({**self._style, code: f"{code}:{codes[1:count]}"}.items())
                )
                del codes[:count]
            else:
                self._style = dict(sorted({**self._style, code: code}.items()))


class Program:
    """`csw` on a pseudo-terminal of its own."""

    def __init__(
        self, *arguments: str | Path, size: tuple[int, int], environ: Mapping[str, str]
    ) -> None:
        width, height = size
        self.screen = Screen(width, height)
        self._pid, self.side = pty.fork()
        if self._pid == 0:
            given = {"TERM": "xterm-256color", "COLORTERM": "truecolor", **environ}
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))
            command = [sys.executable, "-m", "cs_workbench", *map(str, arguments)]
            others = {name: value for name, value in os.environ.items() if name not in TAKEN_AWAY}
            os.execve(sys.executable, command, {**others, **given})  # noqa: S606 - no shell is wanted
        self._decoded = b""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._pid:
            os.kill(self._pid, signal.SIGKILL)
            os.waitpid(self._pid, 0)
        os.close(self.side)

    def draw_until(
        self, holds: Callable[[Screen], bool], *, each: Callable[[], object] = int
    ) -> None:
        """Draw what comes, and look at `each` picture of it, until something holds."""
        until = time.monotonic() + 30
        while not holds(self.screen):
            left = until - time.monotonic()
            assert left > 0, "\n".join(map(self.screen.text, range(self.screen.height)))
            if select.select([self.side], [], [], left)[0]:
                self._draw()
                each()

    def type(self, keys: str) -> None:
        """Type."""
        os.write(self.side, keys.encode())

    def end(self) -> int:
        """Wait until the program ends; its exit code."""
        while True:
            try:
                self._draw()
            except OSError:
                break
        _, status = os.waitpid(self._pid, 0)
        self._pid = 0
        return os.waitstatus_to_exitcode(status)

    def _draw(self) -> None:
        self._decoded += os.read(self.side, 1 << 16)
        text = self._decoded.decode(errors="ignore")
        left = len(self._decoded) - len(text.encode())
        self._decoded = self._decoded[len(self._decoded) - left :] if left else b""
        self.screen.feed(text)
