"""When a person last opened an account, and how it stood then."""

from cs_workbench.store.database import Database, utc_now, write


def mark_seen(db: Database, account_key: int, actor: str) -> None:
    """Note that this person has seen the account as it is now."""
    with write(db) as connection:
        connection.execute(
            "INSERT INTO account_seen (actor, account_key, seen_at, points_e4, band) "
            "SELECT ?, account_key, ?, points_e4, band FROM account "
            "LEFT JOIN account_summary USING (account_key) WHERE account_key = ? "
            "ON CONFLICT (actor, account_key) DO UPDATE SET seen_at = excluded.seen_at, "
            "points_e4 = excluded.points_e4, band = excluded.band",
            (actor, utc_now(), account_key),
        )
