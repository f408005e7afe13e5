import json
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cs_workbench.cli.main import csw
from cs_workbench.store.database import write
from cs_workbench.workflows.scoring import refresh
from tests.cli.run import ROOT
from tests.factories import TODAY, add_ticket, portfolio
from tests.workflows.test_scoring import steady


@pytest.fixture
def path(tmp_path: Path) -> Path:
    place = tmp_path / "portfolio.db"
    with portfolio(tmp_path) as db:
        key = steady(db, "acme", 17)
        with write(db) as connection:
            add_ticket(connection, key, priority="urgent", opened_at="2026-11-17T09:00:00Z")
        refresh(db, as_of=TODAY, actor="ana")
    return place


def run(path: Path, *arguments: str) -> Result:
    given = ["--db", str(path), "--today", TODAY.isoformat(), "explain", "acme", *arguments]
    return CliRunner().invoke(csw, given)


def test_written_digits_add_up_exactly(path: Path) -> None:
    text = run(path, "--since", "-28", "--json").stdout
    given = json.loads(text, parse_float=Decimal)
    parts = [one["points"] for one in given["contributions"] if one["points"] is not None]
    causes = [one["points"] for one in given["causes"]]
    assert sum(parts) == given["score"]
    assert sum(causes) == given["change"]
    written = [given["score"], given["change"], *given["interval"], *parts, *causes]
    assert {one.as_tuple().exponent for one in written} == {-4}
    assert f'"score": {given["score"]},' in text


def test_every_key_is_documented(path: Path) -> None:
    given = json.loads(run(path, "--since", "-28", "--json").stdout)
    keys = {*given, *given["contributions"][0], *given["causes"][0]}
    page = (ROOT / "docs" / "json.md").read_text(encoding="utf-8")
    section = page.partition("## csw explain ACCOUNT")[2].partition("\n## ")[0]
    assert [key for key in sorted(keys) if f"`{key}`" not in section] == []


def test_it_reads_as_sentences(path: Path) -> None:
    lines = run(path).stdout.splitlines()
    assert lines[0].startswith("Acme stands at ")
    assert lines[0].endswith(" of 100 on Mon 23 Nov 2026: green.")
    assert "urgent ticket open for 6 d" in lines[2]


def test_what_is_not_stored_is_said_on_stderr(path: Path) -> None:
    assert run(path).stderr == ""
    assert "2026-11-20: not stored; computed" in run(path, "--as-of", "2026-11-20").stderr


@pytest.mark.parametrize("day", ["soon", "2026-11-24"])
def test_a_day_that_is_none_or_still_to_come_is_refused(path: Path, day: str) -> None:
    assert run(path, "--as-of", day).exit_code == 2
