import pytest

from cs_workbench.core.accounts import Band
from cs_workbench.core.signals.score_signals import (
    find_band_crossing,
    find_fast_fall,
    still_fallen,
    still_in_band,
)
from tests.core.signals.situations import past, scored, situation


@pytest.mark.parametrize(
    ("before", "now", "severity"), [(80, 60, "medium"), (80, 40, "high"), (55, 45, "high")]
)
def test_a_band_that_got_worse_is_a_crossing(before: int, now: int, severity: str) -> None:
    (signal,) = find_band_crossing(situation(score=scored(now), previous=past(before, 1)))
    assert signal.severity == severity
    assert signal.reason == ("red" if now < 50 else "yellow")


def test_the_crossing_says_from_where_to_where_and_when() -> None:
    (signal,) = find_band_crossing(situation(score=scored(45.9), previous=past(71, 7)))
    assert signal.evidence == "green 71 on 16 Nov 2026, red 45 on 23 Nov 2026"
    assert signal.resolves_when == "the band is better than red"


@pytest.mark.parametrize(("before", "now"), [(70, 99), (60, 50), (40, 49), (40, 80)])
def test_the_same_or_a_better_band_is_none(before: int, now: int) -> None:
    assert not list(find_band_crossing(situation(score=scored(now), previous=past(before, 1))))


def test_the_first_score_crosses_nothing() -> None:
    assert not list(find_band_crossing(situation(score=scored(10))))


def test_a_band_that_is_not_known_any_more_is_a_crossing_and_back_is_none() -> None:
    lost = scored(80, "unknown", coverage=0.4)
    (signal,) = find_band_crossing(situation(score=lost, previous=past(80, 1)))
    assert (signal.reason, signal.severity) == ("unknown", "low")
    assert "unknown on 23 Nov 2026: only 40 % of the scorecard was known" in signal.evidence
    back = situation(score=scored(30), previous=past(30, 1, "unknown"))
    assert not list(find_band_crossing(back))


@pytest.mark.parametrize(
    ("points", "band", "lasts"),
    [(45, None, True), (30, "unknown", True), (55, None, False), (75, None, False)],
)
def test_a_crossing_lasts_while_the_band_does_or_nobody_knows(
    points: int, band: Band | None, lasts: bool
) -> None:
    assert still_in_band(situation(score=scored(points, band)), "red") is lasts


def test_a_lost_band_is_found_again() -> None:
    assert still_in_band(situation(score=scored(30, "unknown")), "unknown")
    assert not still_in_band(situation(score=scored(30)), "unknown")


@pytest.mark.parametrize(("now", "found"), [(65, True), (65.0001, False), (80, False)])
def test_a_fall_of_fifteen_points_in_four_weeks_is_fast(now: float, found: bool) -> None:
    signals = list(find_fast_fall(situation(score=scored(now), month_ago=past(80, 28))))
    assert bool(signals) is found


def test_the_fall_says_how_far_and_how_fast() -> None:
    (signal,) = find_fast_fall(
        situation(score=scored(31), month_ago=past(54, 28), previous=past(32, 1))
    )
    assert signal.evidence == "the score fell from 54 to 31 in 28 days"
    assert signal.severity == "medium"
    (deep,) = find_fast_fall(situation(score=scored(31), previous=past(61, 1)))
    assert deep.severity == "high"
    assert "from 61 to 31 in 1 day" in deep.evidence


def test_a_fall_since_a_refresh_long_ago_is_not_fast() -> None:
    assert not list(find_fast_fall(situation(score=scored(31), previous=past(80, 36))))


def test_scores_without_a_band_do_not_fall() -> None:
    now = situation(score=scored(31, "unknown"), month_ago=past(80, 28))
    assert not list(find_fast_fall(now))
    before = situation(score=scored(31), month_ago=past(80, 28, "unknown"))
    assert not list(find_fast_fall(before))


def test_a_fall_lets_go_later_than_it_bites() -> None:
    assert still_fallen(situation(score=scored(70), month_ago=past(80, 28)), "score")
    assert not still_fallen(situation(score=scored(70.0001), month_ago=past(80, 28)), "score")
    assert not still_fallen(situation(score=scored(70)), "score")


def test_while_a_ruler_is_off_open_ones_stay() -> None:
    now = situation(score=scored(90), is_partial=True)
    assert still_in_band(now, "red")
    assert still_fallen(now, "score")


def test_scores_without_a_ruler_say_so() -> None:
    now = situation(score=scored(31), previous=past(61, 1), is_partial=True)
    (crossing,), (fall,) = find_band_crossing(now), find_fast_fall(now)
    assert crossing.evidence.endswith("on 23 Nov 2026, leaving out what could not be trusted")
    assert fall.evidence.endswith("in 1 day, leaving out what could not be trusted")
