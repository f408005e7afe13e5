import json
from pathlib import Path

from cs_workbench.store.database import write as write_to
from tests.cli.run import within
from tests.factories import add_import, portfolio
from tests.importers.sources import write


def test_the_log_says_what_every_import_brought(tmp_path: Path) -> None:
    book = tmp_path / "book.db"
    path = write(tmp_path, "a.csv", "account_id,name\nA1,Acme\nA2,\n")
    within("--db", book, "import", path)
    write(tmp_path, "a.csv", "account_id,name\nA1,Acme 2\n")
    within("--db", book, "import", path)
    shown = within("--db", book, "import", "--log")
    assert shown.returncode == 0
    assert shown.stdout.splitlines()[0].split()[:3] == ["When", "(UTC)", "File"]
    log = json.loads(within("--db", book, "import", "--log", "--json").stdout)["imports"]
    assert [(one["new"], one["changed"], one["rejected"], one["known"]) for one in log] == [
        (0, 1, 0, "recorded"),
        (1, 0, 1, "assumed"),
    ]
    assert len({one["digest"] for one in log}) == 2


def test_of_a_run_that_was_broken_off_the_log_tells_no_numbers(tmp_path: Path) -> None:
    with portfolio(tmp_path, "book.db") as db, write_to(db) as connection:
        add_import(connection, file_name="late.csv", state="running")
        add_import(connection, file_name="older.csv", state="given up")
    shown = within("--db", tmp_path / "book.db", "import", "--log").stdout.splitlines()
    ended = ["given", "up", "by", "a", "later", "pull"]
    assert [line.split()[2:] for line in shown[1:3]] == [
        ["older.csv", "accounts", "native", *"–––––––", "ana", "0" * 12, *ended],
        ["late.csv", "accounts", "native", *"–––––––", "ana", "0" * 12, "not", "finished"],
    ]


def test_an_import_needs_files(tmp_path: Path) -> None:
    done = within("--db", tmp_path / "book.db", "import")
    assert (done.returncode, "Which files?" in done.stderr) == (2, True)


def test_rows_that_are_not_removed_unasked_end_with_a_code(tmp_path: Path) -> None:
    book = tmp_path / "book.db"
    write(tmp_path, "a.csv", "account_id,name\nA1,Acme\n")
    contacts = "contact_id,account_id,name\nC1,A1,Ruth\nC2,A1,Sam\n"
    write(tmp_path, "c.csv", contacts)
    assert within("--db", book, "import", tmp_path).returncode == 0
    path = write(tmp_path, "c.csv", contacts.replace("C2,A1,Sam\n", ""))
    kept = within("--db", book, "import", "--full", path)
    assert (kept.returncode, "say --yes" in kept.stderr) == (1, True)
    gone = within("--db", book, "import", "--full", "--yes", path)
    assert gone.returncode == 0
    assert "removed what it lacks, 1 of the contacts" in gone.stderr
    assert "Nothing changed" not in gone.stdout
    again = within("--db", book, "import", "--full", "--json", path)
    assert json.loads(again.stdout)["files"][0]["removed"] == 0
    assert "Nothing changed" in within("--db", book, "import", "--full", path).stdout
