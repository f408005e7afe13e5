"""Large files of usage whose rows do not keep accounts together, taken apart on disk.

Each part holds some accounts whole and fits into memory.
"""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from operator import itemgetter
from pathlib import Path
from typing import BinaryIO

import msgspec

from cs_workbench.core.records import Reject
from cs_workbench.importers.remembered import Remembered
from cs_workbench.importers.tables import TEXTS_HELD, RejectRow, TableRows, as_line

SMALL = 8 << 20  # bytes that fit into memory however the rows are ordered
PART = 8 << 20
PARTS_LIMIT = 128  # files open at once
DEALT = 20_000  # rows in memory until they are written to their parts
SIZE = 8  # bytes before each hand that tell how many it takes

Hand = tuple[list[list[str]], list[int]]  # rows, and the lines on which they stood


class Part:
    """Some rows of a file."""

    def __init__(self, path: Path, separator: str, reject: RejectRow) -> None:
        self._path = path
        self._separator = separator
        self._reject = reject
        self._hand: Hand = [], []
        self._at = 0

    def blocks(self) -> Iterator[list[list[str]]]:
        """The rows, many at once."""
        for hand in _taken_up(self._path):
            self._hand, self._at = hand, 0
            yield hand[0]

    def reject_row(self, row: list[str], column: str, reason: str) -> None:
        """Refuse a row of the last block; they are refused in their order."""
        rows, lines = self._hand
        while rows[self._at] is not row:
            self._at += 1
        self._reject(Reject(lines[self._at], column, reason, as_line(row, self._separator)))


def parts(
    rows: TableRows, column: int, group: Callable[[str], int], reject: RejectRow
) -> Iterator[Part]:
    """The rows again, those of one group in the same part; only one part is in use at a time.

    Args:
        rows: of the file.
        column: whose text decides.
        group: a number for each text.
        reject: where refused rows go.
    """
    count = min(rows.table.size // PART + 1, PARTS_LIMIT)
    with tempfile.TemporaryDirectory(prefix="csw-import-") as folder:
        paths = [Path(folder) / str(number) for number in range(count)]
        _deal(rows, column, group, paths)
        for path in paths:
            yield Part(path, rows.table.separator, reject)
            path.unlink()


def _deal(rows: TableRows, column: int, group: Callable[[str], int], paths: Sequence[Path]) -> None:
    part_of = Remembered(lambda text: group(text) % len(paths), TEXTS_HELD)
    with ExitStack() as stack:
        files = [stack.enter_context(path.open("wb")) for path in paths]
        hands: list[Hand] = [([], []) for _ in paths]
        held = 0
        for block in rows.blocks():
            places = map(part_of.__getitem__, map(itemgetter(column), block))
            for row, line, place in zip(block, rows.lines_of(block), places, strict=True):
                some, lines = hands[place]
                some.append(row)
                lines.append(line)
            held += len(block)
            if held >= DEALT:
                _put(hands, files)
                held = 0
        _put(hands, files)


def _put(hands: Sequence[Hand], files: Sequence[BinaryIO]) -> None:
    for hand, file in zip(hands, files, strict=True):
        if hand[0]:
            packed = msgspec.msgpack.encode(hand)
            file.write(len(packed).to_bytes(SIZE))
            file.write(packed)
            for some in hand:
                some.clear()


def _taken_up(path: Path) -> Iterator[Hand]:
    hands = msgspec.msgpack.Decoder(Hand)
    with path.open("rb") as file:
        while size := file.read(SIZE):
            yield hands.decode(file.read(int.from_bytes(size)))
