"""A CRM's contracts without a price and what billing charges: one agreement, by any road."""

import datetime as dt
from collections.abc import Sequence
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from cs_workbench.core.forecast_policy import ForecastPolicy
from cs_workbench.core.metrics.periods import parse_period
from cs_workbench.core.metrics.policy import DEFAULT_POLICY
from cs_workbench.importers.detection import plan_import
from cs_workbench.store.account_page import load_account_page
from cs_workbench.store.database import Database
from cs_workbench.store.play_dates import contract_words
from cs_workbench.store.quality import find_contradictions
from cs_workbench.workflows.importing import ImportWishes, import_paths, run_import
from cs_workbench.workflows.metrics import measure
from cs_workbench.workflows.refreshing import RefreshWishes, refresh_all
from cs_workbench.workflows.renewals import settle_renewals
from tests.factories import portfolio
from tests.importers.sources import write

D = dt.date
DAY = D(2096, 11, 23)
KEY = "0015e00000AbcD0AAJ"
ACCOUNTS = f"Id,Name,Website,Type,OwnerId\n{KEY},Kestrel,https://kestrel.example,SMB,1\n"
CONTRACTS = "Id,AccountId,ContractNumber,StartDate,EndDate,ContractTerm,Status"
STRIPE = (
    "id,Customer ID,Customer Description,Customer Email,Plan,Quantity,Currency,Interval,Amount,"
    "Status,Created (UTC),Start (UTC),Current Period Start (UTC),Current Period End (UTC),"
    "Trial Start (UTC),Trial End (UTC),Canceled At (UTC),Ended At (UTC),Cancel At Period End"
)
OURS = """name = "ours"
currency = "USD"
[[files]]
kind = "subscriptions"
headings = ["Bill"]
[files.columns]
subscription_id = "Bill"
account_id = "Account"
arr = "Fee"
start_date = "From"
end_date = "To"
"""
RENEWALS = """SELECT end_date, due_minor, renewed_minor FROM renewal WHERE known_to IS NULL
    ORDER BY end_date, currency"""


def contract(
    key: str = "8005e00000DbcD0", start: str = "2096-01-01", end: str = "2097-06-30"
) -> str:
    return f"{key},{KEY},7,{start},{end},12,Activated"


def billed(key: str, amount: str = "120.00", quantity: int = 2, **more: str) -> str:
    """A yearly line; ended on a day, if given."""
    gone = more.get("ended", "")
    status = more.get("status", "canceled" if gone else "active")
    start = more.get("start", "2096-01-12 08:30")
    cells = [key, "cus_1", "Kestrel", "billing@kestrel.example", "team", str(quantity)]
    cells += [more.get("currency", "usd"), "year", amount, status, start, start]
    cells += [start, more.get("until", "2097-01-12 08:30"), "", "", gone, gone]
    return ",".join([*cells, "false"])


class Exports:
    """Folders of two systems, and the portfolio that they become."""

    def __init__(self, db: Database, folder: Path) -> None:
        self.db = db
        self.crm, self.billing = folder / "crm", folder / "billing"
        for path in (self.crm, self.billing):
            path.mkdir(parents=True)

    def write(self, contracts: Sequence[str], lines: Sequence[str], *, arr: str = "") -> None:
        """The files, with a price of each contract if given."""
        head = f"{CONTRACTS},ARR__c" if arr else CONTRACTS
        rows = [f"{one},{arr}" if arr else one for one in contracts]
        write(self.crm, "Account.csv", ACCOUNTS)
        write(self.crm, "Contract.csv", "\n".join([head, *rows]) + "\n")
        write(self.billing, "stripe.csv", "\n".join([STRIPE, *lines]) + "\n")

    def bring(self, contracts: Sequence[str], lines: Sequence[str]) -> None:
        self.write(contracts, lines)
        import_paths(self.db, [self.crm, self.billing], actor="ana")

    def renewals(self, day: dt.date = DAY) -> list[tuple[Any, ...]]:
        settle_renewals(self.db, today=day, policy=ForecastPolicy())
        return [tuple(row) for row in self.db.connection.execute(RENEWALS)]

    def account(self, day: dt.date = DAY) -> tuple[Any, ...]:
        """ARR, seats and end as the list has them on a day."""
        refresh_all(self.db, RefreshWishes(day, "ana"))
        sql = "SELECT arr_minor, seats, end_date FROM account_summary"
        return tuple(self.db.connection.execute(sql).fetchone())


