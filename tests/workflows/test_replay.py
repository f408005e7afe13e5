"""A year that is scored again, in another file and another order, comes out byte for byte."""

import csv
import datetime as dt
import random
from pathlib import Path

import pytest
from click.testing import CliRunner

from cs_workbench.cli.main import csw
from cs_workbench.store.database import open_database
from cs_workbench.workflows.importing import import_paths
from cs_workbench.workflows.sample.portfolio import portfolio_rows
from cs_workbench.workflows.sample.profile import HEADINGS, TODAY, Rows
from cs_workbench.workflows.scoring import backfill
from cs_workbench.workflows.verifying import verify
from tests.factories import portfolio

ACCOUNTS = {"A001", "A003", "A006", "A012", "A018"}
YEAR = dt.timedelta(weeks=52)
WEEK = dt.timedelta(weeks=1)


def exported(folder: Path, rows: Rows, shuffled: random.Random | None) -> Path:
    """The sample's stories as files, each file in its own order or in any."""
    folder.mkdir()
    for kind, headings in HEADINGS.items():
        mine = [row for row in rows[kind] if row["account_id"] in ACCOUNTS]
        if shuffled is not None:
            shuffled.shuffle(mine)
        with (folder / f"{kind}.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, headings, restval="")
            writer.writeheader()
            writer.writerows(mine)
    return folder


def explained(place: Path, account_id: str, day: dt.date) -> str:
    since = (day - 4 * WEEK).isoformat()
    given = ["--db", str(place), "--today", TODAY.isoformat(), "explain", account_id, "--json"]
    result = CliRunner().invoke(csw, [*given, "--as-of", day.isoformat(), "--since", since])
    return result.stdout or result.stderr.replace(str(place), "")


def built(folder: Path, rows: Rows, *, steps: int, shuffled: random.Random | None = None) -> Path:
    """A portfolio whose last year is scored in one go, or in several that begin at the end."""
    place = folder / "portfolio.db"
    files = exported(folder / "files", rows, shuffled)
    with portfolio(folder) as db:
        import_paths(db, [files], actor="ana")
        for step in range(steps):
            start = TODAY - YEAR * (step + 1) / steps
            backfill(db, start=start, end=TODAY - YEAR * step / steps, actor="ana")
    return place


@pytest.mark.deep
def test_a_year_replays_byte_for_byte_in_another_file_order_and_program_run(
    tmp_path: Path,
) -> None:
    rows = portfolio_rows(1)
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    dice = random.Random(5)
    first = built(tmp_path / "a", rows, steps=1)
    second = built(tmp_path / "b", rows, steps=4, shuffled=dice)
    for place in (first, second):
        with open_database(place) as db:
            report = verify(db)
        assert report.different == 0
        assert report.days == 53
    for account_id in sorted(ACCOUNTS):
        for weeks in (0, 1, 13, 40):
            day = TODAY - weeks * WEEK
            told = explained(first, account_id, day)
            assert told == explained(second, account_id, day)
            assert '"account_id"' in told or told.startswith("Nothing was known of this account")
