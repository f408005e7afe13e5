"""What every screen is given, and the portfolio that it is about."""

import datetime as dt
from pathlib import Path
from typing import NamedTuple

from cs_workbench.config import RENEWALS, Config, file_in_use, read_today, scorecard_in_use
from cs_workbench.core.glyphs import ASCII, UNICODE, Glyphs
from cs_workbench.errors import NotFoundError
from cs_workbench.store.database import Database, keep_little, open_database
from cs_workbench.store.freshness import StandingDay, standing_day


class Session(NamedTuple):
    """One open portfolio and the person in front of it.

    Attributes:
        db: for the screens' own thread; a worker opens `db.path` itself.
        me: the name written on everything this person changes.
        standing: why today is not the clock's, where it is not.
        scorecard: the person's own; None: the one that comes with the program.
        renewals: the person's own renewal policy; None: the one that comes with the program.
        metrics, targets: likewise the policy of the metrics, and the targets of the key figures.
    """

    db: Database
    today: dt.date
    me: str
    glyphs: Glyphs = UNICODE
    standing: StandingDay | None = None
    scorecard: Path | None = None
    renewals: Path | None = None
    metrics: Path | None = None
    targets: Path | None = None

    @property
    def renewal_policy_file(self) -> Path | None:
        """The policy that renewals follow now: one may have been made meanwhile."""
        return file_in_use(RENEWALS, "CSW_RENEWALS", self.renewals)

    @property
    def scorecard_file(self) -> Path | None:
        """The scorecard that a refresh of now uses: one may have been made meanwhile."""
        return scorecard_in_use(self.scorecard)


def open_accounts(path: Path) -> Database | None:
    """The portfolio; None where there is none, or no account in it.

    Raises:
        WorkbenchError: it is there and cannot be opened.
    """
    try:
        database = keep_little(open_database(path))
    except NotFoundError:
        return None
    from cs_workbench.store.refreshes import has_accounts

    if has_accounts(database):
        return database
    database.connection.close()
    return None


def session_on(database: Database, config: Config, today: dt.date | None) -> Session:
    """A session on an open portfolio; without `today` the sample's own day, or the clock's."""
    standing = None if today else standing_day(database)
    return Session(
        db=database,
        today=today or (standing.day if standing else read_today()),
        me=config.me,
        glyphs=ASCII if config.ascii else UNICODE,
        standing=standing,
        scorecard=config.scorecard,
        renewals=config.renewals,
        metrics=config.metrics,
        targets=config.targets,
    )
