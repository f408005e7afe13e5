from pathlib import Path

from benchmarks.events import measure


def test_events_are_made_and_counted(tmp_path: Path) -> None:
    found = measure(tmp_path, 2_000, "duckdb")
    assert (found["events"], found["engine"]) == (2_000, "duckdb")
    assert isinstance(found["account_days"], int)
    assert 1_500 < found["account_days"] < 2_000
