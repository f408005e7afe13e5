"""Large files of usage whose rows do not keep accounts together, taken apart on disk.

Each part holds some accounts whole and fits into memory.
"""

import csv
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from cs_workbench.core.records import Reject
from cs_workbench.importers.tables import RejectRow, TableRows

SMALL = 8 << 20  # bytes that fit into memory however the rows are ordered
PART = 8 << 20
PARTS_LIMIT = 128  # files open at once


class Part:
    """Some rows of a file, with where they stood in it."""

    def __init__(self, path: Path, reject: RejectRow) -> None:
        self._path = path
        self._reject = reject
        self._row: list[str] = []
        self._line = 0

    def __iter__(self) -> Iterator[list[str]]:
        """The rows."""
        with self._path.open(encoding="utf-8", newline="") as file:
            for line, *row in csv.reader(file):
                self._line, self._row = int(line), row
                yield row

    def reject(self, column: str, reason: str) -> None:
        """Refuse the last row."""
        self._reject(Reject(self._line, column, reason, ",".join(self._row)))


def parts(rows: TableRows, group: Callable[[list[str]], int], reject: RejectRow) -> Iterator[Part]:
    """The rows again, those of one group in the same part; only one part is in use at a time.

    Args:
        rows: of the file.
        group: a number for each row.
        reject: where refused rows go.
    """
    count = min(rows.table.size // PART + 1, PARTS_LIMIT)
    with tempfile.TemporaryDirectory(prefix="csw-import-") as folder:
        paths = [Path(folder) / f"{number}.csv" for number in range(count)]
        files = [path.open("w", encoding="utf-8", newline="") for path in paths]
        try:
            writers = [csv.writer(file) for file in files]
            for row in rows:
                writers[group(row) % count].writerow((rows.line, *row))
        finally:
            for file in files:
                file.close()
        for path in paths:
            yield Part(path, reject)
            path.unlink()
