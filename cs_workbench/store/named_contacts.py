"""Which contact of an account a file means, that names people but not by our ids."""

import json
from collections.abc import Collection

from cs_workbench.core.named_people import people_named
from cs_workbench.core.text import fold
from cs_workbench.store.sqlite import Connection


class NamedContacts:
    """Contacts of some accounts by their address and their name."""

    def __init__(self, connection: Connection, account_keys: Collection[int]) -> None:
        """Read the contacts of these accounts."""
        rows = connection.execute(
            "SELECT account_key, contact_id, name, email FROM contact "
            "WHERE account_key IN (SELECT value FROM json_each(?)) ORDER BY contact_id",
            (json.dumps(list(set(account_keys))),),
        )
        self._known: dict[tuple[int, str], set[str]] = {}
        for key, contact_id, *names in rows:
            for name in filter(None, names):
                self._known.setdefault((key, fold(name)), set()).add(contact_id)

    def find(self, account_key: int, text: str) -> str | None:
        """The first person of the text who is a contact of the account, and called so alone."""
        found = (self._known.get((account_key, name), set()) for name in people_named(text))
        return next((next(iter(ids)) for ids in found if len(ids) == 1), None)
