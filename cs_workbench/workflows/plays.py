"""What a person does with a play that runs: answer, go on, skip, put off, end it."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from cs_workbench.core.dates import with_weekday
from cs_workbench.core.ids import new_id
from cs_workbench.core.playbooks.model import END, Field, Step
from cs_workbench.core.playbooks.records import RECORD_SHAPES
from cs_workbench.core.plays.answers import check_answers, missing_fields
from cs_workbench.core.plays.model import Entry
from cs_workbench.core.plays.road import advance
from cs_workbench.core.tasks import one_line
from cs_workbench.errors import ConflictError, NotFoundError, UsageError
from cs_workbench.store.changes import Change, apply_changes
from cs_workbench.store.database import Database, write
from cs_workbench.store.plays import (
    entries_of,
    entry_changes,
    entry_ids,
    find_play,
    last_step_act,
    new_entry,
    play_changes,
)
from cs_workbench.store.undo import take_back
from cs_workbench.workflows.play_moments import Walk, open_walk, play_is_over
from cs_workbench.workflows.play_records import Recording, record_values, recorded
from cs_workbench.workflows.prefilling import prefilled
from cs_workbench.workflows.remembering import find_contact
from cs_workbench.workflows.tasks import By


@dataclass(frozen=True)
class _Acting:
    """Somebody at a play."""

    db: Database
    by: By
    walk: Walk


def answer(db: Database, by: By, play_id: str, answers: Mapping[str, str]) -> str:
    """Keep answers to the current step, without going on; returns that in words.

    Raises:
        UsageError: an answer to nothing that is asked, or one that cannot be.
        ConflictError: the play is over.
    """
    acting, step = _at(db, by, play_id)
    told = _read(acting, step, answers)
    before = acting.walk.entries.get(step.step_id) or Entry(step.step_id, "snoozed")
    entry = replace(before, answers={**before.answers, **told}, actor=by.actor)
    summary = f"play: {step.title} answered · {acting.walk.line.name}"
    return _save(acting, summary, [entry])


def finish_step(
    db: Database,
    by: By,
    play_id: str,
    *,
    answers: Mapping[str, str] | None = None,
    evidence: str = "",
) -> str:
    """Say that the current step is done, and go on as far as nobody is needed.

    Steps that only write to the account are done along with it, in the same act. Returns what was
    done, and what comes next, in words.

    Raises:
        UsageError: a field that has to be filled is empty, an answer cannot be, or the step wants
            evidence.
        ConflictError: the play is over, or only waits.
    """
    acting, step = _at(db, by, play_id)
    before = acting.walk.entries.get(step.step_id) or Entry(step.step_id, "snoozed")
    known = {name: one.text for name, one in prefilled(db, acting.walk, step).items()}
    told = {**known, **before.answers, **_read(acting, step, answers or {})}
    lacking = missing_fields(step.fields, told)
    if lacking:
        raise UsageError(f"Still to fill: {', '.join(lacking)}.")
    if step.evidence and not evidence.strip() and not before.evidence:
        raise UsageError(f"Say what shows it: {step.evidence}")
    done = replace(
        before,
        state="done",
        done_on=by.today,
        answers=told,
        evidence=evidence.strip() or before.evidence,
        actor=by.actor,
    )
    return _go_on(acting, done)


def skip_step(db: Database, by: By, play_id: str, *, reason: str) -> str:
    """Pass over the current step, and say why; returns what comes next.

    Raises:
        UsageError: no reason is given.
        ConflictError: the play is over.
    """
    acting, step = _at(db, by, play_id)
    why = one_line(reason, "why it is skipped")
    before = acting.walk.entries.get(step.step_id) or Entry(step.step_id, "skipped")
    skipped = replace(before, state="skipped", done_on=by.today, reason=why, actor=by.actor)
    return _go_on(acting, skipped)


def back_step(db: Database, by: By, play_id: str) -> str:
    """Take the last step back, with all that it wrote; its answers stay, to be corrected.

    Returns that in words.

    Raises:
        ConflictError: no step is done yet, or what it wrote was changed since.
    """
    walk = open_walk(db, play_id, by.today)
    found = last_step_act(db, walk.play.play_id, by.actor)
    if found is None:
        raise ConflictError("This is the first step: there is none to go back to.")
    act, step_id = found
    answers = walk.entries[step_id].answers
    summary = f"play: back to {walk.playbook.step(step_id).title} · {walk.line.name}"
    with write(db) as connection:
        take_back(connection, act, by.today)
        before = entries_of(db, walk.play.play_id).get(step_id) or Entry(step_id, "snoozed")
        entry = replace(before, answers=answers, actor=by.actor)
        rows = keep_entries(db, walk.play.play_id, [entry], by.today)
        apply_changes(connection, actor=by.actor, summary=summary, changes=rows)
    return summary


def snooze_step(db: Database, by: By, play_id: str, *, until: dt.date) -> str:
    """Put the current step off to a day; returns that in words.

    Raises:
        UsageError: the day is not ahead.
        ConflictError: the play is over.
    """
    if until <= by.today:
        raise UsageError(f"{with_weekday(until)} is not ahead. Put it off to a later day.")
    acting, step = _at(db, by, play_id)
    before = acting.walk.entries.get(step.step_id) or Entry(step.step_id, "snoozed")
    entry = replace(before, snoozed_until=until, actor=by.actor)
    summary = f"play: {step.title} put off to {with_weekday(until)} · {acting.walk.line.name}"
    return _save(acting, summary, [entry])


def hand_over_step(db: Database, by: By, play_id: str, *, owner: str) -> str:
    """Give the current step to somebody else; returns that in words.

    Raises:
        UsageError: nobody is named.
        ConflictError: the play is over.
    """
    acting, step = _at(db, by, play_id)
    who = one_line(owner, "who does it")
    before = acting.walk.entries.get(step.step_id) or Entry(step.step_id, "snoozed")
    summary = f"play: {step.title} handed to {who} · {acting.walk.line.name}"
    return _save(acting, summary, [replace(before, owner=who, actor=by.actor)])


def complete_play(db: Database, by: By, play_id: str, *, evidence: str) -> str:
    """End a play that has done what it is for, and say what shows it; returns that in words.

    Raises:
        UsageError: nothing is said to show it.
        ConflictError: the play is over.
    """
    walk = walk_running(db, by, play_id)
    what = f"what shows it: {walk.playbook.exit.evidence or 'the exit is reached'}"
    return _end(_Acting(db, by, walk), "completed", one_line(evidence, what))


def abandon_play(db: Database, by: By, play_id: str, *, reason: str) -> str:
    """Give a play up, and say why; one that was only suggested is dismissed. Returns that in words.

    Raises:
        UsageError: no reason is given.
        ConflictError: the play is over.
    """
    walk = open_walk(db, play_id, by.today)
    if walk.play.ended_on is not None:
        raise play_is_over(walk)
    state = "dismissed" if walk.play.state == "suggested" else "abandoned"
    return _end(_Acting(db, by, walk), state, one_line(reason, "why it is given up"))


def _go_on(acting: _Acting, entry: Entry) -> str:
    """Keep what became of a step, do what needs nobody, and say what comes next."""
    by, walk = acting.by, acting.walk
    entry, changes = _filled(acting, entry)
    entries = {**walk.entries, entry.step_id: entry}
    kept, told = [entry], [f"{walk.playbook.step(entry.step_id).title}: {entry.state}"]
    while True:
        moved, step_id = advance(walk.playbook, entries, walk.moment)
        entries |= {one.step_id: one for one in moved}
        kept += moved
        if step_id == END:
            told.append(f"“{walk.playbook.title}” is complete")
            ended = {"state": "completed", "ended_on": by.today, "reason": "all steps are done"}
            changes += play_changes(walk.play.play_id, by.today, **ended)
            break
        written = _written(acting, walk.playbook.step(step_id), entries)
        if isinstance(written, str):
            told.append(f"next: {walk.playbook.step(step_id).title}{written}")
            break
        entries[step_id] = Entry(step_id, "done", by.today, reason=written.told, actor=by.actor)
        kept.append(entries[step_id])
        told.append(written.told)
        changes += written.changes
    summary = f"play: {' · '.join(told)} · {walk.line.name}"
    return _save(acting, summary, kept, changes)


def _filled(acting: _Acting, entry: Entry) -> tuple[Entry, list[Change]]:
    """What a person filled in at a record step is written now; other steps stay as they are.

    Raises:
        UsageError: a value is missing, or is none that can be written.
    """
    walk, step = acting.walk, acting.walk.playbook.step(entry.step_id)
    if step.record is None or entry.state != "done":
        return entry, []
    entries = {**walk.entries, entry.step_id: entry}
    written = recorded(acting.db, acting.by, walk, step, entries)
    if written is None:
        known = record_values(walk, step, entries)
        lacking = [name for name in RECORD_SHAPES[step.record.what].needed if name not in known]
        raise UsageError(f"Still to fill: {', '.join(lacking)}.")
    return replace(entry, reason=written.told), list(written.changes)


def _written(acting: _Acting, step: Step, entries: Mapping[str, Entry]) -> Recording | str:
    """What a step writes by itself; else why a person is needed, to follow the step's title."""
    try:
        written = recorded(acting.db, acting.by, acting.walk, step, entries)
    except (UsageError, ConflictError, NotFoundError) as problem:
        return f" ({problem})"
    return "" if written is None else written


