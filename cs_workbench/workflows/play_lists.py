"""Plays as they are listed, with the step that each is at."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from cs_workbench.core.plays.road import RoadStep
from cs_workbench.store.database import Database
from cs_workbench.store.plays import PlayLine, PlayQuery, list_plays
from cs_workbench.workflows.play_moments import walk_of


@dataclass(frozen=True)
class ListedPlay:
    """A play and where it is.

    Attributes:
        standing: how an active one stands; its state for others.
        current: the step that it is at; None for one that is suggested or over.
    """

    line: PlayLine
    standing: str
    current: RoadStep | None
    steps: int | None
    days_late: int


def listed_plays(db: Database, query: PlayQuery, today: dt.date) -> list[ListedPlay]:
    """Running plays, then suggested ones, then those that are over, the largest ARR first."""
    return list(_listed(db, query, today))


def _listed(db: Database, query: PlayQuery, today: dt.date) -> Iterator[ListedPlay]:
    for line in list_plays(db, query):
        if line.play.state != "active":
            yield ListedPlay(line, line.play.state, None, None, 0)
            continue
        walk = walk_of(db, line, today)
        road = walk.road
        yield ListedPlay(line, road.standing, road.current, road.length, road.days_late)
