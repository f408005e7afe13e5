from pathlib import Path

import pytest

from benchmarks import locks


@pytest.mark.deep
def test_every_load_and_the_bulk_step_are_measured(tmp_path: Path) -> None:
    found = list(locks.measure([5], tmp_path))
    assert [one.what for one in found] == [
        *(f"lock: {kind} loaded" for kind in locks.KINDS),
        "lock: next step of 5 accounts set",
        "lock: next step of 5 accounts undone",
    ]
    assert all(one.value > 0 and one.target == 100 for one in found)
