"""Fields of one account as they are stored."""

from collections.abc import Sequence

from cs_workbench.errors import NotFoundError
from cs_workbench.store.database import Database
from cs_workbench.store.entities import ENTITIES, Value


def read_fields(db: Database, account_key: int, names: Sequence[str]) -> dict[str, Value]:
    """The values of these columns.

    Raises:
        NotFoundError: the account is gone.
        ValueError: a column that is not one of an account.
    """
    unknown = set(names) - ENTITIES["account"].fields
    if unknown:
        raise ValueError(f"an account has no {unknown}")
    row = db.connection.execute(
        f"SELECT {', '.join(names)} FROM account WHERE account_key = ?", (account_key,)
    ).fetchone()
    if row is None:
        raise NotFoundError("This account is gone. Refresh the list.")
    return dict(zip(names, row, strict=True))
