"""Days and times as people write them: `05.11.2026 14:30`, `11/5/26 2:30 PM`, `5-Nov-26`."""

import datetime as dt
import re
from collections.abc import Mapping, Sequence

from cs_workbench.core.periods import month_number

_DAY, _MONTH, _YEAR = (
    r"(?P<day>[0-9]{1,2})",
    r"(?P<month>[0-9]{1,2})",
    r"(?P<year>[0-9]{4}|[0-9]{2})",
)
_NAME, _SAME = r"(?P<month>[^\W\d_]{3,10})\.?", r"(?P<between>[/.-])"
_TIME = (
    r"(?:,? (?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2}))?"
    r" ?(?:(?P<half>[ap])\.?m\.?)?(?:uhr)?)?"
)
_FORMS: Mapping[str, tuple[str, ...]] = {
    "dmy": (rf"{_DAY}{_SAME}{_MONTH}(?P=between){_YEAR}", rf"{_DAY}\.?[ /-]{_NAME}[ /-]{_YEAR}"),
    # Nobody writes points between month and day.
    "mdy": (rf"{_MONTH}(?P<between>[/-]){_DAY}(?P=between){_YEAR}", rf"{_NAME} {_DAY},? {_YEAR}"),
    "ymd": (
        rf"(?P<year>[0-9]{{4}}){_SAME}{_MONTH}(?P=between){_DAY}",
        r"(?P<year>[0-9]{4})(?P<month>[0-9]{2})(?P<day>[0-9]{2})",
    ),
}
_PATTERNS = {
    order: tuple(re.compile(form + _TIME, re.IGNORECASE) for form in forms)
    for order, forms in _FORMS.items()
}
ORDERS = tuple(_FORMS)
LAST_OF_2000S = 68  # `68` is 2068 and `69` is 1969, as POSIX has it


def orders_of(texts: Sequence[str]) -> tuple[str, ...]:
    """The orders of day, month and year that all texts fit; none for no text."""
    return tuple(
        order
        for order in ORDERS
        if texts and all(read_by_order(text, order) is not None for text in texts)
    )


def read_by_order(text: str, order: str) -> dt.datetime | None:
    """A day or time written in an order of day, month and year; None if it is none.

    Its zone is missing. `order` is one of `ORDERS`.
    """
    matches = (pattern.fullmatch(text) for pattern in _PATTERNS[order])
    found = next((match for match in matches if match), None)
    if found is None:
        return None
    month = found["month"]
    number = int(month) if month.isdecimal() else month_number(month)
    try:
        day = dt.date(_full_year(found["year"]), number or 0, int(found["day"]))
        return dt.datetime.combine(day, _time(found))
    except ValueError:
        return None


def _full_year(text: str) -> int:
    year = int(text)
    if len(text) > 2:
        return year
    return year + (2000 if year <= LAST_OF_2000S else 1900)


def _time(found: re.Match[str]) -> dt.time:
    """Midnight where no time is written; noon is `12 PM`."""
    if found["hour"] is None:
        return dt.time()
    hour = int(found["hour"])
    if found["half"] is not None:
        if not 1 <= hour <= 12:
            raise ValueError(f"{hour} is no hour of half a day")
        hour = hour % 12 + (12 if found["half"].casefold() == "p" else 0)
    return dt.time(hour, int(found["minute"]), int(found["second"] or 0))
