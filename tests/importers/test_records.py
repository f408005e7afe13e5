import datetime as dt
from pathlib import Path

import pytest

from cs_workbench.core.records import Reject
from cs_workbench.importers.detection import plan_import
from cs_workbench.importers.records import Assumptions, RecordReader
from cs_workbench.importers.tables import TableRows
from tests.importers.sources import read_records, write

SUBSCRIPTIONS = """
name = "billing"
currency = "EUR"
id_prefix = "b:"
date_formats = ["%d.%m.%Y"]
[[files]]
kind = "subscriptions"
headings = ["Id"]
end_is_exclusive = {exclusive}
[files.columns]
subscription_id = "Id"
account_id = {{ columns = ["Account", "Parent"] }}
product = {{ template = "{{Name}} ({{Plan}})" }}
arr = {{ column = "Monthly", times = 12 }}
start_date = "From"
end_date = "To"
term_months = {{ column = "Billing", values = {{ yearly = 12 }}, other = "1" }}
auto_renew = {{ constant = "yes" }}
cancelled_on = {{ column = "To", plus_days = 1, when = {{ Gone = "Y" }} }}
"""
HEADINGS = "Id,Account,Parent,Name,Plan,Monthly,From,To,Billing,Gone\n"


def subscriptions(folder: Path, row: str, exclusive: str = "false") -> tuple[object, list[Reject]]:
    mapping = write(folder, "billing.toml", SUBSCRIPTIONS.format(exclusive=exclusive))
    records, rejects = read_records(write(folder, "s.csv", f"{HEADINGS}{row}\n"), mapping)
    return (records[0] if records else None), rejects


def test_a_share_is_no_amount(tmp_path: Path) -> None:
    row = "1,,Acme,Core,Pro,10%,01.02.2026,31.01.2027,Yearly,Y"
    record, (reject,) = subscriptions(tmp_path, row)
    assert record is None
    assert (reject.column, reject.reason) == (
        "Monthly",
        "'10%' is a share; an amount or a count is wanted",
    )


def test_values_are_derived(tmp_path: Path) -> None:
    row = "1,,Acme,Core,Pro,10.55,01.02.2026,31.01.2027,Yearly,Y"
    record, rejects = subscriptions(tmp_path, row)
    assert rejects == []
    assert record == {
        "id": "b:1",
        "account": "b:Acme",
        "product": "Core (Pro)",
        "arr_minor": 12_660,
        "currency": "EUR",
        "start_date": "2026-02-01",
        "end_date": "2027-01-31",
        "term_months": 12,
        "auto_renew": 1,
        "cancelled_on": "2027-02-01",
    }


def test_an_exclusive_end_becomes_the_last_day(tmp_path: Path) -> None:
    row = "1,Acme,,,,10,01.02.2026,01.02.2027,weekly,"
    record, _ = subscriptions(tmp_path, row, exclusive="true")
    assert isinstance(record, dict)
    assert (record["end_date"], record["cancelled_on"]) == ("2027-01-31", None)
    assert (record["term_months"], record["product"]) == (1, None)


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        (",Acme,,,,10,01.02.2026,,,", "Id", "subscription_id is missing"),
        ("1,,,,,10,01.02.2026,,,", "Account, Parent", "account_id is missing"),
        ("1,Acme,,,,,01.02.2026,,,", "Monthly", "arr is missing"),
        ("1,Acme,,,,ten,01.02.2026,,,", "Monthly", "'ten' is not a number"),
        ("1,Acme,,,,0.0001,01.02.2026,,,", "Monthly", "finer than the smallest unit"),
        ("1,Acme,,,,10,31.02.2026,,,", "From", "is not a date as expected"),
    ],
)
def test_a_fault_names_line_and_column(tmp_path: Path, row: str, column: str, reason: str) -> None:
    record, rejects = subscriptions(tmp_path, row)
    assert record is None
    assert [(r.line, r.column, r.text) for r in rejects] == [(2, column, row)]
    assert reason in rejects[0].reason


