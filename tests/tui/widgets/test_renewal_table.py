import pytest

from cs_workbench.core.glyphs import ASCII
from cs_workbench.tui.widgets.renewal_table import renewal_columns
from tests.factories import TODAY

ALWAYS = {"Account", "Days", "Now", "Forecast", "Commit.", "Next step"}


def heads(width: int, *, has_churn: bool) -> list[str]:
    columns = renewal_columns(width, TODAY, ASCII, has_churn=has_churn)
    assert sum(column.space for column in columns) == width - 1
    return [column.head for column in columns]


@pytest.mark.parametrize("has_churn", [False, True])
def test_what_may_not_leave_stays_at_every_width(has_churn: bool) -> None:
    for width in range(80, 201):
        shown = set(heads(width, has_churn=has_churn))
        assert shown >= ALWAYS, width
        assert bool({"Leaves", "Leaves, 80 %"} & shown) == has_churn, width


def test_date_and_risk_make_room_for_what_the_model_says() -> None:
    assert {"Dead-", "Risk"} <= set(heads(120, has_churn=False))
    assert not {"Dead-", "Risk"} & set(heads(120, has_churn=True))
    assert {"Dead-", "Risk", "Loss"} <= set(heads(140, has_churn=True))
    assert "Leaves, 80 %" in heads(150, has_churn=True)
    for width in range(100, 201):
        assert "Loss" in heads(width, has_churn=True), width
        assert "Loss" not in heads(width, has_churn=False), width
