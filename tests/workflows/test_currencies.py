"""Amounts without a currency are in the one that the portfolio, or another file, has."""

from pathlib import Path

import pytest

from cs_workbench.importers.detection import plan_import
from cs_workbench.importers.records import Assumptions
from cs_workbench.store.database import open_database
from cs_workbench.workflows.importing import ImportWishes, run_import
from tests.importers.sources import write

ACCOUNTS = "account_id,name\nA,Acme\nB,Bolt\n"
CONTRACTS = "subscription_id,account_id,arr,currency,start_date\n"


def bring(folder: Path, said: str = "") -> list[str]:
    """Import the folder; the currencies of the accounts after it."""
    target = folder.parent / "p.db"
    run_import(target, plan_import([folder]), ImportWishes("ana", Assumptions(said)))
    with open_database(target) as db:
        rows = db.connection.execute("SELECT currency FROM account ORDER BY account_id")
        return [str(row[0]) for row in rows]


@pytest.mark.parametrize(
    ("said", "contracts", "expected"),
    [
        ("", "S,A,100,EUR,2026-01-01\n", "EUR"),
        ("", "S,A,100,EUR,2026-01-01\nT,B,1,,2026-01-01\n", "EUR"),
        ("SEK", "S,A,100,EUR,2026-01-01\n", "SEK"),
        ("", "S,A,100,EUR,2026-01-01\nT,B,1,GBP,2026-01-01\n", "USD"),
        ("", "", "USD"),
    ],
)
def test_an_accounts_file_without_one_takes_that_of_the_contracts(
    tmp_path: Path, said: str, contracts: str, expected: str
) -> None:
    folder = tmp_path / "exports"
    folder.mkdir()
    write(folder, "accounts.csv", ACCOUNTS)
    write(folder, "subscriptions.csv", CONTRACTS + contracts)
    assert bring(folder, said) == [expected, expected]


def test_the_next_file_alone_keeps_it(tmp_path: Path) -> None:
    folder, later = tmp_path / "exports", tmp_path / "later"
    folder.mkdir()
    later.mkdir()
    write(folder, "accounts.csv", ACCOUNTS)
    write(folder, "subscriptions.csv", CONTRACTS + "S,A,100,EUR,2026-01-01\n")
    bring(folder)
    write(later, "accounts.csv", ACCOUNTS + "C,Cork\n")
    assert bring(later) == ["EUR"] * 3
