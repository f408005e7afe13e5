"""What ARR, CSM, seats and the renewal date were on a past day, as it was known then."""

import datetime as dt
from pathlib import Path
from typing import Any

from cs_workbench.store.database import Database, write
from cs_workbench.store.known import plain_rows, read_known
from cs_workbench.workflows.importing import import_paths
from tests.importers.sources import write as write_file

ACCOUNTS = "account_id,name,csm\nA1,Acme,{csm}\n"
CONTRACTS = (
    "subscription_id,account_id,seats,arr,currency,start_date,end_date\n"
    "S1,A1,{seats},{arr},USD,2026-01-01,{end}\n"
)
LOADS = (
    ("2026-02-01", {"csm": "ana", "seats": "10", "arr": "1200", "end": "2026-12-31"}),
    ("2026-05-01", {"csm": "jon", "seats": "12", "arr": "1500", "end": "2026-12-31"}),
    ("2026-08-01", {"csm": "jon", "seats": "12", "arr": "900", "end": "2027-12-31"}),
)


def load(db: Database, folder: Path) -> None:
    """Three loads of the same files with other values, on three days."""
    for day, values in LOADS:
        paths = [
            write_file(folder, "a.csv", ACCOUNTS.format(**values)),
            write_file(folder, "s.csv", CONTRACTS.format(**values)),
        ]
        before = db.connection.execute("SELECT coalesce(max(import_id), 0) FROM import_run")
        newest = before.fetchone()[0]
        import_paths(db, paths, actor="ana")
        with write(db) as connection:  # as if it had been that day
            connection.execute(
                "UPDATE import_run SET recorded_at = ? WHERE import_id > ?",
                (f"{day}T06:00:00Z", newest),
            )
            connection.execute("DROP TRIGGER change_is_final")
            connection.execute(
                "UPDATE change SET known_at = ? WHERE change_set_id IN "
                "(SELECT change_set_id FROM change_set WHERE import_id > ?)",
                (f"{day}T06:00:00Z", newest),
            )
            connection.execute(
                "CREATE TRIGGER change_is_final BEFORE UPDATE ON change BEGIN SELECT 1; END"
            )


def on(db: Database, day: str) -> dict[str, Any]:
    """The attributes as they were known at the end of a day."""
    known = read_known(db.connection, dt.date.fromisoformat(day))
    contracts = plain_rows(
        db.connection, "SELECT subscription_id, seats, arr_minor, end_date FROM subscription", ()
    )
    ((_, seats, arr, end),) = known.as_then("subscription", contracts)
    accounts = plain_rows(db.connection, "SELECT account_key, csm FROM account", ())
    ((_, csm),) = known.as_then("account", accounts)
    return {"csm": csm, "seats": seats, "arr": arr, "end": end}


def test_each_past_day_has_the_values_of_then(db: Database, tmp_path: Path) -> None:
    load(db, tmp_path)
    first = {"csm": "ana", "seats": 10, "arr": 120_000, "end": "2026-12-31"}
    second = {"csm": "jon", "seats": 12, "arr": 150_000, "end": "2026-12-31"}
    third = {"csm": "jon", "seats": 12, "arr": 90_000, "end": "2027-12-31"}
    assert on(db, "2026-03-15") == first
    assert on(db, "2026-04-30") == first
    assert on(db, "2026-05-01") == second
    assert on(db, "2026-07-31") == second
    assert on(db, "2026-08-01") == third