def _end(acting: _Acting, state: str, reason: str) -> str:
    walk, today = acting.walk, acting.by.today
    summary = f"play: {walk.playbook.title} {state}: {reason} · {walk.line.name}"
    values = {"state": state, "ended_on": today, "reason": reason}
    return _save(acting, summary, [], play_changes(walk.play.play_id, today, **values))


def _save(
    acting: _Acting, summary: str, entries: Sequence[Entry], changes: Iterable[Change] = ()
) -> str:
    by, play_id = acting.by, acting.walk.play.play_id
    with write(acting.db) as connection:
        _still_so(acting)
        rows = [*keep_entries(acting.db, play_id, entries, by.today), *changes]
        apply_changes(connection, actor=by.actor, summary=summary, changes=rows)
    return summary


def _still_so(acting: _Acting) -> None:
    """Refuse to write what rests on a play that is not as it was read.

    Raises:
        ConflictError: somebody did something with it since.
    """
    db, walk = acting.db, acting.walk
    play_id = walk.play.play_id
    if entries_of(db, play_id) != walk.entries or find_play(db, play_id).play != walk.play:
        raise ConflictError(f"“{walk.line.title}” went on in the meantime. Look at it again.")


def keep_entries(
    db: Database, play_id: str, entries: Sequence[Entry], today: dt.date
) -> Iterator[Change]:
    """The changes that keep what became of steps of a play."""
    ids = entry_ids(db, play_id)
    for entry in entries:
        if entry.step_id in ids:
            yield from entry_changes(ids[entry.step_id], entry, today)
        else:
            yield new_entry(new_id(), play_id, entry, today)


