"""Reading the people of an account and what is promised; the preview needs no more of a page."""

import datetime as dt
import json

from cs_workbench.core.page_people import PageContact, PagePromise
from cs_workbench.core.two_way import TWO_WAY
from cs_workbench.store.database import Database
from cs_workbench.store.known import IS_TWO_WAY

_CONTACTS = f"""SELECT contact_id, name, role, title, email, preferred_channel, opted_out, left_on,
    (SELECT max(occurred_at) FROM touchpoint t WHERE t.account_key = :key
        AND t.contact_id = c.contact_id AND occurred_at < :tomorrow AND {IS_TWO_WAY}) AS last_at
    FROM contact c WHERE account_key = :key"""
_RANKS = {role: rank for rank, role in enumerate(("champion", "decision maker", "sponsor", "user"))}


def load_contacts(db: Database, account_key: int, today: dt.date) -> tuple[PageContact, ...]:
    """Those who are there before those who left; by role, then by name."""
    rows = db.connection.execute(
        _CONTACTS,
        two_way_values(account_key, today),
    )
    found = [
        PageContact(
            contact_id=row["contact_id"],
            name=row["name"],
            role=row["role"],
            title=row["title"],
            email=row["email"],
            preferred_channel=row["preferred_channel"],
            opted_out=bool(row["opted_out"]),
            left_on=day_of(row["left_on"]),
            last_on=day_of(row["last_at"]),
        )
        for row in rows
    ]
    found.sort(key=lambda one: (one.left_on is not None, _RANKS.get(one.role or "", 9), one.name))
    return tuple(found)


def load_promises(db: Database, account_key: int) -> tuple[PagePromise, ...]:
    """What is open: ours before theirs, then by day."""
    rows = db.connection.execute(
        "SELECT promised_by, what, owner, made_on, due_on FROM promise WHERE account_key = ? "
        "AND state = 'open' ORDER BY promised_by = 'customer', due_on IS NULL, due_on, promise_id",
        (account_key,),
    )
    return tuple(
        PagePromise(
            by_us=row["promised_by"] == "us",
            what=row["what"],
            owner=row["owner"],
            made_on=dt.date.fromisoformat(row["made_on"]),
            due_on=day_of(row["due_on"]),
        )
        for row in rows
    )


def two_way_values(account_key: int, today: dt.date) -> dict[str, object]:
    """What `IS_TWO_WAY` asks of the touchpoints `:key` has before `:tomorrow`."""
    return {
        "key": account_key,
        "two_way": json.dumps(sorted(TWO_WAY)),
        "tomorrow": after(today),
    }


def after(day: dt.date) -> str:
    """The first instant after a day, as a prefix that sorts right."""
    return (day + dt.timedelta(1)).isoformat()


def day_of(text: str | None) -> dt.date | None:
    """The day of an ISO date or of a UTC instant."""
    return dt.date.fromisoformat(text[:10]) if text else None
