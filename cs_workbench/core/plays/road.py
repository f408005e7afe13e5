"""The way through a playbook: what was done, where the play is, what lies ahead and by when.

A play only goes forward. What it passed (a condition that did not hold, a branch that was taken) is
written down as it happens, so that data of later days never leads it another way.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Literal

from cs_workbench.core.playbooks.conditions import Known, Value, all_hold
from cs_workbench.core.playbooks.model import (
    END,
    Anchor,
    Branch,
    Due,
    Playbook,
    Step,
    StepKind,
    StepOwner,
)
from cs_workbench.core.playbooks.names import ANSWER
from cs_workbench.core.playbooks.words import in_words
from cs_workbench.core.plays.model import Entries, Entry, Standing
from cs_workbench.core.working_days import IsHoliday, add_working_days

RoadState = Literal["done", "skipped", "passed", "current", "ahead", "not taken"]
SIGNS: Mapping[RoadState, str] = {
    "done": "✓",
    "skipped": "–",
    "passed": "·",
    "current": "▶",
    "ahead": "○",
    "not taken": " ",
}
Anchors = Mapping[Anchor, dt.date | None]
GO = "go"
BY_ITSELF: frozenset[StepKind] = frozenset({"decide", "record"})  # no work for a person
STUCK_AFTER = 14  # days that a step is late before the play counts as stuck


@dataclass(frozen=True)
class RoadStep:
    """A step as a person sees it on the road.

    Attributes:
        number: counted over the steps that are work for a person; others have that of the last.
        due: None where its anchor is not known.
        why: why it was passed, skipped or not taken (where the branch begins), or what it waits
            for.
        escalated_to: who has to look at the current step too, since it is overdue for so long.
    """

    step: Step
    number: int
    state: RoadState
    due: dt.date | None
    why: str = ""
    entry: Entry | None = None
    escalated_to: StepOwner | None = None

    @property
    def is_work(self) -> bool:
        """Whether a person has something to do in it."""
        return self.step.kind not in BY_ITSELF


@dataclass(frozen=True)
class Road:
    """All steps in the file's order, the one that is current, and how the play stands."""

    steps: tuple[RoadStep, ...]
    current: RoadStep | None
    standing: Standing
    days_late: int = 0

    @property
    def length(self) -> int:
        """How many steps are work for a person."""
        return sum(one.is_work for one in self.steps)


@dataclass(frozen=True)
class Moment:
    """What is known when a play is looked at.

    Attributes:
        known: facts and measures by name; answers are added from the entries.
        started_on: the play's first day.
        replied_on: the last day on which the customer took part in a contact.
    """

    today: dt.date
    known: Known
    anchors: Anchors
    started_on: dt.date
    is_holiday: IsHoliday
    replied_on: dt.date | None = None


def advance(playbook: Playbook, entries: Entries, now: Moment) -> tuple[tuple[Entry, ...], str]:
    """Go on as far as nobody is needed.

    Returns:
        The entries that are to be kept now (conditions passed, branches, waits that are over), and
        the id of the step that is next, `end` where none is.
    """
    new: list[Entry] = []
    have = dict(entries)
    step_id = playbook.steps[0].step_id
    entered = now.started_on
    while step_id != END:
        step = playbook.step(step_id)
        entry = have.get(step_id)
        if entry is None or not entry.is_over:
            made = _by_itself(step, entry, entered, with_answers(now, have))
            if made is None:
                return tuple(new), step_id
            entry = have[step_id] = made
            new.append(made)
        entered = max(entered, entry.done_on or entered)
        step_id = entry.answers.get(GO) or playbook.next_of(step)
    return tuple(new), END


def with_answers(now: Moment, entries: Entries) -> Moment:
    """The moment with what was answered so far as facts."""
    told = {
        f"{ANSWER}{name}": _value(text)
        for entry in entries.values()
        for name, text in entry.answers.items()
        if text
    }
    return replace(now, known={**now.known, **told})


def road_of(playbook: Playbook, entries: Entries, now: Moment) -> Road:
    """The road as it is on the day, with what became of steps that need nobody."""
    new, current_id = advance(playbook, entries, now)
    entries = {**entries, **{one.step_id: one for one in new}}
    ahead = set(_ahead(playbook, current_id))
    numbers = accumulate(int(step.kind not in BY_ITSELF) for step in playbook.steps)
    untaken = _untaken(playbook, entries)
    steps = tuple(
        replace(found, why=untaken.get(step.step_id, "")) if found.state == "not taken" else found
        for number, step in zip(numbers, playbook.steps, strict=True)
        for found in [_road_step(step, number, entries.get(step.step_id), (current_id, ahead), now)]
    )
    current = next((one for one in steps if one.state == "current"), None)
    if current is None:
        return Road(steps, None, "on track")
    late = (now.today - current.due).days if current.due else 0
    return Road(steps, current, _standing(current, late, now), max(0, late))


