"""The holidays of a region, from a library that knows them."""

import datetime as dt
from functools import lru_cache

from cs_workbench.core.working_days import IsHoliday, no_holidays


@lru_cache(maxsize=64)
def holidays_of(region: str | None) -> IsHoliday:
    """Whether a day is a holiday there.

    A region is a country by code or name (`DE`, `DEU`, `UK`, `United Kingdom`), or a part of one
    (`DE-BY`, `US-CA`); of any other word (`EMEA`) no holidays are known, and weekends alone are
    free.
    """
    place, _, part = (region or "").strip().partition("-")
    code = _code(place)
    if code is None:
        return no_holidays
    from holidays import country_holidays

    try:
        calendar = country_holidays(code, subdiv=part.strip().upper() or None)
    except NotImplementedError:
        return no_holidays

    def is_holiday(day: dt.date) -> bool:
        return day in calendar

    return is_holiday


def _code(place: str) -> str | None:
    """The code under which the library knows a country; None where it is none."""
    from holidays.registry import COUNTRIES

    name = "_".join(place.casefold().split())
    if name in COUNTRIES:
        return COUNTRIES[name][1]
    code = place.upper()
    if len(code) in {2, 3} and any(code in codes for codes in COUNTRIES.values()):
        return code
    return None