@pytest.fixture
def exports(db: Database, tmp_path: Path) -> Exports:
    return Exports(db, tmp_path / "exports")


def test_a_contract_and_its_billing_are_one_renewal_and_one_arr(exports: Exports) -> None:
    exports.bring([contract()], [billed("sub_1"), billed("sub_2", "50.00", 1)])
    assert exports.account() == (29_000, 3, "2097-06-30")
    assert exports.renewals() == [("2097-06-30", 29_000, None)]
    codes = {one.code for one in find_contradictions(exports.db, DAY)}
    assert not {"subscription-without-price", "contract-beside-billing"} & codes


@pytest.mark.parametrize("order", permutations(("contracts", "crm", "billing")))
def test_the_order_in_which_files_come_changes_nothing(
    order: tuple[str, ...], exports: Exports
) -> None:
    exports.write([contract()], [billed("sub_1")])
    write(exports.crm, "Account.csv", ACCOUNTS)
    parts = {
        "contracts": exports.crm / "Contract.csv",
        "crm": exports.crm / "Account.csv",
        "billing": exports.billing,
    }
    import_paths(exports.db, [parts["crm"]], actor="ana")
    for day, name in enumerate(order):
        import_paths(exports.db, [parts[name]], actor="ana")
        exports.account(DAY - dt.timedelta(days=3 - day))
    assert exports.account() == (24_000, 2, "2097-06-30")
    assert exports.renewals() == [("2097-06-30", 24_000, None)]


def test_a_day_of_the_past_has_the_price_that_a_first_load_tells_of(exports: Exports) -> None:
    lines = [billed("sub_1", start="2024-01-12 08:30"), billed("sub_2", start="2025-03-01 08:30")]
    exports.bring([contract(start="2020-01-01")], lines)
    assert exports.account(D(2024, 6, 1)) == (24_000, 2, "2097-06-30")
    assert exports.account(D(2025, 6, 1)) == (48_000, 4, "2097-06-30")


def test_an_import_again_changes_nothing_and_a_new_price_is_the_contracts(
    exports: Exports,
) -> None:
    exports.bring([contract()], [billed("sub_1")])
    exports.write([contract()], [billed("sub_1")])
    again = import_paths(exports.db, [exports.crm, exports.billing], actor="ana")
    assert {(one.new, one.changed) for one in again.files} == {(0, 0)}
    exports.bring([contract()], [billed("sub_1", "150.00", 3)])
    assert exports.account(DAY) == (45_000, 3, "2097-06-30")


def test_billing_stands_for_itself_once_the_contract_is_over(exports: Exports) -> None:
    line = billed("sub_1", until="2098-01-12 08:30")
    exports.bring([contract(end="2096-12-31")], [line])
    assert exports.renewals(D(2096, 12, 31)) == [("2096-12-31", 24_000, None)]
    assert exports.renewals(D(2097, 1, 1)) == [  # the day alone has changed
        ("2096-12-31", 24_000, 24_000),
        ("2098-01-11", 24_000, None),
    ]
    assert exports.account(D(2097, 1, 1)) == (24_000, 2, "2098-01-11")


def test_a_contract_that_follows_takes_billing_over_and_the_old_one_keeps_its_price(
    exports: Exports,
) -> None:
    line = billed("sub_1", until="2098-01-12 08:30")
    later = contract("8005e00000DCcD1", "2097-07-01", "2098-06-30")
    exports.bring([contract(), later], [line])
    assert exports.renewals() == [("2097-06-30", 24_000, 24_000), ("2098-06-30", 24_000, None)]
    assert exports.account() == (24_000, 2, "2098-06-30")


