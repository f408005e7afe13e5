import json
from pathlib import Path

import pytest

from cs_workbench.store.database import open_database, write
from tests.cli import run
from tests.factories import TODAY, add_account, add_promise, add_summary, add_ticket, portfolio

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
    whole = document["book"]
    assert (whole["mean"], whole["n"], whole["customers"]) == (one["score"], 1, 1)
    shown = run.within(*given, "loyalty", "--account", "acme").stdout
    assert "does not apply" in shown
    assert "\x1b" not in shown


def test_the_portfolio_report_names_those_to_whom_we_are_not_loyal(
    book: Path, tmp_path: Path
) -> None:
    given = ("--db", book, "--today", TODAY.isoformat())
    out = tmp_path / "board.html"
    with open_database(book) as db, write(db) as connection:
        connection.execute("UPDATE account SET started_on = '2020-01-01'")
        add_ticket(connection, 1, opened_at="2026-11-01T09:00:00Z", priority="urgent")
    assert run.within(*given, "loyalty", "--refresh").returncode == 0
    assert run.within(*given, "report", "portfolio", "--out", out).returncode == 0
    page = out.read_text()
    assert "Of the newest scoring, 2026-11-23" in page
    row = page[page.index("Whom our loyalty may cost us</h2>") :].split("<tbody>")[1]
    assert "ACME" in row.split("</tr>")[0]
    assert "loyal and squeezed" in row.split("</tr>")[0]
    assert "\x1b" not in page
