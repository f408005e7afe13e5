import datetime as dt
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as some

from cs_workbench.core.accounts import Band
from cs_workbench.core.health_summaries import (
    Every,
    Part,
    Span,
    compared_day,
    first_day,
    gather,
    quarters_of,
    spans,
    total_of,
    with_days,
)

DAY = dt.date(2026, 11, 23)


def part(name: str, band: Band, arr: int, *points: int, currency: str = "USD") -> Part:
    weighted = arr * points[0] if points else 0  # all points of a part here are alike
    count = max(1, len(points))
    return Part(name, name, band, currency, count, arr, weighted, points, up=0, down=count)


def test_a_group_adds_up_its_bands_and_money() -> None:
    (group,) = gather(
        [
            part("ana", "red", 300, 300_000),
            part("ana", "green", 100, 900_000, 900_000),
            part("ana", "unknown", 100),
        ]
    )
    assert group.bands == {"red": 1, "unknown": 1, "yellow": 0, "green": 2}
    assert (group.accounts, group.unknown_e4, group.median_e4) == (4, 2_500, 900_000)
    (money,) = group.money
    assert money.points_e4 == 450_000  # (300 x 30 + 100 x 90) / 400; 700_000 without weights
    assert (money.minor, money.coverage_e4) == (500, 8_000)
    assert (group.up, group.down) == (0, 4)


def test_currencies_stand_side_by_side() -> None:
    (group,) = gather(
        [part("ana", "red", 300, 300_000), part("ana", "green", 900, 800_000, currency="JPY")]
    )
    shown = [(one.currency, one.minor, one.points_e4) for one in group.money]
    assert shown == [("JPY", 900, 800_000), ("USD", 300, 300_000)]


def test_nothing_known_has_no_score_and_no_median() -> None:
    (group,) = gather([part("ana", "unknown", 300)])
    assert group.median_e4 is None
    assert (group.money[0].points_e4, group.money[0].coverage_e4) == (None, 0)


def test_most_red_comes_first_then_unknown_then_large() -> None:
    parts = [
        part("calm", "green", 1, 900_000),
        part("Busy", "red", 1, 100_000),
        part("dark", "unknown", 1),
        part("big", "green", 1, 900_000, 900_000),
    ]
    assert [one.name for one in gather(parts)] == ["Busy", "dark", "big", "calm"]
    assert total_of(parts).accounts == 5
    assert total_of([]).unknown_e4 is None


@pytest.mark.parametrize(
    ("values", "quarters"),
    [
        ([], None),
        ([7], (7, 7, 7)),
        ([1, 2], (1, 1, 2)),  # the lower of two, never 1.5, which nobody has
        ([1, 2, 3, 4], (1, 2, 3)),
        ([5, 1, 3, 2, 4], (2, 3, 4)),
        ([1, 1, 1, 9], (1, 1, 1)),
    ],
)
def test_quartiles_are_values_that_are_there(
    values: list[int], quarters: tuple[int, int, int] | None
) -> None:
    assert quarters_of(Counter(values)) == quarters


@given(some.lists(some.integers(0, 1000), min_size=1))
def test_a_quarter_of_all_lies_at_or_below_a_quartile(values: list[int]) -> None:
    found = quarters_of(Counter(values))
    assert found is not None
    for place, value in enumerate(found, start=1):
        assert 4 * sum(1 for one in values if one <= value) >= place * len(values)
        assert 4 * sum(1 for one in values if one < value) < place * len(values)


def test_weeks_are_counted_back_from_the_last_day() -> None:
    found = spans(DAY, DAY - dt.timedelta(13), "week")
    week = dt.timedelta(6)
    assert found == [
        Span(DAY - dt.timedelta(7) - week, DAY - dt.timedelta(7)),
        Span(DAY - week, DAY),
    ]
    assert len(spans(DAY, DAY - dt.timedelta(14), "week")) == 3
    assert len(spans(DAY, first_day(DAY, "week"), "week")) == 26


def test_months_are_those_of_the_calendar() -> None:
    found = spans(DAY, dt.date(2026, 9, 30), "month")
    assert [(one.first.isoformat(), one.last.isoformat()) for one in found] == [
        ("2026-09-01", "2026-09-30"),
        ("2026-10-01", "2026-10-31"),
        ("2026-11-01", "2026-11-23"),
    ]
    assert len(spans(DAY, first_day(DAY, "month"), "month")) == 12


@pytest.mark.parametrize("every", ["week", "month"])
def test_the_beginning_of_time_ends_the_history(every: Every) -> None:
    found = spans(dt.date(1, 2, 3), dt.date.min, every)
    assert found[-1].last == dt.date(1, 2, 3)


def test_a_span_has_its_newest_day_or_none() -> None:
    wanted = spans(DAY, DAY - dt.timedelta(20), "week")
    days = [DAY - dt.timedelta(back) for back in (30, 20, 16, 3, 1)]
    found = [one.as_of for one in with_days(wanted, days)]
    assert found == [DAY - dt.timedelta(16), None, DAY - dt.timedelta(1)]


@pytest.mark.parametrize(
    ("back", "found"),
    [([28], 28), ([20], None), ([21], 21), ([35], 35), ([36], None), ([27, 29], 27), ([], None)],
)
def test_what_moved_is_seen_over_about_four_weeks(back: list[int], found: int | None) -> None:
    days = [DAY - dt.timedelta(one) for one in back]
    expected = None if found is None else DAY - dt.timedelta(found)
    assert compared_day(days, DAY) == expected
