"""What a brief tells of an account beyond its page: the plays that run on it."""

import datetime as dt

from cs_workbench.core.briefs import BriefPlay
from cs_workbench.store.database import Database
from cs_workbench.store.plays import PlayQuery, list_plays
from cs_workbench.workflows.play_moments import Walk, walk_of


def running_plays(db: Database, account_key: int, today: dt.date) -> tuple[BriefPlay, ...]:
    """The plays that run on an account, each with the step that it is at."""
    lines = list_plays(db, PlayQuery(account_key=account_key))
    return tuple(_told(walk_of(db, one, today)) for one in lines if one.play.state == "active")


def _told(walk: Walk) -> BriefPlay:
    current = walk.road.current
    step, due = (None, None) if current is None else (current.step.title, current.due)
    return BriefPlay(walk.play.play_id, walk.line.title, walk.road.standing, step, due)
