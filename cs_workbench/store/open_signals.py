"""The open signals of one account, in a moment: what the preview says of them."""

import datetime as dt

from cs_workbench.core.account_preview import OpenSignal
from cs_workbench.store.database import Database

# Silent until its day: a snoozed signal is open, and not shown or counted before.
SPEAKS = "resolved_on IS NULL AND (snoozed_until IS NULL OR snoozed_until <= :today)"


def open_signals(db: Database, account_key: int, today: dt.date) -> tuple[OpenSignal, ...]:
    """Those that speak on a day, the most severe first, as `list_signals` has them."""
    rows = db.connection.execute(
        f"SELECT kind, evidence, severity = 'high' FROM signal WHERE {SPEAKS} "
        "AND account_key = :account_key "
        "ORDER BY CASE severity WHEN 'high' THEN 0 WHEN 'medium' THEN 1 ELSE 2 END, "
        "opened_on DESC, kind, reason",
        {"today": today.isoformat(), "account_key": account_key},
    )
    return tuple(OpenSignal(kind, evidence, bool(severe)) for kind, evidence, severe in rows)
