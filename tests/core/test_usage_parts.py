import datetime as dt

import pytest

from cs_workbench.core.account_page import UsageHistory
from cs_workbench.core.usage_metrics import is_part, roll_up, usage_metric, whole_of
from cs_workbench.core.usage_parts import parts_of, wholes

LAST = dt.date(2026, 11, 22)


def history(metric: str, *levels: float | None) -> UsageHistory:
    weeks = [*[levels[0]] * (20 - len(levels)), *levels]
    ends = tuple(LAST - dt.timedelta(7 * back) for back in range(19, -1, -1))
    totals = tuple(0.0 if one is None else 7 * one for one in weeks)
    return UsageHistory(
        metric, metric, "n", ends, totals, tuple(0 if one is None else 7 for one in weeks), LAST
    )


def test_a_team_is_named_behind_the_metric() -> None:
    assert is_part("active_users/Dispatch")
    assert not is_part("active_users")
    assert not is_part("/odd")
    assert whole_of("active_users/Depot 5/north") == "active_users"
    part = usage_metric("active_users/Dispatch")
    assert (part.label, part.unit, part.rollup) == ("Active users, Dispatch", "users", "mean")


def test_who_lost_most_comes_first_and_a_team_without_data_is_no_zero() -> None:
    found = [
        history("active_users", 30.0, 10.0),
        history("active_users/Office", 4.0, 4.0),
        history("active_users/Dispatch", 24.0, 1.0, 1.0, 1.0, 1.0),
        history("active_users/Gone", 2.0, None, None, None, None),
        history("logins/Dispatch", 9.0),
    ]
    parts = parts_of("active_users", found)
    assert [one.name for one in parts] == ["Dispatch", "Gone", "Office"]
    assert (parts[0].before, parts[0].now) == (24.0, 1.0)
    assert parts[1].now is None
    assert [one.metric for one in wholes(found)] == ["active_users"]


@pytest.mark.parametrize(
    ("rollup", "value"), [("sum", 9.0), ("mean", 3.0), ("max", 6.0), ("last", 1.0)]
)
def test_a_week_rolls_up_as_declared_over_the_days_there_are(rollup: str, value: float) -> None:
    assert roll_up([2.0, None, 6.0, None, 1.0, None, None], rollup) == value
    assert roll_up([None] * 7, rollup) is None
    assert roll_up([0.0] * 7, rollup) == 0.0
