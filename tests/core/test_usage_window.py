import datetime as dt

import pytest

from cs_workbench.core.account_page import UsageHistory
from cs_workbench.core.usage_window import SPANS, UsageView, known_weeks

LAST = dt.date(2026, 11, 22)
WEEKS = 157


def history(known: int = 100) -> UsageHistory:
    """So many weeks of data, the value of a day its number; none before."""
    ends = tuple(LAST - dt.timedelta(7 * back) for back in range(WEEKS - 1, -1, -1))
    daily = tuple(float(day) if day >= 7 * (WEEKS - known) else None for day in range(7 * WEEKS))
    weeks = [daily[7 * week : 7 * week + 7] for week in range(WEEKS)]
    totals = tuple(sum(one for one in week if one is not None) for week in weeks)
    days = tuple(sum(one is not None for one in week) for week in weeks)
    return UsageHistory("m", "m", "n", ends, totals, days, LAST, "mean", (None,) * WEEKS, daily)


def test_a_stretch_is_in_weeks_and_ends_on_the_last_day() -> None:
    window = UsageView().window(history())
    assert (len(window.ends), window.step, window.ends[-1]) == (26, 7, LAST)
    assert window.values[-1] == sum(range(7 * 156, 7 * 157)) / 7


def test_four_weeks_are_in_days() -> None:
    window = UsageView(zoom=0).window(history())
    assert (len(window.ends), window.step) == (28, 1)
    assert window.values[-1] == 7 * 157 - 1
    assert window.ends[0] == LAST - dt.timedelta(27)


@pytest.mark.parametrize(("known", "shown"), [(157, 157), (100, 100), (2, 4)])
def test_three_years_are_no_more_than_there_are(known: int, shown: int) -> None:
    window = UsageView(zoom=len(SPANS) - 1).window(history(known))
    assert len(window.ends) == (shown if shown > 4 else 4)
    assert known_weeks(history(known)) == shown


def test_panning_stops_at_both_ends_of_the_data() -> None:
    view, one = UsageView(), history(40)
    view.pan(one, 10)
    assert view.window(one).ends[-1] == LAST - dt.timedelta(70)
    view.pan(one, 99)
    assert view.back == 14
    assert view.window(one).values[0] is not None
    view.pan(one, -99)
    assert view.back == 0


def test_the_cursor_moves_and_takes_the_stretch_with_it() -> None:
    view, one = UsageView(zoom=1), history()
    view.move(one, -1)
    assert view.on == LAST - dt.timedelta(7)
    for _ in range(12):
        view.move(one, -1)
    assert view.back == 1
    assert view.place(view.window(one)) == 0
    view.move(one, 1)
    assert view.place(view.window(one)) == 1
    view.on = None
    view.back = 0
    view.move(one, 1)
    assert view.on == LAST


def test_zooming_keeps_the_day_under_the_cursor_in_sight() -> None:
    view, one = UsageView(zoom=3), history()
    view.point(one, 0.25)
    day = view.on
    assert day is not None
    view.widen(one, -3)
    window = view.window(one)
    assert window.ends[0] - dt.timedelta(7) <= day <= window.ends[-1] + dt.timedelta(7)
    view.widen(one, -9)
    assert view.zoom == 0
    view.widen(one, 99)
    assert view.zoom == len(SPANS) - 1


def test_a_share_of_the_plot_is_a_step() -> None:
    view, one = UsageView(), history()
    for share, place in ((0.0, 0), (1.0, 25), (-3.0, 0), (0.5, 12)):
        view.point(one, share)
        assert view.place(view.window(one)) == place
