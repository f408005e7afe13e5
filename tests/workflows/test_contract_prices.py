"""A CRM says until when, billing says how much: one subscription out of two sources."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from cs_workbench.store.database import Database
from cs_workbench.workflows.import_reports import ImportReport
from cs_workbench.workflows.importing import import_paths
from tests.importers.sources import write

KEY = "0015e00000AbcD0AAJ"
ACCOUNTS = f"Id,Name,Website,Type,OwnerId\n{KEY},Kestrel,https://kestrel.example,SMB,1\n"
CONTRACTS = "Id,AccountId,ContractNumber,StartDate,EndDate,ContractTerm,Status"
STRIPE = (
    "id,Customer ID,Customer Description,Customer Email,Plan,Quantity,Currency,Interval,Amount,"
    "Status,Created (UTC),Start (UTC),Current Period Start (UTC),Current Period End (UTC),"
    "Trial Start (UTC),Trial End (UTC),Canceled At (UTC),Ended At (UTC),Cancel At Period End"
)
SUBSCRIPTIONS = "SELECT subscription_id, arr_minor, seats, end_date FROM subscription ORDER BY 1"


def contract(key: str = "8005e00000DbcD0", last: str = "2099-12-31", **more: str) -> str:
    start = more.get("start", "2020-01-01")
    price = f",{more['arr']}" if "arr" in more else ""
    return f"{key},{KEY},7,{start},{last},12,Activated{price}"


def billed(key: str, amount: str = "120.00", quantity: int = 2, **more: str) -> str:
    """A yearly line; cancelled and ended on a day, if given."""
    gone = more.get("ended", "")
    status = "canceled" if gone else "active"
    cells = [key, "cus_1", "Kestrel", "billing@kestrel.example", "team", str(quantity)]
    cells += [more.get("currency", "usd"), "year", amount, status, "2024-05-01 08:30"]
    cells += ["2024-05-01 08:30", "2099-05-01 08:30", "2099-06-01 08:30", "", "", gone, gone]
    return ",".join([*cells, "false"])


class Book:
    """A folder of exports, and what became of them."""

    def __init__(self, db: Database, folder: Path) -> None:
        self.db, self.folder = db, folder
        write(folder, "Account.csv", ACCOUNTS)

    def bring(
        self, contracts: Sequence[str], lines: Sequence[str], *, priced: bool = False
    ) -> ImportReport:
        heads = f"{CONTRACTS},ARR__c" if priced else CONTRACTS
        write(self.folder, "Contract.csv", "\n".join([heads, *contracts]) + "\n")
        write(self.folder, "stripe.csv", "\n".join([STRIPE, *lines]) + "\n")
        return import_paths(self.db, [self.folder], actor="ana")

    def rows(self, sql: str = SUBSCRIPTIONS) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in self.db.connection.execute(sql)]


@pytest.fixture
def book(db: Database, tmp_path: Path) -> Book:
    folder = tmp_path / "exports"
    folder.mkdir()
    return Book(db, folder)


def test_what_is_billed_is_the_price_of_the_contract_and_no_second_renewal(book: Book) -> None:
    report = book.bring([contract()], [billed("sub_1"), billed("sub_2", "50.00", 1)])
    key = book.rows("SELECT subscription_id FROM subscription")[0][0]
    assert book.rows() == [(key, 29_000, 3, "2099-12-31")]
    assert "2 rows are the price of a contract" in " ".join(report.warnings)
    assert "count twice" not in " ".join(report.warnings)
    again = book.bring([contract()], [billed("sub_1"), billed("sub_2", "50.00", 1)])
    assert {(one.new, one.changed) for one in again.files} == {(0, 0)}
    change = book.rows("SELECT field, old, new FROM change WHERE entity = 'subscription'")
    assert change == [("arr_minor", "null", "29000"), ("seats", "null", "3")]


def test_a_price_follows_what_is_billed(book: Book) -> None:
    book.bring([contract()], [billed("sub_1")])
    report = book.bring([contract()], [billed("sub_1", "150.00")])
    assert [(one.new, one.changed) for one in report.files if one.mapping == "stripe"][-1] == (0, 1)
    assert book.rows()[0][1] == 30_000
    book.bring([contract()], [billed("sub_1", "150.00", ended="2026-11-01 00:00"), billed("sub_2")])
    assert [row[1:3] for row in book.rows()] == [(24_000, 2)]  # the line that ended counts no more
    book.bring([contract()], [billed("sub_2", ended="2026-11-02 00:00")])
    assert [row[1:3] for row in book.rows()] == [(24_000, 2)]  # the contract goes on at its price


def test_of_two_sources_of_a_price_one_counts(book: Book) -> None:
    book.bring([contract()], [billed("sub_1")])
    write(book.folder, "list.csv", "Customer,ARR,Renewal Date\nKestrel,500,2100-01-01\n")
    report = book.bring([contract()], [billed("sub_1")])
    assert [row[1] for row in book.rows()] == [24_000]
    assert "list.csv: 1 row is left out, as another source tells" in " ".join(report.warnings)


def test_a_line_that_ended_while_the_contract_goes_on_is_no_loss(book: Book) -> None:
    report = book.bring([contract()], [billed("sub_1", ended="2026-03-01 00:00")])
    assert [row[1] for row in book.rows()] == [None]
    assert "count twice" in " ".join(report.warnings)


def test_the_price_of_its_own_source_goes_before(book: Book) -> None:
    book.bring([contract()], [billed("sub_1")])
    book.bring([contract(arr="900")], [billed("sub_1")], priced=True)
    assert [row[1] for row in book.rows()] == [90_000]
    assert book.rows("SELECT * FROM contract_price") == []
    report = book.bring([contract(arr="900")], [billed("sub_1", "999.00")], priced=True)
    assert [row[1] for row in book.rows()] == [90_000]
    assert "count twice" in " ".join(report.warnings)


def test_an_empty_price_of_its_own_source_does_not_take_it_away(book: Book) -> None:
    book.bring([contract(arr="")], [billed("sub_1")], priced=True)
    again = book.bring([contract(arr="")], [billed("sub_1")], priced=True)
    assert [row[1] for row in book.rows()] == [24_000]
    assert {(one.new, one.changed) for one in again.files} == {(0, 0)}


@pytest.mark.parametrize(
    ("contracts", "line"),
    [
        ([contract(), contract("8005e00000DCcD1")], billed("sub_1")),  # of which of the two?
        ([contract(last="2023-12-31")], billed("sub_1")),  # it is over
        ([contract(start="2098-01-01")], billed("sub_1")),  # it has not begun
    ],
)
def test_what_is_of_no_one_contract_stays_a_subscription(
    book: Book, contracts: list[str], line: str
) -> None:
    book.bring(contracts, [line])
    found = book.rows()
    assert [row[1] for row in found if row[0] == "sub_1"] == [24_000]
    assert {row[1] for row in found if row[0] != "sub_1"} == {None}


def test_a_price_in_another_currency_stays_beside_the_contract(book: Book) -> None:
    book.bring([contract()], [billed("sub_1"), billed("sub_2", currency="eur")])
    found = book.rows("SELECT arr_minor, currency FROM subscription ORDER BY subscription_id")
    assert found == [(24_000, "USD"), (24_000, "EUR")]