@pytest.mark.parametrize("end", ["2096-12-31", ""])
def test_days_that_pass_one_by_one_come_to_the_same_as_one_look(
    end: str, exports: Exports, tmp_path: Path
) -> None:
    lines = [billed("sub_1"), billed("sub_2", ended="2096-12-15 00:00")]
    exports.bring([contract(end=end)], lines)
    with portfolio(tmp_path, "once.db") as db:
        once = Exports(db, tmp_path / "once")
        once.bring([contract(end=end)], lines)
        for number in range(120):
            day = DAY + dt.timedelta(days=number)
            found = exports.renewals(day)
            if number % 30 == 29:
                assert once.renewals(day) == found


def test_a_contract_that_a_full_file_lacks_leaves_its_billing(exports: Exports) -> None:
    other = contract("8005e00000DCcD1", "2090-01-01", "2090-12-31")
    exports.bring([contract(), other], [billed("sub_1")])
    assert exports.renewals() == [("2090-12-31", None, None), ("2097-06-30", 24_000, None)]
    exports.write([other], [billed("sub_1")])
    wishes = ImportWishes("ana", full=True, remove_many=True)
    run_import(exports.db.path, plan_import([exports.crm, exports.billing]), wishes)
    assert exports.renewals() == [("2090-12-31", None, None), ("2097-01-11", 24_000, None)]


def test_two_currencies_are_two_renewals_on_one_day(exports: Exports) -> None:
    exports.bring([contract()], [billed("sub_1"), billed("sub_2", currency="eur")])
    assert exports.renewals() == [("2097-06-30", 24_000, None)] * 2


def test_a_trial_prices_nothing_until_it_is_paid(exports: Exports) -> None:
    exports.bring([contract()], [billed("sub_1", status="trialing")])
    assert exports.renewals() == [("2097-06-30", None, None)]
    exports.bring([contract()], [billed("sub_1")])
    assert exports.renewals() == [("2097-06-30", 24_000, None)]


@pytest.mark.parametrize("order", permutations(("crm", "billing")))
def test_a_price_of_the_crm_counts_alone_whichever_came_first(
    order: tuple[str, ...], exports: Exports
) -> None:
    exports.write([contract()], [billed("sub_1")], arr="500")
    import_paths(exports.db, [exports.crm / "Account.csv"], actor="ana")
    for name in order:
        import_paths(exports.db, [exports.crm.parent / name], actor="ana")
    assert exports.account() == (50_000, None, "2097-06-30")
    assert exports.renewals() == [("2097-06-30", 50_000, None)]
    assert "subscriptions-told-twice" not in {
        one.code for one in find_contradictions(exports.db, DAY)
    }


def test_a_price_that_the_crm_adds_takes_the_place_of_what_is_billed(exports: Exports) -> None:
    exports.bring([contract()], [billed("sub_1")])
    assert exports.account() == (24_000, 2, "2097-06-30")
    exports.write([contract()], [billed("sub_1")], arr="300")
    import_paths(exports.db, [exports.crm, exports.billing], actor="ana")
    assert exports.account() == (30_000, None, "2097-06-30")
    assert exports.renewals() == [("2097-06-30", 30_000, None)]


def test_a_mapping_that_says_otherwise_whose_contracts_they_are_has_renewals_made_anew(
    exports: Exports,
) -> None:
    write(exports.crm, "Account.csv", ACCOUNTS)
    priced = f"{CONTRACTS},ARR__c\n{contract()},500\n"
    write(exports.crm, "Contract.csv", priced)
    mapping = write(exports.billing, "ours.toml", OURS)
    write(
        exports.billing,
        "ours.csv",
        f"Bill,Account,Fee,From,To\nb1,{KEY},300,2096-01-01,2097-06-30\n",
    )
    import_paths(exports.db, [exports.crm], actor="ana")
    bills = [exports.billing / "ours.csv"]
    import_paths(exports.db, bills, actor="ana", mapping=str(mapping))
    assert exports.renewals() == [("2097-06-30", 80_000, None)]
    write(exports.billing, "ours.toml", f"fills_only = true\n{OURS}")
    again = import_paths(exports.db, bills, actor="ana", mapping=str(mapping))
    assert {(one.new, one.changed) for one in again.files} == {(0, 0)}
    assert exports.renewals() == [("2097-06-30", 50_000, None)]


