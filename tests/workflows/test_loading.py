from pathlib import Path

from cs_workbench.importers.records import Assumptions
from cs_workbench.store.database import open_database
from cs_workbench.workflows.loading import LoadWishes, load_and_score
from tests.factories import TODAY

ACCOUNTS = "account_id,name,currency\nA1,Kestrel,USD\n,No id,USD\nA2,Orchid,USD\n"


def test_refused_rows_are_not_said_to_be_loaded_and_can_be_found(tmp_path: Path) -> None:
    file = tmp_path / "accounts.csv"
    file.write_text(ACCOUNTS, encoding="utf-8")
    wishes = LoadWishes(tmp_path / "p.db", "ana", TODAY, Assumptions())
    told = load_and_score(file, wishes, lambda *_: None)
    (rejects,) = tmp_path.glob("p.db.rejects-*.csv")
    assert told.splitlines()[0] == (
        f"Rows loaded: 2; accounts scored: 2. 1 row was refused; the others are in. See {rejects}."
    )


def test_what_rests_on_the_scores_is_there_after_a_load(tmp_path: Path) -> None:
    (tmp_path / "accounts.csv").write_text(ACCOUNTS, encoding="utf-8")
    (tmp_path / "subscriptions.csv").write_text(
        "subscription_id,account_id,product,arr,currency,start_date,end_date\n"
        "S1,A1,Platform,1200,USD,2026-01-01,2026-12-31\n",
        encoding="utf-8",
    )
    path = tmp_path / "p.db"
    load_and_score(tmp_path, LoadWishes(path, "ana", TODAY, Assumptions()), lambda *_: None)
    with open_database(path) as db:
        (renewals,) = db.connection.execute("SELECT count(*) FROM renewal").fetchone()
        (plays,) = db.connection.execute("SELECT count(*) FROM play").fetchone()
    assert renewals == 1
    assert plays > 0
