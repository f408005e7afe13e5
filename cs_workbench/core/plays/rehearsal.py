"""A playbook run dry: the way that a play would take if everybody kept to their days."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace

from cs_workbench.core.playbooks.conditions import Known, Value
from cs_workbench.core.playbooks.model import END, Playbook, Step
from cs_workbench.core.plays.answers import fact_text, missing_fields
from cs_workbench.core.plays.model import Entry, EntryState
from cs_workbench.core.plays.road import BY_ITSELF, GO, Anchors, Moment, advance, due_on

DAYS_TO = {"days to deadline", "days to end"}  # facts that fall by one each day
DAYS_SINCE = {"days since contact", "days since end", "days since start"}  # and that rise


@dataclass(frozen=True)
class Fixture:
    """An account that is not there, as a file describes it for trying a playbook.

    Attributes:
        known: facts and measures by the names that conditions use.
        anchors: the days that due dates count from; what is left out is not known.
        answers: by field, as typed.
        region: whose holidays count.
    """

    name: str
    today: dt.date
    known: Known
    anchors: Anchors
    answers: Mapping[str, str]
    region: str | None = None


@dataclass(frozen=True)
class RehearsedStep:
    """A step on the way.

    Attributes:
        on: the day on which it would be over.
        due: None where its anchor is not known; then it counts as done on the day it is reached.
        why: why it is passed, where a branch leads and why, or how a wait ends.
        go: the step that a branch leads to, `end` for the end; empty elsewhere.
        lacking: labels of fields that have to be filled and were not answered.
    """

    step: Step
    state: EntryState
    on: dt.date
    due: dt.date | None
    why: str = ""
    go: str = ""
    lacking: tuple[str, ...] = ()


def rehearse(
    playbook: Playbook, answers: Mapping[str, str], now: Moment
) -> tuple[RehearsedStep, ...]:
    """The steps that a play begun now would come to, with the day of each.

    Work is done on its due day, or on the day it is reached where that is later; whatever needs
    nobody happens at once; nobody replies and no data change, so a wait ends by its own time.
    Facts that count days go on counting. `answers` are by the field's id, in the form in which they
    are kept.
    """
    entries: dict[str, Entry] = {}
    path: list[RehearsedStep] = []
    day = now.today
    while True:
        moved, step_id = advance(playbook, entries, _on(day, now))
        entries |= {one.step_id: one for one in moved}
        path += [_by_itself(playbook.step(one.step_id), one, day, now) for one in moved]
        if step_id == END:
            return tuple(path)
        step = playbook.step(step_id)
        if step.wait is not None:
            day += dt.timedelta(days=max(1, step.wait.days or step.wait.at_most_days or 0))
            continue
        due = due_on(step.due, now)
        if step.kind not in BY_ITSELF:
            day = max(day, due or day)
        told = _answered(step, answers, _on(day, now).known)
        lacking = tuple(missing_fields(step.fields, told))
        entries[step_id] = Entry(step_id, "done", day, told)
        path.append(RehearsedStep(step, "done", day, due, lacking=lacking))


def aged(known: Known, days: int) -> dict[str, Value]:
    """The facts as they are so many days later if nothing but time goes by."""
    later = dict(known)
    for name in DAYS_TO | DAYS_SINCE:
        value = known.get(name)
        if isinstance(value, int | float) and not isinstance(value, bool):
            later[name] = value - days if name in DAYS_TO else value + days
    left = later.get("days to end")
    if later.get("days since end") is None and isinstance(left, int | float) and left < 0:
        later["days since end"] = -left
    return later


def _on(day: dt.date, now: Moment) -> Moment:
    return replace(now, today=day, known=aged(now.known, (day - now.today).days))


def _by_itself(step: Step, entry: Entry, day: dt.date, now: Moment) -> RehearsedStep:
    due, go = due_on(step.due, now), entry.answers.get(GO, "")
    return RehearsedStep(step, entry.state, day, due, entry.reason, go)


def _answered(step: Step, answers: Mapping[str, str], known: Known) -> dict[str, str]:
    """What the step would be told: what is given, else what the account answers beforehand."""
    told = {}
    for field in step.fields:
        value = known.get(field.prefill) if field.prefill else None
        before = "" if value is None else fact_text(value)
        if text := answers.get(field.field_id) or before:
            told[field.field_id] = text
    return told
