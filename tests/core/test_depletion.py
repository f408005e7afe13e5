import datetime as dt
import random
from collections.abc import Sequence

import pytest

from cs_workbench.core.depletion import Supply, foresee

LAST = dt.date(2026, 11, 22)


def seen(left: Sequence[float | None]) -> Supply:
    found = foresee("credits_left", "Credits left", left, LAST)
    assert found is not None
    return found


def falling(start: float, a_day: float, days: int = 56) -> list[float | None]:
    return [start - a_day * day for day in range(days)]


def test_an_even_burning_names_the_day_and_no_interval() -> None:
    supply = seen(falling(1_000, 10))
    assert (supply.left, supply.a_day) == (450, 10)
    assert supply.on == supply.earliest == supply.latest == LAST + dt.timedelta(45)
    assert supply.days_left(LAST) == 45
    assert supply.told(LAST).startswith(
        "credits left: 450 left, 10 a day: runs out about 6 Jan 2027, in 45 days"
    )


def test_weekends_alone_are_no_uncertainty() -> None:
    left, now = [], 5_000.0
    for day in range(56):
        now -= 0 if (day + 1) % 7 in {5, 6} else 70
        left.append(now)
    supply = seen(left)
    assert supply.a_day == pytest.approx(50, rel=0.05)
    assert supply.earliest == supply.latest == supply.on


def test_a_refill_is_no_burning_and_is_remembered() -> None:
    left = [*falling(300, 10, 28), *falling(530, 10, 28)]
    supply = seen(left)
    assert supply.a_day == 10
    assert supply.refilled_on == LAST - dt.timedelta(27)
    assert supply.left == 260


def test_uneven_burning_widens_the_interval_and_more_of_it_the_further_away() -> None:
    rng = random.Random(2)

    def burnt(start: float) -> Supply:
        left, now = [], start
        for _ in range(56):
            now -= rng.choice((2, 30))
            left.append(now)
        return seen(left)

    near, far = burnt(1_300), burnt(8_000)
    assert near.earliest is not None
    assert near.on is not None
    assert near.latest is not None
    assert near.earliest < near.on < near.latest
    assert far.latest is not None
    assert far.earliest is not None
    assert (far.latest - far.earliest) > 2 * (near.latest - near.earliest)


def test_the_interval_holds_about_four_of_five() -> None:
    rng = random.Random(5)
    inside = 0
    for _ in range(200):
        burning = [rng.choice((2.0, 10.0, 30.0)) for _ in range(400)]
        left, now = [], 2_400.0
        for each in burning[:56]:
            now -= each
            left.append(now)
        supply = seen(left)
        later = now
        days = next(day for day, each in enumerate(burning[56:], 1) if (later := later - each) <= 0)
        on = LAST + dt.timedelta(days)
        assert supply.earliest is not None
        assert supply.latest is not None
        inside += supply.earliest <= on <= supply.latest
    assert 0.72 <= inside / 200 <= 0.92


def test_nothing_left_is_out_since_its_first_day() -> None:
    supply = seen([*falling(50, 5, 10), 0.0, 0.0, 0.0])
    assert supply.is_out
    assert supply.on == LAST - dt.timedelta(2)
    assert supply.told(LAST) == "credits left: nothing left since 20 Nov 2026"


def test_an_overdrawn_balance_is_out_too() -> None:
    assert seen([*falling(50, 5, 10), -3.0]).is_out


def test_what_nobody_burns_lasts() -> None:
    supply = seen([500.0] * 30)
    assert supply.on is None
    assert supply.told(LAST).endswith("lasts for more than three years")


def test_gaps_spread_the_burning_and_a_silent_week_says_nothing() -> None:
    gaps: list[float | None] = falling(1_000, 10)
    for day in (5, 6, 7, 30, 31):
        gaps[day] = None
    assert seen(gaps).a_day == pytest.approx(10)
    assert seen([*falling(1_000, 10, 50), *[None] * 6]).as_of == LAST - dt.timedelta(6)
    assert foresee("m", "m", [*falling(1_000, 10, 49), *[None] * 7], LAST) is None


def test_two_weeks_of_burning_are_needed() -> None:
    assert foresee("m", "m", falling(1_000, 10, 14), LAST) is None
    assert foresee("m", "m", falling(1_000, 10, 15), LAST) is not None
    assert foresee("m", "m", [], LAST) is None
    assert foresee("m", "m", [None] * 40, LAST) is None
