"""What every command knows: the settings, which portfolio, and today."""

import datetime as dt
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cs_workbench.config import Config, read_today

if TYPE_CHECKING:
    from cs_workbench.store.database import Database


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
        if db is not None and not (self.given_today or os.environ.get("CSW_TODAY")):
            from cs_workbench.cli.output import warn
            from cs_workbench.store.settings import sample_today

            fixed = sample_today(db)
            if fixed:
                warn(f"This is sample data: today is fixed to {fixed.isoformat()}.")
                return fixed
        return read_today(self.given_today)


pass_session = click.make_pass_decorator(Session)
