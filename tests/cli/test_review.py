import json
from pathlib import Path

import pytest

from tests.cli.run import as_ana as csw
from tests.factories import portfolio
from tests.workflows.test_reviews import book


@pytest.fixture
def path(tmp_path: Path) -> Path:
    place = tmp_path / "portfolio.db"
    with portfolio(tmp_path) as db:
        book(db)
    return place


def test_a_review_from_its_start_to_its_files(path: Path, tmp_path: Path) -> None:
    begun = csw(path, "review", "start", "--window", "150d", "--name", "EMEA weekly")
    assert begun.stdout == "EMEA weekly: 4 items.\n"
    assert "csw review resume" in begun.stderr
    assert csw(path, "review", "start").returncode == 12
    assert csw(path, "review", "export").returncode == 3
    assert csw(path, "review", "resume").stdout == "EMEA weekly: item 0 of 4.\n"
    assert "0 of 4 decided" in csw(path, "review", "close").stdout
    assert csw(path, "review", "close").returncode == 3
    listed = json.loads(csw(path, "review", "list", "--json").stdout)
    assert [one["state"] for one in listed["reviews"]] == ["closed"]
    written = csw(path, "review", "export", "EMEA weekly", "--out", str(tmp_path / "out")).stdout
    names = [Path(line).name for line in written.splitlines()]
    assert names == [
        "review-2026-11-23.md",
        "review-2026-11-23.html",
        "review-2026-11-23-forecast.csv",
        "review-2026-11-23-forecast.xlsx",
        "review-2026-11-23-decisions.json",
        "review-2026-11-23-tasks.ics",
    ]
    snapshot = json.loads(csw(path, "review", "export", "--json").stdout)
    assert snapshot["schema"] == "csw.review/1"
    assert len(snapshot["items"]) == 4
    only = csw(path, "review", "start", "--csm", "nobody")
    assert only.returncode == 3
