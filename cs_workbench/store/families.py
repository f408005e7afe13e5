"""Which accounts belong to which parent, and how they are scored."""

import json
from collections.abc import Iterable
from typing import Any

from cs_workbench.core.rollup import Member
from cs_workbench.store.known import plain_rows
from cs_workbench.store.sqlite import Connection

_MEMBERS = """SELECT a.account_key, a.account_id, a.name, coalesce(s.band, 'unknown'), s.points_e4,
        s.arr_minor, coalesce(s.currency, a.currency), coalesce(s.is_former, 0),
        EXISTS (SELECT 1 FROM subscription t WHERE t.account_key = a.account_key)
    FROM json_each(?) wanted CROSS JOIN account a ON a.account_key = wanted.value
    LEFT JOIN account_summary s ON s.account_key = a.account_key
    WHERE a.merged_into IS NULL ORDER BY wanted.key"""


def parents_of(connection: Connection) -> dict[int, int]:
    """The parent of each account that has one."""
    return dict(
        plain_rows(
            connection,
            "SELECT account_key, parent_key FROM account "
            "WHERE parent_key IS NOT NULL AND merged_into IS NULL",
            (),
        )
    )


def members(connection: Connection, account_keys: Iterable[int]) -> list[Member]:
    """Accounts as they are scored now, in the given order; merged ones are left out."""
    found = plain_rows(connection, _MEMBERS, (json.dumps(list(account_keys)),))
    return [_member(row) for row in found]


def _member(row: tuple[Any, ...]) -> Member:
    key, account_id, name, band, points, arr, currency, *flags = row
    is_former, has_contract = map(bool, flags)
    return Member(
        *(key, account_id, name, band, points, arr, currency),
        is_former=is_former,
        has_contract=has_contract,
    )
