import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from cs_workbench.core.metrics.periods import parse_period
from cs_workbench.core.metrics.policy import DEFAULT_POLICY
from cs_workbench.core.metrics.rates import read_rates
from cs_workbench.core.metrics.reconciling import (
    MONTHLY,
    ONLY_HERE,
    ONLY_THERE,
    UNEXPLAINED,
    UNPRICED,
)
from cs_workbench.errors import InputError, UsageError
from cs_workbench.store.database import Database, write
from cs_workbench.workflows.reconciling import Reconciled, reconcile_with
from tests.factories import add_account, add_subscription

Q3 = parse_period("2026-Q3")
LATER = dt.date(2027, 2, 1)
POLICY = replace(
    DEFAULT_POLICY,
    outside_arr=("services",),
    rates=read_rates(
        {
            "base": "USD",
            "table": [{"from": "2026-01-01", "EUR": "1.10"}, {"from": "2026-09-01", "EUR": "1.20"}],
        }
    ),
)
LONG = {"start_date": "2026-01-01", "end_date": "2027-12-31", "notice_days": 0}
BOOK: dict[str, list[dict[str, object]]] = {
    "same": [{}],
    "notice": [{"end_date": "2026-10-31", "notice_days": 60}],
    "gap": [
        {"end_date": "2026-09-20"},
        {"start_date": "2026-10-05"},
    ],
    "trial": [{"is_trial": 1}],
    "services": [{"product": "Services"}],
    "last-day": [{"end_date": "2026-09-30"}],
    "euro": [{"currency": "EUR"}],
    "signed": [{"start_date": "2026-10-01", "signed_on": "2026-09-15"}],
    "ours": [{}],
    "odd": [{}],
    "monthly": [{}],
    "unpriced": [{}, {"arr_minor": None, "product": "Add-on"}],
}
FINANCE = """Account ID,Opening,Closing
same,"1,000.00",1000
notice,1000,0
gap,1000,0
trial,1000,1000
services,1000,1000
last-day,1000,0
euro,1100,1200
signed,0,1000
theirs,50,50
odd,1000,999.99
monthly,83.33,83.33
unpriced,1200,1300
"""


def reconciled(db: Database, folder: Path, text: str = FINANCE) -> Reconciled:
    with write(db) as c:
        for name, terms in BOOK.items():
            key = add_account(c, name, currency="EUR" if name == "euro" else "USD")
            for term in terms:
                add_subscription(c, key, **{**LONG, "arr_minor": 100_000, **term})
    path = folder / "finance.csv"
    path.write_text(text, encoding="utf-8")
    return reconcile_with(db, path, Q3, POLICY, as_of=LATER)


def test_every_planted_difference_is_named(db: Database, tmp_path: Path) -> None:
    found = reconciled(db, tmp_path).found
    why = {(one.account_id, one.side): one.why for one in found.differences}
    assert why == {
        ("notice", "closing"): "finance counts the churn at notice",
        ("gap", "closing"): "finance counts every gap as churn, however short",
        ("trial", "opening"): "finance counts trials as ARR",
        ("trial", "closing"): "finance counts trials as ARR",
        ("services", "opening"): "finance counts services and one-off products as ARR",
        ("services", "closing"): "finance counts services and one-off products as ARR",
        ("last-day", "closing"): "finance takes the end date for the first day without entitlement",
        ("euro", "closing"): "finance uses the rate of the closing day",
        ("signed", "closing"): "finance counts a contract from its signing",
        ("ours", "opening"): ONLY_HERE,
        ("ours", "closing"): ONLY_HERE,
        ("theirs", "opening"): ONLY_THERE,
        ("theirs", "closing"): ONLY_THERE,
        ("odd", "closing"): UNEXPLAINED,
        ("monthly", "opening"): MONTHLY,
        ("monthly", "closing"): MONTHLY,
        ("unpriced", "opening"): UNPRICED,
        ("unpriced", "closing"): UNPRICED,
    }


def test_the_totals_close_to_the_cent(db: Database, tmp_path: Path) -> None:
    found = reconciled(db, tmp_path).found
    assert found.balances
    assert found.theirs["closing"] == 100_000 * 4 + 120_000 + 5_000 + 99_999 + 8_333 + 130_000
    explained = sum(amounts["closing"] for amounts in found.by_reason.values())
    assert found.ours["closing"] + explained == found.theirs["closing"]
    assert found.matched == 8


def test_what_was_entered_since_is_named(db: Database, tmp_path: Path) -> None:
    from tests.factories import add_import

    with write(db) as c:
        old = add_import(c, known_policy="assumed", recorded_at="2026-09-01T00:00:00Z")
        late = add_import(c, "late", known_policy="recorded", recorded_at="2026-12-01T00:00:00Z")
        key = add_account(c, "late", import_id=old)
        add_subscription(c, key, **{**LONG, "arr_minor": 100_000, "import_id": old})
        more = {**LONG, "arr_minor": 50_000, "import_id": late, "product": "API"}
        add_subscription(c, key, **more)
    path = tmp_path / "f.csv"
    path.write_text("account_id;closing\nlate;1000\n", encoding="utf-8")
    found = reconcile_with(db, path, Q3, DEFAULT_POLICY, as_of=LATER).found
    assert [one.why for one in found.differences] == [
        "finance does not know what was entered since the period ended"
    ]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("name,opening\nx,1\n", "needs the column account_id"),
        ("account_id,opening\nx,lots\n", "line 2: opening: 'lots' is not an amount"),
        ("account_id,opening\nx,1\nx,2\n", "line 3: x comes a second time"),
    ],
)
def test_what_is_no_list_of_finance(db: Database, tmp_path: Path, text: str, word: str) -> None:
    with pytest.raises(InputError, match=word):
        reconciled(db, tmp_path, text)


def test_without_one_currency_nothing_is_compared(db: Database, tmp_path: Path) -> None:
    with write(db) as c:
        for currency in ("USD", "EUR"):
            key = add_account(c, currency)
            add_subscription(c, key, **{**LONG, "currency": currency})
    with pytest.raises(UsageError, match="several currencies"):
        reconcile_with(db, tmp_path / "f.csv", Q3, DEFAULT_POLICY, as_of=LATER)
