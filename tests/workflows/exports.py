"""A small export of accounts, contracts and usage, and what importing it did."""

from pathlib import Path
from typing import Any

from cs_workbench.store.database import Database
from cs_workbench.workflows.import_reports import ImportReport
from cs_workbench.workflows.importing import import_paths
from tests.importers.sources import write

ACCOUNTS = "account_id,name,segment,csm,currency\nA,Acme,smb,ana,USD\nB,東京データ,smb,,USD\n"
SUBSCRIPTIONS = (
    "subscription_id,account_id,seats,arr,currency,start_date,end_date,notice_days,auto_renew\n"
    "S1,A,10,1200.50,USD,2026-01-01,2026-12-31,30,1\nS2,B,5,600,USD,2026-02-01,,,0\n"
)
USAGE = (
    "account_id,date,metric,value\nA,2026-11-01,logins,3\nA,2026-11-02,logins,4\n"
    "B,2026-11-01,logins,1\n"
)


def bring(db: Database, *paths: Path, **wishes: Any) -> ImportReport:
    return import_paths(db, paths, actor="ana", **wishes)


def counts(report: ImportReport) -> list[tuple[str, int, int, int, int]]:
    return [(f.kind, f.new, f.changed, f.same, f.rejected) for f in report.files]


def rows(db: Database, sql: str, *values: object) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in db.connection.execute(sql, values)]


def dump(db: Database) -> dict[str, list[tuple[Any, ...]]]:
    """Every table but the list of imports and the inside of the search index."""
    names = rows(
        db,
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name <> 'import_run' "
        "AND name NOT LIKE '%fts%'",
    )
    return {name: rows(db, f"SELECT * FROM {name}") for (name,) in names}


def exported(folder: Path) -> Path:
    """A folder with the three files, which are named out of the order in which they are read."""
    place = folder / "exports"
    place.mkdir()
    write(place, "usage.csv", USAGE)
    write(place, "subs.csv", SUBSCRIPTIONS)
    write(place, "accounts.csv", ACCOUNTS)
    return place