def test_a_word_without_a_word_of_ours_is_refused(tmp_path: Path) -> None:
    mapping = write(
        tmp_path,
        "t.toml",
        'name = "desk"\ntimezone = "Europe/Madrid"\n[[files]]\nkind = "tickets"\n'
        'headings = ["no"]\n[files.columns]\nticket_id = "no"\naccount_id = "who"\n'
        'opened_at = "at"\nfirst_response_at = { column = "at", plus_minutes = "mins" }\n'
        'priority = { column = "prio", values = { P1 = "urgent" } }\n',
    )
    path = write(
        tmp_path,
        "t.csv",
        "no,who,at,mins,prio\n1,A,2026-07-01 10:00,30,p1\n2,A,2026-07-01,,P1\n"
        "3,A,2026-07-01,1,P2\n4,A,2026-07-01,soon,P1\n5,A,2026-07-01,9e99,P1\n",
    )
    records, rejects = read_records(path, mapping)
    assert [(r["opened_at"], r["first_response_at"]) for r in records] == [
        ("2026-07-01T08:00:00Z", "2026-07-01T08:30:00Z"),
        ("2026-06-30T22:00:00Z", None),
    ]
    assert [(r.line, r.column) for r in rejects] == [(4, "prio"), (5, "at"), (6, "at")]


def test_native_times_without_zone_are_utc_unless_declared(tmp_path: Path) -> None:
    headings = "touchpoint_id,account_id,occurred_at,channel,direction"
    path = write(tmp_path, "t.csv", f"{headings}\n1,A,2026-07-01 10:00,call,inbound\n")
    assert read_records(path)[0][0]["occurred_at"] == "2026-07-01T10:00:00Z"
    madrid = Assumptions(timezone="Europe/Madrid")
    assert read_records(path, assumed=madrid)[0][0]["occurred_at"] == "2026-07-01T08:00:00Z"


def test_a_mapping_without_zone_refuses_such_times(tmp_path: Path) -> None:
    mapping = write(
        tmp_path,
        "m.toml",
        'name = "m"\n[[files]]\nkind = "touchpoints"\nheadings = ["n"]\n[files.columns]\n'
        'touchpoint_id = "n"\naccount_id = "a"\noccurred_at = "t"\n'
        'channel = { constant = "call" }\ndirection = { constant = "inbound" }\n',
    )
    path = write(tmp_path, "t.csv", "n,a,t\n1,A,2026-07-01 10:00\n2,A,2026-07-01T10:00Z\n")
    records, rejects = read_records(path, mapping)
    assert [record["id"] for record in records] == ["2"]
    assert "declare one" in rejects[0].reason


def test_only_columns_that_the_file_has_are_set(tmp_path: Path) -> None:
    path = write(tmp_path, "a.csv", "account_id,name,csm\nA,Acme,\n")
    assert read_records(path, assumed=Assumptions("SEK"))[0] == [
        {"id": "A", "account": "A", "name": "Acme", "csm": None, "currency": "SEK"}
    ]


@pytest.mark.parametrize(
    ("answer", "refused"), [("nps,10", False), ("csat,0", True), ("ces,8", True), ("ces,7", False)]
)
def test_a_score_fits_its_survey(tmp_path: Path, answer: str, refused: bool) -> None:
    text = f"response_id,account_id,answered_at,kind,score\n1,A,2026-11-01,{answer}\n"
    records, rejects = read_records(write(tmp_path, "s.csv", text))
    assert (len(rejects), len(records)) == (int(refused), int(not refused))


@pytest.mark.parametrize(
    ("end", "begin"),
    [
        ("2027-01-31", "2026-01-31"),
        ("2027-11-23", "2026-11-23"),  # it begins today
        ("2027-11-24", "2025-11-24"),  # a year before is tomorrow
        ("2029-03-31", "2026-03-31"),
    ],
)
def test_a_term_known_by_its_end_has_begun(tmp_path: Path, end: str, begin: str) -> None:
    path = write(tmp_path, "book.csv", f"Customer,ARR,Contract End\nKestrel,5,{end}\n")
    (mapped,) = [one for one in plan_import([path]).sources if one.file.kind.name != "accounts"]
    today = Assumptions(today=dt.date(2026, 11, 23))
    (record,) = RecordReader(mapped, today).records(TableRows(mapped.table, lambda _: None))
    columns = RecordReader(mapped, today).columns
    assert dict(zip(columns, record.values, strict=True))["start_date"] == begin
