"""What we began with an account, and whether something speaks against more of it."""

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

from cs_workbench.core.contact_caps import Outreach
from cs_workbench.store.database import Database
from cs_workbench.store.known import plain_rows

_OUTREACH: Final = "occurred_at, channel, contact_id, kind"


def read_outreach(db: Database, account_key: int, since: dt.date) -> list[Outreach]:
    """Our own contacts with an account from a day on, newest first."""
    rows = db.connection.execute(
        f"SELECT {_OUTREACH} FROM touchpoint WHERE account_key = ? "
        "AND direction = 'outbound' AND occurred_at >= ? ORDER BY occurred_at DESC",
        (account_key, since.isoformat()),
    )
    return [_outreach(row) for row in rows]


def outreach_of(
    db: Database, account_keys: Iterable[int], since: dt.date
) -> Iterator[tuple[int, list[Outreach]]]:
    """The same of many accounts, by key; those that we began nothing with are left out."""
    rows = plain_rows(
        db.connection,
        f"SELECT {_OUTREACH}, account_key FROM touchpoint "
        "WHERE account_key IN (SELECT value FROM json_each(?)) "
        "AND direction = 'outbound' AND occurred_at >= ? ORDER BY account_key, occurred_at DESC",
        (json.dumps(list(account_keys)), since.isoformat()),
    )
    for key, some in groupby(rows, key=itemgetter(4)):
        yield key, [_outreach(row) for row in some]


def _outreach(row: Sequence[Any]) -> Outreach:
    at, channel, who, kind = row[:4]
    return Outreach(dt.date.fromisoformat(at[:10]), channel, who, kind)


def open_complaints(db: Database, account_key: int) -> int:
    """How many complaints are open: while there is one, no other outreach goes out."""
    (count,) = db.connection.execute(
        "SELECT count(*) FROM complaint WHERE account_key = ? AND state <> 'closed'",
        (account_key,),
    ).fetchone()
    return int(count)


def preferred_channel(db: Database, account_key: int, contact_id: str | None) -> str | None:
    """The channel that the contact, or else the account, wants; None: nobody said."""
    row = db.connection.execute(
        "SELECT coalesce((SELECT preferred_channel FROM contact WHERE contact_id = ?), "
        "preferred_channel) FROM account WHERE account_key = ?",
        (contact_id, account_key),
    ).fetchone()
    return None if row is None else row[0]


def has_opted_out(db: Database, contact_id: str) -> bool:
    """Whether the contact wants to hear nothing from us that they did not ask for."""
    row = db.connection.execute(
        "SELECT opted_out FROM contact WHERE contact_id = ?", (contact_id,)
    ).fetchone()
    return row is not None and bool(row[0])
