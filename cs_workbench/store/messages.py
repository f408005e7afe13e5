"""Messages to customers as they are kept."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import fields
from typing import Any

from cs_workbench.core.plays.messages import Message
from cs_workbench.store.changes import Change
from cs_workbench.store.database import Database
from cs_workbench.store.entities import Value
from cs_workbench.store.sqlite import Row

_NAMES = tuple(one.name for one in fields(Message))
_DAYS = ("drafted_on", "sent_on")
_LINES = f"SELECT {', '.join(_NAMES)} FROM message"


def message_of_step(db: Database, play_id: str, step_id: str) -> Message | None:
    """The newest message of a step that was not dropped."""
    row = db.connection.execute(
        f"{_LINES} WHERE play_id = ? AND step_id = ? AND state <> 'dropped' "
        "ORDER BY message_id DESC LIMIT 1",
        (play_id, step_id),
    ).fetchone()
    return None if row is None else _message(row)


def new_message(message: Message) -> Change:
    """The change that inserts a message."""
    row = {name: _stored(getattr(message, name)) for name in _NAMES if name != "message_id"}
    day = message.drafted_on.isoformat()
    return Change("message", message.message_id, new=row, effective_on=day)


def message_changes(before: Message, after: Message, today: dt.date) -> Iterator[Change]:
    """The changes that make one of the other."""
    for name in _NAMES:
        value = getattr(after, name)
        if value != getattr(before, name):
            day = today.isoformat()
            yield Change("message", before.message_id, name, new=_stored(value), effective_on=day)


def _stored(value: Any) -> Value:
    stored: Value = value.isoformat() if isinstance(value, dt.date) else value
    return stored


def _message(row: Row) -> Message:
    values = dict(zip(_NAMES, row, strict=True))
    for name in _DAYS:
        values[name] = values[name] and dt.date.fromisoformat(values[name])
    return Message(**values)
