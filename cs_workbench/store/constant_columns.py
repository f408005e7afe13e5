"""Which columns would say the same in every row of a list, so that its title can say it once."""

from collections.abc import Iterable, Sequence

from cs_workbench.store.database import Database
from cs_workbench.store.key_lists import json_of
from cs_workbench.store.sqlite import Connection

# The columns of the list by their names there.
_COLUMNS = {"csm": "csm", "segment": "segment", "stage": "lifecycle_stage"}
PART = 5_000
SAMPLE = 200  # accounts that in most lists differ already; so many are looked at first
_WANTED = "account_key IN (SELECT value FROM json_each(?))"


def constant_columns(db: Database, keys: Sequence[int]) -> dict[str, str | None]:
    """The columns that all of these accounts have the same value in, and the value.

    None is the value where none of them has one. One account alone has nothing in common.
    """
    if len(keys) < 2:
        return {}
    connection = db.connection
    found = _same(connection, _COLUMNS, keys[:SAMPLE])
    if len(keys) > SAMPLE:
        found = {name: one for name, one in found.items() if _holds(connection, name, one, keys)}
    return {name: _shown(connection, name, one) for name, one in found.items()}


def _same(
    connection: Connection, names: Iterable[str], keys: Sequence[int]
) -> dict[str, str | None]:
    asked = ", ".join(
        f"min({_COLUMNS[name]}) IS max({_COLUMNS[name]}) "
        f"AND count({_COLUMNS[name]}) IN (0, count(*)), min({_COLUMNS[name]})"
        for name in names
    )
    row = connection.execute(
        f"SELECT {asked} FROM account WHERE {_WANTED}", (json_of(keys),)
    ).fetchone()
    pairs = zip(names, row[::2], row[1::2], strict=True)
    return {name: value for name, is_same, value in pairs if is_same}


def _holds(connection: Connection, name: str, value: str | None, keys: Sequence[int]) -> bool:
    """Whether none of these accounts differs; ends at the first part in which one does."""
    differs = f"SELECT EXISTS (SELECT 1 FROM account WHERE {_COLUMNS[name]} IS NOT ?"
    if not connection.execute(f"{differs})", (value,)).fetchone()[0]:
        return True
    for begin in range(0, len(keys), PART):
        part = json_of(keys[begin : begin + PART])
        if connection.execute(f"{differs} AND {_WANTED})", (value, part)).fetchone()[0]:
            return False
    return True


def _shown(connection: Connection, name: str, value: str | None) -> str | None:
    """People are known by their id, and shown by their name."""
    if name != "csm" or value is None:
        return value
    row = connection.execute("SELECT name FROM person WHERE person_id = ?", (value,)).fetchone()
    return value if row is None else str(row[0])
