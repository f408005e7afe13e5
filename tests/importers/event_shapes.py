"""Files of events as tools export them, whose account stands in a group of a name of its own."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

CUSTOMERS = ("Kestrel", "Blue Harbor", "Kestrel", "nobody")
PEOPLE = ("u1", "u2", "u1", "u3")
SHAPES: dict[str, dict[str, Any]] = {
    "amplitude": {
        "uuid": "e{n}",
        "event_type": "login",
        "event_time": "2026-11-20 10:00:00",
        "user_id": "{user}",
        "groups": {"tenant": ["{firm}"], "site": ["HQ"]},
        "user_properties": {"plan": "team"},
    },
    "mixpanel": {
        "event": "Login",
        "properties": {
            "time": "1795400000",
            "distinct_id": "{user}",
            "$insert_id": "e{n}",
            "site_group": "HQ",
            "customer_key": "{firm}",
        },
    },
    "posthog": {
        "uuid": "e{n}",
        "event": "login",
        "timestamp": "2026-11-20T10:00:00Z",
        "distinct_id": "{user}",
        "properties": {"$groups": {"payer": "{firm}", "site": "HQ"}},
    },
    "segment": {
        "id": "e{n}",
        "event": "login",
        "user_id": "{user}",
        "timestamp": "2026-11-20T10:00:00Z",
        "site_group": "HQ",
        "payer": "{firm}",
    },
}


def filled(shape: Any, **texts: str) -> Any:
    """A record of that shape."""
    if isinstance(shape, dict):
        return {name: filled(one, **texts) for name, one in shape.items()}
    if isinstance(shape, list):
        return [filled(one, **texts) for one in shape]
    return shape.format(**texts)


def export(folder: Path, shape: Any, firms: Sequence[str] = CUSTOMERS) -> Path:
    """A file of events of that shape, one for each of the firms."""
    people = zip(firms, PEOPLE, strict=True)
    records = [filled(shape, n=str(n), firm=one, user=u) for n, (one, u) in enumerate(people)]
    path = folder / "events.jsonl"
    path.write_text("".join(f"{json.dumps(one)}\n" for one in records), "utf-8")
    return path
