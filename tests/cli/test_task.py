import json
from pathlib import Path

import pytest

from cs_workbench.store.database import write
from tests.cli.run import as_ana as csw
from tests.factories import add_account, portfolio
from tests.test_docs import _documented


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "portfolio.db"
    with portfolio(tmp_path) as db, write(db) as connection:
        add_account(connection, "acme", csm="ana", name="Ac\x1b]52;c;aGk=\x07me")
    return path


def tasks(path: Path, *args: str) -> list[dict[str, object]]:
    document = json.loads(csw(path, "task", "list", "--json", *args).stdout)
    assert {*document, *(key for one in document["tasks"] for key in one)} <= _documented(
        "csw task list"
    )
    return list(document["tasks"])


def test_a_task_from_first_to_last(book: Path) -> None:
    csw(book, "task", "add", "call M. Roux", "--account", "acme", "--due", "20 nov 2026")
    csw(book, "task", "add", "see to the data feed", "--owner", "Jon")
    of_acme, of_book = tasks(book)
    assert (of_acme["account_id"], of_acme["owner"], of_acme["days_late"]) == ("acme", "ana", 3)
    assert (of_book["account_id"], of_book["owner"], of_book["due_on"]) == (None, "Jon", None)
    assert [one["what"] for one in tasks(book, "--owner", "Jon")] == ["see to the data feed"]
    listed = csw(book, "task", "list")
    assert "! 2026-11-20" in listed.stdout
    assert "\x1b" not in listed.stdout
    assert "2 tasks, 1 late." in listed.stderr
    assert csw(book, "task", "done", str(of_acme["task_id"])[-8:]).returncode == 0
    assert csw(book, "task", "snooze", str(of_book["task_id"]), "--until", "+7").returncode == 0
    assert tasks(book) == []
    asleep, done = tasks(book, "--all")
    assert (asleep["snoozed_until"], done["state"]) == ("2026-11-30", "done")
    again = csw(book, "task", "drop", str(of_acme["task_id"]), "--note", "x")
    assert again.returncode == 12
    assert csw(book, "task", "done", "no-such").returncode == 3
