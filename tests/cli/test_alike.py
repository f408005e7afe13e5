import json
from pathlib import Path

from tests.cli.run import within
from tests.importers.sources import write

CRM = "account_id,name\nA1,Kestrel Logistics\nA2,Juniper Labs\n"
BILLING = (
    "id,Customer ID,Customer Name,Plan,Quantity,Currency,Interval,Amount,Status,Start (UTC),"
    "Current Period End (UTC)\n"
    "sub_1,cus_1,Kestrel Logistcs Inc,team,1,usd,year,100.00,active,2026-01-01,2027-01-01\n"
    "sub_2,cus_2,Yuniper Labs Ltd,team,1,usd,year,100.00,active,2026-01-01,2027-01-01\n"
)


def test_accounts_that_are_only_alike_are_shown_and_stay_two(tmp_path: Path) -> None:
    book = tmp_path / "book.db"
    crm, billing = write(tmp_path, "crm.csv", CRM), write(tmp_path, "billing.csv", BILLING)
    assert within("--db", book, "import", crm, billing).returncode == 0
    shown = within("--db", book, "accounts", "alike")
    assert "Kestrel Logistcs Inc" in shown.stdout
    document = json.loads(within("--db", book, "accounts", "alike", "--json").stdout)
    assert document["pairs"] == [
        {
            "account_id": "cus_1",
            "name": "Kestrel Logistcs Inc",
            "source": "stripe",
            "into": "A1",
            "into_name": "Kestrel Logistics",
            "into_source": "native",
        },
        {
            "account_id": "cus_2",
            "name": "Yuniper Labs Ltd",
            "source": "stripe",
            "into": "A2",
            "into_name": "Juniper Labs",
            "into_source": "native",
        },
    ]
    for account, into in (("cus_1", "A1"), ("cus_2", "A2")):
        assert within("--db", book, "accounts", "merge", account, into).returncode == 0
    assert "No accounts of different systems" in within("--db", book, "accounts", "alike").stdout


def test_a_name_is_given_its_meaning(tmp_path: Path) -> None:
    book = tmp_path / "book.db"
    within("--db", book, "import", write(tmp_path, "crm.csv", CRM))
    said = within("--db", book, "accounts", "alias", "A1", "Kestrel Intl", "kestrel.io")
    assert (said.returncode, said.stdout[:6]) == (0, "2 new;")
    assert within("--db", book, "accounts", "alias", "A2", "kestrel.io").returncode == 12
