"""Files that hold all rows of their source: what they lack goes, but never much of it unasked."""

import json
from pathlib import Path

import pytest

from cs_workbench.importers.detection import plan_import
from cs_workbench.store.database import Database
from cs_workbench.workflows.import_reports import ImportReport
from cs_workbench.workflows.importing import ImportWishes, run_import
from tests.importers.sources import write

HEAD = "ticket_id,account_id,opened_at,priority\n"


def tickets(folder: Path, count: int, *, without: tuple[int, ...] = (), bad: str = "") -> Path:
    rows = "".join(f"T{n},A1,2026-11-01,low\n" for n in range(count) if n not in without)
    return write(folder, "t.csv", HEAD + rows + bad)


def bring(
    db: Database, path: Path, *, full: bool = True, remove_many: bool = False, dry: bool = False
) -> ImportReport:
    wishes = ImportWishes("ana", full=full, remove_many=remove_many, dry_run=dry)
    return run_import(db.path, plan_import([path]), wishes)


@pytest.fixture
def book(db: Database, tmp_path: Path) -> Database:
    bring(db, write(tmp_path, "a.csv", "account_id,name\nA1,Acme\n"))
    bring(db, tickets(tmp_path, 100))
    return db


def there(db: Database) -> int:
    return int(db.connection.execute("SELECT count(*) FROM ticket").fetchone()[0])


def test_without_full_nothing_goes(book: Database, tmp_path: Path) -> None:
    bring(book, tickets(tmp_path, 100, without=(1, 2)), full=False)
    assert there(book) == 100


def test_a_few_that_a_full_file_lacks_go_and_stay_in_the_log(
    book: Database, tmp_path: Path
) -> None:
    report = bring(book, tickets(tmp_path, 100, without=(1, 2, 3, 4, 5)))
    assert (there(book), report.kept_back) == (95, 0)
    assert "t.csv: removed what it lacks, 5 of the tickets; the log keeps it." in report.warnings
    row = book.connection.execute(
        "SELECT entity_id, old, new FROM change WHERE field IS NULL ORDER BY entity_id LIMIT 1"
    ).fetchone()
    assert (row[0], json.loads(row[1])["priority"], row[2]) == ("T1", "low", None)
    counted = book.connection.execute("SELECT removed FROM import_run ORDER BY 1 DESC").fetchone()
    assert counted[0] == 5


def test_more_than_five_percent_are_asked_about(book: Database, tmp_path: Path) -> None:
    six = tickets(tmp_path, 100, without=tuple(range(6)))
    report = bring(book, six)
    assert (there(book), report.kept_back) == (100, 1)
    assert "lacks 6 of 100 tickets, more than 5 %" in " ".join(report.warnings)
    bring(book, six, remove_many=True, dry=True)
    assert there(book) == 100
    bring(book, six, remove_many=True)
    assert there(book) == 94


def test_a_file_with_refused_rows_removes_nothing(book: Database, tmp_path: Path) -> None:
    report = bring(book, tickets(tmp_path, 100, without=(1,), bad="T1,A1,never,low\n"))
    assert (there(book), report.rejected) == (100, 1)
    assert "rows were refused, so none of the others is removed" in " ".join(report.warnings)


def test_rows_of_other_sources_and_accounts_stay(book: Database, tmp_path: Path) -> None:
    mapping = (
        'name = "desk"\ntimezone = "UTC"\n[[files]]\nkind = "tickets"\nheadings = ["No"]\n'
        '[files.columns]\nticket_id = "No"\naccount_id = "Who"\nopened_at = "At"\n'
        'priority = { constant = "low" }\n'
    )
    desk = write(tmp_path, "desk.toml", mapping)
    rows = write(tmp_path, "d.csv", "No,Who,At\nD1,A1,2026-11-01\n")
    run_import(book.path, plan_import([rows], str(desk)), ImportWishes("ana", full=True))
    bring(book, write(tmp_path, "a.csv", "account_id,name\n"), remove_many=True)
    assert there(book) == 101
    assert book.connection.execute("SELECT count(*) FROM account").fetchone()[0] == 1


def test_a_source_may_spread_a_kind_over_several_files(book: Database, tmp_path: Path) -> None:
    folder = tmp_path / "exports"
    folder.mkdir()
    whole = HEAD + "".join(f"T{n},A1,2026-11-01,low\n" for n in range(100) if n not in (3, 77))
    lines = whole.splitlines(keepends=True)
    write(folder, "old.csv", "".join(lines[:50]))
    write(folder, "recent.csv", HEAD + "".join(lines[50:]))
    report = bring(book, folder)
    assert (there(book), report.kept_back) == (98, 0)
    assert "old.csv, recent.csv: removed what it lacks, 2 of the tickets; the log keeps it." in (
        report.warnings
    )
