"""Renewals without an outcome, and writing how they ended."""

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from cs_workbench.core.forecasts import Notice, Outcome
from cs_workbench.core.renewal_terms import Renewal
from cs_workbench.store.facts import date_of
from cs_workbench.store.known import plain_rows
from cs_workbench.store.renewals import RENEWAL, RENEWAL_COLUMNS, renewal_of
from cs_workbench.store.sqlite import Connection
from cs_workbench.store.statements import end_of_day, notice_of

_UNDECIDED = f"""SELECT {RENEWAL}, r.account_key, r.filed_as, r.known_from,
        n.notice_id, n.account_key, n.renewal_end, n.received_on, n.given_by, n.scope,
        n.part_minor, n.currency, n.document, n.author, n.made_at
    FROM renewal r LEFT JOIN notice n ON n.rowid = (SELECT rowid FROM notice
        WHERE account_key = r.account_key AND renewal_end = r.filed_as AND made_at <= :until
        ORDER BY made_at DESC, notice_id DESC LIMIT 1)
    WHERE r.account_key BETWEEN :first AND :last AND r.known_to IS NULL AND r.known_from <= :today
        AND (r.renewed_on IS NOT NULL OR r.is_cancelled OR r.deadline < :today
            OR r.notice_date < :today OR r.end_date < :today)
        AND NOT EXISTS (SELECT 1 FROM renewal_outcome o WHERE o.account_key = r.account_key
            AND o.renewal_end = r.filed_as AND o.currency = r.currency)
    ORDER BY r.account_key, r.end_date"""
_COLUMNS = (
    "outcome_id, account_key, renewal_end, ending, how, closed_on, due_minor, renewed_minor, "
    "currency, author, made_at, reason, corrects"
)


class Undecided(NamedTuple):
    """A renewal that may have ended, and since when it was known so."""

    account_key: int
    filed_as: dt.date
    known_from: dt.date
    renewal: Renewal
    notice: Notice | None


def spans_of_renewals(connection: Connection, accounts: int) -> Iterator[tuple[int, int]]:
    """Ranges of keys of so many accounts that all renewals together lie in."""
    first, last = next(
        plain_rows(connection, "SELECT min(account_key), max(account_key) FROM renewal", ())
    )
    if first is not None:
        yield from ((at, at + accounts - 1) for at in range(first, last + 1, accounts))


def undecided(connection: Connection, today: dt.date, span: tuple[int, int]) -> list[Undecided]:
    """Renewals without an outcome of which something says that they may be over.

    Args:
        connection: of the portfolio.
        today: the day.
        span: the first and the last key of the accounts that are looked at.
    """
    first, last = span
    given = {
        "today": today.isoformat(),
        "until": end_of_day(today),
        "first": first,
        "last": last,
    }
    found = []
    for row in plain_rows(connection, _UNDECIDED, given):
        key, filed, known = row[RENEWAL_COLUMNS : RENEWAL_COLUMNS + 3]
        given_notice = row[RENEWAL_COLUMNS + 3 :]
        notice = None if given_notice[0] is None else notice_of(given_notice)
        found.append(Undecided(key, _day(filed), _day(known), renewal_of(row), notice))
    return found


def save_outcomes(connection: Connection, outcomes: Iterable[Outcome]) -> None:
    """Write outcomes; one that is there already stays as it is."""
    connection.executemany(
        f"INSERT INTO renewal_outcome ({_COLUMNS}) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (
            tuple(value.isoformat() if isinstance(value, dt.date) else value for value in one)
            for one in outcomes
        ),
    )


def _day(text: str) -> dt.date:
    day = date_of(text)
    assert day is not None  # noqa: S101 - the table says so
    return day
