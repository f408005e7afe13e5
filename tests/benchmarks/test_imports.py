from pathlib import Path

import pytest

from benchmarks import imports


@pytest.mark.deep
def test_every_figure_is_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imports, "ROWS", 120)
    monkeypatch.setattr(imports, "RUNS", 1)
    found = {one.what.partition(", ")[2]: one for one in imports.measure([4], tmp_path)}
    assert found["first load"].unit == "rows/s"
    assert found["longest lock"].target == 100
    assert found["peak memory"].target == 200
    assert len(found) >= 7
    assert all(one.value > 0 for one in found.values())


def test_the_files_hold_the_rows_in_both_orders(tmp_path: Path) -> None:
    rows = imports.write_files(tmp_path, 3)
    by_account, by_day = (
        (tmp_path / name).read_text(encoding="utf-8").splitlines()
        for name in ("usage.csv", "usage_by_day.csv")
    )
    assert len(by_account) == len(by_day) == rows + 1 == 3 * 3 * 365 + 1
    assert [line[:18] for line in by_account[1:3]] == ["A000000,2025-11-21", "A000000,2025-11-22"]
    assert [line[:18] for line in by_day[3:5]] == ["A000000,2025-11-21", "A000001,2025-11-21"]
