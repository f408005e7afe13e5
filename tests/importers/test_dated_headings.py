"""Tables with a column for each day or week, as spreadsheets export their dates to CSV."""

from pathlib import Path

import pytest

from cs_workbench.importers.formats import inspect_tables
from cs_workbench.store.database import Database
from cs_workbench.workflows.importing import import_paths
from tests.importers.sources import write


@pytest.mark.parametrize(
    ("headings", "iso"),
    [
        ("11/16/2026,11/23/2026", ("2026-11-16", "2026-11-23")),
        ("2.11.2026,9.11.2026", ("2026-11-02", "2026-11-09")),
        ("2-Nov-26,9-Nov-26", ("2026-11-02", "2026-11-09")),
        ("1/2/2026,2/2/2026", ("1/2/2026", "2/2/2026")),  # February, or the second of months
        ("11/16/2026,16/11/2026", ("11/16/2026", "16/11/2026")),
        ("11/16/2026,Notes", ("11/16/2026", "Notes")),
        ("2026-11-16,2026-11-23", ("2026-11-16", "2026-11-23")),
    ],
)
def test_days_are_read_in_the_one_order_that_all_have(
    tmp_path: Path, headings: str, iso: tuple[str, ...]
) -> None:
    (table,) = inspect_tables(write(tmp_path, "a.csv", f"Client,{headings}\nK,1,2\n"))
    assert table.headings == ("Client", *iso)


def test_weeks_of_an_american_sheet_are_usage(db: Database, tmp_path: Path) -> None:
    write(tmp_path, "accounts.csv", "account_id,name\nK1,Kestrel\n")
    write(tmp_path, "logins.csv", "Client,11/9/2026,11/16/2026\nKestrel,70,14\n")
    import_paths(db, [tmp_path], actor="ana")
    read = "SELECT day, value FROM usage_day ORDER BY day"
    days = [tuple(row) for row in db.connection.execute(read)]
    assert (len(days), days[0], days[-1]) == (14, ("2026-11-09", 10), ("2026-11-22", 2))
