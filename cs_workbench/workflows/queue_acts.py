"""What *done*, *put off* and *hand over* mean for each kind of thing in the day's queue."""

import datetime as dt

from cs_workbench.core.dates import read_date, with_weekday
from cs_workbench.core.tasks import one_line
from cs_workbench.core.today import Item
from cs_workbench.errors import ConflictError, UsageError
from cs_workbench.store.changes import apply_changes
from cs_workbench.store.database import Database, write
from cs_workbench.store.tasks import find_task, task_changes
from cs_workbench.workflows.conceding import decide
from cs_workbench.workflows.judgements import Act
from cs_workbench.workflows.next_steps import set_next_step
from cs_workbench.workflows.plays import (
    abandon_play,
    finish_step,
    hand_over_step,
    snooze_step,
)
from cs_workbench.workflows.promising import keep_promise
from cs_workbench.workflows.signals import resolve_signal, snooze_signal
from cs_workbench.workflows.tasks import By, add_task, finish_task, make_task, snooze_task


def act_on(db: Database, item: Item, by: By, act: str, text: str) -> str:
    """Do it where it belongs; returns what was done, in words.

    Args:
        db: the portfolio.
        item: the thing in the queue.
        by: who does it, and when.
        act: `done`, `put off` or `hand over`.
        text: why, until when, or to whom, as typed.

    Raises:
        ConflictError: this cannot be done to a thing of its kind.
        WorkbenchError: as where it belongs.
    """
    if act == "hand over":
        return _hand_over(db, item, by, text)
    if act == "put off":
        return _put_off(db, item, by, read_date(text, by.today))
    return _done(db, item, by, text)


def _done(db: Database, item: Item, by: By, text: str) -> str:
    match item.kind:
        case "task":
            return finish_task(db, by, item.ref)
        case "step":
            return finish_step(db, by, item.ref)
        case "promise":
            act = Act(_account(item), by.actor, by.today)
            return keep_promise(db, act, item.ref, on=None, evidence=None)
        case "signal":
            return resolve_signal(db, item.ref, reason=text, actor=by.actor, today=by.today)
        case "play":
            return abandon_play(db, by, item.ref, reason=text)
        case "next step":
            return _next_step(db, item, by, text=None, due=None)
        case "approval":
            act = Act(_account(item), by.actor, by.today)
            return decide(db, act, item.ref, state="approved")
        case "contact":
            raise ConflictError("Log the talk when it took place: ⏎ opens the account, l logs it.")
        case _:
            raise ConflictError(f"A {item.kind} is done on the account's page: ⏎ opens it.")


def _put_off(db: Database, item: Item, by: By, until: dt.date) -> str:
    match item.kind:
        case "task":
            return snooze_task(db, by, item.ref, until=until)
        case "step":
            return snooze_step(db, by, item.ref, until=until)
        case "signal":
            return snooze_signal(db, item.ref, until=until, actor=by.actor, today=by.today)
        case "next step":
            return _next_step(db, item, by, text=item.what, due=until)
        case "contact":
            raise ConflictError("Make it the next step, n on the account: then it waits till then.")
        case "reply" | "complaint" | "approval":
            day = with_weekday(until)
            raise ConflictError(f"They wait for us: a {item.kind} is not put off to {day}.")
        case _:
            raise ConflictError(f"A {item.kind} is not put off; on the account it can be changed.")


def _hand_over(db: Database, item: Item, by: By, owner: str) -> str:
    who = one_line(owner, "who does it")
    if item.kind == "step":
        return hand_over_step(db, by, item.ref, owner=who)
    if item.kind == "task":
        line = find_task(db, item.ref)
        changes = task_changes(line.task.task_id, by.today, owner=who)
        summary = f"task handed to {who}: {line.task.what}"
        with write(db) as connection:
            apply_changes(connection, actor=by.actor, summary=summary, changes=changes)
        return summary
    if item.account_key is None:
        raise UsageError("This has no owner that could change.")
    task = make_task(
        by, what=item.what[:400], account_key=item.account_key, owner=who, due_on=item.due
    )
    return add_task(db, by, task)


def _next_step(db: Database, item: Item, by: By, *, text: str | None, due: dt.date | None) -> str:
    return set_next_step(
        db,
        [_account(item)],
        text=text,
        owner=item.owner,
        due=due,
        actor=by.actor,
        today=by.today,
    )


def _account(item: Item) -> int:
    if item.account_key is None:
        raise UsageError("This is of no account.")
    return item.account_key
