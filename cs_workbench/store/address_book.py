"""Whose an e-mail address is, and which contacts came in from outside before."""

import json
from collections.abc import Sequence

from cs_workbench.core.outside_contacts import AddressBook
from cs_workbench.store.database import Database


def read_address_book(db: Database) -> AddressBook:
    """Addresses of contacts, and domains that only one account has."""
    contacts = {
        str(email).casefold(): (int(key), str(contact_id))
        for email, key, contact_id in db.connection.execute(
            "SELECT email, account_key, contact_id FROM contact WHERE email IS NOT NULL"
        )
    }
    domains = {
        str(domain): int(key)
        for domain, key in db.connection.execute(
            "SELECT lower(domain), min(account_key) FROM account WHERE domain IS NOT NULL "
            "AND merged_into IS NULL GROUP BY lower(domain) HAVING count(*) = 1"
        )
    }
    return AddressBook(contacts, domains)


def known_touchpoints(db: Database, ids: Sequence[str]) -> set[str]:
    """Which of these contacts are there already."""
    rows = db.connection.execute(
        "SELECT touchpoint_id FROM touchpoint "
        "WHERE touchpoint_id IN (SELECT value FROM json_each(?))",
        (json.dumps(list(ids)),),
    )
    return {str(row[0]) for row in rows}
