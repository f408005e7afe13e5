"""Periods that are closed: what their numbers were, which never changes again."""

import datetime as dt
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from cs_workbench.errors import ConflictError
from cs_workbench.store.database import utc_now
from cs_workbench.store.known import plain_rows
from cs_workbench.store.sqlite import Connection

Position = tuple[int, str, int]


@dataclass(frozen=True, slots=True)
class ClosedPeriod:
    """A snapshot.

    Attributes:
        first_day, last_day: of the period, both inside.
        closed_on: the portfolio's day, `closed_at` the instant (UTC).
        policy_hash: of the policy that was applied; its text is kept too.
        document: what `csw metrics --json` said.
    """

    name: str
    first_day: dt.date
    last_day: dt.date
    closed_on: dt.date
    closed_at: str
    actor: str
    policy_hash: str
    document: dict[str, Any]

    @property
    def words(self) -> str:
        """The sentence that stands over its numbers."""
        return f"Closed on {self.closed_on} by {self.actor}; never restated."


_COLUMNS = "name, first_day, last_day, closed_on, closed_at, actor, policy_hash, document"


def closed_periods(connection: Connection) -> list[ClosedPeriod]:
    """All of them, the oldest first."""
    rows = plain_rows(
        connection, f"SELECT {_COLUMNS} FROM closed_period ORDER BY last_day, first_day", ()
    )
    return [_period(row) for row in rows]


def closed_period(
    connection: Connection, first_day: dt.date, last_day: dt.date
) -> ClosedPeriod | None:
    """The snapshot of exactly these days, whatever it was called."""
    rows = plain_rows(
        connection,
        f"SELECT {_COLUMNS} FROM closed_period WHERE first_day = ? AND last_day = ?",
        (first_day.isoformat(), last_day.isoformat()),
    )
    row = rows.fetchone()
    return None if row is None else _period(row)


def closing_positions(
    connection: Connection, last_day: dt.date, known_on: dt.date
) -> dict[int, dict[str, int]] | None:
    """What each account paid at the end of a day that closed a period by then; None: none did.

    By account (of merged ones, that which is left) and currency, in minor units.
    """
    row = plain_rows(
        connection,
        "SELECT name FROM closed_period WHERE last_day = ? AND closed_on <= ? "
        "ORDER BY first_day DESC LIMIT 1",
        (last_day.isoformat(), known_on.isoformat()),
    ).fetchone()
    if row is None:
        return None
    found: dict[int, dict[str, int]] = {}
    for key, currency, minor in plain_rows(
        connection,
        "SELECT coalesce(a.merged_into, a.account_key), p.currency, p.arr_minor "
        "FROM closed_position p JOIN account a USING (account_key) WHERE p.period = ?",
        (row[0],),
    ):
        amounts = found.setdefault(key, {})
        amounts[currency] = amounts.get(currency, 0) + minor
    return found


def close_period(
    connection: Connection, period: ClosedPeriod, *, policy: str, positions: Iterable[Position]
) -> None:
    """Keep a period's numbers for good, inside `write(db)`.

    Raises:
        ConflictError: it is closed already.
    """
    there = closed_period(connection, period.first_day, period.last_day)
    named = plain_rows(
        connection, "SELECT 1 FROM closed_period WHERE name = ?", (period.name,)
    ).fetchone()
    if there is not None or named is not None:
        name = period.name if there is None else there.name
        raise ConflictError(
            f"{name} is closed already and is never restated. What is found now counts in the "
            "next period that is open."
        )
    connection.execute(
        "INSERT INTO closed_period (name, first_day, last_day, closed_on, closed_at, actor, "
        "policy_hash, policy, document) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            period.name,
            period.first_day.isoformat(),
            period.last_day.isoformat(),
            period.closed_on.isoformat(),
            utc_now(),
            period.actor,
            period.policy_hash,
            policy,
            json.dumps(period.document),
        ),
    )
    connection.executemany(
        "INSERT INTO closed_position (period, account_key, currency, arr_minor) "
        "VALUES (?, ?, ?, ?)",
        ((period.name, *one) for one in positions),
    )


def _period(row: tuple[Any, ...]) -> ClosedPeriod:
    name, first, last, on, at, actor, policy_hash, document = row
    days = [dt.date.fromisoformat(text) for text in (first, last, on)]
    return ClosedPeriod(
        name, days[0], days[1], days[2], at, actor, policy_hash, json.loads(document)
    )
