"""What is shown of the renewals, as files that read back cell by cell."""

import csv
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from cs_workbench.core.filters import parse_filter
from cs_workbench.core.pipeline_entries import group_of, ordered
from cs_workbench.core.renewal_records import RENEWAL_KEYS
from cs_workbench.errors import ConflictError, ReadOnlyPlaceError, UsageError
from cs_workbench.store.database import Database, write
from cs_workbench.workflows.pipeline import Pipeline, Window, read_pipeline
from cs_workbench.workflows.renewal_exports import export_renewals
from cs_workbench.workflows.renewals import settle_renewals
from tests.factories import TODAY, add_account, add_subscription, add_summary
from tests.workflows.renewal_books import POLICY

ROWS = (("=cmd", "2027-02-28"), ("Harlow", "2027-02-24"), ("Summit", "2027-01-10"))


@pytest.fixture
def shown(db: Database) -> Pipeline:
    with write(db) as connection:
        for number, (name, end) in enumerate(ROWS):
            key = add_account(connection, f"a{number}", name=name)
            add_summary(connection, key)
            add_subscription(connection, key, start_date="2026-03-01", end_date=end)
    settle_renewals(db, today=TODAY, policy=POLICY)
    return read_pipeline(db, Window(TODAY, 120, parse_filter("")), POLICY)


def test_a_week_begins_on_monday_whatever_the_month(shown: Pipeline) -> None:
    weeks = [
        (group_of(one, TODAY, "week"), one.account.name)
        for one in ordered(shown.entries, TODAY, "week")
    ]
    assert weeks == [
        ("week of 9 Nov", "Summit"),
        ("week of 21 Dec", "Harlow"),
        ("week of 28 Dec", "=cmd"),
    ]


def test_both_files_have_what_is_shown_in_its_order(shown: Pipeline, tmp_path: Path) -> None:
    told = export_renewals(shown, "week", tmp_path / "r.csv")
    assert told == f"3 renewals written to {tmp_path / 'r.csv'}"
    with (tmp_path / "r.csv").open(newline="", encoding="utf-8") as file:
        head, *lines = csv.reader(file)
    assert tuple(head) == RENEWAL_KEYS
    assert [line[1] for line in lines] == ["Summit", "Harlow", "'=cmd"]
    export_renewals(shown, "week", tmp_path / "r.xlsx", narrowed="=1+1")
    book = CalamineWorkbook.from_path(tmp_path / "r.xlsx")
    rows = book.get_sheet_by_name("forecast").to_python()
    assert [row[1] for row in rows[1:]] == ["Summit", "Harlow", "=cmd"]
    place = RENEWAL_KEYS.index("arr_due")
    assert [float(line[place]) for line in lines] == [row[place] for row in rows[1:]]
    about = {row[0]: row[1] for row in book.get_sheet_by_name("about").to_python()}
    assert (about["day"], about["filter"]) == (TODAY.isoformat(), "=1+1")


def test_no_file_is_overwritten_and_none_of_another_kind(shown: Pipeline, tmp_path: Path) -> None:
    (tmp_path / "r.csv").write_text("mine")
    with pytest.raises(ConflictError, match="is there already"):
        export_renewals(shown, "clock", tmp_path / "r.csv")
    assert (tmp_path / "r.csv").read_text() == "mine"
    with pytest.raises(UsageError, match=r"ends in \.csv or \.xlsx"):
        export_renewals(shown, "clock", tmp_path / "r.txt")
    with pytest.raises(ReadOnlyPlaceError, match="cannot be written"):
        export_renewals(shown, "clock", tmp_path / "nowhere" / "r.csv")
