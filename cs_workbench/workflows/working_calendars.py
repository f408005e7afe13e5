"""The holidays of a region, from a library that knows them."""

import datetime as dt
from functools import lru_cache

from cs_workbench.core.working_days import IsHoliday, no_holidays


@lru_cache(maxsize=64)
def holidays_of(region: str | None) -> IsHoliday:
    """Whether a day is a holiday there.

    A region is a country (`DE`, `US`) or a part of one (`DE-BY`, `US-CA`); of any other word
    (`EMEA`) no holidays are known, and weekends alone are free.
    """
    country, _, part = (region or "").strip().upper().partition("-")
    if len(country) != 2 or not country.isalpha():
        return no_holidays
    from holidays import country_holidays

    try:
        calendar = country_holidays(country, subdiv=part or None)
    except NotImplementedError:
        return no_holidays

    def is_holiday(day: dt.date) -> bool:
        return day in calendar

    return is_holiday
