import datetime as dt

import pytest

from cs_workbench.core.account_page import UsageHistory
from cs_workbench.core.renewals import Subscription
from cs_workbench.core.seats import seat_document, seat_history

D = dt.date
LAST = D(2026, 11, 22)


def contract(seats: int | None, start: dt.date, end: dt.date) -> Subscription:
    return Subscription("s", None, seats, 0, "USD", start, end, 12, 0, False, False, None)


def history(metric: str, *weeks: float | None) -> UsageHistory:
    ends = tuple(LAST - dt.timedelta(7 * back) for back in range(len(weeks) - 1, -1, -1))
    daily = tuple(each for week in weeks for each in (week, *[None] * 5, week))
    counts = tuple(0 if week is None else 2 for week in weeks)
    totals = tuple(0.0 if week is None else 2 * week for week in weeks)
    return UsageHistory(metric, metric, "n", ends, totals, counts, LAST, "last", weeks, daily)


GROWN = (
    contract(50, D(2026, 1, 1), D(2026, 11, 15)),
    contract(80, D(2026, 11, 16), D(2027, 11, 15)),
)


def test_seats_are_those_of_each_weeks_own_day() -> None:
    seats = seat_history(history("active_users_28d", 60.0, 60.0, 60.0), GROWN, 3)
    assert [(one.contracted, one.over) for one in seats.weeks] == [(50, 10), (50, 10), (80, 0)]
    assert [one.utilisation for one in seats.weeks] == [1.2, 1.2, 0.75]
    assert seats.told() == "seats: 60 of 80 used (75%), users in 28 days"


def test_an_overage_is_not_clamped() -> None:
    seats = seat_history(history("active_users_28d", 96.0), GROWN, 1)
    assert seats.told() == "seats: 96 of 80 used (120%, 16 over), users in 28 days"


def test_of_daily_users_the_peak_of_four_weeks_counts() -> None:
    seats = seat_history(history("active_users", 70.0, 10.0, 10.0, 10.0, 20.0), GROWN, 2)
    assert seats.is_peak
    assert [one.used for one in seats.weeks] == [70.0, 20.0]


def test_no_data_and_no_seats_are_unknown_not_zero() -> None:
    gap = seat_history(history("active_users_28d", 40.0, None), GROWN, 2)
    assert gap.weeks[1].utilisation is None
    assert gap.newest is gap.weeks[0]
    bare = seat_history(history("active_users_28d", 40.0), (), 1)
    assert (bare.weeks[0].contracted, bare.told()) == (None, None)
    none = seat_history(history("active_users_28d", 40.0), (contract(0, D(2026, 1, 1), LAST),), 1)
    assert none.weeks[0].utilisation is None


def test_the_document_has_the_newest_week_and_all() -> None:
    document = seat_document(seat_history(history("active_users_28d", 40.0, 60.0), GROWN, 9))
    assert document["now"]["utilisation"] == pytest.approx(0.75)
    assert [one["contracted"] for one in document["weeks"]] == [50, 80]
