import pytest

from cs_workbench.core.glyphs import ASCII
from cs_workbench.tui.widgets.account_columns import AccountColumns
from tests.factories import TODAY

ALWAYS = {"Score", "28d", "Account", "ARR", "Next step"}
# In the order in which they leave; `5 w` is the spark's smaller form.
LEAVING = ("Touch", "Segment", "CSM", "Stage", "Cov", "Deadline", "Seat", "Usage 12 w", "When")


def heads(width: int, constant: frozenset[str] = frozenset()) -> list[str]:
    return [column.head for column in AccountColumns(TODAY, ASCII, constant).fit(width)]


@pytest.mark.parametrize("width", range(80, 201))
def test_what_a_width_shows_is_what_may_not_leave_and_the_last_to_leave(width: int) -> None:
    shown = heads(width)
    assert set(shown) >= ALWAYS
    assert "Days" in shown or "Deadline" in shown
    here = [name in shown for name in LEAVING]
    assert here == sorted(here), f"{width}: one left before its turn"
    assert ("5 w" in shown) == ("Usage 12 w" not in shown)


@pytest.mark.parametrize("width", range(80, 201))
def test_the_columns_fill_the_width_and_never_more(width: int) -> None:
    columns = AccountColumns(TODAY, ASCII).fit(width)
    assert sum(column.space for column in columns) == width


def test_a_wider_window_never_shows_less() -> None:
    counts = [sum(name in heads(width) for name in LEAVING) for width in range(80, 201)]
    assert counts == sorted(counts)
    assert counts[0] < len(LEAVING)
    assert counts[-1] == len(LEAVING)


@pytest.mark.parametrize("width", [60, 80, 100, 200])
def test_what_a_view_is_about_stays_in_narrow_windows(width: int) -> None:
    def shown(view: str, *, has_churn: bool) -> set[str]:
        columns = AccountColumns(TODAY, ASCII, has_churn=has_churn, view=view).fit(width)
        assert sum(column.space for column in columns) == width
        return {column.head.removesuffix(", 80 %") for column in columns}

    both = {"Leaves", "Loss"}
    assert shown("neglected", has_churn=True) >= both | ALWAYS
    assert not shown("neglected", has_churn=False) & both
    assert (shown("all", has_churn=True) >= both) == (width == 200)


def test_a_constant_column_gives_its_room_to_the_others() -> None:
    assert "CSM" not in heads(200, frozenset({"csm"}))
    assert "Segment" not in heads(200, frozenset({"csm", "segment"}))
