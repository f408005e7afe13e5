import pytest

from cs_workbench.core.plurals import counted


@pytest.mark.parametrize(
    ("count", "told"),
    [(0, "0 signals"), (1, "1 signal"), (2, "2 signals"), (1200, "1,200 signals")],
)
def test_only_one_goes_without_an_s(count: int, told: str) -> None:
    assert counted(count, "signal") == told
