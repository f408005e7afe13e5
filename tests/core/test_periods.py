import datetime as dt

import pytest

from cs_workbench.core.periods import Period, days_of, period_between, read_period


@pytest.mark.parametrize(
    ("text", "period", "expected"),
    [
        ("2026-11-23", "day", ("2026-11-23", "2026-11-23")),
        ("2026-11-25", "week", ("2026-11-23", "2026-11-29")),
        ("2026-02-11", "month", ("2026-02-01", "2026-02-28")),
        ("2026-11-01 00:00:00", "month", ("2026-11-01", "2026-11-30")),
        ("2024-02", "day", ("2024-02-01", "2024-02-29")),
        ("Feb 2024", "day", ("2024-02-01", "2024-02-29")),
        ("february-24", "day", ("2024-02-01", "2024-02-29")),
        ("2024 Feb", "day", ("2024-02-01", "2024-02-29")),
        ("12/2026", "day", ("2026-12-01", "2026-12-31")),
        ("2026-W53", "day", ("2026-12-28", "2027-01-03")),
        ("März 2026", "day", ("2026-03-01", "2026-03-31")),
        ("Okt 26", "day", ("2026-10-01", "2026-10-31")),
        ("févr. 2026", "day", ("2026-02-01", "2026-02-28")),
        ("juil. 2026", "day", ("2026-07-01", "2026-07-31")),
        ("dic 2026", "day", ("2026-12-01", "2026-12-31")),
        ("jui 2026", "day", None),  # juin or juillet
        ("2027-W53", "day", None),  # a year of 52 weeks
        ("2026-02-30", "day", None),
        ("13/2026", "day", None),
        ("Account", "day", None),
        ("Marketing 2024", "day", None),
        ("Q1 2026", "day", None),
        ("2026", "day", None),
        ("", "day", None),
    ],
)
def test_periods(text: str, period: Period, expected: tuple[str, str] | None) -> None:
    found = read_period(text, period)
    assert (found and tuple(day.isoformat() for day in found)) == expected


def test_days_up_to_a_day() -> None:
    span = dt.date(2026, 11, 28), dt.date(2026, 12, 2)
    assert len(list(days_of(span, None))) == 5
    assert list(days_of(span, dt.date(2026, 11, 29)))[-1] == dt.date(2026, 11, 29)
    assert list(days_of(span, dt.date(2026, 11, 1))) == []


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (("2026-10-01", "2026-11-01"), "month"),
        (("2026-11-02", "2026-11-09", "2026-11-16"), "week"),
        (("2026-11-02", "2026-11-03"), "day"),
        (("2026-11-01",), "day"),
    ],
)
def test_dates_beside_each_other_tell_their_period(days: tuple[str, ...], expected: str) -> None:
    assert period_between([dt.date.fromisoformat(day) for day in days]) == expected
