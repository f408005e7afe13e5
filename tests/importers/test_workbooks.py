import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from cs_workbench.errors import InputError
from cs_workbench.importers.detection import plan_import
from cs_workbench.importers.guess_files import mapping_text
from cs_workbench.importers.guessing import guess
from cs_workbench.importers.known_mappings import place_beside, save_mapping
from cs_workbench.importers.tables import TableRows
from cs_workbench.importers.workbooks import inspect_workbook
from cs_workbench.store.database import Database
from cs_workbench.workflows.importing import import_paths

Sheets = Mapping[str, Sequence[Sequence[Any]]]


def workbook(
    folder: Path, sheets: Sheets, merged: tuple[tuple[int, int, int, str], ...] = ()
) -> Path:
    """A workbook; `merged` cells are row, first and last column and their text, on every sheet."""
    path = folder / "book.xlsx"
    with xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd"}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for at, row in enumerate(rows):
                for column, value in enumerate(row):
                    if value is not None:
                        sheet.write(at, column, value)
            for at, first, last, text in merged:
                sheet.merge_range(at, first, at, last, text)
    return path


def rows(path: Path, sheet: int = 0) -> list[list[str]]:
    return list(TableRows(inspect_workbook(path)[sheet], lambda _: None))


def test_values_are_read_as_text_files_have_them(tmp_path: Path) -> None:
    moment: Any = dt.datetime.fromisoformat("2026-12-01 14:05")
    cells: list[Any] = [12, 12.5, dt.date(2026, 12, 1), moment, True, " x ", None]
    path = workbook(tmp_path, {"A": [list("abcdefg"), cells]})
    assert rows(path) == [["12", "12.5", "2026-12-01", "2026-12-01 14:05:00", "true", "x", ""]]


def test_titles_above_the_headings_and_empty_rows_are_passed_over(tmp_path: Path) -> None:
    table: list[list[Any]] = [
        ["My accounts, autumn"],
        [],
        ["Account", "ARR"],
        ["Kestrel", 10],
        [],
        ["Juniper", 20],
    ]
    path = workbook(tmp_path, {"A": table})
    found = inspect_workbook(path)[0]
    assert (found.headings, rows(path)) == (
        ("Account", "ARR"),
        [["Kestrel", "10"], ["Juniper", "20"]],
    )
    lines = TableRows(found, lambda _: None)
    assert [lines.line for _ in lines] == [4, 6]


def test_a_merged_heading_stands_before_each_of_its_columns(tmp_path: Path) -> None:
    table: list[list[Any]] = [[None], ["Account", "Q1", "Q2", "Q1", "Q2"], ["Kestrel", 1, 2, 3, 4]]
    path = workbook(tmp_path, {"A": table}, ((0, 1, 2, "Logins"), (0, 3, 4, "Reports")))
    expected = ("Account", "Logins Q1", "Logins Q2", "Reports Q1", "Reports Q2")
    assert inspect_workbook(path)[0].headings == expected


def test_every_sheet_with_headings_is_a_table(db: Database, tmp_path: Path) -> None:
    path = workbook(
        tmp_path,
        {
            "Accounts": [["account_id", "name"], ["A1", "Kestrel"], ["A2", "Juniper"]],
            "Notes": [["call them"]],
            "Usage": [
                ["Account", dt.date(2026, 10, 1), dt.date(2026, 11, 1)],
                ["Kestrel", 31, 30],
                ["Juniper", 62, None],
            ],
        },
    )
    report = import_paths(db, [path], actor="ana")
    assert [(f.file, f.kind, f.new) for f in report.files] == [
        ("book.xlsx [Accounts]", "accounts", 2),
        ("book.xlsx [Usage]", "usage", 92),
    ]
    metric = "SELECT DISTINCT name FROM usage_metric"
    assert [row[0] for row in db.connection.execute(metric)] == ["usage"]


def test_columns_without_a_heading_or_with_the_same_one_are_told_apart(tmp_path: Path) -> None:
    path = workbook(tmp_path, {"A": [["a", None, "A"], [1, 2, 3]]})
    assert inspect_workbook(path)[0].headings == ("a", "Column B", "A (2)")


