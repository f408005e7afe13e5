"""Orders of the book by a column of few values: stage, CSM, segment, region, industry."""

from array import array

from cs_workbench.store.account_query import GROUP_SORTS, MANY, AccountQuery
from cs_workbench.store.key_lists import json_of, keys_of
from cs_workbench.store.sqlite import Connection

_STAGES = ("onboarding", "adopting", "mature", "renewing", "churned", "won back")


def in_groups(connection: Connection, keys: "array[int]", query: AccountQuery) -> "array[int]":
    """The same keys by a column of few values, each group worst first."""
    is_few = len(keys) < MANY
    few = " WHERE account_key IN (SELECT value FROM json_each(?))" if is_few else ""
    groups = connection.execute(
        f"SELECT {GROUP_SORTS[query.sort]}, json_group_array(account_key) FROM account a{few} "
        "GROUP BY 1",
        (json_of(keys),) if is_few else (),
    ).fetchall()
    places = ranks(connection, query, {value for value, _ in groups})
    highest = max(keys, default=0)
    rank_of = array("l", [0]) * (highest + 1)  # by key: they are numbered one after the other
    for value, listed in groups:
        for key in keys_of(listed):
            if key <= highest:
                rank_of[key] = places[value]
    parts = [array("q") for _ in places]
    for key in keys:
        parts[rank_of[key]].append(key)
    found = array("q")
    for part in parts:
        found += part
    return found


def ranks(
    connection: Connection, query: AccountQuery, values: set[str | None]
) -> dict[str | None, int]:
    """The place of each of these values in the order; what has none comes last."""
    known = [value for value in values if value is not None]
    if query.sort == "stage":
        known.sort(key=_STAGES.index, reverse=query.descending)
    elif query.sort == "csm":
        names = dict(connection.execute("SELECT person_id, name FROM person").fetchall())
        known.sort(key=lambda value: (names[value].casefold(), value), reverse=query.descending)
    else:
        known.sort(key=str.casefold, reverse=query.descending)
    return {value: rank for rank, value in enumerate([*known, None])}
