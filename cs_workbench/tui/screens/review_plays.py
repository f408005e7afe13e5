"""Plays that are suggested on an account, for the review."""

from cs_workbench.store.database import Database
from cs_workbench.store.plays import PlayQuery, list_plays


def suggested_plays(db: Database, account_key: int) -> list[tuple[str, str]]:
    """Playbook ids and titles of what is suggested."""
    found = list_plays(db, PlayQuery(account_key=account_key))
    return [(line.play.playbook_id, line.title) for line in found if line.play.state == "suggested"]
