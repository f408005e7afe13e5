import datetime as dt
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cs_workbench.core.dates import (
    WEEKDAYS,
    near_date,
    read_as_of,
    read_date,
    read_past_date,
    short_date,
    with_weekday,
)
from cs_workbench.errors import UsageError

MONDAY = dt.date(2026, 11, 23)
DAYS = st.dates(dt.date(1990, 1, 1), dt.date(2100, 12, 31))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("+7", "2026-11-30"),
        ("-2", "2026-11-21"),
        ("−2", "2026-11-21"),
        ("+0", "2026-11-23"),
        ("+2w", "2026-12-07"),
        ("+ 3 d", "2026-11-26"),
        ("fri", "2026-11-27"),
        ("Friday", "2026-11-27"),
        ("mon", "2026-11-30"),  # today is a Monday: the next one
        ("SUN", "2026-11-29"),
        ("eom", "2026-11-30"),
        ("today", "2026-11-23"),
        ("Tomorrow", "2026-11-24"),
        ("12 dec", "2026-12-12"),
        ("12dec", "2026-12-12"),
        ("12 Dec.", "2026-12-12"),
        ("dec 12", "2026-12-12"),
        ("December 12", "2026-12-12"),
        ("23 nov", "2026-11-23"),  # today counts
        ("22 nov", "2027-11-22"),  # passed: next year
        ("29 feb", "2028-02-29"),
        ("12 dec 2025", "2025-12-12"),
        ("Dec 12, 2025", "2025-12-12"),
        ("may 1", "2027-05-01"),
        (" 2026-12-12 ", "2026-12-12"),
        ("1990-01-01", "1990-01-01"),
    ],
)
def test_reads_what_people_type(typed: str, meant: str) -> None:
    assert read_date(typed, MONDAY) == dt.date.fromisoformat(meant)


@pytest.mark.parametrize(
    "typed",
    [
        *("", " ", "7", "soon", "f", "fr", "31 feb", "30 feb", "32 jan", "0 jan", "2026-13-01"),
        *("2026-02-30", "+9999999", "+999999w", "12/12/2026", "fridays", "dec", "+", "٣ dec"),
    ],
)
def test_refuses_what_is_no_day(typed: str) -> None:
    with pytest.raises(UsageError, match="eom, 12 dec or 2026-12-12"):
        read_date(typed, MONDAY)


def test_end_of_month_may_be_today() -> None:
    assert read_date("eom", dt.date(2028, 2, 29)) == dt.date(2028, 2, 29)


def test_leap_day_across_a_century_without_one() -> None:
    assert read_date("29 feb", dt.date(2096, 3, 1)) == dt.date(2104, 2, 29)


@given(DAYS, st.sampled_from(WEEKDAYS))
def test_a_weekday_is_the_next_one_and_never_today(today: dt.date, name: str) -> None:
    meant = read_date(name, today)
    assert 1 <= (meant - today).days <= 7
    assert WEEKDAYS[meant.weekday()] == name


@given(DAYS, DAYS)
def test_a_day_without_year_is_its_next_occurrence(today: dt.date, day: dt.date) -> None:
    meant = read_date(short_date(day), today)
    assert (meant.day, meant.month) == (day.day, day.month)
    assert meant >= today
    assert (meant - today).days <= 366 or (day.month, day.day) == (2, 29)


@given(DAYS, DAYS)
def test_what_is_shown_can_be_typed(today: dt.date, day: dt.date) -> None:
    shown = with_weekday(day)
    assert read_date(shown.split(" ", 1)[1], today) == day
    assert read_date(shown.upper().split(" ", 1)[1], today) == day
    assert read_date(day.isoformat(), today) == day
    assert read_date(f"{(day - today).days:+d}", today) == day


@given(st.text(max_size=12), DAYS)
def test_any_text_is_a_day_or_a_named_error(text: str, today: dt.date) -> None:
    with suppress(UsageError):
        assert isinstance(read_date(text, today), dt.date)


def test_shows_days() -> None:
    assert with_weekday(dt.date(2026, 12, 3)) == "Thu 3 Dec 2026"
    assert near_date(dt.date(2026, 12, 3), MONDAY) == "3 Dec"
    assert near_date(dt.date(2027, 2, 28), MONDAY) == "28 Feb 2027"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("-28", "2026-10-26"),
        ("fri", "2026-11-20"),
        ("mon", "2026-11-23"),  # today
        ("12 oct", "2026-10-12"),
        ("dec 1", "2025-12-01"),
        ("23 nov", "2026-11-23"),
        ("29 feb", "2024-02-29"),
        ("eom", "2026-10-31"),
        ("today", "2026-11-23"),
        ("2026-01-05", "2026-01-05"),
        ("12 oct 2025", "2025-10-12"),
    ],
)
def test_looking_back_a_day_is_its_latest_occurrence(typed: str, meant: str) -> None:
    assert read_past_date(typed, MONDAY) == dt.date.fromisoformat(meant)


@pytest.mark.parametrize("typed", ["+1", "tomorrow", "24 nov 2026", "2027-01-01", "soon", ""])
def test_looking_back_nothing_is_to_come(typed: str) -> None:
    with pytest.raises(UsageError):
        read_past_date(typed, MONDAY)


@given(DAYS, st.sampled_from(["mon", "tue", "12 oct", "29 feb", "31 dec", "1 jan", "eom"]))
def test_looking_back_no_day_is_ahead(today: dt.date, typed: str) -> None:
    assert read_past_date(typed, today) <= today


@pytest.mark.parametrize(
    ("typed", "meant"), [("-7", "2026-11-16"), ("fri", "2026-11-20"), ("2026-12-01", "2026-12-01")]
)
def test_a_day_as_of_is_past_or_written_in_full(typed: str, meant: str) -> None:
    assert read_as_of(typed, MONDAY) == dt.date.fromisoformat(meant)
    with pytest.raises(UsageError, match="still to come"):
        read_as_of("+7", MONDAY)
