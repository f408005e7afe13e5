from pathlib import Path

from cs_workbench.importers.records import Assumptions
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
