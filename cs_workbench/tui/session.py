"""What every screen is given."""

import datetime as dt
from dataclasses import dataclass

from cs_workbench.store.database import Database
from cs_workbench.tui.formats import UNICODE, Glyphs


@dataclass(frozen=True)
class Session:
    """One open portfolio and the person in front of it.

    Attributes:
        db: for the screens' own thread; a worker opens `db.path` itself.
        me: the name written on everything this person changes.
        is_sample: today is fixed because the portfolio is sample data.
    """

    db: Database
    today: dt.date
    me: str
    glyphs: Glyphs = UNICODE
    is_sample: bool = False
