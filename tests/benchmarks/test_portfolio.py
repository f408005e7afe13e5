import csv
from pathlib import Path

from benchmarks.portfolio import HEADINGS, write_portfolio


def test_the_files_fit_their_headings(tmp_path: Path) -> None:
    files = write_portfolio(tmp_path, 30)
    assert {path.stem for path in files.iterdir()} == set(HEADINGS)
    for kind, headings in HEADINGS.items():
        with (files / f"{kind}.csv").open(newline="", encoding="utf-8") as handle:
            first, *rows = csv.reader(handle)
        assert first == headings.split(",")
        assert rows
        assert {len(row) for row in rows} == {len(first)}


def test_the_files_are_written_once(tmp_path: Path) -> None:
    first = write_portfolio(tmp_path, 3)
    (first / "mark").touch()
    assert (write_portfolio(tmp_path, 3) / "mark").exists()