def due_on(due: Due, now: Moment) -> dt.date | None:
    """The day on which a step is due; None where its anchor is not known."""
    anchor = now.anchors.get(due.anchor)
    if anchor is None:
        return None
    if due.business:
        return add_working_days(anchor, due.days, now.is_holiday)
    return anchor + dt.timedelta(days=due.days)


def is_complete(playbook: Playbook, known: Known) -> bool:
    """Whether the data say that the play has done what it is for."""
    return bool(playbook.exit.when) and all_hold(playbook.exit.when, known)


def _by_itself(step: Step, entry: Entry | None, entered: dt.date, now: Moment) -> Entry | None:
    """What becomes of a step that needs nobody; None where it needs somebody, or time."""
    blank = entry or Entry(step.step_id, "done")
    if step.when and not all_hold(step.when, now.known):
        missing = next(one for one in step.when if not all_hold((one,), now.known))
        return replace(
            blank, state="passed", done_on=now.today, reason=f"not so: {in_words([missing])}"
        )
    if step.kind == "decide":
        branch = _branch(step, now.known)
        if branch is None:
            return replace(blank, state="done", done_on=now.today, reason="no branch holds")
        reason = in_words(branch.when) or "otherwise"
        return replace(
            blank, state="done", done_on=now.today, answers={GO: branch.go}, reason=reason
        )
    if step.kind == "wait":
        over = _waited(step, entered, now)
        return replace(blank, state="done", done_on=now.today, reason=over) if over else None
    return None


def _branch(step: Step, known: Known) -> Branch | None:
    return next((one for one in step.branches if all_hold(one.when, known)), None)


def _waited(step: Step, entered: dt.date, now: Moment) -> str:
    """Why a wait is over; empty while it lasts."""
    wait = step.wait
    if wait is None:
        return ""
    days = (now.today - entered).days
    if wait.days is not None:
        return f"{wait.days} days are over" if days >= wait.days else ""
    if wait.when and all_hold(wait.when, now.known):
        return in_words(wait.when)
    if wait.reply and now.replied_on is not None and now.replied_on > entered:
        return "they answered"
    if wait.at_most_days is not None and days >= wait.at_most_days:
        return f"nothing came in {wait.at_most_days} days"
    return ""


def _ahead(playbook: Playbook, step_id: str) -> Iterator[str]:
    """Every step that the play may still come to."""
    seen: set[str] = set()
    waiting = [step_id]
    while waiting:
        step_id = waiting.pop()
        if step_id == END or step_id in seen:
            continue
        seen.add(step_id)
        yield step_id
        step = playbook.step(step_id)
        waiting += [branch.go for branch in step.branches]
        if not any(not branch.when for branch in step.branches):
            waiting.append(playbook.next_of(step))


def _road_step(
    step: Step,
    number: int,
    entry: Entry | None,
    ahead: tuple[str, set[str]],
    now: Moment,
) -> RoadStep:
    due = due_on(step.due, now)
    current, later = ahead
    if entry is not None and entry.is_over:
        state: RoadState = "skipped" if entry.state == "skipped" else "done"
        state = "passed" if entry.state == "passed" else state
        return RoadStep(step, number, state, due, entry.reason, entry)
    if entry is not None and entry.snoozed_until is not None:
        due = entry.snoozed_until
    if step.step_id == current:
        above = _escalated_to(step, due, now.today)
        return RoadStep(step, number, "current", due, _waiting_for(step), entry, above)
    if step.step_id in later:
        return RoadStep(step, number, "ahead", due, "", entry)
    return RoadStep(step, number, "not taken", due, "", entry)


def _untaken(playbook: Playbook, entries: Entries) -> dict[str, str]:
    """Why branches were not taken, by the step that each leads to."""
    why: dict[str, str] = {}
    for step in playbook.steps:
        entry = entries.get(step.step_id)
        taken = entry.answers.get(GO) if entry is not None and entry.is_over else None
        if entry is None or taken is None:
            continue
        for branch in step.branches:
            if branch.go != taken:
                not_so = f"not so: {in_words(branch.when)}"
                why[branch.go] = not_so if branch.when else f"for {entry.reason}"
    return why


def _escalated_to(step: Step, due: dt.date | None, today: dt.date) -> StepOwner | None:
    if step.escalation is None or due is None:
        return None
    return step.escalation.to if (today - due).days >= step.escalation.after_days else None


def _waiting_for(step: Step) -> str:
    wait = step.wait
    if wait is None:
        return ""
    if wait.days is not None:
        return f"waits {wait.days} days"
    what = "a reply" if wait.reply else in_words(wait.when)
    return f"waits for {what}, at most {wait.at_most_days} days"


def _standing(current: RoadStep, late: int, now: Moment) -> Standing:
    if current.step.kind == "wait" and late <= 0:
        return "waiting"
    entry = current.entry
    if entry is not None and entry.snoozed_until is not None and entry.snoozed_until > now.today:
        return "waiting"
    if late <= 0:
        return "on track"
    return "stuck" if late > STUCK_AFTER else "behind"


def _value(text: str) -> Value:
    """An answer as conditions compare it: a number where it is one."""
    try:
        return float(text)
    except ValueError:
        return text
