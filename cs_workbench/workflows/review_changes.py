"""What moved an account's score since the last meeting, for its page in the review."""

import datetime as dt
from typing import NamedTuple

from cs_workbench.core.causes import told
from cs_workbench.core.scorecards import Scorecard
from cs_workbench.errors import NotFoundError
from cs_workbench.store.database import Database
from cs_workbench.workflows.explaining import explain, newest_day


class ScoreMove(NamedTuple):
    """The score at the last meeting, None where it had none, and what moved it, largest first."""

    before_e4: int | None
    causes: tuple[str, ...]


def moved_since(
    db: Database, account_key: int, card: Scorecard, *, since: dt.date, day: dt.date
) -> ScoreMove | None:
    """What moved the score between two days; None where there is nothing to compare.

    Args:
        db: the portfolio.
        account_key: whose score.
        card: makes the score of a day on which none is stored.
        since: the day of the last meeting.
        day: the day of this one.
    """
    now = newest_day(db, account_key, day)
    if now <= since:
        return None
    try:
        found = explain(db, account_key, card, as_of=now, since=since)
    except NotFoundError:
        return None
    before = None if found.before is None else found.before.score.points_e4
    moved = [(one.points_e4, found.told(one)) for one in found.causes if one.points_e4]
    return ScoreMove(before, told(moved))