def _read(acting: _Acting, step: Step, answers: Mapping[str, str]) -> dict[str, str]:
    """Answers in the form in which they are kept; a person is kept by the contact's id."""
    fields = {field.field_id: field for field in _fields_of(step)}
    told = check_answers(list(fields.values()), answers, acting.by.today)
    for name, text in told.items():
        if text and fields[name].type == "contact":
            told[name] = find_contact(acting.db, acting.walk.play.account_key, text)
    return told


def _fields_of(step: Step) -> tuple[Field, ...]:
    """What may be answered at a step: its fields, or the values of what it writes."""
    if step.record is None:
        return step.fields
    shape = RECORD_SHAPES[step.record.what]
    return tuple(Field(name, name, "text", is_required=name in shape.needed) for name in shape.all)


def walk_running(db: Database, by: By, play_id: str) -> Walk:
    """A play that runs.

    Raises:
        NotFoundError: there is none, or several.
        ConflictError: it is over, or only suggested.
    """
    walk = open_walk(db, play_id, by.today)
    if walk.play.ended_on is not None:
        raise play_is_over(walk)
    if walk.play.state == "suggested":
        raise ConflictError(f"“{walk.line.title}” is only suggested. Start it first.")
    return walk


def _at(db: Database, by: By, play_id: str) -> tuple[_Acting, Step]:
    """A running play and its current step."""
    walk = walk_running(db, by, play_id)
    if walk.road.current is None:
        raise ConflictError(f"“{walk.line.title}” has no step left. Complete it.")
    return _Acting(db, by, walk), walk.road.current.step
