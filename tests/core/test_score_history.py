import datetime as dt

from cs_workbench.core.score_history import ScoreDay, champion_left, events_of, score_weeks
from cs_workbench.core.timeline import TimelineEntry

TODAY = dt.date(2026, 11, 23)


def day(back: int, points: int = 50) -> ScoreDay:
    return ScoreDay(TODAY - dt.timedelta(back), points * 10_000, "yellow")


def test_the_newest_score_of_each_week_up_to_today() -> None:
    weeks = score_weeks([day(60, 1), day(20, 2), day(15, 3), day(0, 4)], TODAY, 53)
    shown = [week and (week.points_e4 or 0) // 10_000 for week in weeks]
    assert shown == [1, None, None, None, None, None, 3, None, 4]


def test_a_short_history_has_room_and_a_long_one_an_end() -> None:
    assert score_weeks([day(0)], TODAY, 53) == [*[None] * 7, day(0)]
    assert len(score_weeks([day(3_000), day(0)], TODAY, 53)) == 53
    assert score_weeks([], TODAY, 53) == []


def test_a_score_of_a_day_to_come_is_left_out() -> None:
    assert score_weeks([day(7), day(-3)], TODAY, 53)[-1] is None


def test_what_is_marked() -> None:
    def entry(kind: str, text: str, *, loud: bool = False) -> TimelineEntry:
        return TimelineEntry(TODAY, kind, text, loud=loud)  # type: ignore[arg-type]

    entries = [
        entry("ticket", "urgent one", loud=True),
        entry("ticket", "closed"),
        entry("change", "next step: call"),
        entry("change", "field edited"),
        entry("forecast", "at risk"),
        entry("contact", "call"),
        entry("health", "green → red"),
    ]
    assert [one.sign for one in events_of(entries)] == ["T", "N", "F", "t"]
    assert champion_left(TODAY, "Lena").text == "champion Lena left"
