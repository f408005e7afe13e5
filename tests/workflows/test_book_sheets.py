"""The book out to a spreadsheet and back: the edited cells change, and nothing else."""

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest

from cs_workbench.core.book_sheets import sheet_headings, sheet_row
from cs_workbench.store.account_lines import account_lines
from cs_workbench.store.custom_fields import custom_fields, custom_values
from cs_workbench.store.database import Database, write
from cs_workbench.workflows.book_sheets import SheetPlan, apply_sheet, plan_sheet, sheet_of
from cs_workbench.workflows.editing import set_field
from cs_workbench.workflows.judgements import Act
from cs_workbench.workflows.next_steps import undo_last
from cs_workbench.workflows.own_fields import add_field
from tests.factories import TODAY, add_account, add_person, add_summary

ACT = Act(0, "ana", TODAY)
Edit = Callable[[dict[str, dict[str, str]]], None]


@pytest.fixture
def book(db: Database) -> Database:
    with write(db) as pen:
        add_person(pen, "ana")
        for name in ("A1", "A2", "A3"):
            key = add_account(pen, name, name=f"=Acme {name}", segment="smb")
            add_summary(pen, key, band="red")
    add_field(db, "Tier", "text", actor="ana")
    add_field(db, "Met on", "date", actor="ana")
    set_field(db, Act(1, "ana", TODAY), "tier", "gold")
    return db


def written(db: Database) -> list[dict[str, str]]:
    fields = custom_fields(db.connection)
    lines = account_lines(db, [1, 2, 3], today=TODAY, me="ana")
    text = io.StringIO()
    out = csv.writer(text)
    out.writerow(sheet_headings(fields))
    out.writerows(sheet_row(line, TODAY, fields) for line in lines)
    return list(csv.DictReader(io.StringIO(text.getvalue())))


def planned(db: Database, rows: list[dict[str, str]], folder: Path) -> SheetPlan:
    path = folder / "book.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        out = csv.DictWriter(file, list(rows[0]), delimiter=";")
        out.writeheader()
        out.writerows(rows)
    sheet = sheet_of(path)
    assert sheet is not None
    return plan_sheet(db, sheet, ACT)


def told(plan: SheetPlan) -> set[tuple[str, str, str]]:
    return {(one.account[-2:], one.heading, one.after) for one in plan.edits}


def test_a_book_that_comes_back_as_it_went_changes_nothing(book: Database, tmp_path: Path) -> None:
    plan = planned(book, written(book)[::-1], tmp_path)
    assert (plan.edits, plan.conflicts, plan.refused) == ([], [], [])


def test_edited_cells_change_as_one_act(book: Database, tmp_path: Path) -> None:
    rows = written(book)
    rows[0] |= {"Tier": "", "segment": "mid"}
    rows[1] |= {"next_step": "call them", "next_step_due": "4/12/2026", "Met on": "31.10.2026"}
    rows[2] |= {"lifecycle_stage": "nowhere", "arr": "1"}
    rows[1]["next_step_due"] = "30/11/2026"
    plan = planned(book, rows, tmp_path)
    assert told(plan) == {
        *(("A1", "Tier", ""), ("A1", "segment", "mid"), ("A2", "next_step", "call them")),
        *(("A2", "next_step_due", "2026-11-30"), ("A2", "Met on", "2026-10-31")),
    }
    assert [line for line, _ in plan.refused] == [4, 4]
    assert apply_sheet(book, ACT, plan)
    first, second, third = account_lines(book, [1, 2, 3], today=TODAY, me="ana")
    assert (first.segment, dict(first.custom)) == ("mid", {})
    assert (second.next_step, second.next_step_owner) == ("call them", "Ana Ruiz")
    assert dict(second.custom) == {"met_on": "2026-10-31"}
    assert (third.segment, third.lifecycle_stage) == ("smb", None)
    assert planned(book, rows, tmp_path).edits == []
    assert undo_last(book, "ana", TODAY).startswith("undid: 5 cells of 2 accounts edited in book")
    assert custom_values(book.connection, 1) == {"tier": "gold"}
    assert custom_values(book.connection, 2) == {}


def test_what_changed_here_since_is_left_and_told(book: Database, tmp_path: Path) -> None:
    rows = written(book)
    set_field(book, Act(1, "jon", TODAY), "segment", "enterprise")
    set_field(book, Act(2, "jon", TODAY), "region", "EMEA")
    rows[0]["segment"] = "mid"
    plan = planned(book, rows, tmp_path)
    assert plan.edits == []  # the region, which nobody edited in the sheet, is not set back
    assert [(one.before, one.after) for one in plan.conflicts] == [("enterprise", "mid")]


def test_without_checks_all_that_differs_counts_as_edited(book: Database, tmp_path: Path) -> None:
    rows = [{k: v for k, v in row.items() if k != "edit_check"} for row in written(book)]
    set_field(book, Act(2, "jon", TODAY), "region", "EMEA")
    assert told(planned(book, rows, tmp_path)) == {("A2", "region", "")}


def test_a_part_that_was_sorted_is_refused(book: Database, tmp_path: Path) -> None:
    rows = written(book)
    rows[0]["edit_check"], rows[1]["edit_check"] = rows[1]["edit_check"], rows[0]["edit_check"]
    rows[2]["account_id"] = "gone"
    plan = planned(book, rows, tmp_path)
    assert [reason for _, reason in plan.refused] == [
        *("the check is not of A1: was a part of it sorted?",),
        *("the check is not of A2: was a part of it sorted?",),
        "there is no account 'gone'",
    ]
    assert plan.edits == []


def test_a_column_that_was_added_is_a_field_from_then_on(book: Database, tmp_path: Path) -> None:
    rows = [
        {**row, "Seats we want": text}
        for row, text in zip(written(book), ("7", "", "12"), strict=True)
    ]
    plan = planned(book, rows, tmp_path)
    apply_sheet(book, ACT, plan)
    assert custom_fields(book.connection)["seats_we_want"].type == "number"
    assert custom_values(book.connection, 3) == {"seats_we_want": "12"}
    undo_last(book, "ana", TODAY)
    assert "seats_we_want" not in custom_fields(book.connection)
