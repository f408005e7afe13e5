"""What moved an account's score since the last meeting: for its page, and for what is left."""

import datetime as dt
from typing import Final, NamedTuple

from cs_workbench.core.causes import told
from cs_workbench.core.scorecards import Scorecard
from cs_workbench.errors import NotFoundError
from cs_workbench.store.database import Database
from cs_workbench.workflows.explaining import explain, newest_day

NO_SCORE: Final = "no score since then"


class ScoreMove(NamedTuple):
    """The score at the last meeting, None where it had none, and what moved it, largest first."""

    before_e4: int | None
    causes: tuple[str, ...]


_UNSCORED: Final = ScoreMove(None, (NO_SCORE,))


def moved_since(
    db: Database, account_key: int, card: Scorecard, *, since: dt.date, day: dt.date
) -> ScoreMove:
    """What moved the score between two days, or that it was not computed since.

    Args:
        db: the portfolio.
        account_key: whose score.
        card: makes the score of a day on which none is stored.
        since: the day of the last meeting.
        day: the day of this one.
    """
    now = newest_day(db, account_key, day)
    if now <= since:
        return _UNSCORED
    try:
        found = explain(db, account_key, card, as_of=now, since=since)
    except NotFoundError:
        return _UNSCORED
    before = None if found.before is None else found.before.score.points_e4
    moved = [(one.points_e4, found.told(one)) for one in found.causes if one.points_e4]
    return ScoreMove(before, told(moved))
