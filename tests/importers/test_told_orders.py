"""Dates of files that nobody said the order of: told by themselves, or asked about."""

from dataclasses import replace
from pathlib import Path

import pytest

from cs_workbench.importers.detection import is_unclear, looked_at, plan_import
from cs_workbench.importers.told_orders import unsure_dates, with_told_order
from cs_workbench.store.database import Database
from cs_workbench.workflows.importing import import_paths
from tests.importers.sources import write

HEAD = "Customer,ARR,Renewal Date,CSM\n"


@pytest.mark.parametrize(
    ("dates", "formats", "said"),
    [
        (("1/31/2027", "3/4/2027"), ("mdy",), "read as month, day, year, as 1/31/2027 tells."),
        (("3/4/2027", "31/1/2027"), ("dmy",), "read as day, month, year, as 31/1/2027 tells."),
        (("05.11.2026", "TBD"), ("dmy",), "read as day, month, year, as 05.11.2026 tells."),
        (("5-Nov-26", "2027-01-31"), ("dmy",), "as 5-Nov-26 tells."),
        (("3/4/2027", "1/2/2027"), (), "say --dates dmy or --dates mdy."),
        (("1/31/2027", "31/1/2027"), (), None),  # no order fits both
        (("2027-01-31", ""), (), None),
    ],
)
def test_the_order_is_what_all_dates_have(
    tmp_path: Path, dates: tuple[str, ...], formats: tuple[str, ...], said: str | None
) -> None:
    rows = "".join(f"F{n},5,{day},Ana\n" for n, day in enumerate(dates))
    found = plan_import([write(tmp_path, "book.csv", HEAD + rows)]).sources[-1]
    assert found.mapping.date_formats == formats
    note = found.file.note or ""
    assert said in note if said else ("dates are" not in note and "--dates" not in note)


def test_an_order_that_a_mapping_says_is_never_mixed_with_another(tmp_path: Path) -> None:
    rows = f"{HEAD}F0,5,3/4/2027,Ana\nF1,5,1/31/2027,Ana\n"
    source = plan_import([write(tmp_path, "book.csv", rows)]).sources[-1]
    european = replace(source.mapping, date_formats=("dmy",))
    given = replace(source, mapping=european)
    assert with_told_order(given) is given
    assert not unsure_dates(given)


def test_an_american_list_comes_in_without_a_word(db: Database, tmp_path: Path) -> None:
    path = write(tmp_path, "book.csv", f'{HEAD}Kestrel,"$48,000",1/31/2027,Ana\n')
    report = import_paths(db, [path], actor="ana")
    assert [(file.kind, file.new, file.rejected) for file in report.files] == [
        ("accounts", 1, 0), ("subscriptions", 1, 0)
    ]  # fmt: skip
    end = db.connection.execute("SELECT end_date, arr_minor FROM subscription").fetchone()
    assert tuple(end) == ("2027-01-30", 4_800_000)


def test_a_list_with_two_orders_is_asked_about_and_what_was_said_holds(tmp_path: Path) -> None:
    path = write(tmp_path, "book.csv", f"{HEAD}Kestrel,5,3/4/2027,Ana\n")
    assert [is_unclear(sources) for _, sources in looked_at([path])] == [True]
    assert plan_import([path], date_formats=("dmy",)).sources[-1].mapping.date_formats == ("dmy",)
    write(tmp_path, "book.csv", f"{HEAD}Kestrel,5,3/14/2027,Ana\n")
    assert [is_unclear(sources) for _, sources in looked_at([path])] == [False]
