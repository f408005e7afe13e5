"""What of a sheet was edited, whatever a spreadsheet made of the rest."""

import pytest

from cs_workbench.core.book_sheets import (
    check_of,
    is_sheet,
    one_day,
    was_written,
)
from cs_workbench.core.csv_texts import unguarded

CELLS = {"name": "=Acme", "days": "37", "end": "2027-02-28", "score": "36.7800", "arr": "5000.00"}


def stands(heading: str, text: str) -> bool:
    return was_written("A1", heading, text, check_of("A1", CELLS.items()))


@pytest.mark.parametrize(
    ("heading", "text"),
    [
        ("name", "'=Acme"),
        ("name", "=Acme"),
        ("days", "37"),
        ("end", "28/02/2027"),
        ("end", "28.2.27"),
        ("end", "2/28/2027"),
        ("score", "36.78"),
        ("score", "36,78"),
        ("arr", "5000"),
        ("arr", "5,000.00"),
        ("arr", "5.000,00"),
    ],
)
def test_a_spreadsheets_own_ways_are_no_edits(heading: str, text: str) -> None:
    assert stands(heading, text)


@pytest.mark.parametrize(
    ("heading", "text"),
    [("name", "Acme"), ("days", "38"), ("end", "2027-03-01"), ("arr", "50000"), ("name", "37")],
)
def test_another_text_and_a_text_from_another_column_are(heading: str, text: str) -> None:
    assert not stands(heading, text)


def test_a_check_is_of_one_account() -> None:
    assert not was_written("A2", "days", "37", check_of("A1", CELLS.items()))


def test_a_day_is_read_where_day_and_month_are_clear() -> None:
    assert one_day("27/11/2026") == "2026-11-27"
    assert one_day("5/5/2026") == "2026-05-05"
    assert one_day("3/4/2026") == "3/4/2026"
    assert one_day("soon") == "soon"


def test_only_the_quote_before_a_formula_goes() -> None:
    assert unguarded("'=1") == "=1"
    assert unguarded("'tis") == "'tis"


def test_a_sheet_is_known_by_its_check_or_by_our_headings() -> None:
    assert is_sheet(["Account_ID", "x", "EDIT_CHECK"])
    ours = "account_id name segment region industry csm arr currency score band trend seats"
    assert is_sheet(ours.split())
    assert not is_sheet(["account_id", "name", "segment", "csm"])
    assert not is_sheet(["name", "edit_check"])
