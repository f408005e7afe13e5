import datetime as dt

import pytest

from cs_workbench.core.metrics.periods import (
    after,
    before,
    between,
    last_full,
    last_ones,
    parse_period,
    year_to,
)
from cs_workbench.errors import UsageError


@pytest.mark.parametrize(
    ("text", "fiscal", "first", "last"),
    [
        ("2026-07", 1, "2026-07-01", "2026-07-31"),
        ("2028-02", 1, "2028-02-01", "2028-02-29"),
        ("2026-Q3", 1, "2026-07-01", "2026-09-30"),
        ("2026-q4", 1, "2026-10-01", "2026-12-31"),
        ("2026-H2", 1, "2026-07-01", "2026-12-31"),
        ("2026", 1, "2026-01-01", "2026-12-31"),
        ("FY2027", 2, "2026-02-01", "2027-01-31"),
        ("FY2027-Q1", 2, "2026-02-01", "2026-04-30"),
        ("FY2027-Q4", 2, "2026-11-01", "2027-01-31"),
        ("FY2026", 1, "2026-01-01", "2026-12-31"),
        ("2026-Q3", 2, "2026-07-01", "2026-09-30"),
    ],
)
def test_names(text: str, fiscal: int, first: str, last: str) -> None:
    found = parse_period(text, fiscal)
    assert (found.first.isoformat(), found.end.isoformat()) == (first, last)
    assert before(found, fiscal).end == found.start
    assert after(before(found, fiscal), fiscal) == found
    assert after(found, fiscal).start == found.end


@pytest.mark.parametrize("text", ["2026-13", "2026-Q5", "Q3", "2026-00", "", "2026-7", "0000"])
def test_what_is_no_period(text: str) -> None:
    with pytest.raises(UsageError):
        parse_period(text)


def test_two_days_are_a_period_with_both_inside() -> None:
    found = between(dt.date(2026, 3, 1), dt.date(2026, 3, 31))
    assert found.days == 31
    assert before(found).first == dt.date(2026, 1, 29)
    with pytest.raises(UsageError, match="cannot end"):
        between(dt.date(2026, 3, 2), dt.date(2026, 3, 1))


def test_before_crosses_the_year() -> None:
    for text, expected in (
        ("2026-01", "2025-12"),
        ("2026-Q1", "2025-Q4"),
        ("2026-H1", "2025-H2"),
        ("FY2026", "FY2025"),
    ):
        assert before(parse_period(text)).name == expected


def test_a_series_ends_with_the_one_asked_for() -> None:
    assert [one.name for one in last_ones(parse_period("2026-Q2"), 3)] == [
        "2025-Q4",
        "2026-Q1",
        "2026-Q2",
    ]


@pytest.mark.parametrize(
    ("kind", "day", "name"),
    [
        ("month", "2026-11-23", "2026-10"),
        ("month", "2026-11-30", "2026-11"),
        ("quarter", "2026-11-23", "2026-Q3"),
        ("half", "2026-11-23", "2026-H1"),
        ("year", "2026-11-23", "2025"),
        ("fiscal", "2026-11-23", "FY2026"),
        ("12m", "2026-11-23", "2025-11-01..2026-10-31"),
    ],
)
def test_the_newest_that_is_over(kind: str, day: str, name: str) -> None:
    assert last_full(dt.date.fromisoformat(day), kind, 2).name == name


def test_twelve_months_to_a_leap_day() -> None:
    assert year_to(dt.date(2028, 2, 29)).first == dt.date(2027, 3, 1)
    assert year_to(dt.date(2026, 11, 23)).first == dt.date(2025, 11, 24)


def test_a_period_that_is_not_over_is_cut() -> None:
    found = parse_period("2026-Q4").until(dt.date(2026, 11, 23))
    assert (found.end, found.name) == (dt.date(2026, 11, 23), "2026-Q4")
    assert parse_period("2026-12").until(dt.date(2026, 12, 1)).days == 1


def test_a_period_that_has_not_begun_is_refused() -> None:
    with pytest.raises(UsageError, match="2027 begins on 2027-01-01"):
        parse_period("2027").until(dt.date(2026, 12, 31))
