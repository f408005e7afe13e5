import datetime as dt

import pytest

from cs_workbench.core.score_history import (
    ScoreDay,
    champion_left,
    events_of,
    score_span,
    scorecard_changes,
)
from cs_workbench.core.timeline import Kind, TimelineEntry

TODAY = dt.date(2026, 11, 23)


def day(back: int, points: int = 50, scorecard: str = "") -> ScoreDay:
    return ScoreDay(TODAY - dt.timedelta(back), points * 10_000, "yellow", scorecard=scorecard)


def test_the_newest_score_of_each_week_up_to_today() -> None:
    span = score_span([day(60, 1), day(20, 2), day(15, 3), day(0, 4)], TODAY, 53)
    shown = [week and (week.points_e4 or 0) // 10_000 for week in span.scores]
    assert shown == [1, None, None, None, None, None, 3, None, 4]
    assert (span.step, span.first) == (7, TODAY - dt.timedelta(56))


def test_a_short_history_has_room_and_a_long_one_an_end() -> None:
    assert score_span([day(0)], TODAY, 53).scores == (*[None] * 7, day(0))
    assert len(score_span([day(3_000), day(0)], TODAY, 53).scores) == 53
    assert score_span([], TODAY, 53).known == []


def test_a_score_of_a_day_to_come_is_left_out() -> None:
    assert score_span([day(7), day(-3)], TODAY, 53).scores[-1] is None


@pytest.mark.parametrize(
    ("backs", "weeks", "step", "count"),
    [
        (range(400), 4, 1, 28),
        (range(400), 26, 1, 182),
        (range(400), 53, 7, 53),  # days would be too narrow
        (range(0, 400, 7), 4, 7, 4),  # a refresh a week: days would be gaps
        (range(0, 400, 3), 13, 7, 13),
    ],
)
def test_days_where_most_have_a_score_else_weeks(
    backs: range, weeks: int, step: int, count: int
) -> None:
    span = score_span([day(back) for back in reversed(backs)], TODAY, weeks)
    assert (span.step, len(span.scores)) == (step, count)


def test_a_gap_stays_a_gap() -> None:
    backs = [back for back in range(27, -1, -1) if back not in {5, 6}]
    span = score_span([day(back) for back in backs], TODAY, 4)
    assert [place for place, one in enumerate(span.scores) if one is None] == [21, 22]
    assert len(span.known) == 26


def test_places_and_days_lead_to_one_another() -> None:
    span = score_span([day(back) for back in range(400, -1, -7)], TODAY, 53)
    assert [span.place_of(span.day_of(place)) for place in range(53)] == list(range(53))
    assert span.place_of(TODAY - dt.timedelta(6)) == 52
    assert span.place_of(TODAY - dt.timedelta(7)) == 51
    assert span.place_of(TODAY - dt.timedelta(9_000)) == 0
    assert span.place_of(TODAY + dt.timedelta(5)) == 52


def test_another_scorecard_is_an_event_of_its_first_day() -> None:
    days = [day(21, scorecard="a"), day(14, scorecard="a"), day(7, scorecard="b"), day(0)]
    assert [(one.on, one.sign) for one in scorecard_changes(days)] == [
        (TODAY - dt.timedelta(7), "K"),
        (TODAY, "K"),
    ]
    assert list(scorecard_changes(days[:2])) == []


def test_what_is_marked() -> None:
    def entry(kind: Kind, text: str, *, loud: bool = False) -> TimelineEntry:
        return TimelineEntry(TODAY, kind, text, loud=loud)

    entries = [
        entry("ticket", "urgent one", loud=True),
        entry("ticket", "closed"),
        entry("change", "next step: call"),
        entry("change", "field edited"),
        entry("forecast", "at risk"),
        entry("contact", "call"),
        entry("survey", "NPS 3 of 10"),
        entry("judgement", "override: yellow"),
        entry("health", "green → red"),
    ]
    assert [one.sign for one in events_of(entries)] == ["T", "i", "N", "F", "t", "S", "O"]
    assert champion_left(TODAY, "Lena").text == "champion Lena left"