def test_what_is_no_workbook_or_holds_no_table_is_said(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(b"PK\x03\x04 no workbook")
    with pytest.raises(InputError, match="cannot be read as a workbook"):
        inspect_workbook(path)
    with pytest.raises(InputError, match="no sheet holds a table"):
        inspect_workbook(workbook(tmp_path, {"A": [["only one"]]}))


def test_a_workbook_that_is_open_elsewhere_leaves_a_file_that_is_none(tmp_path: Path) -> None:
    workbook(tmp_path, {"A": [["account_id", "name"], ["A1", "Kestrel"]]})
    (tmp_path / "~$book.xlsx").write_bytes(b"\x05Ana")
    assert len(plan_import([tmp_path]).sources) == 1


ANSWERS = (["Respondent", "Customer", "NPS", "Date"], ["lena@k.com", "Kestrel", 9, "2026-05-01"])
MARKS = (["Person", "Company", "CSAT score", "Date"], ["lena@k.com", "Kestrel", 4, "2026-05-01"])


def kept(path: Path) -> list[str]:
    """Keep the guess of each sheet; the names of their mappings."""
    tables = inspect_workbook(path)
    for table in tables:
        save_mapping(place_beside(table), mapping_text(guess(table)))
    return [source.mapping.name for source in plan_import([path]).sources]


def test_sheets_of_a_workbook_make_no_ids_of_one_another(db: Database, tmp_path: Path) -> None:
    (tmp_path / "accounts.csv").write_text("account_id,name\nK1,Kestrel\n", encoding="utf-8")
    path = workbook(tmp_path, {"Asked": ANSWERS, "After calls": MARKS})
    assert kept(path) == ["book-Asked", "book-After calls"]
    for new in (1, 0):
        report = import_paths(db, [tmp_path], actor="ana")
        assert [(file.new, file.rejected) for file in report.files[1:]] == [(new, 0)] * 2
    read = db.connection.execute("SELECT kind, score FROM survey_response ORDER BY 1")
    assert [tuple(row) for row in read] == [("csat", 4), ("nps", 9)]


def test_a_sheet_is_not_read_by_the_mapping_of_another_one(db: Database, tmp_path: Path) -> None:
    head = ["Firma", "CSM", "Jahreswert", "Vertragsende"]
    sheets: Sheets = {
        "North": [head, ["Acme", "Ana", 100, "2027-01-31"]],
        "South": [head, ["Acme", "Jon", 200, "2027-03-31"]],
    }
    path = workbook(tmp_path, sheets)
    north, south = inspect_workbook(path)
    save_mapping(place_beside(north), mapping_text(guess(north)))
    assert [source.table.part for source in plan_import([path]).sources] == ["North", "North"]
    save_mapping(place_beside(south), mapping_text(guess(south)))
    for new in (1, 0):
        report = import_paths(db, [path], actor="ana")
        contracts = [file for file in report.files if file.kind == "subscriptions"]
        assert [(file.new, file.changed) for file in contracts] == [(new, 0)] * 2
    read = db.connection.execute("SELECT arr_minor FROM subscription ORDER BY 1")
    assert [arr for (arr,) in read] == [10_000, 20_000]


def test_the_only_sheet_keeps_the_ids_that_it_makes_when_another_comes(
    db: Database, tmp_path: Path
) -> None:
    (tmp_path / "accounts.csv").write_text("account_id,name\nK1,Kestrel\n", encoding="utf-8")
    path = workbook(tmp_path, {"Asked": ANSWERS})
    assert kept(path) == ["book"]
    import_paths(db, [tmp_path], actor="ana")
    read = "SELECT response_id FROM survey_response"
    assert [tuple(row) for row in db.connection.execute(read)] == [
        ("book:lena@k.com Kestrel 2026-05-01",)
    ]
    workbook(tmp_path, {"Asked": ANSWERS, "Notes": [["Plan", "Price"], ["Pro", 5]]})
    report = import_paths(db, [tmp_path], actor="ana")
    assert [(file.new, file.changed, file.same) for file in report.files[1:]] == [(0, 0, 1)]
