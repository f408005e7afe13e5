import datetime as dt

import pytest

from cs_workbench.core.working_days import add_working_days, is_working_day, no_holidays

CHRISTMAS = {dt.date(2026, 12, 25)}


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        ("2026-11-23", 0, "2026-11-23"),
        ("2026-11-21", 0, "2026-11-23"),  # a Saturday is the Monday after
        ("2026-11-23", 3, "2026-11-26"),
        ("2026-11-27", 1, "2026-11-30"),
        ("2026-11-30", -1, "2026-11-27"),
        ("2026-12-24", 1, "2026-12-28"),  # Christmas, then a weekend
        ("2026-12-28", -1, "2026-12-24"),
    ],
)
def test_weekends_and_holidays_are_passed_over(day: str, count: int, expected: str) -> None:
    found = add_working_days(dt.date.fromisoformat(day), count, lambda one: one in CHRISTMAS)
    assert found.isoformat() == expected


def test_where_no_holidays_are_known_only_weekends_are_free() -> None:
    assert is_working_day(dt.date(2026, 12, 25), no_holidays)
    assert not is_working_day(dt.date(2026, 12, 26), no_holidays)
