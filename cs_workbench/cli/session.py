"""What every command knows: the settings, which portfolio, and today."""

import datetime as dt
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cs_workbench.cli.output import warn
from cs_workbench.config import Config, read_today

if TYPE_CHECKING:
    from cs_workbench.store.database import Database
    from cs_workbench.store.freshness import StandingDay


@dataclass(frozen=True)
class Session:
    """One run of `csw`.

    Attributes:
        config: the user's settings, with `--db` already applied to `config.db`.
        given_today: the text of `--today`.
    """

    config: Config
    given_today: str | None = None

    @property
    def path(self) -> Path:
        """The portfolio file."""
        return self.config.db

    def open(self, *, create: bool = False) -> "Database":
        """Open the portfolio; use it in a `with`."""
        from cs_workbench.store.database import open_database

        return open_database(self.path, create=create)

    def today(self, db: "Database | None" = None) -> dt.date:
        """`--today`, `CSW_TODAY`, the date of sample data (said on stderr), or the clock."""
        standing = self._standing(db)
        if standing is None or not standing.is_sample:
            return read_today(self.given_today)
        warn(f"This is sample data: today is fixed to {standing.day.isoformat()}.")
        return standing.day

    def now(self, db: "Database") -> dt.datetime:
        """This instant; where `today` is another day than the clock's, the end of that day."""
        today, clock = self.today(db), dt.datetime.now().astimezone()
        if today == clock.date():
            return clock
        return dt.datetime.combine(today, dt.time(23, 59, 59)).astimezone()

    def reading_day(self, db: "Database") -> dt.date:
        """As `today`; for accounts scored as of a day long gone, that day (said on stderr)."""
        standing = self._standing(db)
        if standing is None or standing.is_sample:
            return self.today(db)
        warn(f"Scored as of {standing.day.isoformat()}: days are counted from then.")
        return standing.day

    def _standing(self, db: "Database | None") -> "StandingDay | None":
        if db is None or self.given_today or os.environ.get("CSW_TODAY"):
            return None
        from cs_workbench.store.freshness import standing_day

        return standing_day(db)


pass_session = click.make_pass_decorator(Session)
