"""Files into the portfolio and scores out of it, in one go, as the screens ask for it."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cs_workbench.importers.detection import plan_import
from cs_workbench.importers.records import Assumptions
from cs_workbench.store.database import open_database
from cs_workbench.workflows.import_reports import refused
from cs_workbench.workflows.importing import ImportWishes, run_import
from cs_workbench.workflows.refreshing import RefreshWishes, refresh_all

Progress = Callable[[int, int], None]
TOLD = 3  # warnings


@dataclass(frozen=True, slots=True)
class LoadWishes:
    """How files are to be brought in.

    Attributes:
        portfolio: where to; it is made if it is not there.
        actor: who asks.
        today: the day as of which accounts are scored.
        assumed: where a file does not say.
        scorecard, renewals: their files; None for those that come with the program.
    """

    portfolio: Path
    actor: str
    today: dt.date
    assumed: Assumptions
    scorecard: Path | None = None
    renewals: Path | None = None


def load_and_score(source: Path, wishes: LoadWishes, progress: Progress) -> str:
    """Import what is at `source`, score every account, and say in some lines what came of it.

    What a progress callback raises breaks it off; rows that are in stay.

    Raises:
        WorkbenchError: something cannot be read or written, as `run_import` and `refresh` say.
    """
    plan = plan_import([source], today=wishes.today)
    loaded = run_import(
        wishes.portfolio, plan, ImportWishes(wishes.actor, wishes.assumed), progress
    )
    files = wishes.scorecard, wishes.renewals
    asked = RefreshWishes(wishes.today, wishes.actor, *files)
    with open_database(wishes.portfolio, create=True) as db:
        scored = refresh_all(db, asked, progress).report
    rows = sum(file.rows - file.rejected for file in loaded.files)
    told = f"Rows loaded: {rows:,}; accounts scored: {scored.accounts:,}."
    if loaded.rejected:
        told = f"{told} {refused(loaded)}"
    return "\n".join([told, *loaded.warnings[:TOLD]])
