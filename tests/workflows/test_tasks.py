import datetime as dt

import pytest

from cs_workbench.errors import ConflictError, UsageError
from cs_workbench.store.database import Database
from cs_workbench.store.tasks import TaskQuery, list_tasks
from cs_workbench.store.undo import undo
from cs_workbench.workflows.tasks import (
    By,
    add_task,
    drop_task,
    finish_task,
    make_task,
    snooze_task,
)
from tests.factories import TODAY

ANA = By("ana", TODAY)
FRIDAY = TODAY + dt.timedelta(days=4)
ALL = TaskQuery(everything=True)


def states(db: Database) -> list[str]:
    return [line.task.state for line in list_tasks(db, today=TODAY, query=ALL)]


def test_a_task_is_written_down_done_and_taken_back(db: Database) -> None:
    made = make_task(ANA, what="  call \n M. Roux ", due_on=FRIDAY)
    assert (made.what, made.owner) == ("call M. Roux", "ana")
    assert add_task(db, ANA, made) == "task: call M. Roux, ana, Fri 27 Nov 2026"
    assert finish_task(db, ANA, made.task_id[-8:], note="she signs") == "done: call M. Roux"
    line = list_tasks(db, today=TODAY, query=ALL)[0].task
    assert (line.state, line.ended_on, line.ended_by) == ("done", TODAY, "ana")
    assert line.note == "she signs"
    undo(db, "ana", today=TODAY)
    assert states(db) == ["open"]
    undo(db, "ana", today=TODAY)
    assert states(db) == []


def test_what_is_over_is_not_ended_again(db: Database) -> None:
    made = make_task(ANA, what="call")
    add_task(db, ANA, made)
    drop_task(db, ANA, made.task_id, note="they left")
    assert states(db) == ["dropped"]
    with pytest.raises(ConflictError, match="dropped on Mon 23 Nov 2026"):
        finish_task(db, ANA, made.task_id)
    with pytest.raises(ConflictError):
        snooze_task(db, ANA, made.task_id, until=FRIDAY)


def test_a_task_is_put_off_to_a_later_day_only(db: Database) -> None:
    made = make_task(ANA, what="call", due_on=TODAY)
    add_task(db, ANA, made)
    with pytest.raises(UsageError, match="not ahead"):
        snooze_task(db, ANA, made.task_id, until=TODAY)
    snooze_task(db, ANA, made.task_id, until=FRIDAY)
    assert list_tasks(db, today=TODAY) == []
    assert list_tasks(db, today=FRIDAY)[0].task.due_on == TODAY


@pytest.mark.parametrize("what", ["", " \n", "x" * 501])
def test_a_task_says_what_in_one_line(what: str) -> None:
    with pytest.raises(UsageError, match="what there is to do"):
        make_task(ANA, what=what)


def test_to_drop_a_task_needs_a_reason(db: Database) -> None:
    made = make_task(ANA, what="call")
    add_task(db, ANA, made)
    with pytest.raises(UsageError, match="why it is dropped"):
        drop_task(db, ANA, made.task_id, note=" ")
    assert states(db) == ["open"]
