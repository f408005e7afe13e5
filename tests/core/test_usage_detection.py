"""The detectors on series small enough to work out by hand."""

import datetime as dt
from collections.abc import Sequence

import pytest

from cs_workbench.core.usage import UsageSeries
from cs_workbench.core.usage_detection import calendar_of, detect, table_of
from cs_workbench.core.usage_findings import DEFAULT_THRESHOLDS, Thresholds, UsageState

D = dt.date
LAST = D(2026, 11, 22)
SWING = (0.0, 0.04, -0.05, 0.02, -0.03, 0.05, -0.02, 0.03, -0.04, 0.01)


def series(*newest: float | None, before: float = 40, swing: bool = True) -> UsageSeries:
    """Daily means by week; the weeks before the named ones swing by a few percent."""
    older = [before * (1 + swing * SWING[week % 10]) for week in range(26 - len(newest))]
    means = [*older, *newest]
    return UsageSeries(
        "active_users",
        tuple(0.0 if mean is None else 7 * mean for mean in means),
        tuple(0 if mean is None else 7 for mean in means),
        LAST,
    )


def look(
    one: UsageSeries,
    calendar: Sequence[float] | None = None,
    thresholds: Thresholds = DEFAULT_THRESHOLDS,
) -> UsageState:
    (state,) = detect(table_of([one], LAST), [calendar], thresholds)
    return state


def test_a_steady_account_has_no_finding() -> None:
    state = look(series())
    assert state.findings == ()
    assert state.is_back


@pytest.mark.parametrize("weeks", [1, 2, 3, 5, 7])
def test_a_drop_to_a_fifth_is_found_at_once_with_its_week(weeks: int) -> None:
    down = look(series(*[8.0] * weeks)).down
    assert down is not None
    assert down.is_sudden
    assert down.onset == LAST - dt.timedelta(days=7 * weeks - 1)
    assert down.before == pytest.approx(40, rel=0.02)
    assert down.now == pytest.approx(8)
    assert down.change == pytest.approx(-0.8, abs=0.02)
    assert down.confidence == "almost certain"


def test_the_onset_is_the_first_week_clearly_below_not_the_deepest() -> None:
    down = look(series(29.0, 18.0, 16.0, 16.0)).down
    assert down is not None
    assert down.onset == D(2026, 10, 26)
    assert down.is_sudden


def test_a_slow_fade_is_found_as_one_and_begins_before_it_is_deep() -> None:
    fading = [40 * (1 - 0.03 * week) for week in range(1, 15)]
    down = look(series(*fading)).down
    assert down is not None
    assert (down.kind, down.is_sudden) == ("drift", False)
    assert (
        D(2026, 8, 10) <= down.onset <= D(2026, 9, 14)
    )  # the first 3 % fell in the week of 17 Aug


def test_a_small_share_is_no_finding_however_steady_the_account() -> None:
    eager = DEFAULT_THRESHOLDS.times(0.3)
    assert look(series(*[31.5] * 4, swing=False), thresholds=eager).down is not None
    assert look(series(*[32.5] * 4, swing=False), thresholds=eager).down is None


def test_growth_is_found_upwards_alone() -> None:
    state = look(series(60.0, 60.0, 60.0, 60.0))
    assert state.down is None
    assert state.up is not None
    assert state.up.change == pytest.approx(0.5, abs=0.03)
    assert state.up.onset == D(2026, 10, 26)
    assert state.is_calm is False


@pytest.mark.parametrize(("a_day", "is_found"), [(1.3, True), (1.1, False)])
def test_a_small_account_is_left_to_chance(a_day: float, is_found: bool) -> None:
    gone = series(*[0.0] * 6, before=a_day, swing=False)
    assert (look(gone).down is not None) is is_found


def test_a_gap_is_never_a_zero() -> None:
    assert look(series(None)).findings == ()
    assert look(series(None, None, None, None)).is_back is None
    zeros = look(series(0.0)).down
    assert zeros is not None
    assert zeros.change < -0.9


def test_a_week_with_few_days_is_unknown_and_one_with_four_is_scaled() -> None:
    few = series()
    shown = (*few.days[:-1], 3)
    assert look(UsageSeries("m", (*few.totals[:-1], 0.0), shown, LAST)).down is None
    four = (*few.days[:-1], 4)
    assert look(UsageSeries("m", (*few.totals[:-1], 160.0), four, LAST)).down is None
    assert look(UsageSeries("m", (*few.totals[:-1], 8.0), four, LAST)).down is not None


def test_without_eight_known_weeks_before_nobody_can_tell() -> None:
    assert look(series(*[None] * 9, *[40.0] * 12, 4.0)).down is not None
    short = [None] * (26 - 4 - 7) + [40.0] * 7 + [4.0] * 4
    assert look(series(*short)).findings == ()


def test_a_holiday_of_all_peers_raises_nothing_but_the_own_fall_beside_it_does() -> None:
    peers = [series(*[20.0, 20.0], before=level) for level in (40.0,) * 12]
    calendar = calendar_of(peers)
    assert calendar is not None
    assert calendar[-1] == pytest.approx(-0.69, abs=0.06)
    assert look(series(20.0, 20.0)).down is not None
    assert look(series(20.0, 20.0), calendar).findings == ()
    own = look(series(5.0, 5.0), calendar).down
    assert own is not None
    assert own.change == pytest.approx(-0.75, abs=0.05)
    assert own.peers == pytest.approx(-0.5, abs=0.05)


def test_where_a_part_of_the_peers_falls_it_is_not_the_calendar() -> None:
    falling = [series(*[20.0] * 8, swing=False) for _ in range(6)]
    calendar = calendar_of([*falling, *(series(swing=False) for _ in range(4))])
    assert calendar == pytest.approx((0.0,) * 26)


def test_too_few_peers_are_no_calendar() -> None:
    assert calendar_of([series()] * 7) is None
    assert calendar_of([series()] * 8) is not None


def test_peers_without_data_say_nothing() -> None:
    calendar = calendar_of([series(None, None)] * 9)
    assert calendar is not None
    assert calendar[-2:] == (0.0, 0.0)


def test_recovery_is_four_weeks_near_the_usual() -> None:
    assert look(series(10.0, 10.0, 20.0, 30.0)).is_back is False
    assert look(series(10.0, 40.0, 39.0, 40.0, 40.0)).is_back is True
    assert look(series(10.0, 36.0, 36.0, 34.0, 35.0)).is_back is False


def test_a_drop_stays_down_for_a_quarter_though_it_becomes_the_base() -> None:
    assert look(series(*[16.0] * 14)).is_back is False
    assert look(series(*[16.0] * 22)).is_back is True


def test_higher_thresholds_find_less() -> None:
    assert look(series(20.0), thresholds=DEFAULT_THRESHOLDS.times(2)).down is None


def test_many_accounts_are_looked_at_each_for_itself() -> None:
    many = [series(), series(8.0), series(60.0, 60.0, 60.0, 60.0)]
    states = detect(table_of(many, LAST), [None] * 3, DEFAULT_THRESHOLDS)
    assert [[one.kind for one in state.findings] for state in states] == [[], ["shock"], ["growth"]]
