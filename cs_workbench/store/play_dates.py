"""The days of an account that a play counts from."""

import datetime as dt
from dataclasses import dataclass

from cs_workbench.store.database import Database
from cs_workbench.store.facts import TWO_WAY_JSON
from cs_workbench.store.known import IS_TWO_WAY, plain_rows

# Over `account a`: the newest contact in which the customer took part, also one logged just now.
LAST_SPOKE = f"""(SELECT date(t.occurred_at) FROM touchpoint t WHERE t.account_key = a.account_key
    AND t.occurred_at <= :today || 'T23:59:59Z' AND {IS_TWO_WAY}
    ORDER BY t.occurred_at DESC LIMIT 1)"""
_DATES = f"""SELECT a.region,
        (SELECT max(c.start_date) FROM subscription c WHERE c.account_key = a.account_key
            AND c.start_date <= :today AND NOT c.is_trial),
        s.deadline, s.end_date, {LAST_SPOKE}
    FROM account a LEFT JOIN account_summary s USING (account_key) WHERE a.account_key = :key"""


@dataclass(frozen=True, slots=True)
class PlayDates:
    """Where the account is, and its days; None where not known.

    Attributes:
        contract_start: of the newest contract that has begun.
        replied_on: the last day on which the customer took part in a contact.
    """

    region: str | None
    contract_start: dt.date | None
    deadline: dt.date | None
    end_date: dt.date | None
    replied_on: dt.date | None


def play_dates(db: Database, account_key: int, today: dt.date) -> PlayDates:
    """The days of an account, as far as they are known on a day."""
    given = {"today": today.isoformat(), "key": account_key, "two_way": TWO_WAY_JSON}
    row = plain_rows(db.connection, _DATES, given).fetchone()
    if row is None:
        return PlayDates(None, None, None, None, None)
    days = [None if text is None else dt.date.fromisoformat(text[:10]) for text in row[1:]]
    return PlayDates(row[0], *days)


def contract_words(
    db: Database, account_key: int, today: dt.date
) -> tuple[str | None, str | None, dt.date | None, dt.date | None, dt.date | None]:
    """The customer's contract: product, seats, customer since, end, last day of notice."""
    row = db.connection.execute(
        """SELECT c.product, c.seats, a.started_on, c.end_date,
            CASE WHEN c.auto_renew THEN date(c.end_date, '-' || c.notice_days || ' days') END
        FROM account a LEFT JOIN subscription c ON c.account_key = a.account_key
            AND NOT c.is_trial AND c.start_date <= :today
            AND (c.end_date IS NULL OR c.end_date >= :today)
        WHERE a.account_key = :key ORDER BY c.end_date, c.subscription_id LIMIT 1""",
        {"key": account_key, "today": today.isoformat()},
    ).fetchone()
    if row is None:
        return None, None, None, None, None
    start, end, notice = (
        None if text is None else dt.date.fromisoformat(text) for text in tuple(row)[2:]
    )
    return row[0], None if row[1] is None else str(row[1]), start, end, notice


def open_ticket_words(db: Database, account_key: int) -> list[tuple[str, dt.date]]:
    """The tickets that wait: subject and day, the oldest first."""
    rows = db.connection.execute(
        "SELECT coalesce(subject, 'your question'), date(opened_at) FROM ticket "
        "WHERE account_key = ? AND closed_at IS NULL ORDER BY opened_at, ticket_id",
        (account_key,),
    )
    return [(subject, dt.date.fromisoformat(day)) for subject, day in rows]
