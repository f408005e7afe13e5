import json
from pathlib import Path

import pytest

from cs_workbench.store.database import write
from tests.cli import run
from tests.factories import add_account, portfolio


@pytest.fixture
def book(tmp_path: Path) -> Path:
    with portfolio(tmp_path) as db:
        with write(db) as c:
            add_account(c, "kes-1", name="=Kestrel\x1b[2J")
        return db.path


QUESTION = "SELECT account_id, name, 1, 1, NULL, x'00ff' FROM account"


def test_a_table_is_safe(book: Path) -> None:
    lines = run.csw("--db", book, "sql", QUESTION).stdout.splitlines()
    assert lines[0].split()[:2] == ["account_id", "name"]
    assert "=Kestrel␛[2J" in lines[1]
    assert "x'00ff'" in lines[1]


def test_json_keeps_every_column(book: Path) -> None:
    document = json.loads(run.within("--db", book, "sql", QUESTION, "--json").stdout)
    assert document["schema"] == "csw.sql/1"
    assert document["columns"] == ["account_id", "name", "1", "1:2", "NULL", "x'00ff'"]
    assert list(document["rows"][0].values()) == ["kes-1", "=Kestrel\x1b[2J", 1, 1, None, "00ff"]


def test_csv_is_no_formula(book: Path) -> None:
    shown = run.within("--db", book, "sql", "SELECT name, -1 AS n FROM account", "--csv").stdout
    assert shown == "name,n\n'=Kestrel\x1b[2J,-1\n"


def test_writing_is_refused_with_a_reason(book: Path) -> None:
    result = run.within("--db", book, "sql", "DELETE FROM account")
    assert (result.returncode, result.stdout) == (2, "")
    assert "`csw sql` only reads" in result.stderr
