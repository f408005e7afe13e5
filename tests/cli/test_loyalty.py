import json
from pathlib import Path

import pytest

from cs_workbench.store.database import write
from tests.cli import run
from tests.factories import TODAY, add_account, add_promise, add_summary, portfolio

EVIL = "ACME \x1b]52;c;aGk=\x07 [@click=app.quit]Ltd[/]"


@pytest.fixture
def book(tmp_path: Path) -> Path:
    with portfolio(tmp_path) as db, write(db) as connection:
        key = add_account(connection, "acme", name=EVIL)
        add_summary(connection, key)
        add_promise(connection, key)
    return db.path


def test_csw_loyalty_scores_lists_and_explains(book: Path) -> None:
    given = ("--db", book, "--today", TODAY.isoformat())
    first = run.within(*given, "loyalty")
    assert "Nothing is scored yet" in first.stderr
    result = run.csw(*given, "loyalty", "--refresh")
    assert result.returncode == 0, result.stderr
    assert "\x1b" not in result.stdout
    assert "promises kept on time 0 %" in result.stdout
    document = json.loads(run.within(*given, "loyalty", "--json").stdout)
    (one,) = document["accounts"]
    assert (document["schema"], one["account_id"]) == ("csw.loyalty/1", "acme")
    assert sum(line["points"] or 0 for line in one["contributions"]) == one["score"]
    assert one["health"] == 50
    shown = run.within(*given, "loyalty", "--account", "acme").stdout
    assert "does not apply" in shown
    assert "\x1b" not in shown
