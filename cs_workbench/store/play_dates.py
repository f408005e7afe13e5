"""The days of an account that a play counts from."""

import datetime as dt
from dataclasses import dataclass

from cs_workbench.core.renewals import in_force, notice_date
from cs_workbench.store.account_subscriptions import agreed_subscriptions
from cs_workbench.store.database import Database
from cs_workbench.store.facts import TWO_WAY_JSON
from cs_workbench.store.known import IS_TWO_WAY, plain_rows

# Over `account a`: the newest contact in which the customer took part, also one logged just now.
LAST_SPOKE = f"""(SELECT date(t.occurred_at) FROM touchpoint t WHERE t.account_key = a.account_key
    AND t.occurred_at <= :today || 'T23:59:59Z' AND {IS_TWO_WAY}
    ORDER BY t.occurred_at DESC LIMIT 1)"""
_DATES = f"""SELECT a.region,
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
    return PlayDates(row[0], _contract_start(db, account_key, today), *days)


def _contract_start(db: Database, account_key: int, today: dt.date) -> dt.date | None:
    agreed = agreed_subscriptions(db.connection, account_key, today)
    begun = [one for one in agreed if not one.is_trial and one.start_date <= today]
    contracts = [one for one in begun if one.is_billed] or begun  # not what is billed for them
    return max((one.start_date for one in contracts), default=None)


def contract_words(
    db: Database, account_key: int, today: dt.date
) -> tuple[str | None, str | None, dt.date | None, dt.date | None, dt.date | None]:
    """The customer's contract: product, seats, customer since, end, last day of notice.

    Of several the one that ends first, and of one with its billing what is billed.
    """
    (started,) = next(
        plain_rows(
            db.connection, "SELECT started_on FROM account WHERE account_key = ?", (account_key,)
        ),
        (None,),
    )
    running = [
        one
        for one in agreed_subscriptions(db.connection, account_key, today)
        if not one.is_trial and in_force(one, today)
    ]
    since = None if started is None else dt.date.fromisoformat(started)
    if not running:
        return None, None, since, None, None
    one = min(
        running,
        key=lambda one: (one.end_date or dt.date.max, one.arr_minor is None, one.subscription_id),
    )
    end = one.end_date
    notice = notice_date(end, one.notice_days) if end and one.auto_renew else None
    return one.product, None if one.seats is None else str(one.seats), since, end, notice


def open_ticket_words(db: Database, account_key: int) -> list[tuple[str, dt.date]]:
    """The tickets that wait: subject and day, the oldest first."""
    rows = db.connection.execute(
        "SELECT coalesce(subject, 'your question'), date(opened_at) FROM ticket "
        "WHERE account_key = ? AND closed_at IS NULL ORDER BY opened_at, ticket_id",
        (account_key,),
    )
    return [(subject, dt.date.fromisoformat(day)) for subject, day in rows]
