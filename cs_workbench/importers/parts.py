"""Large files of usage whose rows do not keep accounts together, taken apart on disk.

Each part holds some accounts whole and fits into memory.
"""

import csv
import itertools
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

from cs_workbench.core.records import Reject
from cs_workbench.importers.tables import BLOCK, TEXTS_HELD, RejectRow, TableRows, as_line

SMALL = 8 << 20  # bytes that fit into memory however the rows are ordered
PART = 8 << 20
PARTS_LIMIT = 128  # files open at once


class Part:
    """Some rows of a file; each has the line on which it stood as one more field."""

    def __init__(self, path: Path, separator: str, reject: RejectRow) -> None:
        self._path = path
        self._separator = separator
        self._reject = reject

    def blocks(self) -> Iterator[list[list[str]]]:
        """The rows, many at once."""
        with self._path.open(encoding="utf-8", newline="") as file:
            rows = csv.reader(file)
            while block := list(itertools.islice(rows, BLOCK)):
                yield block

    def reject_row(self, row: list[str], column: str, reason: str) -> None:
        """Refuse a row."""
        *cells, line = row
        self._reject(Reject(int(line), column, reason, as_line(cells, self._separator)))


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
        paths = [Path(folder) / f"{number}.csv" for number in range(count)]
        _deal(rows, column, group, paths)
        for path in paths:
            yield Part(path, rows.table.separator, reject)
            path.unlink()


def _deal(rows: TableRows, column: int, group: Callable[[str], int], paths: Sequence[Path]) -> None:
    with ExitStack() as stack:
        opened = [path.open("w", encoding="utf-8", newline="") for path in paths]
        writers = [csv.writer(stack.enter_context(file)) for file in opened]
        known: dict[str, int] = {}
        for row in rows:
            text = row[column]
            number = known.get(text)
            if number is None:
                if len(known) >= TEXTS_HELD:
                    known.clear()
                number = known[text] = group(text) % len(paths)
            row.append(str(rows.line))
            writers[number].writerow(row)
