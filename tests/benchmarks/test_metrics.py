"""The peer that the metrics are timed against gives the same numbers."""

from pathlib import Path

import pytest

from benchmarks.metrics import assert_same, build


@pytest.mark.deep
def test_the_peer_is_a_fair_one(tmp_path: Path) -> None:
    pytest.importorskip("pandas", reason="the extra bench is not installed")
    assert_same(build(tmp_path, 400))