def test_an_account_is_told_in_the_currency_that_it_pays_in(exports: Exports) -> None:
    exports.write([contract()], [billed("sub_1")])
    euro = ACCOUNTS.replace("OwnerId\n", "CurrencyIsoCode\n").replace(",1\n", ",EUR\n")
    write(exports.crm, "Account.csv", euro)
    import_paths(exports.db, [exports.crm, exports.billing], actor="ana")
    exports.account()
    sql = "SELECT arr_minor, currency FROM account_summary"
    assert tuple(exports.db.connection.execute(sql).fetchone()) == (24_000, "USD")


def test_of_several_contracts_at_once_each_stands_for_itself_and_a_check_says_so(
    exports: Exports,
) -> None:
    exports.bring([contract(), contract("8005e00000DCcD1", end="2097-12-31")], [billed("sub_1")])
    assert [row[:2] for row in exports.renewals()] == [
        ("2097-01-11", 24_000),
        ("2097-06-30", None),
        ("2097-12-31", None),
    ]
    found = {one.code: one.examples for one in find_contradictions(exports.db, DAY)}
    assert found["contract-beside-billing"] == (KEY,)


def test_the_metrics_count_one_customer_at_the_billed_price(exports: Exports) -> None:
    line = billed("sub_1", until="2098-01-12 08:30", start="2095-01-12 08:30")
    later = contract("8005e00000DCcD1", "2096-10-01", "2097-09-30")
    exports.bring([contract(start="2095-01-01", end="2096-09-30"), later], [line])
    quarter = parse_period("2096-Q3")
    found = measure(exports.db, quarter, DEFAULT_POLICY, as_of=DAY).whole
    assert found.bridge is not None
    assert (found.bridge.opening, found.bridge.closing) == (24_000, 24_000)
    assert found.metrics["nrr"].flags == ()  # nobody is left out for want of a price
    due = found.metrics["gross_renewal_rate"]
    assert (due.numerator, due.denominator) == (24_000, 24_000)
    logos = found.metrics["logo_renewal_rate"]
    assert (logos.numerator, logos.denominator) == (1, 1)  # not one more for the line


def test_what_is_billed_is_all_of_the_price_and_no_part_of_it(exports: Exports) -> None:
    exports.bring([contract()], [billed("sub_1")])
    assert exports.renewals() == [("2097-06-30", 24_000, None)]
    parts = "SELECT unpriced FROM renewal WHERE known_to IS NULL"
    assert [tuple(row) for row in exports.db.connection.execute(parts)] == [(0,)]


def test_an_add_on_that_ended_in_mid_term_makes_no_renewal_lost(exports: Exports) -> None:
    line = billed("sub_1", until="2098-01-12 08:30")
    add_on = billed("sub_2", "5.00", 1, ended="2096-03-01 00:00")
    later = contract("8005e00000DCcD1", "2096-10-01", "2097-09-30")
    exports.bring([contract(end="2096-09-30"), later], [line, add_on])
    found = measure(exports.db, parse_period("2096-Q3"), DEFAULT_POLICY, as_of=DAY).whole
    due = found.metrics["gross_renewal_rate"]
    assert (due.numerator, due.denominator) == (24_000, 24_000)
    assert found.metrics["logo_renewal_rate"].numerator == 1


def test_the_page_says_that_billing_prices_the_contract(exports: Exports) -> None:
    exports.bring([contract()], [billed("sub_1")])
    exports.account()
    page = load_account_page(exports.db, 1, today=DAY)
    held = {one.contract.source: one.contract for one in page.subscriptions if one.in_force}
    assert [one.price_told for one in page.subscriptions] == ["240 USD", "priced by billing"]
    assert held["stripe"].end_date == D(2097, 6, 30)
    assert [one.name for one in page.subscriptions] == ["team", "Contract"]  # not "team team"
    assert page.beside_arr == " a year"
    assert page.renewal is not None
    assert page.renewal.end_date == D(2097, 6, 30)


def test_a_message_to_the_customer_names_what_is_billed_and_the_contracts_end(
    exports: Exports,
) -> None:
    exports.bring([contract()], [billed("sub_1")])
    product, seats, _, end, notice = contract_words(exports.db, 1, DAY)
    assert (product, seats, end, notice) == ("team", "2", D(2097, 6, 30), None)
