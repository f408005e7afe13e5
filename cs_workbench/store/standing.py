"""Which override stands on a day: what the list reads, so it loads little."""

import datetime as dt
from typing import TYPE_CHECKING

from cs_workbench.store.database import Database

if TYPE_CHECKING:
    from cs_workbench.core.judgements import Override

# Of a table called v, on the day :today; as `Override.stands_on`.
STANDS = (
    "v.made_on <= :today AND v.expires_on >= :today "
    "AND (v.withdrawn_on IS NULL OR v.withdrawn_on > :today)"
)
COLUMNS = (
    "v.override_id, v.band, v.points_e4, v.reason, coalesce(w.name, v.author) AS author, "
    "v.made_on, v.expires_on"
)
NEWEST = "v.made_on DESC, v.override_id DESC"
# The override of an account `a` as one value for `unpacked`; NULL where none stands.
PACKED = f"""(SELECT json_array({COLUMNS.replace(" AS author", "")})
    FROM override v LEFT JOIN person w ON w.person_id = v.author
    WHERE v.account_key = a.account_key AND {STANDS} ORDER BY {NEWEST} LIMIT 1)"""


def unpacked(text: str | None) -> "Override | None":
    """What `PACKED` gives."""
    if text is None:
        return None
    import json

    from cs_workbench.core.judgements import Override

    override_id, band, points, reason, author, made, expires = json.loads(text)
    return Override(override_id, band, points, reason, author, _day(made), _day(expires))


def standing_override(db: Database, account_key: int, day: dt.date) -> "Override | None":
    """The newest override of an account that stands on a day."""
    row = db.connection.execute(
        f"SELECT {PACKED} FROM account a WHERE a.account_key = :account_key",
        {"account_key": account_key, "today": day.isoformat()},
    ).fetchone()
    return None if row is None else unpacked(row[0])


def _day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)
