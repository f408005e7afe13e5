"""What an ARR that nobody knows counts as where things are ordered by it."""

from decimal import Decimal

from cs_workbench.core.today import UNSAID
from cs_workbench.store.database import Database
from cs_workbench.store.play_facts import FACT_SQL


def typical_arr(db: Database) -> Decimal:
    """What an ARR that is not known counts as: the middle of the known ones, in major units."""
    paying = "account_summary s WHERE NOT s.is_former AND s.arr_minor > 0"
    unpriced = "SELECT 1 FROM account_summary WHERE NOT is_former AND arr_minor IS NULL LIMIT 1"
    if db.connection.execute(unpriced).fetchone() is None:
        return UNSAID
    row = db.connection.execute(
        f"SELECT {FACT_SQL['arr']} AS arr FROM {paying} ORDER BY arr "
        f"LIMIT 1 OFFSET (SELECT count(*) / 2 FROM {paying})"
    ).fetchone()
    return UNSAID if row is None else Decimal(str(row[0]))
