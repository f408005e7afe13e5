"""What a list of predictions says of each account beside its probability."""

import datetime as dt
from typing import NamedTuple

from cs_workbench.store.known import plain_rows
from cs_workbench.store.sqlite import Connection


class AccountBrief(NamedTuple):
    """An account's names, the newest forecast's category by the day, and whether a play runs."""

    account_key: int
    account_id: str
    name: str
    csm: str | None
    segment: str | None
    currency: str
    forecast: str | None
    is_treated: bool


def account_briefs(connection: Connection, as_of: dt.date) -> dict[int, AccountBrief]:
    """Of all accounts, by key."""
    found = plain_rows(
        connection,
        """SELECT a.account_key, a.account_id, a.name, p.name, a.segment,
            coalesce((SELECT s.currency FROM account_summary s
                WHERE s.account_key = a.account_key), a.currency),
            (SELECT f.category FROM forecast f WHERE f.account_key = a.account_key
                AND date(f.made_at) <= :day
                ORDER BY f.made_at DESC, f.forecast_id DESC LIMIT 1),
            EXISTS (SELECT 1 FROM play y WHERE y.account_key = a.account_key
                AND y.started_on <= :day AND y.state IN ('active', 'completed', 'abandoned')
                AND (y.ended_on IS NULL OR y.ended_on > :day))
        FROM account a LEFT JOIN person p ON p.person_id = a.csm WHERE a.merged_into IS NULL""",
        {"day": as_of.isoformat()},
    )
    return {row[0]: AccountBrief._make((*row[:7], bool(row[7]))) for row in found}
