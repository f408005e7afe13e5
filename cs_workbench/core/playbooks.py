"""A playbook: a way of acting on one kind of situation, written down so that it can be judged."""

from dataclasses import dataclass
from typing import Literal, get_args

Anchor = Literal["start", "deadline", "end"]
StepOwner = Literal["csm", "lead", "sponsor", "support"]
ANCHORS: tuple[Anchor, ...] = get_args(Anchor)
STEP_OWNERS: tuple[StepOwner, ...] = get_args(StepOwner)


@dataclass(frozen=True)
class Trigger:
    """What starts the playbook: a measure that passes a threshold.

    Attributes:
        measure: the id of a measure of health.
        threshold: in the measure's own unit; `when` says which side of it starts the playbook.
        because: the same in a sentence, for the person who is asked to act.
    """

    measure: str
    when: Literal["above", "below"]
    threshold: float
    because: str


@dataclass(frozen=True)
class Outcome:
    """What the playbook is judged by, whether or not its steps were ticked off."""

    measure: str
    change: str
    within_days: int


@dataclass(frozen=True)
class Step:
    """One thing to do.

    Attributes:
        anchor, offset_days: due this many days after the play's start, or after (negative: before)
            the account's deadline or the end of its contract.
        guidance: Markdown for the person who does it.
    """

    step_id: str
    title: str
    owner: StepOwner
    anchor: Anchor
    offset_days: int
    guidance: str


@dataclass(frozen=True)
class Playbook:
    """One playbook file."""

    playbook_id: str
    title: str
    version: int
    purpose: str
    trigger: Trigger
    exit_criterion: str
    outcome: Outcome
    steps: tuple[Step, ...]


def due_text(step: Step) -> str:
    """When the step is due, in words: `30 days before the deadline`."""
    names = {"start": "the start", "deadline": "the deadline", "end": "the contract's end"}
    place = names[step.anchor]
    if step.offset_days == 0:
        return f"on the day of {place}"
    days = abs(step.offset_days)
    side = "after" if step.offset_days > 0 else "before"
    return f"{days} day{'s' if days > 1 else ''} {side} {place}"
