"""A churn model in use, and what it said, with hostile texts wherever there are words."""

import json

from cs_workbench.store.sqlite import Connection
from tests.churn_records import record
from tests.factories import TODAY, insert

# Hashes and the model's own text: the program wrote them and reads them back by their shape.
OWN_CHURN = {
    ("churn_model", "hash"),
    ("churn_model", "text"),
    ("churn_switch", "hash"),
    ("churn_prediction", "hash"),
    ("churn_prediction", "features_hash"),
}
AT = f"{TODAY.isoformat()}T09:00:00Z"


def add_churn(connection: Connection, keys: list[int], texts: tuple[str, ...]) -> None:
    """A model, switched on, that spoke of every account; the ledger cannot be altered later."""
    model = {"hash": "c0ffee", "text": "{}", "may_be_on": 1, "as_of": TODAY.isoformat()}
    model |= {"record": json.dumps(record(texts[0])), "trained_at": AT, "actor": texts[0]}
    insert(connection, "churn_model", model)
    for text in texts:
        switch = {"hash": "c0ffee", "at": AT, "actor": text, "reason": text}
        insert(connection, "churn_switch", switch)
    for number, (key, text) in enumerate(zip(keys, texts, strict=True)):
        add_prediction(connection, key, text, number)


def add_prediction(connection: Connection, key: int, text: str, number: int = 0) -> None:
    """What the model `c0ffee` said of an account."""
    line = {
        "hash": "c0ffee",
        "as_of": TODAY.isoformat(),
        "account_key": key,
        "probability_e6": 340_000 + number,
        "low_e6": 210_000,
        "high_e6": 490_000,
        "window_from": TODAY.isoformat(),
        "window_to": "2027-02-21",
        "arr_minor": 41_200_000,
        "currency": "USD",
        "features_hash": "f",
        "contributions": json.dumps(
            [-2.5, ["silence", 1.4, text, text], ["nps", 0.437, text[:40], "last NPS answer"]]
        ),
    }
    insert(connection, "churn_prediction", line)
