"""The file of rows that were not imported: where they stood, why, and as they were."""

import csv
from pathlib import Path
from typing import TextIO

from cs_workbench.core.records import Reject
from cs_workbench.errors import ReadOnlyPlaceError
from cs_workbench.importers.tables import RejectRow
from cs_workbench.private_files import open_private

HEADINGS = ("file", "line", "column", "reason", "text")
EXAMPLES = 5
OWN = ".rejects-"  # in the names of those that nobody named


class RejectsFile:
    """Made when the first row comes; read by nobody else (mode 0600).

    Attributes:
        count: how many rows came.
        examples: the first few, as sentences.
    """

    def __init__(self, path: Path | None) -> None:
        self.count = 0
        self.examples: list[str] = []
        self._path = path
        self._last: tuple[str, int, str, str] | None = None
        self._file: TextIO | None = None

    @property
    def written(self) -> Path | None:
        """The file, if there was a row to write."""
        return self._path if self._file is not None else None

    def into(self, name: str) -> RejectRow:
        """Where the rows of the file of that name go."""

        def refuse(reject: Reject) -> None:
            self._add(name, reject)

        return refuse

    def close(self) -> None:
        """Finish the file."""
        if self._file is not None:
            self._file.close()

    def _add(self, name: str, reject: Reject) -> None:
        """Note a row; one that was spread over days comes once for each, and counts once."""
        last = (name, reject.line, reject.column, reject.reason)
        if last == self._last:
            return
        self._last = last
        self.count += 1
        if len(self.examples) < EXAMPLES:
            where = f"{name}, line {reject.line}"
            where += f", column {reject.column}" if reject.column else ""
            self.examples.append(f"{where}: {reject.reason}")
        if self._path is None:
            return
        if self._file is None:
            self._file = self._open(self._path)
            csv.writer(self._file).writerow(HEADINGS)
        csv.writer(self._file).writerow(
            (name, reject.line, reject.column, reject.reason, reject.text)
        )

    def _open(self, path: Path) -> TextIO:
        try:
            return open_private(path)
        except OSError as problem:
            raise ReadOnlyPlaceError(
                f"{path}: the rejected rows cannot be written here ({problem.strerror}). "
                "Name another place with --rejects FILE."
            ) from None
