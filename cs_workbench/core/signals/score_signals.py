"""Signals that the health score itself gives: a band crossed, a fast fall."""

from collections.abc import Iterator

from cs_workbench.core.accounts import Band
from cs_workbench.core.scorecards import POINT
from cs_workbench.core.signals.model import Severity, Signal, Situation, days, short_date

_ORDER: dict[Band, int] = {"red": 0, "yellow": 1, "green": 2}
_SEVERITY: dict[Band, Severity] = {"red": "high", "yellow": "medium", "unknown": "low"}


def find_band_crossing(now: Situation) -> Iterator[Signal]:
    """The band is worse than at the last refresh, or is not known any more."""
    before, band = now.previous, now.score.band
    if before is None or before.band in {band, "unknown"}:
        return
    if band != "unknown" and _ORDER[band] > _ORDER[before.band]:
        return
    if band == "unknown":
        yield Signal(
            "band crossing",
            "unknown",
            "low",
            f"{before.band} on {short_date(before.as_of)}, unknown on {short_date(now.as_of)}: "
            f"only {now.score.coverage_e4 // 100} % of the scorecard was known",
            "enough of the scorecard is known again",
        )
        return
    yield Signal(
        "band crossing",
        band,
        _SEVERITY[band],
        f"{before.band} {_points(before.points_e4)} on {short_date(before.as_of)}, "
        f"{band} {_points(now.score.points_e4)} on {short_date(now.as_of)}{_partly(now)}",
        f"the band is better than {band}",
    )


def still_in_band(now: Situation, reason: str) -> bool:
    """It lasts while the account stays in the band, or while nobody can tell."""
    if now.is_partial:
        return True
    return now.score.band == reason or (now.score.band == "unknown" and reason != "unknown")


def find_fast_fall(now: Situation) -> Iterator[Signal]:
    """Many points lost within about four weeks, or since the last refresh."""
    fallen = _fall(now)
    if fallen is None or fallen[0] < now.policy.fall_points_e4:
        return
    lost, told = fallen
    yield Signal(
        "fast fall",
        "score",
        "high" if lost >= 2 * now.policy.fall_points_e4 else "medium",
        told + _partly(now),
        f"the score is less than {now.policy.fall_over_e4 // POINT} points below what it was "
        "four weeks before",
    )


def still_fallen(now: Situation, reason: str) -> bool:
    """It lasts while most of the fall is there, and while there is no score."""
    del reason
    fallen = _fall(now)
    if now.is_partial or now.score.band == "unknown":
        return True
    return fallen is not None and fallen[0] >= now.policy.fall_over_e4


def _fall(now: Situation) -> tuple[int, str] | None:
    points = now.score.points_e4
    if points is None or now.score.band == "unknown":
        return None
    falls = [
        (past.points_e4 - points, past)
        for past in (now.month_ago, now.previous)
        if past is not None
        and past.points_e4 is not None
        and past.band != "unknown"
        and 0 < (now.as_of - past.as_of).days <= 35
    ]
    if not falls:
        return None
    lost, past = max(falls, key=lambda one: one[0])
    told = (
        f"the score fell from {_points(past.points_e4)} to {_points(points)} "
        f"in {days((now.as_of - past.as_of).days)}"
    )
    return lost, told


def _points(points_e4: int | None) -> str:
    return "--" if points_e4 is None else str(points_e4 // POINT)


def _partly(now: Situation) -> str:
    return ", leaving out what could not be trusted" if now.is_partial else ""
