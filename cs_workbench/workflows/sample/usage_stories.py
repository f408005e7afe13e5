"""Usage that tells a story of its own: teams of which one stops, credits that run out."""

import datetime as dt
import random
from collections.abc import Iterator

from cs_workbench.workflows.sample.events import day
from cs_workbench.workflows.sample.profile import FIRST_DAY, QUIET_SHARE, TODAY, WORK_SHARE, Row

_RIPPLE = (1.0, 1.04, 0.97, 1.02, 0.98)  # a day is never quite like the one before

# Kestrel's people by team: before the champion left, and from the second week of November on.
_TEAMS = {"Dispatch": (34, 10), "Depot 5": (9, 4), "Office": (5, 5)}
_FALL = (day("10-25"), day("11-09"))


def kestrel_teams() -> list[Row]:
    """Daily users of each team; it is the dispatchers who stopped."""
    return [
        _row("A001", one, f"active_users/{team}", round(people * _share(one, number)))
        for number, (team, sizes) in enumerate(_TEAMS.items())
        for one in _days()
        for people in (_between(sizes, one),)
    ]


def harlow_credits() -> list[Row]:
    """Report credits bought once a year; those of this year end in the first days of December."""
    rng = random.Random("A019 credits")
    rows, left = [], 14_000
    for one in _days():
        if one == day("03-07"):
            left = 14_000
        if one.weekday() < 5:
            left = max(0, left - max(0, round(rng.gauss(72, 25))))
        rows.append(_row("A019", one, "report_credits_left", left))
    return rows


def _days() -> Iterator[dt.date]:
    """All days up to yesterday."""
    return (FIRST_DAY + dt.timedelta(one) for one in range((TODAY - FIRST_DAY).days))


def _between(sizes: tuple[int, int], one: dt.date) -> float:
    before, after = sizes
    begin, end = _FALL
    part = min(1.0, max(0.0, (one - begin) / (end - begin)))
    return before + (after - before) * part


def _share(one: dt.date, number: int) -> float:
    ripple = _RIPPLE[(one.toordinal() + 2 * number) % 5]
    return (QUIET_SHARE if one.weekday() >= 5 else WORK_SHARE) * ripple


def _row(account_id: str, one: dt.date, metric: str, value: int) -> Row:
    return {"account_id": account_id, "date": one, "metric": metric, "value": value}
