"""Reading what the preview adds to an account's line: signals, people, promises, the forecast."""

import datetime as dt

from cs_workbench.core.account_preview import AccountPreview, SaidForecast
from cs_workbench.store.database import Database, snapshot
from cs_workbench.store.open_signals import open_signals
from cs_workbench.store.page_people import load_contacts, load_promises


def load_preview(db: Database, account_key: int, *, today: dt.date) -> AccountPreview:
    """The preview of one account, as of a day."""
    with snapshot(db):
        there = (one for one in load_contacts(db, account_key, today) if one.left_on is None)
        return AccountPreview(
            tuple(there),
            load_promises(db, account_key),
            _forecast(db, account_key, today),
            open_signals(db, account_key, today),
        )


def _forecast(db: Database, account_key: int, today: dt.date) -> SaidForecast | None:
    row = db.connection.execute(
        "SELECT f.category, f.amount_minor, f.currency, f.probability_e4, f.narrative, "
        "coalesce(p.name, f.author) AS author, f.made_at FROM forecast f "
        "LEFT JOIN person p ON p.person_id = f.author WHERE f.account_key = ? AND f.made_at < ? "
        "ORDER BY f.made_at DESC, f.forecast_id DESC LIMIT 1",
        (account_key, (today + dt.timedelta(days=1)).isoformat()),
    ).fetchone()
    if row is None:
        return None
    return SaidForecast(
        category=row["category"],
        amount_minor=row["amount_minor"],
        currency=row["currency"],
        probability_e4=row["probability_e4"],
        author=row["author"],
        made_on=dt.date.fromisoformat(row["made_at"][:10]),
        narrative=row["narrative"],
    )
