import datetime as dt

import pytest

from cs_workbench.workflows.working_calendars import holidays_of

CHRISTMAS = dt.date(2026, 12, 25)
EPIPHANY = dt.date(2026, 1, 6)  # of Bavaria, not of Berlin


@pytest.mark.parametrize(
    ("region", "christmas", "epiphany"),
    [
        ("DE", True, False),
        ("de-by", True, True),
        ("Germany", True, False),
        ("germany - BY", True, True),
        ("DEU", True, False),
        ("United Kingdom", True, False),
        ("UK", True, False),
        ("EMEA", False, False),
        ("DE-NOWHERE", False, False),
        ("Registry", False, False),
        ("", False, False),
        (None, False, False),
    ],
)
def test_holidays_of_a_region(region: str | None, christmas: bool, epiphany: bool) -> None:
    is_holiday = holidays_of(region)
    assert (is_holiday(CHRISTMAS), is_holiday(EPIPHANY)) == (christmas, epiphany)
