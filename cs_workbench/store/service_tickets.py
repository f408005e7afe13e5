"""Tickets as service sees them."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from cs_workbench.core.turnaround import ServiceTicket
from cs_workbench.store.database import Database
from cs_workbench.store.known import plain_rows

_TICKETS = """SELECT t.ticket_id, t.account_key, t.subject, t.driver, t.priority, t.opened_at,
    t.first_response_at, t.closed_at, t.reopened_count, t.reassigned_count, t.asked_again_count,
    t.waiting_minutes, a.region
    FROM ticket t JOIN account a ON a.account_key = t.account_key
    WHERE (:account_key IS NULL OR t.account_key = :account_key) AND t.opened_at < :until
        AND (t.closed_at IS NULL OR t.closed_at >= :since)
        AND (:priority IS NULL OR t.priority = :priority)"""
_ORDER = " ORDER BY t.opened_at, t.ticket_id"
_SPAN = " AND t.account_key BETWEEN :first AND :last"


def read_service_tickets(
    db: Database,
    *,
    since: dt.date,
    until: dt.datetime,
    account_key: int | None = None,
    priority: str | None = None,
    span: tuple[int, int] | None = None,
) -> list[ServiceTicket]:
    """Tickets that were open at any time from a day on, as they stand, opened before an instant.

    All of them, or those of an account, a priority, or a span of accounts: its first and last key.

    One that was closed after that instant was open then.
    """
    given: dict[str, str | int | None] = {
        "account_key": account_key,
        "priority": priority,
        "since": since.isoformat(),
        "until": f"{until:%Y-%m-%dT%H:%M:%SZ}",
    }
    statement = f"{_TICKETS}{_ORDER}"
    if span is not None:
        given |= {"first": span[0], "last": span[1]}
        statement = f"{_TICKETS}{_SPAN}{_ORDER}"
    return [_ticket(row, until) for row in plain_rows(db.connection, statement, given)]


def _ticket(row: Sequence[Any], until: dt.datetime) -> ServiceTicket:
    """As it was at an instant: what was answered or closed after it was open then."""
    return ServiceTicket(
        ticket_id=row[0],
        account_key=row[1],
        subject=row[2],
        driver=row[3],
        priority=row[4],
        opened_at=_instant(row[5]),
        first_response_at=_before(row[6], until),
        closed_at=_before(row[7], until),
        reopened=row[8],
        reassigned=row[9],
        asked_again=row[10],
        waiting_minutes=row[11],
        region=row[12],
    )


def account_groups(db: Database) -> dict[int, tuple[str, str | None, str | None]]:
    """By account: its name, its segment, and the day on which it began."""
    rows = plain_rows(
        db.connection, "SELECT account_key, name, segment, started_on FROM account", ()
    )
    return {key: (name, segment, started) for key, name, segment, started in rows}


def start_days(db: Database) -> dict[int, dt.date]:
    """By account, the day on which it became a customer, as far as is known."""
    rows = plain_rows(
        db.connection,
        "SELECT account_key, started_on FROM account WHERE started_on IS NOT NULL",
        (),
    )
    return {key: dt.date.fromisoformat(started) for key, started in rows}


def _instant(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


def _before(text: str | None, until: dt.datetime) -> dt.datetime | None:
    found = None if text is None else _instant(text)
    return found if found is not None and found < until else None
