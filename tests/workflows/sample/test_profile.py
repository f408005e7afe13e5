import datetime as dt
from dataclasses import replace

import pytest

from cs_workbench.workflows.sample.profile import FIRST_DAY, Turn, level, terms
from cs_workbench.workflows.sample.stories import ANY

TURNS = (Turn(dt.date(2026, 10, 1), 1.0), Turn(dt.date(2026, 10, 11), 0.5))


@pytest.mark.parametrize(
    ("day", "share"),
    [
        (FIRST_DAY, 1.0),
        (dt.date(2026, 10, 1), 1.0),
        (dt.date(2026, 10, 6), 0.75),
        (dt.date(2026, 10, 11), 0.5),
        (dt.date(2026, 11, 23), 0.5),
    ],
)
def test_usage_turns_in_straight_lines(day: dt.date, share: float) -> None:
    assert level(replace(ANY, turns=TURNS), day) == pytest.approx(share)


def test_without_turns_usage_stays_normal() -> None:
    assert level(ANY, dt.date(2026, 1, 1)) == 1.0


def test_terms_are_years_back_to_the_start() -> None:
    profile = replace(ANY, started_on=dt.date(2025, 3, 1), end_date=dt.date(2027, 2, 28))
    assert terms(profile) == [
        (dt.date(2025, 3, 1), dt.date(2026, 2, 28)),
        (dt.date(2026, 3, 1), dt.date(2027, 2, 28)),
    ]
