"""Overrides: a person's own call on an account's band, for some weeks, beside the score."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from cs_workbench.core.ids import new_id
from cs_workbench.core.judgements import Override
from cs_workbench.store.changes import Change
from cs_workbench.store.database import Database
from cs_workbench.store.entities import Value
from cs_workbench.store.sqlite import Row
from cs_workbench.store.standing import COLUMNS, NEWEST, STANDS

_LINES = f"""SELECT a.account_key, a.account_id, a.name, {COLUMNS}, v.withdrawn_on,
        coalesce(x.name, v.withdrawn_by) AS withdrawn_by
    FROM override v JOIN account a ON a.account_key = v.account_key
        LEFT JOIN person w ON w.person_id = v.author
        LEFT JOIN person x ON x.person_id = v.withdrawn_by
    WHERE ({STANDS} OR :everything) AND (:account_key IS NULL OR v.account_key = :account_key)
    ORDER BY {NEWEST}"""


@dataclass(frozen=True, slots=True)
class OverrideLine:
    """An override as it is listed."""

    account_key: int
    account_id: str
    name: str
    override: Override


def list_overrides(
    db: Database, *, today: dt.date, account_key: int | None = None, everything: bool = False
) -> list[OverrideLine]:
    """Overrides, newest first.

    Args:
        db: the portfolio.
        today: those that stand on it.
        account_key: only of this account.
        everything: also those that are over.
    """
    given = {"today": today.isoformat(), "account_key": account_key, "everything": everything}
    return [_line(row) for row in db.connection.execute(_LINES, given)]


def new_override(account_key: int, override: Override) -> Change:
    """The change that inserts an override, with an id of its own."""
    row: dict[str, Value] = {
        "account_key": account_key,
        "band": override.band,
        "points_e4": override.points_e4,
        "reason": override.reason,
        "author": override.author,
        "made_on": override.made_on.isoformat(),
        "expires_on": override.expires_on.isoformat(),
    }
    day = override.made_on.isoformat()
    return Change("override", override.override_id or new_id(), new=row, effective_on=day)


def withdrawals(db: Database, account_key: int, *, actor: str, today: dt.date) -> Iterator[Change]:
    """The changes that end every override of an account that stands."""
    day = today.isoformat()
    for line in list_overrides(db, today=today, account_key=account_key):
        for field, new in (("withdrawn_on", day), ("withdrawn_by", actor)):
            yield Change("override", line.override.override_id, field, new=new, effective_on=day)


def _line(row: Row) -> OverrideLine:
    override = Override(
        row["override_id"],
        row["band"],
        row["points_e4"],
        row["reason"],
        row["author"],
        _day(row["made_on"]),
        _day(row["expires_on"]),
        _day(row["withdrawn_on"]) if row["withdrawn_on"] else None,
        row["withdrawn_by"],
    )
    return OverrideLine(row["account_key"], row["account_id"], row["name"], override)


def _day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)
