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
        assert ("Leaves" in shown) == has_churn, width


def test_the_date_makes_room_for_the_model_and_loss_comes_last() -> None:
    assert "Dead-" in heads(120, has_churn=False)
    assert "Dead-" not in heads(120, has_churn=True)
    assert "Loss" not in heads(120, has_churn=True)
    assert {"Dead-", "Loss"} <= set(heads(140, has_churn=True))
