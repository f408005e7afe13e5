"""What every screen is given."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from cs_workbench.core.glyphs import UNICODE, Glyphs
from cs_workbench.store.database import Database
from cs_workbench.store.freshness import StandingDay


@dataclass(frozen=True)
class Session:
    """One open portfolio and the person in front of it.

    Attributes:
        db: for the screens' own thread; a worker opens `db.path` itself.
        me: the name written on everything this person changes.
        standing: why today is not the clock's, where it is not.
        scorecard: the person's own; None: the one that comes with the program.
    """

    db: Database
    today: dt.date
    me: str
    glyphs: Glyphs = UNICODE
    standing: StandingDay | None = None
    scorecard: Path | None = None
