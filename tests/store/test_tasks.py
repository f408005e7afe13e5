import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from cs_workbench.core.tasks import Task
from cs_workbench.errors import NotFoundError
from cs_workbench.store.changes import apply_changes
from cs_workbench.store.database import Database, write
from cs_workbench.store.tasks import TaskQuery, find_task, list_tasks, new_task
from tests.factories import TODAY, add_account

FRIDAY = TODAY + dt.timedelta(days=4)


def task(task_id: str, **fields: Any) -> Task:
    made = Task(task_id, None, f"do {task_id}", "ana", None, "jon", TODAY)
    return replace(made, **fields)


def kept(db: Database, *tasks: Task) -> None:
    with write(db) as connection:
        changes = [new_task(one) for one in tasks]
        apply_changes(connection, actor="jon", summary="tasks", changes=changes)


def listed(db: Database, **query: Any) -> list[str]:
    lines = list_tasks(db, today=TODAY, query=TaskQuery(**query))
    return [line.task.task_id for line in lines]


def test_tasks_come_by_their_day_and_what_is_over_comes_last(db: Database) -> None:
    late = TODAY - dt.timedelta(days=2)
    kept(
        db,
        task("none"),
        task("friday", due_on=FRIDAY),
        task("late", due_on=late),
        task("asleep", due_on=late, snoozed_until=FRIDAY),
        task("done", due_on=late, state="done", ended_on=TODAY, ended_by="ana"),
    )
    assert listed(db) == ["late", "friday", "none"]
    assert listed(db, everything=True) == ["asleep", "late", "friday", "none", "done"]


def test_tasks_of_an_account_a_person_or_an_origin(db: Database) -> None:
    with write(db) as connection:
        key = add_account(connection, "acme", csm="jon")
    kept(
        db,
        task("of-acme", account_key=key, owner="jon"),
        task("of-review", origin="review", origin_id="r1"),
        task("of-other", origin="review", origin_id="r2"),
    )
    assert listed(db, account_key=key) == ["of-acme"]
    assert listed(db, owner="jon") == listed(db, owner="Jon") == ["of-acme"]
    assert listed(db, origin=("review", "r1")) == ["of-review"]
    line = list_tasks(db, today=TODAY, query=TaskQuery(account_key=key))[0]
    assert (line.account_id, line.name, line.owner_name) == ("acme", "Acme", "Jon")
    assert line.task == task("of-acme", account_key=key, owner="jon")


def test_a_part_of_an_id_is_enough_if_it_is_one_tasks_alone(db: Database) -> None:
    kept(db, task("aaaa-1111"), task("aaaa-2222"), task("aaaa"))
    assert find_task(db, "1111").task.task_id == "aaaa-1111"
    assert find_task(db, "aaaa").task.task_id == "aaaa"
    for wrong in ("aaa", "aaaa-", "none", "111"):
        with pytest.raises(NotFoundError, match=wrong):
            find_task(db, wrong)


def test_a_day_late_is_counted_while_it_is_open() -> None:
    late = task("x", due_on=TODAY - dt.timedelta(days=3))
    assert late.days_late(TODAY) == 3
    assert replace(late, state="done").days_late(TODAY) == 0
    assert task("x", due_on=TODAY).days_late(TODAY) == 0
    assert task("x").days_late(TODAY) == 0
