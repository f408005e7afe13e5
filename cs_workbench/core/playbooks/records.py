"""What *record* steps write, and which values they need for it."""

from collections.abc import Mapping
from dataclasses import dataclass

from cs_workbench.core.playbooks.model import Recorded


@dataclass(frozen=True)
class RecordShape:
    """The values of one kind of record: without those needed a person is asked first."""

    needed: tuple[str, ...]
    optional: tuple[str, ...] = ()

    @property
    def all(self) -> tuple[str, ...]:
        """All of them."""
        return (*self.needed, *self.optional)


RECORD_SHAPES: Mapping[Recorded, RecordShape] = {
    "touchpoint": RecordShape(
        ("channel", "direction", "summary"), ("kind", "contact", "sentiment", "reason")
    ),
    "promise": RecordShape(("by", "what"), ("due", "contact", "owner")),
    "next step": RecordShape(("text",), ("due", "owner")),
    "forecast": RecordShape(
        ("category", "narrative"),
        ("amount", "probability", "risk", "reason", "missing", "missing_by"),
    ),
    "commitment": RecordShape(("level", "signer", "evidence"), ("date", "amount", "term")),
    "goal": RecordShape(
        ("what",), ("measure", "unit", "baseline", "target", "due", "contact", "confirmed_by")
    ),
    "contact role": RecordShape(("contact", "role")),
    "sentiment": RecordShape(("value", "reason")),
    "concession": RecordShape(("kind", "reason", "cost")),
    "exit reason": RecordShape(("view", "reason"), ("detail", "said", "competitor")),
}
