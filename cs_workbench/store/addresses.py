"""Whose an address is: by a contact's own address, else by the account's domain."""

import json
from collections.abc import Sequence

from cs_workbench.store.database import Database


def accounts_by_address(db: Database, addresses: Sequence[str]) -> list[tuple[int, str, str]]:
    """The key, id and name of the accounts that addresses belong to; contacts come first."""
    wanted = [one.strip().casefold() for one in addresses if "@" in one]
    domains = [one.rpartition("@")[2] for one in wanted]
    rows = db.connection.execute(
        """SELECT DISTINCT a.account_key, a.account_id, a.name FROM (
            SELECT account_key, 0 AS place FROM contact
                WHERE lower(email) IN (SELECT value FROM json_each(:addresses))
            UNION ALL SELECT account_key, 1 FROM account
                WHERE lower(domain) IN (SELECT value FROM json_each(:domains))) AS found
        JOIN account a ON a.account_key = found.account_key AND a.merged_into IS NULL
        ORDER BY found.place, a.account_key""",
        {"addresses": json.dumps(wanted), "domains": json.dumps(domains)},
    )
    return [(row[0], row[1], row[2]) for row in rows]
