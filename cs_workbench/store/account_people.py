"""Names of accounts and of who looks after them, for lists."""

from cs_workbench.core.usage_views import AccountName
from cs_workbench.store.database import Database

_NAMES = """SELECT a.account_key, a.account_id, a.name, coalesce(p.name, a.csm)
    FROM account a LEFT JOIN person p ON p.person_id = a.csm
        LEFT JOIN account_summary s ON s.account_key = a.account_key
    WHERE a.merged_into IS NULL AND NOT coalesce(s.is_former, 0)
        AND (:csm IS NULL OR lower(coalesce(p.name, a.csm)) = lower(:csm) OR a.csm = :csm)
    ORDER BY a.account_key"""


def customer_names(db: Database, csm: str | None = None) -> list[AccountName]:
    """The customers, or those that one CSM looks after, by their keys."""
    return [AccountName(*row) for row in db.connection.execute(_NAMES, {"csm": csm})]
