"""What happened on an account that its timeline does not tell: plays that began, and incidents."""

import datetime as dt

from cs_workbench.core.score_history import ScoreEvent
from cs_workbench.store.database import Database

_PLAYS = """SELECT p.started_on, t.title FROM play p
    JOIN playbook_text t ON t.hash = p.playbook_hash
    WHERE p.account_key = :key AND p.started_on <= :today"""
_INCIDENTS = """SELECT began_on, what FROM incident
    WHERE account_key = :key AND began_on <= :today"""


def plays_and_incidents(db: Database, account_key: int, today: dt.date) -> list[ScoreEvent]:
    """As events for the time axis of a chart, up to today."""
    given = {"key": account_key, "today": today.isoformat()}
    plays = db.connection.execute(_PLAYS, given).fetchall()
    incidents = db.connection.execute(_INCIDENTS, given).fetchall()
    return [
        *(
            ScoreEvent(dt.date.fromisoformat(on), "P", f"play began: {title}")
            for on, title in plays
        ),
        *(
            ScoreEvent(dt.date.fromisoformat(on), "I", f"incident: {what}")
            for on, what in incidents
        ),
    ]
