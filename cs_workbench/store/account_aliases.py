"""Other names of an account in files, as a person says them."""

from collections.abc import Sequence

from cs_workbench.errors import ConflictError
from cs_workbench.store.account_names import find_account
from cs_workbench.store.database import Database, write
from cs_workbench.store.imports import account_keys

SOURCE = "person"


def add_aliases(db: Database, account: str, texts: Sequence[str]) -> int:
    """Have ids, names or domains in files mean an account; returns how many are new.

    Raises:
        NotFoundError: there is no such account, or several fit.
        ConflictError: a text means another account already; nothing is kept.
    """
    key = find_account(db, account)
    with write(db) as connection:
        known = account_keys(connection, texts)
        taken = [text for text in texts if known.get(text, key) != key]
        if taken:
            raise ConflictError(f"{taken[0]!r} means another account already.")
        new = [text for text in dict.fromkeys(texts) if text not in known]
        connection.executemany(
            "INSERT INTO account_alias (source, alias, account_key) VALUES (?, ?, ?)",
            [(SOURCE, text, key) for text in new],
        )
    return len(new)
