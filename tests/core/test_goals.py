from dataclasses import replace

import pytest

from cs_workbench.core.goals import progress_e4, span_text, standing_text
from cs_workbench.core.memory import Goal
from tests.factories import TODAY

GOAL = Goal(
    goal_id="g",
    account_key=1,
    what="dispatch time",
    unit="min",
    baseline=14,
    target=9,
    now_value=11,
    said_on=TODAY,
    author="ana",
)


@pytest.mark.parametrize(
    ("baseline", "target", "now", "share"),
    [
        (14, 9, 11, 6_000),  # lowering counts as much as raising
        (0, 6, 4, 6_667),
        (14, 9, 16, -4_000),
        (14, 9, 8, 10_000),
        (14, 9, None, None),
        (None, 9, 11, None),
        (9, 9, 9, None),
    ],
)
def test_how_far_it_is_reached(
    baseline: float | None, target: float, now: float | None, share: int | None
) -> None:
    goal = replace(GOAL, baseline=baseline, target=target, now_value=now)
    assert progress_e4(goal) == share


def test_a_goal_in_words() -> None:
    assert span_text(GOAL) == "14 → 9 min"
    assert span_text(replace(GOAL, baseline=None, unit=None)) == "to 9"
    assert span_text(replace(GOAL, target=None)) == ""
    assert standing_text(replace(GOAL, due_on=TODAY), TODAY) == "now 11"
    assert standing_text(replace(GOAL, state="reached"), TODAY) == "reached"
