"""What the snapshots of reviews hold of an account that is erased: its texts go, figures stay."""

import json
import re
from collections.abc import Collection
from typing import Any, Final

from cs_workbench.store.names_in_texts import ERASED
from cs_workbench.store.sqlite import Connection

# Codes of ours, our own people, and what the program says of figures.
_KEPT: Final = frozenset(
    (
        *("author", "band", "by", "category", "causes_since", "commitment_level", "csm"),
        *("currency", "deadline", "deadline_by", "forecast_id", "gate", "kind", "metric"),
        *("outcome", "owner", "priority", "risk", "role", "section", "segment", "state"),
        *("subscription_ids", "why"),
    )
)
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}(T[\d:.]+Z?)?")


def blank_reviews(connection: Connection, ids: Collection[str], new_id: str) -> int:
    """Blank the texts of an account in all snapshots; returns in how many.

    Args:
        connection: in a write.
        ids: of the account, former ones too.
        new_id: what it is called from now on.
    """
    count = 0
    rows = connection.execute("SELECT review_id, snapshot FROM review WHERE snapshot IS NOT NULL")
    for review_id, text in rows.fetchall():
        document = json.loads(text)
        blanked = _without(document, ids, new_id)
        if blanked != document:
            given = json.dumps(blanked, ensure_ascii=False)
            connection.execute(
                "UPDATE review SET snapshot = ? WHERE review_id = ?", (given, review_id)
            )
            count += 1
    return count


def _without(value: Any, ids: Collection[str], new_id: str) -> Any:
    """The value with what is of the account blanked, wherever it stands."""
    if isinstance(value, list):
        return [_without(one, ids, new_id) for one in value]
    if not isinstance(value, dict):
        return value
    if _account_of(value) in ids:
        return _blank(value, new_id)
    return {key: _without(one, ids, new_id) for key, one in value.items()}


def _account_of(value: dict[str, Any]) -> object:
    """Whose a row is: by its own id, or by that of the renewal that it is about."""
    renewal = value.get("renewal")
    return value.get("account_id") or (isinstance(renewal, dict) and renewal.get("account_id"))


def _blank(value: Any, new_id: str, key: str = "") -> Any:
    if isinstance(value, dict):
        return {name: _blank(one, new_id, name) for name, one in value.items()}
    if isinstance(value, list):
        return [_blank(one, new_id, key) for one in value]
    if not isinstance(value, str) or key in _KEPT or _DAY.fullmatch(value):
        return value
    return new_id if key == "account_id" else ERASED
