"""What was written down, in one line: for undo, for the log of changes, for lists."""

from collections.abc import Callable, Mapping

from cs_workbench.core import memory
from cs_workbench.core.dates import short_date
from cs_workbench.core.goals import span_text
from cs_workbench.core.money import short_told

SHOWN = 60


def tell_touch(one: memory.Touchpoint) -> str:
    """`logged call: dispatch is down`."""
    return _told(f"logged {one.kind or one.channel}", one.summary)


def tell_promise(one: memory.Promise) -> str:
    """`we promise: refund, due 27 Nov`."""
    due = f", due {short_date(one.due_on)}" if one.due_on else ""
    who = "we promise" if one.promised_by == "us" else "they promise"
    return f"{who}: {cut(one.what)}{due}"


def tell_goal(one: memory.Goal) -> str:
    """`goal: dispatch time 14 → 9 min`."""
    return f"goal: {cut(one.what)} {span_text(one)}".rstrip()


def tell_concession(one: memory.Concession) -> str:
    """`concession proposed: refund 1.2k USD`."""
    return f"concession {one.state}: {told_cost(one)}"


def told_cost(one: memory.Concession) -> str:
    """`refund 1.2k USD`."""
    return f"{one.kind} {short_told(one.cost_minor, one.currency)}"


def tell_complaint(one: memory.Complaint) -> str:
    """`complaint, urgent: data was lost`."""
    return f"complaint, {one.severity}: {cut(one.what)}"


_WORDS: Mapping[type, Callable[..., str]] = {
    memory.Touchpoint: tell_touch,
    memory.Promise: tell_promise,
    memory.Goal: tell_goal,
    memory.PainPoint: lambda one: f"pain point: {cut(one.what)}",
    memory.Concession: tell_concession,
    memory.ImposedChange: lambda one: f"from us, {one.kind}: {cut(one.what)}",
    memory.ProductRequest: lambda one: f"product request: {cut(one.what)}",
    memory.Complaint: tell_complaint,
    memory.ComplaintStep: lambda one: f"complaint {one.state}",
    memory.ExitReason: lambda one: _told(f"exit reason {one.view}: {one.reason}", one.detail),
    memory.Note: lambda one: f"note: {cut(one.text)}",
    memory.Incident: lambda one: f"incident, {one.severity}: {cut(one.what)}",
    memory.Contact: lambda one: f"contact: {cut(one.name)}",
}


def tell(row: object) -> str:
    """A row of `core/memory.py` in words."""
    return _WORDS[type(row)](row)


def cut(text: str) -> str:
    """A text in one line of at most 60 characters."""
    line = " ".join(text.split())
    return line if len(line) <= SHOWN else f"{line[: SHOWN - 1]}…"


def _told(what: str, detail: str | None) -> str:
    return f"{what}: {cut(detail)}" if detail else what
