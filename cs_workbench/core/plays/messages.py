"""A message to a customer, from draft to sent."""

import datetime as dt
import re
from dataclasses import dataclass
from typing import Literal

from cs_workbench.core.playbooks.model import ContactKind

MessageState = Literal["draft", "approved", "sent", "dropped"]
_GAP = re.compile(r"▢ \{\{ ([a-z_.\[\]]+) \}\}")


@dataclass(frozen=True)
class Message:
    """What is drafted for a customer in a step of a play.

    Attributes:
        contact_id: None where nobody fits; then it cannot be sent.
        override_reason: why it goes out beyond a cap.
    """

    message_id: str
    account_key: int
    play_id: str
    step_id: str
    contact_id: str | None
    channel: str
    kind: ContactKind
    subject: str
    body: str
    state: MessageState
    author: str
    drafted_on: dt.date
    approved_by: str | None = None
    sent_on: dt.date | None = None
    override_reason: str | None = None


def gaps_in(text: str) -> tuple[str, ...]:
    """The names of what is still to be filled in a text."""
    return tuple(dict.fromkeys(_GAP.findall(text)))
