"""`csw search`: what was written is found; hostile text stays text."""

import json
import subprocess
from pathlib import Path

import pytest

from cs_workbench.store.database import open_database, write
from tests.cli import run
from tests.factories import TODAY, add_account, add_ticket, add_touchpoint, portfolio

EVIL = "gone \x1b]52;c;aGk=\x07 [@click=app.quit]now[/] 東京"


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    with portfolio(tmp_path_factory.mktemp("search")) as db, write(db) as connection:
        key = add_account(connection)
        other = add_account(connection, "other")
        add_touchpoint(connection, key, summary=EVIL, occurred_at="2026-11-20T09:00:00Z")
        add_ticket(connection, other, subject="東 gone", opened_at="2026-11-21T09:00:00Z")
    return db.path


def csw(book: Path, *args: str) -> subprocess.CompletedProcess[str]:
    return run.within("--db", book, "--today", TODAY.isoformat(), "search", *args)


def test_csw_search_is_started_for_real_and_prints_nothing_a_terminal_obeys(book: Path) -> None:
    result = run.csw("--db", book, "--today", TODAY.isoformat(), "search", "東京")
    assert result.returncode == 0, result.stderr
    assert "touchpoint" in result.stdout
    assert "[@click=app.quit]now[/]" in result.stdout
    assert "\x1b" not in result.stdout


def test_json_has_whole_texts_and_where_they_stand(book: Path) -> None:
    document = json.loads(csw(book, "東", "gone", "--json").stdout)
    assert document["schema"] == "csw.search/1"
    assert [(one["where"], one["account_id"], one["on"]) for one in document["found"]] == [
        ("ticket", "other", "2026-11-21"),
        ("touchpoint", "acme", "2026-11-20"),
    ]
    assert document["found"][1]["text"] == EVIL


def test_of_one_account_and_so_many(book: Path) -> None:
    of_one = json.loads(csw(book, "gone", "--account", "acme", "--json").stdout)["found"]
    assert [one["account_id"] for one in of_one] == ["acme"]
    newest = json.loads(csw(book, "gone", "--limit", "1", "--json").stdout)["found"]
    assert [one["account_id"] for one in newest] == ["other"]


def test_accounts_of_these_words_stand_before_what_was_written(book: Path) -> None:
    with open_database(book) as db, write(db) as connection:
        key = add_account(connection, "k1", name="Kestrel [/b] Café 東京")
        add_touchpoint(
            connection, key, summary="Kestrel called", occurred_at="2026-11-20T09:00:00Z"
        )
    for words in (("kestrel", "cafe"), ("京",), ("K1",)):
        document = json.loads(csw(book, *words, "--json").stdout)
        assert ("k1", "Kestrel [/b] Café 東京") in [
            (one["account_id"], one["name"]) for one in document["accounts"]
        ]
    lines = csw(book, "kestrel").stdout.splitlines()
    assert lines[1].split() == ["Kestrel", "[/b]", "Café", "東京", "account", "k1"]
    assert "Kestrel called" in lines[2]
    only_named = csw(book, "cafe")
    assert (len(only_named.stdout.splitlines()), only_named.stderr) == (2, "")
    narrowed = json.loads(csw(book, "kestrel", "--account", "acme", "--json").stdout)
    assert narrowed["accounts"] == []


def test_nothing_found_and_no_word_are_told(book: Path) -> None:
    nothing = csw(book, "nowhere")
    assert (nothing.returncode, nothing.stdout) == (0, "")
    assert "No account is called so, and nothing" in nothing.stderr
    assert csw(book, " ").returncode == 2
