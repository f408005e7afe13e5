"""Tasks as they are kept: current rows, with every change in the log."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any

from cs_workbench.core.tasks import Task, TaskOrigin
from cs_workbench.store.changes import Change
from cs_workbench.store.database import Database
from cs_workbench.store.entities import Value
from cs_workbench.store.id_parts import Kind, row_by_part
from cs_workbench.store.sqlite import Row

_NAMES = tuple(field.name for field in fields(Task))
_DAYS = ("due_on", "made_on", "ended_on", "snoozed_until")
_LINES = f"""SELECT {", ".join(f"t.{name}" for name in _NAMES)}, a.account_id, a.name,
        coalesce(p.name, t.owner) AS owner_name
    FROM task t LEFT JOIN account a ON a.account_key = t.account_key
        LEFT JOIN person p ON p.person_id = t.owner"""
_KIND = Kind(_LINES, "t.task_id", "task", "tasks", "`csw task list` lists the open ones")
_LISTED = f"""{_LINES} WHERE (:everything OR t.state = 'open')
        AND (:everything OR t.snoozed_until IS NULL OR t.snoozed_until <= :today)
        AND (:account_key IS NULL OR t.account_key = :account_key)
        AND (:owner IS NULL OR t.owner = :owner OR p.name = :owner)
        AND (:origin IS NULL OR t.origin = :origin AND t.origin_id IS :origin_id)
    ORDER BY t.state <> 'open', t.due_on IS NULL, t.due_on, t.task_id"""


@dataclass(frozen=True, slots=True)
class TaskLine:
    """A task as it is listed; `account_id` and `name` are None for one of the whole book."""

    task: Task
    account_id: str | None
    name: str | None
    owner_name: str


@dataclass(frozen=True, slots=True)
class TaskQuery:
    """Which tasks are asked for; None is any.

    Attributes:
        owner: by id or by name.
        origin: what they came from, as a pair of kind and id.
        everything: also those that are over or put off to a later day.
    """

    account_key: int | None = None
    owner: str | None = None
    origin: tuple[TaskOrigin, str] | None = None
    everything: bool = False


ALL_OPEN = TaskQuery()


def list_tasks(db: Database, *, today: dt.date, query: TaskQuery = ALL_OPEN) -> list[TaskLine]:
    """Tasks by their day, those without one last, those that are over after all others."""
    origin, origin_id = query.origin or (None, None)
    given = {
        "today": today.isoformat(),
        "account_key": query.account_key,
        "owner": query.owner,
        "origin": origin,
        "origin_id": origin_id,
        "everything": query.everything,
    }
    return [_line(row) for row in db.connection.execute(_LISTED, given)]


def find_task(db: Database, text: str) -> TaskLine:
    """The task with that id, or with an id that only this text is a part of.

    Raises:
        NotFoundError: there is none, or several.
    """
    return _line(row_by_part(db, _KIND, text))


def new_task(task: Task) -> Change:
    """The change that inserts a task."""
    row: dict[str, Value] = {
        name: _stored(getattr(task, name)) for name in _NAMES if name != "task_id"
    }
    return Change("task", task.task_id, new=row, effective_on=task.made_on.isoformat())


def task_changes(task_id: str, today: dt.date, **values: object) -> Iterator[Change]:
    """The changes that give a task these values as of today."""
    for field, value in values.items():
        yield Change("task", task_id, field, new=_stored(value), effective_on=today.isoformat())


def _stored(value: Any) -> Value:
    stored: Value = value.isoformat() if isinstance(value, dt.date) else value
    return stored


def _line(row: Row) -> TaskLine:
    values = {name: row[name] for name in _NAMES}
    for name in _DAYS:
        values[name] = values[name] and dt.date.fromisoformat(values[name])
    return TaskLine(Task(**values), row["account_id"], row["name"], row["owner_name"])
