"""Amounts that may mean two things in lists of which nobody said how they write numbers."""

from pathlib import Path

import pytest

from cs_workbench.store.database import Database
from cs_workbench.workflows.importing import import_paths
from tests.importers.sources import write


@pytest.mark.parametrize(
    ("arr", "minor"),
    [("12,500", 1_250_000), ("12.50", 1_250), ("1.234.567", None), ("12.500", None)],
)
def test_an_amount_that_may_be_a_thousand_times_as_much_is_refused(
    arr: str, minor: int | None, db: Database, tmp_path: Path
) -> None:
    write(tmp_path, "list.csv", f'Account,ARR,Renewal Date\nAcme,"{arr}",2027-01-31\n')
    report = import_paths(db, [tmp_path], actor="ana")
    found = db.connection.execute("SELECT arr_minor FROM subscription").fetchall()
    assert [arr for (arr,) in found] == ([minor] if minor else [])
    assert sum(file.rejected for file in report.files) == (0 if minor else 1)
