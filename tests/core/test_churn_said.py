import pytest

from cs_workbench.core.churn_said import leaving, leaving_span


@pytest.mark.parametrize(
    ("share", "told"),
    [(0.0, "0%"), (0.003, "<1%"), (0.008, "1%"), (0.234, "23%"), (0.997, ">99%"), (1.0, "100%")],
)
def test_what_is_rare_or_nearly_sure_is_not_told_as_certain(share: float, told: str) -> None:
    assert leaving(share) == told


def test_with_its_interval() -> None:
    assert leaving_span(0.234, 0.17, 0.302) == "23% 17-30"
