"""What a person does about tasks: give one, do it, drop it, put it off."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from cs_workbench.core.dates import with_weekday
from cs_workbench.core.ids import new_id
from cs_workbench.core.tasks import Task, TaskOrigin, one_line
from cs_workbench.errors import ConflictError, UsageError
from cs_workbench.store.changes import apply_changes
from cs_workbench.store.database import Database, write
from cs_workbench.store.tasks import TaskLine, find_task, new_task, task_changes


@dataclass(frozen=True)
class By:
    """Who does it, on which day; `renewals` is their own renewal policy, None that of csw."""

    actor: str
    today: dt.date
    renewals: Path | None = None


def make_task(
    by: By,
    *,
    what: str,
    account_key: int | None = None,
    owner: str | None = None,
    due_on: dt.date | None = None,
    origin: tuple[TaskOrigin, str | None] = ("person", None),
) -> Task:
    """A task from what was typed; without an owner it is the actor's.

    Raises:
        UsageError: the text is empty or longer than 500 characters.
    """
    return Task(
        task_id=new_id(),
        account_key=account_key,
        what=one_line(what, "what there is to do"),
        owner=(owner or "").strip() or by.actor,
        due_on=due_on,
        author=by.actor,
        made_on=by.today,
        origin=origin[0],
        origin_id=origin[1],
    )


def add_task(db: Database, by: By, task: Task) -> str:
    """Write a task down; returns it in words."""
    due = f", {with_weekday(task.due_on)}" if task.due_on else ""
    summary = f"task: {task.what}, {task.owner}{due}"
    with write(db) as connection:
        apply_changes(connection, actor=by.actor, summary=summary, changes=[new_task(task)])
    return summary


def finish_task(db: Database, by: By, task_id: str, *, note: str | None = None) -> str:
    """Say that a task is done; returns that in words.

    Raises:
        NotFoundError: there is no such task.
        ConflictError: it is over already.
    """
    return _end(db, by, _open(db, task_id), ("done", note))


def drop_task(db: Database, by: By, task_id: str, *, note: str) -> str:
    """Say that a task will not be done, and why; returns that in words.

    Raises:
        UsageError: the reason is empty or too long.
        NotFoundError: there is no such task.
        ConflictError: it is over already.
    """
    return _end(db, by, _open(db, task_id), ("dropped", one_line(note, "why it is dropped")))


def snooze_task(db: Database, by: By, task_id: str, *, until: dt.date) -> str:
    """Put a task off to a day; its due date stays as it is. Returns that in words.

    Raises:
        UsageError: the day is not ahead.
        NotFoundError: there is no such task.
        ConflictError: it is over already.
    """
    if until <= by.today:
        raise UsageError(f"{with_weekday(until)} is not ahead. Put it off to a later day.")
    line = _open(db, task_id)
    summary = f"put off to {with_weekday(until)}: {line.task.what}"
    return _change(db, by, line, summary, snoozed_until=until)


def _open(db: Database, task_id: str) -> TaskLine:
    line = find_task(db, task_id)
    if line.task.ended_on is not None:
        day = with_weekday(line.task.ended_on)
        raise ConflictError(f"This task was {line.task.state} on {day}: {line.task.what}.")
    return line


def _end(db: Database, by: By, line: TaskLine, how: tuple[str, str | None]) -> str:
    state, note = how
    summary = f"{state}: {line.task.what}"
    return _change(
        db,
        by,
        line,
        summary,
        state=state,
        ended_on=by.today,
        ended_by=by.actor,
        note=note and one_line(note, "how it went"),
    )


def _change(db: Database, by: By, line: TaskLine, summary: str, **values: object) -> str:
    changes = task_changes(line.task.task_id, by.today, **values)
    with write(db) as connection:
        apply_changes(connection, actor=by.actor, summary=summary, changes=changes)
    return summary
