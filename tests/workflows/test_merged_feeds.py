"""A feed that goes on naming an account that was merged into another."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from cs_workbench.importers.detection import plan_import
from cs_workbench.store.account_merge import merge_accounts, rekey_account
from cs_workbench.store.database import Database, open_database
from cs_workbench.workflows import import_usage
from cs_workbench.workflows.import_reports import FileReport
from cs_workbench.workflows.importing import ImportWishes, run_import
from tests.factories import portfolio

DAYS = ("2026-11-16", "2026-11-17")


@pytest.fixture
def place(tmp_path: Path) -> Path:
    portfolio(tmp_path, "p.db").connection.close()
    load(tmp_path, "accounts", "account_id,name,currency\nA,Kestrel,USD\nB,Kestrel Ltd,USD\n")
    return tmp_path


def load(place: Path, kind: str, text: str) -> FileReport:
    file = place / f"{kind}.csv"
    file.write_text(text, encoding="utf-8")
    (report,) = run_import(place / "p.db", plan_import([file]), ImportWishes("ana")).files
    return report


def feed(*rows: str) -> str:
    return "\n".join(["account_id,date,metric,value", *rows]) + "\n"


@pytest.fixture
def db(place: Path) -> Iterator[Database]:
    with open_database(place / "p.db") as opened:
        yield opened


def days(db: Database, metric: str) -> list[tuple[str, str, float]]:
    rows = db.connection.execute(
        "SELECT account_id, day, value FROM usage_day JOIN usage_metric USING (metric_id) "
        "JOIN account USING (account_key) WHERE usage_metric.name = ? ORDER BY 1, 2",
        (metric,),
    )
    return [tuple(row) for row in rows]


BOTH = feed(
    *(f"A,{DAYS[0]},logins,5", f"B,{DAYS[0]},logins,7", f"B,{DAYS[1]},logins,2"),
    *(f"B,{DAYS[0]},credits_left,40", f"A,{DAYS[0]},credits_left,30"),
)


def test_both_accounts_usage_counts(place: Path, db: Database) -> None:
    merge_accounts(db, "B", "A", actor="ana")
    report = load(place, "usage", BOTH)
    assert report.rejected == 0
    assert days(db, "logins") == [("A", DAYS[0], 12), ("A", DAYS[1], 2)]
    assert days(db, "credits_left") == [("A", DAYS[0], 40)]


def test_equal_days_are_two_and_not_one(place: Path, db: Database) -> None:
    merge_accounts(db, "B", "A", actor="ana")
    load(place, "usage", feed(f"B,{DAYS[0]},logins,5", f"A,{DAYS[0]},logins,5"))
    assert days(db, "logins") == [("A", DAYS[0], 10)]


def test_the_feed_of_the_next_night_changes_nothing(place: Path, db: Database) -> None:
    load(place, "usage", BOTH)
    merge_accounts(db, "B", "A", actor="ana")
    merged = days(db, "logins")
    again = load(place, "usage", BOTH + f"A,{DAYS[1]},errors,1\n")
    assert (again.changed, again.rejected, again.new) == (0, 0, 1)
    assert days(db, "logins") == merged == [("A", DAYS[0], 12), ("A", DAYS[1], 2)]


def test_two_values_under_one_of_the_ids_are_still_refused(place: Path, db: Database) -> None:
    merge_accounts(db, "B", "A", actor="ana")
    report = load(
        place,
        "usage",
        feed(f"B,{DAYS[0]},logins,7", f"B,{DAYS[0]},logins,8", f"A,{DAYS[0]},logins,5"),
    )
    assert report.rejected == 1
    assert days(db, "logins") == [("A", DAYS[0], 12)]


def test_a_wide_file_of_both_is_put_together(place: Path, db: Database) -> None:
    merge_accounts(db, "B", "A", actor="ana")
    mapping = place / "wide.toml"
    mapping.write_text(
        'name = "wide"\n[[files]]\nkind = "usage"\nheadings = ["who", "day", "n"]\n'
        '[files.columns]\naccount_id = "who"\ndate = "day"\n'
        '[[files.metrics]]\nname = "logins"\nvalue = "n"\n',
        encoding="utf-8",
    )
    file = place / "wide.csv"
    file.write_text(f"who,day,n\nA,{DAYS[0]},5\nB,{DAYS[0]},7\n", encoding="utf-8")
    plan = plan_import([file], mapping=str(mapping))
    (report,) = run_import(place / "p.db", plan, ImportWishes("ana")).files
    assert report.rejected == 0
    assert days(db, "logins") == [("A", DAYS[0], 12)]


def test_a_new_id_of_one_account_is_no_second_account(place: Path, db: Database) -> None:
    rekey_account(db, "B", "B2", actor="ana")
    report = load(place, "usage", feed(f"B,{DAYS[0]},logins,7", f"B2,{DAYS[0]},logins,8"))
    assert report.rejected == 1


def test_a_large_file_that_mixes_both_is_put_together_part_by_part(
    place: Path, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    merge_accounts(db, "B", "A", actor="ana")
    monkeypatch.setattr(import_usage, "SMALL", 10)
    load(place, "usage", BOTH)
    assert days(db, "logins") == [("A", DAYS[0], 12), ("A", DAYS[1], 2)]
