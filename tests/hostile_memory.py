"""One row for each account in every table of what people remember, for `tests/hostile.py`."""

from typing import Any

from cs_workbench.store.sqlite import Connection
from tests.factories import TODAY, insert

DAY_TEXT = TODAY.isoformat()
MONEY = {"currency": "USD"}
ROWS: dict[str, dict[str, Any]] = {
    "goal": {"what": "w", "state": "open", "said_on": DAY_TEXT, "author": "a"},
    "pain_point": {"what": "w", "said_on": DAY_TEXT, "author": "a"},
    "concession": {
        **MONEY,
        "kind": "refund",
        "reason": "r",
        "cost_minor": 100,
        "state": "proposed",
        "asked_on": DAY_TEXT,
        "author": "a",
    },
    "imposed_change": {"kind": "price", "what": "w", "announced_on": DAY_TEXT, "author": "a"},
    "product_request": {"what": "w", "asked_on": DAY_TEXT, "state": "open", "author": "a"},
    "exit_reason": {"view": "stated", "reason": "price", "noted_on": DAY_TEXT, "author": "a"},
    "mention": {"source": "s", "said_on": DAY_TEXT, "text": "t", "severity": "low"},
    "note": {"written_on": DAY_TEXT, "text": "t", "author": "a"},
    "incident": {
        "shared": "s",
        "what": "w",
        "severity": "high",
        "began_on": DAY_TEXT,
        "author": "a",
    },
    "complaint": {
        "what": "w",
        "severity": "high",
        "owner": "o",
        "state": "received",
        "arrived_on": DAY_TEXT,
        "author": "a",
    },
}
STEP = {"state": "received", "reached_on": DAY_TEXT, "author": "a"}
OURS = {
    "as_of": DAY_TEXT,
    "points_e4": 400_000,
    "band": "red",
    "coverage_e4": 9_000,
    "low_e4": 1,
    "high_e4": 2,
    "scorecard_hash": "ours",
    "input_hash": "h",
    "contributions": "[]",
}


def add_memory(connection: Connection, key: int, number: int) -> None:
    """The rows of one account; the texts are put into them afterwards."""
    for table, row in ROWS.items():
        insert(connection, table, {**row, f"{table}_id": f"{table}-{number}", "account_key": key})
    step = {"complaint_step_id": f"step-{number}", "complaint_id": f"complaint-{number}"}
    insert(connection, "complaint_step", {**step, "account_key": key, **STEP})
    connection.execute("INSERT OR IGNORE INTO scorecard (hash, text) VALUES ('ours', 'x')")
    insert(connection, "loyalty_score", {"account_key": key, **OURS})
    asked = {"invitation_id": f"i{number}", "account_key": key, "kind": "nps", "sent_on": DAY_TEXT}
    insert(connection, "survey_invitation", asked)
    both = {"field_conflict_id": f"c{number}", "of_entity": "account", "of_id": str(key)}
    both |= {"of_field": "name", "mine": '"m"', "theirs": '"t"'}
    insert(connection, "field_conflict", both)
    theme = {"theme_name_id": f"n{number}", "terms": f"{number}", "name": "n", "author": "a"}
    insert(connection, "theme_name", theme)
    given = {"hand_over_id": f"h{number}", "from_person": "a", "to_person": "b", "author": "a"}
    given |= {"begins_on": DAY_TEXT, "made_on": DAY_TEXT, "state": "begun", "accounts": "[]"}
    insert(connection, "hand_over", given)
    field = f"own_{number}"
    insert(connection, "custom_field", {"custom_field_id": field, "label": "l", "type": "text"})
    value = {"custom_value_id": f"v{number}", "account_key": key, "custom_field_id": field}
    insert(connection, "custom_value", {**value, "value": "v"})
