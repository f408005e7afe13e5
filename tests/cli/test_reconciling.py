import json
from pathlib import Path

from cs_workbench.store.database import write
from tests.cli.run import within
from tests.factories import add_account, add_subscription, portfolio


def test_finance_is_held_against_the_book(tmp_path: Path) -> None:
    with portfolio(tmp_path) as db:
        with write(db) as c:
            for name, trial in (("paid", 0), ("trial", 1)):
                key = add_account(c, name, name="[/b]\x1b[31m" if trial else "Paid")
                terms = {"start_date": "2026-01-01", "end_date": "2027-12-31"}
                add_subscription(c, key, arr_minor=100_000, is_trial=trial, **terms)
        path = db.path
    file = tmp_path / "finance.csv"
    file.write_text("account_id,opening,closing\npaid,1000,1000\ntrial,1000,1000\n")
    args = ("--db", path, "--today", "2026-11-23", "metrics", "reconcile", file)
    told = within(*args)
    assert told.returncode == 1
    assert "finance counts trials as ARR" in told.stdout
    assert "= finance" in told.stdout
    assert "\x1b" not in told.stdout
    found = json.loads(within(*args, "--json").stdout)
    assert found["balances"] is True
    assert found["ours"] == {"opening": 1000, "closing": 1000}
    assert found["reasons"] == [
        {"why": "finance counts trials as ARR", "opening": 1000, "closing": 1000}
    ]
    file.write_text("account_id,opening,closing\npaid,1000,1000\n")
    assert within(*args).returncode == 0
