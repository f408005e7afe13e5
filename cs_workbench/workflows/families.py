"""The family of one account: its parent, what is below it, and what they come to together."""

from pathlib import Path

from cs_workbench.core.rollup import FamilyHealth, depths_below, roll_up
from cs_workbench.core.scorecards import Scorecard
from cs_workbench.store.database import Database, snapshot
from cs_workbench.store.families import members, parents_of
from cs_workbench.store.sqlite import Connection
from cs_workbench.workflows.scorecards import scorecard_at


def family_of(db: Database, account_key: int, scorecard: Path | None) -> FamilyHealth | None:
    """The account's family; None where it has neither a parent nor anything below.

    Raises:
        NotFoundError, InputError: `scorecard` cannot be read.
    """
    with snapshot(db) as connection:
        parents = parents_of(connection)
        if account_key not in parents and account_key not in parents.values():
            return None
        return _read(connection, parents, account_key, scorecard_at(scorecard))


def _read(
    connection: Connection, parents: dict[int, int], key: int, card: Scorecard
) -> FamilyHealth | None:
    depths = depths_below(parents, key)
    found = members(connection, [key, *depths])
    under = tuple((depths[one.account_key], one) for one in found if one.account_key in depths)
    above = members(connection, [parents[key]]) if key in parents else []
    if not under and not above:
        return None
    top = parents.get(key, key)
    whole = members(connection, [top, *depths_below(parents, top)]) if above else []
    return FamilyHealth(
        parent=above[0] if above else None,
        parent_rollup=roll_up(whole, card),
        below=under,
        rollup=roll_up(found, card) if under else None,
    )
