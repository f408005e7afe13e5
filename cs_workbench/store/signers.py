"""Who at a customer may have given a commitment."""

import datetime as dt
from typing import NamedTuple

from cs_workbench.core.text import fold
from cs_workbench.store.database import Database
from cs_workbench.store.facts import date_of


class Signer(NamedTuple):
    """A contact of an account, and when they left."""

    contact_id: str
    name: str
    role: str | None
    left_on: dt.date | None


def signers(db: Database, account_key: int) -> list[Signer]:
    """All contacts of an account, those who decide first, those who left last."""
    rows = db.connection.execute(
        "SELECT contact_id, name, role, left_on FROM contact WHERE account_key = ? "
        "ORDER BY left_on IS NOT NULL, CASE role WHEN 'decision maker' THEN 0 WHEN 'sponsor' "
        "THEN 1 WHEN 'champion' THEN 2 ELSE 3 END, name, contact_id",
        (account_key,),
    )
    return [Signer(row[0], row[1], row[2], date_of(row[3])) for row in rows]


def signer_named(known: list[Signer], text: str) -> Signer | None:
    """The contact that a name or id means: the whole of it, else the only one it is a part of."""
    wanted = fold(text.strip())
    exact = [one for one in known if wanted in {fold(one.name), fold(one.contact_id)}]
    if exact:
        return exact[0]
    part = [one for one in known if wanted and wanted in fold(one.name)]
    return part[0] if len(part) == 1 else None
