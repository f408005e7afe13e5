import csv
from pathlib import Path

import pytest

from cs_workbench.core.records import Reject
from cs_workbench.errors import ReadOnlyPlaceError
from cs_workbench.importers.rejects import RejectsFile


def test_rows_are_kept_as_they_were(tmp_path: Path) -> None:
    path = tmp_path / "r.csv"
    file = RejectsFile(path)
    refuse = file.into("a.csv")
    refuse(Reject(3, "name", "is missing", '1,"two\nlines"'))
    refuse(Reject(9, "", "ragged", "x"))
    file.close()
    with path.open(encoding="utf-8", newline="") as text:
        rows = list(csv.reader(text))
    assert rows == [
        ["file", "line", "column", "reason", "text"],
        ["a.csv", "3", "name", "is missing", '1,"two\nlines"'],
        ["a.csv", "9", "", "ragged", "x"],
    ]
    assert file.written == path
    assert path.stat().st_mode & 0o777 == 0o600
    assert file.examples == ["a.csv, line 3, column name: is missing", "a.csv, line 9: ragged"]


def test_without_a_bad_row_there_is_no_file(tmp_path: Path) -> None:
    file = RejectsFile(tmp_path / "r.csv")
    file.close()
    assert (file.written, list(tmp_path.iterdir())) == (None, [])


def test_a_rehearsal_only_counts() -> None:
    file = RejectsFile(None)
    for line in range(7):
        file.into("a.csv")(Reject(line, "", "bad", ""))
    assert (file.count, len(file.examples), file.written) == (7, 5, None)


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    file = RejectsFile(tmp_path / "no" / "r.csv")
    with pytest.raises(ReadOnlyPlaceError, match="--rejects FILE"):
        file.into("a.csv")(Reject(1, "", "bad", ""))


def test_a_row_that_was_spread_over_days_is_refused_once() -> None:
    file = RejectsFile(None)
    for name, line in (("a.csv", 2), ("a.csv", 2), ("a.csv", 3), ("b.csv", 3)):
        file.into(name)(Reject(line, "who", "is not known", ""))
    assert (file.count, len(file.examples)) == (3, 3)
