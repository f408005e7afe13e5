"""The score of an account over weeks, and what happened meanwhile."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from cs_workbench.core.accounts import Band
from cs_workbench.core.timeline import TimelineEntry

MOST_WEEKS: Final = 53
LEAST_WEEKS: Final = 8
Sign = Literal["C", "T", "F", "N", "t"]
SIGNS: Final[dict[Sign, str]] = {  # where two fall into one place the first of these is shown
    "C": "champion left",
    "T": "urgent, complaint",
    "F": "forecast",
    "N": "next step",
    "t": "touchpoint",
}


@dataclass(frozen=True, slots=True)
class ScoreDay:
    """The stored score of a day; no points where nothing was known."""

    on: dt.date
    points_e4: int | None
    band: Band


@dataclass(frozen=True, slots=True)
class ScoreEvent:
    """Something beside the score that may have to do with it."""

    on: dt.date
    sign: Sign
    text: str


def score_weeks(days: Sequence[ScoreDay], today: dt.date, most: int) -> list[ScoreDay | None]:
    """The newest stored score of each of the last weeks up to today; None where there is none.

    `days` are oldest first. Weeks before the first score are left out, down to eight.
    """
    if not days:
        return []
    known = (today - days[0].on).days // 7 + 1
    count = max(LEAST_WEEKS, min(most, known))
    weeks: list[ScoreDay | None] = [None] * count
    for day in days:
        place = count - 1 - (today - day.on).days // 7
        if 0 <= place < count:
            weeks[place] = day
    return weeks


def champion_left(on: dt.date, name: str) -> ScoreEvent:
    """A champion who left."""
    return ScoreEvent(on, "C", f"champion {name} left")


def events_of(entries: Sequence[TimelineEntry]) -> Iterator[ScoreEvent]:
    """What of the timeline is marked beside a chart."""
    for entry in entries:
        sign = _sign(entry)
        if sign is not None:
            yield ScoreEvent(entry.on, sign, entry.text)


def _sign(entry: TimelineEntry) -> Sign | None:
    if entry.kind == "ticket":
        return "T" if entry.loud else None
    if entry.kind == "change":
        return "N" if "next step" in entry.text else None
    found: dict[str, Sign] = {"forecast": "F", "contact": "t"}
    return found.get(entry.kind)
