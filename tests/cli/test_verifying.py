import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cs_workbench.cli.main import csw
from cs_workbench.store.database import open_database, write
from cs_workbench.workflows.scoring import refresh
from tests.cli.run import ROOT
from tests.factories import TODAY, portfolio
from tests.workflows.test_scoring import steady


@pytest.fixture
def path(tmp_path: Path) -> Path:
    place = tmp_path / "portfolio.db"
    with portfolio(tmp_path) as db:
        steady(db, "acme")
        refresh(db, as_of=TODAY, actor="ana")
    return place


def run(place: Path, *arguments: str) -> Result:
    return CliRunner().invoke(csw, ["--db", str(place), "refresh", "--verify", *arguments])


def test_the_same_scores_end_with_nought(path: Path) -> None:
    result = run(path)
    assert (result.exit_code, result.stdout) == (0, "1 score of 1 day recomputed, none differs.\n")


def test_a_difference_ends_with_one_and_is_told(path: Path) -> None:
    with open_database(path) as db, write(db) as connection:
        connection.execute("UPDATE score SET points_e4 = 5")
    result = run(path)
    assert result.exit_code == 1
    assert result.stdout.startswith("acme on 2026-11-23: 0.0005 stored, ")
    assert "1 of 1 scores come out differently." in result.stderr
    report = json.loads(run(path, "--json").stdout)
    assert report["differences"][0]["stored"] == 0.0005
    page = (ROOT / "docs" / "json.md").read_text(encoding="utf-8")
    section = page.partition("## csw refresh --verify")[2].partition("\n## ")[0]
    keys = {*report, *report["differences"][0]}
    assert [key for key in sorted(keys) if f"`{key}`" not in section] == []
