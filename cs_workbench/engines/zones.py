"""Time zones as numbers, so that every engine reckons days alike whatever its session's zone is.

An engine is asked for a moment's seconds since 1970 alone. What has to be added to them for the
clock of a zone is written into the question, with the instants at which it changes.
"""

import datetime as dt
from zoneinfo import ZoneInfo

DAY = 86_400
STEP = 6 * 3_600
MARGIN = 2  # days around a range that any zone's days lie in
EPOCH = dt.date(1970, 1, 1)


def day_number(day: dt.date) -> int:
    """Days since 1970-01-01, as engines count them here."""
    return (day - EPOCH).days


def date_of(number: int) -> dt.date:
    """The day of a number."""
    return EPOCH + dt.timedelta(days=number)


def reach(first: int, last: int) -> tuple[int, int]:
    """The moments, in seconds since 1970, between which days lie whatever the zone is."""
    return (first - MARGIN) * DAY, (last + MARGIN) * DAY


def offsets(zone: str, first: int, last: int) -> list[tuple[int, int]]:
    """The seconds ahead of UTC, and since when, over a range of moments.

    Args:
        zone: its name.
        first: the first moment, in seconds since 1970; and
        last: the last.

    Returns:
        Pairs of (from this second on, seconds ahead), oldest first; the first begins the range.
    """
    info = ZoneInfo(zone)
    found = [(first, _ahead(info, first))]
    moment = first
    while moment < last:
        following = min(moment + STEP, last)
        if _ahead(info, following) != found[-1][1]:
            change = _change(info, moment, following)
            found.append((change, _ahead(info, change)))
        moment = following
    return found


def _change(info: ZoneInfo, before: int, after: int) -> int:
    """The first second of another offset, between two moments that differ."""
    while after - before > 1:
        middle = (before + after) // 2
        if _ahead(info, middle) == _ahead(info, before):
            before = middle
        else:
            after = middle
    return after


def _ahead(info: ZoneInfo, moment: int) -> int:
    offset = dt.datetime.fromtimestamp(moment, info).utcoffset()
    return int((offset or dt.timedelta()).total_seconds())
