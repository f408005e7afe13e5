import csv
import io
import json
from pathlib import Path

import pytest

from cs_workbench.store.database import write
from tests.cli.run import csw, within
from tests.factories import add_account, add_subscription, portfolio


@pytest.fixture
def book(tmp_path: Path) -> Path:
    with portfolio(tmp_path) as db:
        with write(db) as c:
            for name, end in (("stays", "2027-12-31"), ("leaves", "2026-05-31")):
                key = add_account(c, name, segment="[/x]\x1b[2J")
                add_subscription(c, key, start_date="2026-01-10", end_date=end)
        return db.path


def test_people_see_numbers_and_shade(book: Path) -> None:
    told = csw("--db", book, "--today", "2026-11-23", "cohorts")
    assert told.returncode == 0, told.stderr
    assert "█100" in told.stdout
    assert "▒50" in told.stdout
    ascii_only = csw("--db", book, "--today", "2026-11-23", "cohorts", PYTHONIOENCODING="ascii")
    assert "50" in ascii_only.stdout


def test_programs_see_every_cell(book: Path, tmp_path: Path) -> None:
    args = ("--db", book, "--today", "2026-11-23", "cohorts", "--by", "segment")
    found = json.loads(within(*args, "--json").stdout)
    assert found["cohorts"][0]["shares"] == [1.0, 0.5, 0.5]
    assert found["survival"]["lost"] == 1
    rows = list(csv.DictReader(io.StringIO(within(*args, "--csv").stdout)))
    assert [row["share"] for row in rows] == ["1.0", "0.5", "0.5"]
    chart = tmp_path / "c.svg"
    assert within(*args, "--svg", chart).returncode == 0
    assert "\x1b" not in chart.read_text(encoding="utf-8")
    assert within(*args, "--svg", chart).returncode == 12
