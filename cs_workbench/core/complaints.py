"""A complaint from its arrival to the question whether it has made an advocate.

Every state asks whether the customer was told. Two weeks after the solution somebody asks how it
went; only then, and with a verdict, is it closed. Whoever is not satisfied is not closed but
opened again.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import takewhile
from typing import Final

from cs_workbench.core.memory import CHOICES, COMPLAINT_STATES, Complaint, ComplaintStep
from cs_workbench.errors import UsageError

FOLLOW_UP_AFTER: Final = 14  # days after the solution
ANSWER_WITHIN: Final[Mapping[str, int]] = {"urgent": 1, "high": 2, "normal": 3, "low": 5}  # days
WEIGHTS: Final[Mapping[str, int]] = {"urgent": 8, "high": 4, "normal": 2, "low": 1}
_NEXT: Final[Mapping[str, tuple[str, ...]]] = {
    "received": ("acknowledged", "investigating", "solution offered", "resolved"),
    "acknowledged": ("investigating", "solution offered", "resolved"),
    "investigating": ("solution offered", "resolved"),
    "solution offered": ("resolved", "investigating"),
    "resolved": ("followed up", "investigating"),
    "followed up": ("closed", "investigating"),
    "closed": ("investigating",),
}


@dataclass(frozen=True, slots=True)
class Move:
    """A step forward that somebody takes with a complaint.

    Attributes:
        state: the state reached.
        told: whether the customer was told of it; None: not answered, which is refused.
        verdict: what they said in the end, for `closed`.
    """

    state: str
    told: bool | None
    told_how: str | None = None
    note: str | None = None
    verdict: str | None = None


def next_states(state: str) -> tuple[str, ...]:
    """Where a complaint can go from a state."""
    return _NEXT[state]


def answer_due(severity: str, arrived_on: dt.date) -> dt.date:
    """By when the first answer is due."""
    return arrived_on + dt.timedelta(ANSWER_WITHIN[severity])


def moved(complaint: Complaint, move: Move, today: dt.date) -> Complaint:
    """The complaint in its next state.

    Raises:
        UsageError: it cannot go there, nobody said whether the customer was told, the follow-up
            comes too early, or the verdict is missing; the message says what to do.
    """
    if move.state not in _NEXT[complaint.state]:
        raise UsageError(
            f"From {complaint.state!r} a complaint goes to {' or '.join(_NEXT[complaint.state])}, "
            f"not to {move.state!r}."
        )
    if move.told is None:
        raise UsageError("Say whether the customer was told: --told or --not-told.")
    after = replace(complaint, state=move.state)
    if move.state == "resolved":
        due = today + dt.timedelta(FOLLOW_UP_AFTER)
        return replace(after, resolved_on=today, follow_up_on=due)
    if move.state == "followed up":
        _check_follow_up(complaint, today)
    if move.state == "closed":
        return replace(after, closed_on=today, verdict=_verdict(move))
    if move.state == "investigating":
        return replace(after, resolved_on=None, follow_up_on=None, closed_on=None, verdict=None)
    return after


def untold(steps: Sequence[ComplaintStep]) -> tuple[ComplaintStep, ...]:
    """The states since they were last told of one, oldest first: who hears of it knows the rest."""
    waiting = takewhile(lambda one: one.told_on is None, reversed(steps))
    return tuple(reversed(list(waiting)))


def first_answer_on(steps: Sequence[ComplaintStep]) -> dt.date | None:
    """The day on which the customer first heard from us; not that it arrived."""
    days = [one.told_on for one in steps if one.told_on is not None]
    return min(days, default=None)


def lateness(complaint: Complaint, steps: Sequence[ComplaintStep], today: dt.date) -> str | None:
    """What is overdue with it, in words: the first answer, or the follow-up."""
    due = complaint.answer_due_on
    if due is not None and due < today and first_answer_on(steps) is None:
        return f"first answer {(today - due).days} d late"
    follow = complaint.follow_up_on
    if complaint.state == "resolved" and follow is not None and follow < today:
        return f"follow-up {(today - follow).days} d late"
    return None


def urgency(complaint: Complaint, arr: Decimal) -> Decimal:
    """Severity × ARR in major units, by which the queue is ordered; it counts at least one."""
    return WEIGHTS[complaint.severity] * max(Decimal(1), arr)


def is_open(complaint: Complaint) -> bool:
    """Whether somebody still has to do something."""
    return complaint.state != COMPLAINT_STATES[-1]


def _check_follow_up(complaint: Complaint, today: dt.date) -> None:
    due = complaint.follow_up_on
    if due is not None and today < due:
        raise UsageError(
            f"Ask them from {due.isoformat()} on, {FOLLOW_UP_AFTER} days after the solution: "
            "earlier answers are thanks, not a verdict."
        )


def _verdict(move: Move) -> str:
    known = CHOICES["complaint.verdict"]
    if move.verdict not in known:
        raise UsageError(f"Say what they think of it now: --verdict {' or '.join(known)}.")
    if move.verdict == "unhappy":
        raise UsageError("They are unhappy, so it is not closed. Go back to investigating.")
    return move.verdict
