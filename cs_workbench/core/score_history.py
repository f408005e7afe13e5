"""The score of an account over weeks, and what happened meanwhile."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Literal

from cs_workbench.core.accounts import Band
from cs_workbench.core.timeline import TimelineEntry

LEAST_WEEKS: Final = 8
WEEK: Final = 7
DAILY_WEEKS: Final = 26  # longer than this a day is too narrow to be seen
Sign = Literal["C", "T", "I", "R", "P", "O", "K", "S", "F", "N", "i", "t"]
SIGNS: Final[dict[Sign, str]] = {  # where two fall into one place the first of these is shown
    "C": "champion left",
    "T": "urgent, complaint",
    "I": "incident",
    "R": "renewal",
    "P": "play",
    "O": "override, rating",
    "K": "scorecard changed",
    "S": "survey",
    "F": "forecast",
    "N": "next step",
    "i": "ticket",
    "t": "touchpoint",
}
QUIET: Final = frozenset[Sign]({"i", "t"})  # so many that only a day's own are told in words
_SIGN_OF: Final[dict[str, Sign]] = {
    "judgement": "O",
    "survey": "S",
    "forecast": "F",
    "contact": "t",
}


@dataclass(frozen=True, slots=True)
class ScoreDay:
    """The stored score of a day; no points where nothing was known.

    Attributes:
        limits: from which points on it was yellow, and green, by the scorecard of then; None where
            this version of the program cannot read it any more.
        scorecard: hash of that scorecard's file.
    """

    on: dt.date
    points_e4: int | None
    band: Band
    limits: tuple[int, int] | None = None
    scorecard: str = ""


@dataclass(frozen=True, slots=True)
class ScoreEvent:
    """Something beside the score that may have to do with it."""

    on: dt.date
    sign: Sign
    text: str


@dataclass(frozen=True)
class ScoreSpan:
    """A stretch of a score's history up to a day, in equal steps.

    Attributes:
        until: the last day of the last step.
        step: days in each, 1 or 7.
        scores: the newest stored score in each step, None where no refresh stored one.
    """

    until: dt.date
    step: int
    scores: tuple[ScoreDay | None, ...]

    @property
    def first(self) -> dt.date:
        """The last day of the first step."""
        return self.until - dt.timedelta(self.step * (len(self.scores) - 1))

    @property
    def known(self) -> list[ScoreDay]:
        """The scores that are there."""
        return [one for one in self.scores if one is not None]

    def place_of(self, day: dt.date) -> int:
        """Which step a day is in; the first or the last one for days beyond."""
        back = (self.until - day).days // self.step
        return len(self.scores) - 1 - min(max(0, back), len(self.scores) - 1)

    def day_of(self, place: int) -> dt.date:
        """The last day of a step."""
        return self.until - dt.timedelta(self.step * (len(self.scores) - 1 - place))


def score_span(days: Sequence[ScoreDay], today: dt.date, weeks: int) -> ScoreSpan:
    """The last weeks up to today, from the first score on but eight weeks at least, oldest first.

    They are in days where most days have a score, else in weeks.
    """
    known = (today - days[0].on).days // WEEK + 1 if days else 0
    weeks = min(weeks, max(LEAST_WEEKS, known))
    recent = sum(1 for one in days if (today - one.on).days < weeks * WEEK)
    step = 1 if weeks <= DAILY_WEEKS and 2 * recent > weeks * WEEK else WEEK
    count = weeks * WEEK // step
    scores: list[ScoreDay | None] = [None] * count
    for day in days:
        place = count - 1 - (today - day.on).days // step
        if 0 <= place < count:
            scores[place] = day
    return ScoreSpan(today, step, tuple(scores))


def scorecard_changes(days: Sequence[ScoreDay]) -> Iterator[ScoreEvent]:
    """The days whose score was made by another scorecard than the one before."""
    for before, after in pairwise(days):
        if before.scorecard != after.scorecard:
            yield ScoreEvent(after.on, "K", "scorecard changed")


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
        return "T" if entry.loud else "i"
    if entry.kind == "change":
        return "N" if "next step" in entry.text else None
    return _SIGN_OF.get(entry.kind)
